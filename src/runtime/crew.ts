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

/** Milliseconds of a way's slices after which their speed is the plan's and not that of starting them. */
const TELLING = 20;

/** The first slices of a way grow from one step; so many of them do not count while they are shorter than this. */
const FIRST_SLICES = 8;
const SHORT = 5;

/**
 * Milliseconds of work after which all choices are tried again: the machine may have become busier or idler. The first trial meets
 * threads that have just started, so the next come sooner, each after twice the time.
 */
const TRIED_ANEW_AFTER = 250;
const TRIED_ANEW_AT_MOST_AFTER = 4000;

/** The part of its earlier speed below which a way counts as slowed down. */
const SLOWED = 0.8;

/** How a slice runs: on how many threads, and with which tiles (assembly/tall.ts). */
export interface Way {
  readonly threads: number;
  readonly tall: boolean;
}

/** What a slice came to. */
export interface Slice {
  readonly steps: number;
  readonly milliseconds: number;
}

/**
 * Chooses how the slices of a plan run by trying: on 1, 2, 4, ... and all threads, with low and tall tiles, whichever did the
 * most steps a millisecond. The bits of the results do not depend on it.
 */
export class Crew {
  readonly #threads: Threads;
  readonly #shareable: boolean;
  readonly #ways: readonly Way[];
  /** Steps a millisecond of each way that was tried. */
  readonly #speeds = new Map<Way, number>();
  readonly #last = new Map<Way, Slice>();
  /** How many slices of each way were too early and too short to count. */
  readonly #firstSlices = new Map<Way, number>();
  /** What the slices of each way came to since it was tried last. */
  readonly #tallies = new Map<Way, Slice>();
  #worked = 0;
  #sinceTried = 0;
  #triedAnewAfter = TRIED_ANEW_AFTER;

  /** `shareable`: the plan has calls large enough for all this to matter. `hasTall`: tiles may be tall. */
  constructor(threads: Threads, shareable: boolean, hasTall: boolean) {
    this.#threads = threads;
    this.#shareable = shareable;
    this.#ways = countsUpTo(threads.most).flatMap((count) =>
      (hasTall ? [false, true] : [false]).map((tall) => ({ threads: count, tall })),
    );
  }

  /** How the next slice is to run. */
  choose(): Way {
    if (!this.#shareable) return this.#ways[0] as Way;
    const { most, fixed, isReady } = this.#threads;
    if (!isReady && most > 1 && (fixed || this.#worked > WORTH_STARTING)) this.#threads.start();
    const ways = this.#ways.filter(({ threads }) => (isReady ? !fixed || threads === most : threads === 1));
    return ways.find((way) => !this.#speeds.has(way)) ?? this.#fastest(ways);
  }

  /** The last whole slice in the given way: of no steps before the first. */
  last(way: Way): Slice {
    return this.#last.get(way) ?? { steps: 0, milliseconds: 1 };
  }

  /** What a slice in the given way came to. */
  report(way: Way, steps: number, milliseconds: number): void {
    // What is left at an epoch's end is short without being slow, and says nothing of how long the next slice may be.
    const last = this.last(way);
    const isCut = steps * 2 < last.steps && steps * last.milliseconds * 2 > last.steps * milliseconds;
    if (!isCut) this.#last.set(way, { steps, milliseconds });
    this.#worked += milliseconds;
    this.#sinceTried += milliseconds;
    const first = this.#firstSlices.get(way) ?? 0;
    if (first < FIRST_SLICES && milliseconds < SHORT) {
      this.#firstSlices.set(way, first + 1);
      return;
    }
    const before = this.#tallies.get(way) ?? { steps: 0, milliseconds: 0 };
    const tally = { steps: before.steps + steps, milliseconds: before.milliseconds + milliseconds };
    this.#tallies.set(way, tally);
    if (tally.milliseconds < TELLING) return;
    const speed = tally.steps / tally.milliseconds;
    const earlier = this.#speeds.get(way) ?? 0;
    this.#speeds.set(way, speed);
    this.#tallies.delete(way);
    const isDue = this.#sinceTried >= this.#triedAnewAfter;
    // A machine that was idle is slow for a moment, whatever the way: what was found before is no longer comparable.
    const isSlowed = this.#sinceTried >= TRIED_ANEW_AFTER && speed < earlier * SLOWED;
    if (!isDue && !isSlowed) return;
    this.#speeds.clear();
    this.#sinceTried = 0;
    if (isDue) this.#triedAnewAfter = Math.min(this.#triedAnewAfter * 2, TRIED_ANEW_AT_MOST_AFTER);
  }

  #fastest(ways: readonly Way[]): Way {
    return ways.reduce((best, way) => (this.#speedOf(way) > this.#speedOf(best) ? way : best));
  }

  #speedOf(way: Way): number {
    return this.#speeds.get(way) ?? 0;
  }
}

function countsUpTo(most: number): number[] {
  const powers = Array.from({ length: 32 }, (_, i) => 2 ** i).filter((count) => count < most);
  return [...powers, most];
}
