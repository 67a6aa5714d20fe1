import { checkInteger, checkPositive, checkSettings } from "../base/check.js";
import { Random, streams } from "../base/random.js";
import { takeRows } from "../base/rows.js";
import type { Tensor, TensorLike } from "../base/tensor.js";
import type { TrainingModel } from "../train/callbacks.js";
import { optimizers } from "../train/optimizers.js";
import { checkFitOptions } from "../train/options.js";
import { Pace } from "../train/pace.js";
import type { LabelledExamples } from "./labels.js";
import { EPOCHS, LinearClassifier } from "./linear-classifier.js";

export interface PerceptronConfig {
  readonly inputs: number;
  /** eta. As the weights start at zero it scales them and changes no prediction. Default 1. */
  readonly learningRate?: number;
  /** Decides the orders of shuffled epochs. Default 0. */
  readonly seed?: number;
}

export interface PerceptronFitOptions {
  /** Passes over the examples at most. Default 100. */
  readonly epochs?: number;
  /** A new order of the examples each epoch, from the seed. Default false: the order that they are given in. */
  readonly shuffle?: boolean;
  /** Stops after the current step: `fit` rejects with the signal's reason, the model keeps what it learnt. */
  readonly signal?: AbortSignal;
  /** How many updates are kept, the first ones; each takes 4 bytes an input. Default 10,000. */
  readonly keepUpdates?: number;
}

/** Weights and bias between two steps. */
export interface PerceptronState {
  readonly weights: Float32Array;
  readonly bias: number;
}

/** One mistake and what it changed. */
export interface PerceptronUpdate {
  /** Counted from 0 in each call of `fit`. */
  readonly epoch: number;
  /** The example's place in `x`. */
  readonly example: number;
  /** Within an epoch the `after` of the update before it, the same object. */
  readonly before: PerceptronState;
  readonly after: PerceptronState;
}

/** What a training came to. */
export interface PerceptronRun {
  /** Whether the last epoch went without a mistake and the margin is above 0: the hyperplane separates the classes. */
  readonly converged: boolean;
  /** How many epochs ran, that without a mistake among them. */
  readonly epochs: number;
  /** How many mistakes each epoch had, counted by the changes of the weights: one too small for f32 to notice is none. */
  readonly mistakes: readonly number[];
  /** The first `keepUpdates` updates. */
  readonly updates: readonly PerceptronUpdate[];
  /** How many updates there were: the sum of the mistakes. */
  readonly updateCount: number;
  /** The geometric margin at the end: see `LinearClassifier.margin`. */
  readonly margin: number;
}

/**
 * Rosenblatt's perceptron (1958). At each mistake, y z <= 0: w += eta y x, b += eta y; else nothing. That is gradient descent on
 * the loss max(0, -y z) with batches of one, and so the model trains. On separable data it makes at most (R / gamma)^2 mistakes,
 * with the examples (x, 1) no longer than R and separable by the margin gamma (Novikoff, 1962); on others it never ends by itself.
 */
export class Perceptron extends LinearClassifier {
  readonly #seed: number;
  #epochs = 0;

  /** Throws `ConfigError` for settings that cannot be used. */
  constructor(config: PerceptronConfig) {
    const {
      inputs,
      learningRate = 1,
      seed = 0,
    } = checkSettings("perceptron", config, ["inputs", "learningRate", "seed"]);
    checkPositive("perceptron: learningRate", learningRate);
    const compile = { optimizer: optimizers.sgd({ learningRate }), loss: "perceptron", metrics: ["accuracy"] };
    super({ who: "perceptron", inputs, seed, compile });
    this.#seed = seed;
  }

  /**
   * Goes through the examples `x` [n, inputs] one by one, from the current weights, until an epoch has no mistake or `epochs` are
   * over; labels `y` [n] are -1 or +1. What it returns has its meaning with the optimizer and the loss that the model came with, not
   * after another `model.compile`. To see what changed it copies the weights after each example: with hundreds of inputs `model.fit`
   * with batches of one, which trains alike, is several times faster. Throws `ShapeError`, `DataError` or `ConfigError` before anything
   * changes, and as `margin` does for weights that have grown beyond bounds.
   */
  async fit(x: TensorLike, y: TensorLike, options: PerceptronFitOptions = {}): Promise<PerceptronRun> {
    checkSettings("perceptron.fit", options, ["epochs", "shuffle", "signal", "keepUpdates"]);
    const { keepUpdates = 10_000, ...training } = options;
    const { epochs = EPOCHS, shuffle = false, signal } = training;
    checkFitOptions(training);
    checkInteger("perceptron.fit: keepUpdates", keepUpdates);
    const examples = this.examples(x, y);
    const pace = new Pace(signal);
    const mistakes: number[] = [];
    const updates: PerceptronUpdate[] = [];
    while (mistakes.length < epochs && mistakes.at(-1) !== 0) {
      const epoch = mistakes.length;
      const room = keepUpdates - updates.length;
      const { count, first } = await this.#runEpoch(
        examples,
        shuffle ? this.#order(examples) : undefined,
        room,
        signal,
      );
      for (const update of first) updates.push({ epoch, ...update });
      mistakes.push(count);
      this.#epochs++;
      await pace.rest();
    }
    const margin = await this.margin(examples.x, examples.y, signal ? { signal } : {});
    return {
      converged: mistakes.at(-1) === 0 && margin > 0,
      epochs: mistakes.length,
      mistakes,
      updates,
      updateCount: mistakes.reduce((sum, count) => sum + count, 0),
      margin,
    };
  }

  /** One step of the model an example; a step that changed the weights was a mistake. Keeps the first `room` of them. */
  async #runEpoch(examples: LabelledExamples, order: Int32Array | undefined, room: number, signal?: AbortSignal) {
    const first: Omit<PerceptronUpdate, "epoch">[] = [];
    let count = 0;
    let before = stateOf(this.model);
    const onBatchEnd = (step: number, _: unknown, model: TrainingModel) => {
      const after = stateOf(model);
      if (isSame(before, after)) return;
      if (count++ < room) first.push({ example: order?.[step] ?? step, before, after });
      before = after;
    };
    const [x, y] = [examples.x, examples.y].map((tensor) => (order ? takeRows(tensor, order) : tensor));
    const options = { batchSize: 1, shuffle: false, callbacks: [{ onBatchEnd }], ...(signal ? { signal } : {}) };
    await this.model.fit(x as Tensor, y as Tensor, options);
    return { count, first };
  }

  /** Which example is visited when; it depends on the seed and on how many epochs there were. */
  #order({ y }: LabelledExamples): Int32Array {
    const order = Int32Array.from(y.data, (_, i) => i);
    new Random(this.#seed, streams.shuffle, this.#epochs).shuffle(order);
    return order;
  }
}

function stateOf(model: Pick<TrainingModel, "getWeights">): PerceptronState {
  const [kernel, bias] = model.getWeights();
  return { weights: kernel?.data as Float32Array, bias: bias?.data[0] as number };
}

function isSame(a: PerceptronState, b: PerceptronState): boolean {
  return a.bias === b.bias && a.weights.every((weight, i) => weight === b.weights[i]);
}
