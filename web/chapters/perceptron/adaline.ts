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
/** An epoch that moves the weights by less than this leaves them where they are. */
const STILL = 1e-4;
/** Beyond this, weights do not come back. */
const FAR = 1e4;

const distance = (from: Line, to: Line) => Math.hypot(to.w[0] - from.w[0], to.w[1] - from.w[1], to.b - from.b);

/** ADALINE, a few epochs after the other, example by example. */
export class AdalineTrack implements Track {
  readonly #adaline;
  readonly #examples;
  readonly #seed: number | undefined;
  #line: Line = { w: [0, 0], b: 0 };
  #epochs = 0;

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
      const before = this.#line;
      losses.push(await this.#epoch(updates));
      const far = updates.findIndex(({ after: { w, b } }) => !(Math.hypot(...w, b) < FAR));
      if (far >= 0) {
        updates.length = far + 1;
        end = { kind: "diverged" };
      } else if (distance(before, this.#line) < STILL) end = { kind: "settled" };
    }
    return { updates: await judge(updates, this.#examples), losses, end };
  }

  /** Adds an epoch's updates; gives its loss. */
  async #epoch(updates: Omit<Update, "z" | "wrong">[]): Promise<number> {
    const order = this.#order();
    const x = Float32Array.from(order.flatMap((i) => [...this.#examples.x.subarray(2 * i, 2 * i + 2)]));
    const y = Float32Array.from(order, (i) => this.#examples.y[i] as number);
    const { history } = await this.#adaline.fit(x, y, {
      epochs: 1,
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
