import type { Status } from "./keeping.js";

/** How far a training came. */
export interface Course {
  readonly status: Status;
  /** Whole epochs. */
  readonly epochs: number;
  readonly samplesPerSecond: number;
  readonly seconds: number;
}

/** Adds up epochs, and examples and seconds of this run's training alone, without the validation between epochs. */
export class Stopwatch {
  #epochs: number;
  /** Examples of this epoch that were seen before what is being timed. */
  #before: number;
  #samples = 0;
  #seconds = 0;
  #epochStart = 0;
  #epochSamples = 0;
  #epochSeconds = 0;

  /** `before`: examples that were seen in earlier runs, of `examples` an epoch. */
  constructor(before: number, examples: number) {
    this.#epochs = Math.floor(before / examples);
    this.#before = before % examples;
  }

  /** Begins an epoch, or goes on with one. */
  start(): void {
    this.#epochStart = performance.now();
  }

  /** `samples` of this epoch were seen so far. */
  read(samples: number): void {
    this.#epochSamples = samples - this.#before;
    this.#epochSeconds = (performance.now() - this.#epochStart) / 1000;
  }

  endEpoch(): void {
    this.#epochs++;
    this.#before = 0;
    this.#samples += this.#epochSamples;
    this.#seconds += this.#epochSeconds;
    this.#epochSamples = 0;
    this.#epochSeconds = 0;
  }

  total(): Omit<Course, "status"> {
    const seconds = this.#seconds + this.#epochSeconds;
    const samples = this.#samples + this.#epochSamples;
    return { epochs: this.#epochs, samplesPerSecond: seconds > 0 ? samples / seconds : 0, seconds };
  }
}
