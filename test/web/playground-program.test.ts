import * as neurone from "neurone";
import { beforeAll, describe, expect, test } from "vitest";
import { experimentOf } from "../../web/chapters/playground/experiment.js";
import { parseRun, type RunValues } from "../../web/chapters/playground/fields.js";
import type { Report } from "../../web/chapters/playground/job.js";
import { programOf } from "../../web/chapters/playground/program.js";
import type { Edit } from "../../web/chapters/playground/settings.js";
import { Trainer } from "../../web/chapters/playground/trainer.js";

beforeAll(() => neurone.init({ numerics: "reproducible", threads: 1 }));

const window = { x1: { min: -6, max: 6 }, x2: { min: -6, max: 6 } };

/** Trains as the page does: on to each of `stops`, one after the other. */
async function train(values: RunValues, stops: readonly number[], edits: readonly Edit[] = []): Promise<Report> {
  const job = { id: 0, experiment: experimentOf(values), window, edits, side: 4, neurons: true };
  let last: Report | undefined;
  let told: () => void = () => {};
  const trainer = new Trainer(job, (report) => {
    last = report;
    told();
  });
  await trainer.show();
  for (const stop of stops) {
    trainer.train(stop, "fast");
    while (last?.running || last?.epoch !== stop) await new Promise<void>((resolve) => (told = resolve));
  }
  trainer.dispose();
  return last as Report;
}

/** Runs a program and returns what it prints last. */
async function run(program: string): Promise<unknown> {
  const body = program.replace(/^import (\{[^}]*\}) from "neurone";$/m, "const $1 = neurone;");
  const AsyncFunction = (async () => {}).constructor as new (
    ...parts: string[]
  ) => (...given: unknown[]) => Promise<void>;
  const lines: unknown[][] = [];
  await new AsyncFunction("neurone", "console", body)(neurone, { log: (...line: unknown[]) => lines.push(line) });
  return lines.at(-1)?.[0];
}

const RUNS = {
  "the initial run": "",
  "dropout, L1, L2, a batch that leaves a remainder": "drop=0.3&l1=0.001&l2=0.01&batch=20&points=140&layers=8_3",
  "a cosine and Adam": "opt=adam&rate=0.03&sched=cosine&length=9&data=moons",
  "a warm-up and Nesterov": "opt=nesterov&rate=0.03&sched=warmup&length=4&data=xor&act=gelu",
  "halving by steps and RMSprop": "opt=rmsprop&rate=0.01&sched=step&length=3&act=radial",
  "halving steadily and Adagrad": "opt=adagrad&sched=exponential&length=5&act=softmax",
  "squared error of two classes": "loss=squaredError&opt=momentum&act=sigmoid",
  "squared error of five classes": "loss=squaredError&classes=5&data=spiral&opt=adamw&rate=0.01",
  "a regression on all inputs without a hidden layer":
    "data=hills&layers=&features=x1_x2_x1x1_x2x2_x1x2_sinx1_sinx2&rate=0.03",
  "one example at a time, other seeds": "batch=1&points=40&seed=77&draw=12&noise=0.5&test=0.5&data=gaussians&classes=3",
  "points placed by hand, one class with a single point":
    "data=own&own=1*2*0_-1.5*2*1_0.25*-3*0_4*4*2_1*1*0_-3*-3*1&batch=5&act=relu",
};

describe("the copied program ends with the page's weights, to the bit", () => {
  test.each(Object.entries(RUNS))("%s", async (_, text) => {
    const values = parseRun(text);
    const { hash } = await train(values, [1, 2, 7, 11]);
    const program = programOf(experimentOf(values), { epochs: 11, edits: [], hash });
    expect(program).toContain(hash);
    expect(await run(program)).toBe(hash);
  });

  test("with weights that were set by hand, at the start, in between and at the end", async () => {
    const values = parseRun("opt=adam&rate=0.01&data=xor");
    const edits = [
      { epoch: 0, weight: "dense/kernel", index: 3, value: 1.25 },
      { epoch: 5, weight: "dense_1/bias", index: 1, value: -0.5 },
      { epoch: 5, weight: "dense/kernel", index: 0, value: 0.123 },
      { epoch: 8, weight: "dense_2/kernel", index: 2, value: 0 },
    ];
    const { hash, weights } = await train(values, [3, 8], edits);
    expect(weights.find(({ name }) => name === "dense_2/kernel")?.data[2]).toBe(0);
    expect(await run(programOf(experimentOf(values), { epochs: 8, edits, hash }))).toBe(hash);
    const { hash: other } = await train(values, [8]);
    expect(other).not.toBe(hash);
  });

  test("before anything is learnt", async () => {
    const values = parseRun("");
    const { hash } = await train(values, []);
    expect(await run(programOf(experimentOf(values), { epochs: 0, edits: [], hash }))).toBe(hash);
  });
});

test("a link's weights that the network does not have are let be", async () => {
  const values = parseRun("");
  const edits = [
    { epoch: 0, weight: "dense_5/kernel", index: 3, value: 1 },
    { epoch: 0, weight: "dense/bias", index: 900, value: 1 },
  ];
  expect((await train(values, [2], edits)).hash).toBe((await train(values, [2])).hash);
});

test("a loss that is no number stops the training", async () => {
  const values = parseRun("data=hills&rate=10&act=relu&layers=8_8&opt=momentum");
  const job = { id: 0, experiment: experimentOf(values), window, edits: [], side: 4, neurons: true };
  const last = await new Promise<Report>((resolve) => {
    const trainer = new Trainer(job, (report) => {
      if (report.diverged && !report.running) resolve(report);
    });
    trainer.train(100_000, "fast");
  });
  expect(last.train.loss).not.toBeLessThan(Number.POSITIVE_INFINITY);
  expect(last.epoch).toBeLessThan(100_000);
});
