import type { Model, Prediction } from "neurone";
import { buildDeep, buildGlass, buildShallow } from "./networks.js";
import type { Settings } from "./settings.js";
import { placeOf, SAMPLES } from "./targets.js";

/** How one network does. */
export interface Fit {
  /** Its outputs at the places of the curve. */
  readonly values: Float32Array;
  /** The mean squared error. */
  readonly loss: number;
}

/** How both networks do after so many epochs. */
export interface Report {
  readonly epochs: number;
  readonly running: boolean;
  readonly shallow: Fit;
  readonly deep: Fit;
  /** What each hidden neuron adds to the output, v_i f(w_i x + b_i): [neurons, SAMPLES]. */
  readonly contributions: Float32Array;
  /** w, b and v of each hidden neuron, and c: [3 neurons + 1]. */
  readonly weights: Float32Array;
}

/** How fast a training goes, for those who watch: so many epochs in each round, a round in so many milliseconds. */
export interface Pace {
  readonly epochs: number;
  readonly milliseconds: number;
}

/** w, b, v and c of the shallow network. */
type Weights = readonly [Float32Array, Float32Array, Float32Array, Float32Array];

const x = Float32Array.from({ length: SAMPLES }, (_, sample) => placeOf(sample));

/** A network of one hidden layer and a deep one that learn the same curve side by side. */
export class Trainer {
  readonly #shallow: Model;
  readonly #deep: Model;
  readonly #glass: Model<readonly Prediction[]>;
  readonly #y: Float32Array;
  readonly #report: (report: Report) => void;
  #epochs = 0;
  #until = 0;
  #pace: Pace = { epochs: 1, milliseconds: 0 };
  #running = false;
  #disposed = false;

  constructor(settings: Settings, y: Float32Array, report: (report: Report) => void) {
    this.#shallow = buildShallow(settings);
    this.#deep = buildDeep(settings);
    this.#glass = buildGlass(settings);
    this.#y = y;
    this.#report = report;
  }

  /** Trains both until they have done so many epochs in all, or `pause`. */
  async train(until: number, pace: Pace): Promise<void> {
    this.#until = until;
    this.#pace = pace;
    if (this.#running) return;
    this.#running = true;
    do {
      while (this.#epochs < this.#until) {
        const begun = performance.now();
        const { epochs, milliseconds } = this.#pace;
        const count = Math.min(epochs, this.#until - this.#epochs);
        const options = { batchSize: SAMPLES, epochs: count, shuffle: false };
        for (const net of [this.#shallow, this.#deep]) await net.fit(x, this.#y, options);
        this.#epochs += count;
        await this.show();
        const rest = milliseconds - (performance.now() - begun);
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, rest)));
      }
      await this.show();
    } while (this.#epochs < this.#until);
    this.#running = false;
    this.#free();
  }

  /** Stops after the current round. */
  pause(): void {
    this.#until = 0;
  }

  /** Says how both do now. */
  async show(): Promise<void> {
    if (this.#disposed) return;
    const weights = this.#shallow.getWeights();
    this.#glass.setWeights(weights);
    const [hidden, output] = await this.#glass.predict(x);
    const [w, b, v, c] = weights.map(({ data }) => data) as unknown as Weights;
    const shallow = { values: (output as Prediction).data, loss: await this.#lossOf(this.#shallow) };
    const deep = { values: (await this.#deep.predict(x)).data, loss: await this.#lossOf(this.#deep) };
    if (this.#disposed) return;
    this.#report({
      epochs: this.#epochs,
      running: this.#epochs < this.#until,
      shallow,
      deep,
      contributions: contributionsOf((hidden as Prediction).data, v),
      weights: Float32Array.from([...w, ...b, ...v, ...c]),
    });
  }

  dispose(): void {
    this.#until = 0;
    this.#disposed = true;
    this.#free();
  }

  async #lossOf(net: Model): Promise<number> {
    return (await net.evaluate(x, this.#y))["loss"] as number;
  }

  #free(): void {
    if (!this.#disposed || this.#running) return;
    for (const net of [this.#shallow, this.#deep, this.#glass]) net.dispose();
  }
}

/** The summands of the output: `hidden` [SAMPLES, neurons], each times its weight, by neurons. */
function contributionsOf(hidden: Float32Array, v: Float32Array): Float32Array {
  const neurons = v.length;
  return Float32Array.from({ length: neurons * SAMPLES }, (_, i) => {
    const neuron = Math.floor(i / SAMPLES);
    return (hidden[(i % SAMPLES) * neurons + neuron] as number) * (v[neuron] as number);
  });
}
