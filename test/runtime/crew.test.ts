import { expect, test } from "vitest";
import { Crew, type Threads } from "../../src/runtime/crew.js";

/** Threads that are ready as soon as they were started. */
function threads(most: number, fixed = false): Threads & { started: number; isReady: boolean } {
  return {
    most,
    fixed,
    isReady: false,
    started: 0,
    start() {
      this.started++;
      this.isReady = true;
    },
  };
}

/** Runs slices of 10 ms, with `speed(count)` steps a millisecond, and returns the numbers of threads that ran them. */
function run(crew: Crew, slices: number, speed: (count: number, tall: boolean) => number): number[] {
  return Array.from({ length: slices }, () => {
    const way = crew.choose();
    crew.report(way, speed(way.threads, way.tall) * 10, 10);
    return way.threads;
  });
}

test("starts threads once there is enough to do, tries 1, 2, 4 and all, and keeps the fastest", () => {
  const host = threads(6);
  const chosen = run(new Crew(host, true, false), 20, (count) => (count === 4 ? 3 : 1));
  expect(chosen.slice(0, 4)).toEqual([1, 1, 1, 1]);
  expect(host.started).toBe(1);
  expect(new Set(chosen.slice(4, 12))).toEqual(new Set([1, 2, 4, 6]));
  expect(new Set(chosen.slice(12))).toEqual(new Set([4]));
});

test("stays with one thread where more are slower, but for a try now and then", () => {
  const chosen = run(new Crew(threads(2), true, false), 2000, (count) => 1 / count);
  expect(chosen.filter((count) => count === 2).length).toBeLessThanOrEqual(24);
});

test("follows the machine when its threads become faster", () => {
  const crew = new Crew(threads(2), true, false);
  run(crew, 600, (count) => 1 / count);
  const chosen = run(crew, 600, (count) => count).slice(-200);
  expect(chosen.filter((count) => count === 2).length).toBeGreaterThan(190);
});

test("judges short slices by what they come to together", () => {
  const crew = new Crew(threads(4), true, false);
  run(crew, 4, () => 1);
  const chosen = Array.from({ length: 100 }, () => {
    const way = crew.choose();
    crew.report(way, way.threads, 1);
    return way.threads;
  });
  expect(chosen.slice(-50)).toEqual(new Array(50).fill(4));
});

test("starts none for plans that are too small, and takes a fixed number at once", () => {
  const small = threads(4);
  run(new Crew(small, false, false), 100, () => 1);
  expect(small.started).toBe(0);
  expect(run(new Crew(threads(4, true), true, false), 3, () => 1)).toEqual([1, 4, 4]);
});

test("tries tall tiles too, on each number of threads", () => {
  const crew = new Crew(threads(2), true, true);
  run(crew, 50, (count, tall) => (tall ? 2 : 1) * count);
  expect(crew.choose()).toEqual({ threads: 2, tall: true });
  const single = new Crew(threads(1), true, true);
  run(single, 5, (_, tall) => (tall ? 0.5 : 1));
  expect(single.choose()).toEqual({ threads: 1, tall: false });
});

test("tries all again when the way it took slows down", () => {
  const crew = new Crew(threads(2), true, false);
  // Long enough for the next trial to be seconds away.
  run(crew, 700, (count) => (count === 2 ? 1 : 0.3));
  const later = run(crew, 40, (count) => (count === 2 ? 0.5 : 0.9));
  expect(later.slice(-20)).toEqual(new Array(20).fill(1));
});

test("a slice cut short by an epoch's end does not shorten the next", () => {
  const crew = new Crew(threads(1), true, false);
  const way = crew.choose();
  crew.report(way, 100, 10);
  crew.report(way, 3, 0.3);
  expect(crew.last(way).steps).toBe(100);
  crew.report(way, 3, 30);
  expect(crew.last(way).steps).toBe(3);
});
