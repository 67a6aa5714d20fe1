/** What a crew wants to know of the threads it may choose from. */
export interface Threads {
  /** How many there may be at most. */
  readonly most: number;
  /** Take `most` wherever a plan can be shared, instead of what is fastest. */
  readonly fixed: boolean;
  readonly isReady: boolean;
  start(): void;
}

/** Milliseconds of work after which it is worth starting threads for more of its kind. */
const WORTH_STARTING = 30;

/** Milliseconds from which on a slice's speed is the plan's and not that of starting it. */
const TELLING = 4;

/** Slices after which all choices are tried again: the machine may have become busier or idler. */
const TRIED_ANEW_AFTER = 200;

/**
 * Chooses how many threads run the slices of a plan by trying: 1, 2, 4, ... and all, whichever did the most steps a
 * millisecond. The bits of the results do not depend on it.
 */
export class Crew {
  readonly #threads: Threads;
  readonly #shareable: boolean;
  readonly #choices: readonly number[];
  /** Steps a millisecond of each choice that was tried. */
  readonly #speeds = new Map<number, number>();
  #worked = 0;
  #slices = 0;

  constructor(threads: Threads, shareable: boolean) {
    this.#threads = threads;
    this.#shareable = shareable && threads.most > 1;
    this.#choices = choicesUpTo(threads.most);
  }

  /** How many threads are to run the next slice. */
  choose(): number {
    if (!this.#shareable) return 1;
    if (!this.#threads.isReady) {
      if (this.#threads.fixed || this.#worked > WORTH_STARTING) this.#threads.start();
      return 1;
    }
    if (this.#threads.fixed) return this.#threads.most;
    const untried = this.#choices.find((count) => !this.#speeds.has(count));
    return untried ?? this.#fastest();
  }

  /** What a slice on `count` threads came to. */
  report(count: number, steps: number, milliseconds: number): void {
    this.#worked += milliseconds;
    if (milliseconds < TELLING) return;
    this.#speeds.set(count, steps / milliseconds);
    this.#slices++;
    if (this.#slices % TRIED_ANEW_AFTER === 0) this.#speeds.clear();
  }

  #fastest(): number {
    return this.#choices.reduce((best, count) => (this.#speedOf(count) > this.#speedOf(best) ? count : best));
  }

  #speedOf(count: number): number {
    return this.#speeds.get(count) ?? 0;
  }
}

function choicesUpTo(most: number): number[] {
  const powers = Array.from({ length: 32 }, (_, i) => 2 ** i).filter((count) => count < most);
  return [...powers, most];
}
