/** How long the host waits at most for its turn, in milliseconds: a slice of work, with room for a slow one. */
const SLICE = 8;

/** Gives the host its turn: timers, input and painting come before the promise resolves. */
export const turn: () => Promise<void> =
  typeof setImmediate === "function"
    ? () => new Promise((resolve) => setImmediate(resolve))
    : () =>
        new Promise((resolve) => {
          // Unlike nested timers, messages are not held back by 4 ms.
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => {
            port1.close();
            resolve();
          };
          port2.postMessage(undefined);
        });

/** Cuts a long run into slices that leave the host responsive. */
export class Pace {
  readonly #signal: AbortSignal | undefined;
  #sliceStart = performance.now();
  #lastSteps = 0.5;
  #stepsPerMillisecond = 0;

  /** Throws the signal's reason when it is aborted already. */
  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    signal?.throwIfAborted();
  }

  /** Does `work` of at most `most` steps: as many as fit in what is left of this slice, at least 1. Returns how many. */
  work(most: number, work: (steps: number) => number): number {
    const start = performance.now();
    const left = SLICE - (start - this.#sliceStart);
    // Twice as many as before at most: one lucky measurement must not make a slice that freezes the host.
    const fit = Math.min(left * this.#stepsPerMillisecond, this.#lastSteps * 2, most);
    const steps = work(Math.max(1, Math.floor(fit)));
    // Clocks of browsers are coarse: what looks like no time may be a tenth of a millisecond.
    this.#stepsPerMillisecond = steps / Math.max(performance.now() - start, 0.1);
    this.#lastSteps = steps;
    return steps;
  }

  /** Lets the host have its turn when this slice is over. Throws the signal's reason when it was aborted. */
  async rest(): Promise<void> {
    if (performance.now() - this.#sliceStart >= SLICE * 0.8) {
      await turn();
      this.#sliceStart = performance.now();
    }
    this.#signal?.throwIfAborted();
  }
}
