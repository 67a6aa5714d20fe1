import { models } from "neurone";
import { type Chunk, type End, examplesOf, judge, lineOf, type Settings, type Track } from "./track.js";

/** At a time. */
const EPOCHS = 25;
/** More than rounding takes away: it must not lead a bound that is a whole number to the one below. */
const ROUNDING = 1e-5;

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
    // Without weights there is no line, and every z is b.
    const gamma = length === 0 ? 1 : (margin * length) / Math.hypot(length, bias);
    const longest = Math.max(
      ...this.#examples.y.map((_, i) => Math.hypot(x[2 * i] as number, x[2 * i + 1] as number, 1)),
    );
    const bound = Math.floor((longest / gamma) ** 2 * (1 + ROUNDING));
    return { kind: "converged", epochs: this.#epochs, margin, bound };
  }

  dispose(): void {
    this.#perceptron.model.dispose();
  }
}
