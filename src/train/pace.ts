import type { Crew, Way } from "../runtime/crew.js";

/** How long the host waits at most for its turn, in milliseconds: a slice of work, with room for a slow one. */
const SLICE = 8;

/** How long a slice is that other threads do: long against the tenth of a millisecond that starting them takes. */
const SHARED_SLICE = 20;

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

  /** Throws the signal's reason when it is aborted already. */
  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    signal?.throwIfAborted();
  }

  /**
   * Does `work` of at most `most` steps in the way that `crew` chooses: as many steps as fit in what is left of this slice, at
   * least 1. Returns how many it did.
   */
  async work(most: number, crew: Crew, work: (steps: number, way: Way) => number | Promise<number>): Promise<number> {
    const way = crew.choose();
    const { threads } = way;
    const start = performance.now();
    // The host has its turns anyway while other threads work.
    const left = threads > 1 ? SHARED_SLICE : SLICE - (start - this.#sliceStart);
    const last = crew.last(way);
    // Twice as many as before at most: one lucky measurement must not make a slice that freezes the host.
    const fit = Math.min((left * last.steps) / last.milliseconds, last.steps * 2, most);
    const steps = await work(Math.max(1, Math.floor(fit)), way);
    // Clocks of browsers are coarse: what looks like no time may be a tenth of a millisecond.
    const took = Math.max(performance.now() - start, 0.1);
    crew.report(way, steps, took);
    if (threads > 1) this.#sliceStart = performance.now();
    return steps;
  }

  /** Whether the run was told to stop. */
  get isAborted(): boolean {
    return this.#signal?.aborted ?? false;
  }

  /** Throws the signal's reason when it was aborted. */
  check(): void {
    this.#signal?.throwIfAborted();
  }

  /** Lets the host have its turn when this slice is over. Throws the signal's reason when it was aborted. */
  async rest(): Promise<void> {
    if (performance.now() - this.#sliceStart >= SLICE * 0.8) {
      await turn();
      this.#sliceStart = performance.now();
    }
    this.check();
  }
}
