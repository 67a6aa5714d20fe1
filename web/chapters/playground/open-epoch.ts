import type { Callback } from "neurone";

/** One epoch of a `fit` that rests between two batches whenever it is told to. */
export class OpenEpoch {
  readonly #fit: (callback: Callback) => Promise<unknown>;
  #over: Promise<true> | undefined;
  #until = 0;
  #rest = () => {};
  #goOn = () => {};

  /** `fit` trains one epoch with the callback. */
  constructor(fit: (callback: Callback) => Promise<unknown>) {
    this.#fit = fit;
  }

  /** Trains until so many of its batches are done, fewer than it has, or without a number to its end; resolves to whether it is over. */
  to(batches = Number.POSITIVE_INFINITY): Promise<boolean> {
    this.#until = batches;
    const rested = new Promise<false>((resolve) => {
      this.#rest = () => resolve(false);
    });
    this.#goOn();
    const onBatchEnd = (batch: number) => {
      if (batch + 1 < this.#until) return undefined;
      this.#rest();
      return new Promise<void>((resolve) => {
        this.#goOn = resolve;
      });
    };
    this.#over ??= this.#fit({ onBatchEnd }).then(() => true as const);
    return Promise.race([this.#over, rested]);
  }
}
