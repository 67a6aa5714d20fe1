import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Callback, callbacks, type FitOptions, init, layers, type Model, sequential } from "../../src/index.js";
import { temporaryFolder } from "../temporary-folder.js";
import { BATCH, build, EPOCHS, x, y } from "./toy.js";

beforeAll(() => init({ numerics: "reproducible" }));

const namesIn = (path: string) => readdirSync(path).sort();

/** Every byte that a training left behind. */
const lastBytes = (path: string) => readFileSync(join(path, namesIn(path).at(-1) as string));

/** Trains in slices of any length, with validation, until `moment` comes up for the n-th time; then the signal is aborted there. */
async function trainAborted(moment: string, n: number, options: FitOptions) {
  const abort = new AbortController();
  let times = 0;
  const at = (name: string) => () => {
    if (name === moment && ++times === n) abort.abort();
  };
  const watcher: Callback = {
    onTrainBegin: at("onTrainBegin"),
    onEpochBegin: at("onEpochBegin"),
    onEpochEnd: at("onEpochEnd"),
    ...(moment === "onBatchEnd" ? { onBatchEnd: at("onBatchEnd") } : {}),
  };
  const { callbacks: own = [], ...rest } = options;
  const run = build("adam").fit(x, y, { ...rest, callbacks: [...own, watcher], signal: abort.signal });
  if (moment === "some time") setTimeout(() => abort.abort(), n / 4);
  return run.then(
    () => false,
    () => true,
  );
}

describe("a signal", () => {
  const options = (path: string): FitOptions => ({
    batchSize: BATCH,
    epochs: EPOCHS,
    validationSplit: 0.25,
    callbacks: [
      callbacks.earlyStopping({ patience: 2, minDelta: 0.02 }),
      callbacks.checkpoint({ path, every: { epochs: 100 } }),
    ],
  });

  test.each([
    ["onTrainBegin", 1],
    ["onEpochBegin", EPOCHS],
    ["onBatchEnd", EPOCHS * 4],
    ["onEpochEnd", EPOCHS - 1],
    ["some time", 25],
  ])("at each %s keeps all that was reached, and the training comes to the same bytes", async (moment, most) => {
    const whole = temporaryFolder();
    const net = build("adam");
    const history = await net.fit(x, y, options(whole));
    for (let n = 1; n <= most; n++) {
      const path = temporaryFolder();
      if (!(await trainAborted(moment, n, options(path)))) continue;
      // Once more, before the first step: what was kept must not suffer.
      await trainAborted("onTrainBegin", 1, { ...options(path), resume: path });
      const resumed = build("adam");
      expect(await resumed.fit(x, y, { ...options(path), resume: path })).toEqual(history);
      expect(resumed.weightsHash()).toBe(net.weightsHash());
      expect(lastBytes(path).equals(lastBytes(whole))).toBe(true);
    }
  });

  test("that a callback throws while an epoch is closed keeps no half of it", async () => {
    const path = temporaryFolder();
    const abort = new AbortController();
    const thrower: Callback = {
      onEpochEnd() {
        abort.abort();
        abort.signal.throwIfAborted();
      },
    };
    const { callbacks: own = [], ...rest } = options(path);
    await expect(
      build("adam").fit(x, y, { ...rest, callbacks: [...own, thrower], signal: abort.signal }),
    ).rejects.toThrow();
    expect(namesIn(path)).toEqual([]);
  });

  test("in the middle of an epoch is no end of it", async () => {
    const path = temporaryFolder();
    expect(await trainAborted("onBatchEnd", 3, options(path))).toBe(true);
    expect(namesIn(path)).toEqual(["checkpoint-000000000003.safetensors"]);
  });
});

test("slices of many steps on two threads resume to the same bytes", async () => {
  const rows = 3000;
  const [many, classes] = [
    Float32Array.from({ length: rows * 64 }, (_, i) => ((i * 37) % 41) / 32 - 0.625),
    Int32Array.from({ length: rows }, (_, i) => (i * 7) % 3),
  ];
  const make = () =>
    sequential({
      seed: 2,
      layers: [
        layers.dense({ inputShape: [64], units: 256, activation: "relu" }),
        layers.dense({ units: 3, activation: "softmax" }),
      ],
    }).compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy" });
  const trainMany = (net: Model, path: string, signal?: AbortSignal) =>
    net.fit(many, classes, {
      batchSize: 64,
      epochs: 3,
      resume: path,
      callbacks: [callbacks.checkpoint({ path, every: { steps: 13 } })],
      ...(signal ? { signal } : {}),
    });
  const [whole, path] = [temporaryFolder(), temporaryFolder()];
  await trainMany(make(), whole);
  await init({ numerics: "reproducible", threads: 2 });
  // Longer each time: a slow machine comes to the end, too.
  for (let [ended, life] = [false, 60]; !ended; life *= 1.2) {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), life);
    ended = await trainMany(make(), path, abort.signal).then(
      () => true,
      () => false,
    );
  }
  await init({ numerics: "reproducible" });
  expect(lastBytes(path).equals(lastBytes(whole))).toBe(true);
});
