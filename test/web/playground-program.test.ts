import * as neurone from "neurone";
import { beforeAll, describe, expect, test } from "vitest";
import { experimentOf } from "../../web/chapters/playground/experiment.js";
import { parseRun, type RunValues } from "../../web/chapters/playground/fields.js";
import type { Report } from "../../web/chapters/playground/job.js";
import { Learner } from "../../web/chapters/playground/learner.js";
import { buildNetwork } from "../../web/chapters/playground/network.js";
import { isBefore, type Position, START } from "../../web/chapters/playground/position.js";
import { programOf } from "../../web/chapters/playground/program.js";
import type { Edit } from "../../web/chapters/playground/settings.js";
import { Trainer } from "../../web/chapters/playground/trainer.js";

beforeAll(() => neurone.init({ numerics: "reproducible", threads: 1 }));

const window = { x1: { min: -6, max: 6 }, x2: { min: -6, max: 6 } };

const at = (epoch: number, batches = 0): Position => ({ epoch, batches });

/** Trains as the page does: on to each of `stops`, one after the other. */
async function train(values: RunValues, stops: readonly Position[], edits: readonly Edit[] = []): Promise<Report> {
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
    while (last === undefined || last.running || isBefore(last, stop))
      await new Promise<void>((resolve) => (told = resolve));
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
  "each hidden layer its own activation, with dropout": "act=relu_tanh_gelu&layers=5_4_3&drop=0.1",
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
    const { hash } = await train(
      values,
      [1, 2, 7, 11].map((epoch) => at(epoch)),
    );
    const program = programOf(experimentOf(values), { ...at(11), edits: [], hash });
    expect(program).toContain(hash);
    expect(await run(program)).toBe(hash);
  });

  test("with weights that were set by hand, at the start, in between and at the end", async () => {
    const values = parseRun("opt=adam&rate=0.01&data=xor");
    const edits = [
      { ...at(0), weight: "dense/kernel", index: 3, value: 1.25 },
      { ...at(5), weight: "dense_1/bias", index: 1, value: -0.5 },
      { ...at(5), weight: "dense/kernel", index: 0, value: 0.123 },
      { ...at(8), weight: "dense_2/kernel", index: 2, value: 0 },
    ];
    const { hash, weights } = await train(values, [at(3), at(8)], edits);
    expect(weights.find(({ name }) => name === "dense_2/kernel")?.data[2]).toBe(0);
    expect(await run(programOf(experimentOf(values), { ...at(8), edits, hash }))).toBe(hash);
    const { hash: other } = await train(values, [at(8)]);
    expect(other).not.toBe(hash);
  });

  test("before anything is learnt", async () => {
    const values = parseRun("");
    const { hash } = await train(values, []);
    expect(await run(programOf(experimentOf(values), { ...START, edits: [], hash }))).toBe(hash);
  });
});

describe("within an epoch", () => {
  // 98 examples in 5 batches, the last one of 18, and no step is like another.
  const values = parseRun("drop=0.3&batch=20&points=140&layers=8_3&opt=adam&rate=0.03&sched=cosine&length=9");

  test.each([
    ["at the first batch", [at(0, 1)]],
    ["batch by batch", [at(0, 1), at(0, 2), at(0, 3)]],
    ["after whole epochs, with a remainder to come", [at(2), at(2, 4)]],
    ["with epochs between", [at(1, 2), at(3), at(4, 1), at(6, 3)]],
  ])("the copied program ends with the page's weights: %s", async (_, stops) => {
    const { hash, epoch, batches } = await train(values, stops);
    expect(at(epoch, batches)).toEqual(stops.at(-1));
    expect(await run(programOf(experimentOf(values), { epoch, batches, edits: [], hash }))).toBe(hash);
  });

  test("what is trained by batches is what is trained by epochs", async () => {
    const { hash } = await train(values, [at(4)]);
    const stops = [at(0, 1), at(0, 4), at(1), at(1, 3), at(3, 2), at(4)];
    const { hash: other, steps } = await train(values, stops);
    expect(other).toBe(hash);
    expect(steps).toBe(5);
  });

  test("more batches than an epoch has are the epoch", async () => {
    const { hash } = await train(values, [at(3)]);
    for (const batches of [5, 500]) {
      const ended = await train(values, [at(2, batches)]);
      expect([ended.epoch, ended.batches, ended.hash]).toEqual([3, 0, hash]);
    }
  });

  test("weights that are set by hand there are set by the program, too", async () => {
    const edits = [
      { ...at(0, 2), weight: "dense/kernel", index: 3, value: 1.25 },
      { ...at(0, 2), weight: "dense/kernel", index: 4, value: -1.25 },
      { ...at(0, 4), weight: "dense_1/bias", index: 1, value: -0.5 },
      { ...at(3), weight: "dense/bias", index: 0, value: 0.25 },
      { ...at(3, 1), weight: "dense/kernel", index: 0, value: 0.123 },
      { ...at(4, 3), weight: "dense_2/kernel", index: 2, value: 0 },
      // A link's: the end of the epoch.
      { ...at(5, 5), weight: "dense_2/kernel", index: 1, value: 0 },
    ];
    for (const stop of [at(4, 3), at(5), at(6), at(6, 1)]) {
      const { hash } = await train(values, [at(1, 1), stop], edits);
      expect(await run(programOf(experimentOf(values), { ...stop, edits, hash }))).toBe(hash);
      expect((await train(values, [stop], edits.slice(1))).hash).not.toBe(hash);
    }
    // What a link says of later is not made yet.
    const { hash } = await train(values, [at(3)], edits);
    expect(await run(programOf(experimentOf(values), { ...at(3), edits, hash }))).toBe(hash);
  });

  test("a network that is given up there is trained no more, and gives its memory back", async () => {
    const experiment = experimentOf(values);
    const network = buildNetwork(experiment);
    const { net } = network;
    const train = net.fit.bind(net);
    let over: Promise<unknown> = Promise.resolve();
    net.fit = (...given) => {
      const history = train(...given);
      over = history;
      return history;
    };
    const learner = new Learner(network, experiment.settings.batchSize, []);
    await learner.advance(at(1, 2), 1);
    await learner.advance(at(1, 2), 1);
    expect(learner.at).toEqual(at(1, 2));
    learner.dispose();
    // What `fit` holds is freed when it ends.
    await over;
  });
});

test("a link's weights that the network does not have are let be", async () => {
  const values = parseRun("");
  const edits = [
    { ...at(0), weight: "dense_5/kernel", index: 3, value: 1 },
    { ...at(0), weight: "dense/bias", index: 900, value: 1 },
    // An epoch has 21 batches.
    { ...at(1, 22), weight: "dense/bias", index: 0, value: 1 },
  ];
  const { hash } = await train(values, [at(2)]);
  expect((await train(values, [at(2)], edits)).hash).toBe(hash);
  expect(await run(programOf(experimentOf(values), { ...at(2), edits, hash }))).toBe(hash);
});

test("a loss that is no number stops the training", async () => {
  const values = parseRun("data=hills&rate=10&act=relu&layers=8_8&opt=momentum");
  const job = { id: 0, experiment: experimentOf(values), window, edits: [], side: 4, neurons: true };
  const last = await new Promise<Report>((resolve) => {
    const trainer = new Trainer(job, (report) => {
      if (report.diverged && !report.running) resolve(report);
    });
    trainer.train(at(100_000), "fast");
  });
  expect(last.train.loss).not.toBeLessThan(Number.POSITIVE_INFINITY);
  expect(last.epoch).toBeLessThan(100_000);
});
