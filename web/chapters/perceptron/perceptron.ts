import { models } from "neurone";
import { type Chunk, type End, examplesOf, judge, lineOf, type Settings, type Track } from "./track.js";

/** At a time. */
const EPOCHS = 25;

/** The perceptron, a few epochs after the other. */
export class PerceptronTrack implements Track {
  readonly #perceptron;
  readonly #examples;
  readonly #shuffle: boolean;
  #epochs = 0;

  constructor({ points, rates, shuffle, seed }: Settings) {
    this.#perceptron = models.perceptron({ inputs: 2, learningRate: rates.perceptron, seed });
    this.#examples = examplesOf(points);
    this.#shuffle = shuffle;
  }

  async more(): Promise<Chunk> {
    const { x, y } = this.#examples;
    const run = await this.#perceptron.fit(x, y, { epochs: EPOCHS, shuffle: this.#shuffle });
    const updates = run.updates.map(({ epoch, example, before, after }) => ({
      epoch: this.#epochs + epoch,
      example,
      before: lineOf(before.weights, before.bias),
      after: lineOf(after.weights, after.bias),
    }));
    this.#epochs += run.epochs;
    const end = run.converged ? this.#end(run.margin) : undefined;
    return { updates: await judge(updates, this.#examples), losses: [], end };
  }

  /** Novikoff's (R / gamma)^2 holds with the margin of any line that separates, the bias counted as a weight of the input 1. */
  #end(margin: number): End {
    const { x } = this.#examples;
    const { weights, bias } = this.#perceptron;
    const length = Math.hypot(...weights);
    const gamma = (margin * length) / Math.hypot(length, bias);
    const longest = Math.max(
      ...this.#examples.y.map((_, i) => Math.hypot(x[2 * i] as number, x[2 * i + 1] as number, 1)),
    );
    return { kind: "converged", epochs: this.#epochs, margin, bound: Math.floor((longest / gamma) ** 2) };
  }

  dispose(): void {
    this.#perceptron.model.dispose();
  }
}
