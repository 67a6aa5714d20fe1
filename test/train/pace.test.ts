import { afterEach, expect, test, vi } from "vitest";
import { Crew } from "../../src/runtime/crew.js";
import { Pace } from "../../src/train/pace.js";

afterEach(() => vi.restoreAllMocks());

test("a way's slices grow from one step by its own speed, however fast another way was", async () => {
  // A clock of its own: another program on the machine changes nothing.
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const crew = new Crew({ most: 1, fixed: false, isReady: false, start() {} }, true, true);
  const pace = new Pace(undefined);
  const slices: { tall: boolean; asked: number }[] = [];
  for (let i = 0; i < 60 && !slices.some(({ tall }) => tall); i++) {
    await pace.work(1_000_000, crew, (steps, { tall }) => {
      slices.push({ tall, asked: steps });
      now += tall ? 1 : 3;
      return steps;
    });
    await pace.rest();
  }
  expect(Math.max(...slices.filter(({ tall }) => !tall).map(({ asked }) => asked))).toBeGreaterThan(1);
  expect(slices.at(-1)).toEqual({ tall: true, asked: 1 });
});
