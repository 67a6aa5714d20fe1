import { expect, test } from "vitest";
import { Crew } from "../../src/runtime/crew.js";
import { Pace } from "../../src/train/pace.js";

function busy(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
}

test("a way's slices grow from one step by its own speed, however fast another way was", async () => {
  const crew = new Crew({ most: 1, fixed: false, isReady: false, start() {} }, true, true);
  const pace = new Pace(undefined);
  const slices: { tall: boolean; asked: number }[] = [];
  for (let i = 0; i < 60 && !slices.some(({ tall }) => tall); i++) {
    await pace.work(1_000_000, crew, (steps, { tall }) => {
      slices.push({ tall, asked: steps });
      busy(tall ? 1 : 3);
      return steps;
    });
    await pace.rest();
  }
  expect(Math.max(...slices.filter(({ tall }) => !tall).map(({ asked }) => asked))).toBeGreaterThan(1);
  expect(slices.at(-1)).toEqual({ tall: true, asked: 1 });
});
