import { expect, test } from "vitest";

/** scripts/kill.mjs, which runs longer by hand. */
interface Kill {
  killRepeatedly(options: { kills: number; seed: number }): Promise<{
    readonly kills: number;
    readonly trainings: number;
    readonly whileTraining: number;
    readonly whileWriting: number;
  }>;
}

test("a hundred kills at random moments cost nothing but the steps since the last checkpoint", async () => {
  const script = new URL("../../scripts/kill.mjs", import.meta.url).href;
  const { killRepeatedly } = (await import(script)) as Kill;
  const { kills, trainings, whileTraining, whileWriting } = await killRepeatedly({ kills: 100, seed: 5 });
  expect(kills).toBeGreaterThanOrEqual(100);
  // Otherwise the moments were such that nothing could go wrong.
  expect(trainings).toBeGreaterThan(0);
  expect(whileTraining).toBeGreaterThan(20);
  expect(whileWriting).toBeGreaterThan(0);
}, 600_000);
