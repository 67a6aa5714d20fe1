import { data, models } from "neurone";
import {
  type Chunk,
  type End,
  examplesOf,
  judge,
  type Line,
  lineOf,
  type Settings,
  type Track,
  type Update,
} from "./track.js";

/** At a time. */
const EPOCHS = 10;
/** The loss stays when an epoch changes it by less than this part. */
const STILL = 1e-4;
/** Beyond this, weights do not come back. */
const FAR = 1e4;

/** ADALINE, a few epochs after the other, example by example. */
export class AdalineTrack implements Track {
  readonly #adaline;
  readonly #examples;
  readonly #seed: number | undefined;
  #line: Line = { w: [0, 0], b: 0 };
  #epochs = 0;
  #loss = Number.POSITIVE_INFINITY;

  constructor({ points, rates, shuffle, seed }: Settings) {
    this.#adaline = models.adaline({ inputs: 2, learningRate: rates.adaline });
    this.#examples = examplesOf(points);
    this.#seed = shuffle ? seed : undefined;
  }

  async more(): Promise<Chunk> {
    const updates: Omit<Update, "z" | "wrong">[] = [];
    const losses: number[] = [];
    let end: End | undefined;
    while (losses.length < EPOCHS && !end) {
      const loss = await this.#epoch(updates);
      losses.push(loss);
      if (!(Math.hypot(...this.#line.w, this.#line.b) < FAR)) end = { kind: "diverged" };
      else if (Math.abs(loss - this.#loss) <= STILL * loss) end = { kind: "settled" };
      this.#loss = loss;
    }
    return { updates: await judge(updates, this.#examples), losses, end };
  }

  /** Adds an epoch's updates; gives its loss. */
  async #epoch(updates: Omit<Update, "z" | "wrong">[]): Promise<number> {
    const order = this.#order();
    const x = Float32Array.from(order.flatMap((i) => [...this.#examples.x.subarray(2 * i, 2 * i + 2)]));
    const y = Float32Array.from(order, (i) => this.#examples.y[i] as number);
    const { history } = await this.#adaline.fit(x, y, {
      shuffle: false,
      callbacks: [
        {
          onBatchEnd: (step) => {
            const after = lineOf(this.#adaline.weights, this.#adaline.bias);
            updates.push({ epoch: this.#epochs, example: order[step] as number, before: this.#line, after });
            this.#line = after;
          },
        },
      ],
    });
    this.#epochs++;
    return history["loss"]?.[0] as number;
  }

  /** Which example is visited when. */
  #order(): readonly number[] {
    const numbers = Array.from(this.#examples.y, (_, i) => i);
    if (this.#seed === undefined) return numbers;
    return Array.from(
      data.shuffle({ x: numbers.map((i) => [i]), y: numbers }, 1000 * this.#seed + this.#epochs).x.data,
    );
  }

  dispose(): void {
    this.#adaline.model.dispose();
  }
}
