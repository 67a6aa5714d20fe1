import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  DataError,
  type FitOptions,
  init,
  layers,
  type Model,
  metrics,
  optimizers,
  sequential,
} from "../../src/index.js";

const ROWS = 20;
const x = Float32Array.from({ length: ROWS * 3 }, (_, i) => Math.sin(i * 1.7));
const y = Int32Array.from({ length: ROWS }, (_, i) => i % 2);

function makeModel(learningRate: Parameters<typeof optimizers.adam>[0] = {}): Model {
  const net = sequential({
    seed: 9,
    layers: [
      layers.dense({ inputShape: [3], units: 6, activation: "tanh", kernelRegularizer: { l2: 0.01 } }),
      layers.dropout({ rate: 0.2 }),
      layers.dense({ units: 2, activation: "softmax" }),
    ],
  });
  return net.compile({
    optimizer: optimizers.adam({ clipNorm: 1, ...learningRate }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy", "f1"],
  });
}

/** Two fits in a row, and what came of them. */
async function train(options: FitOptions) {
  using net = makeModel();
  const first = await net.fit(x, y, { batchSize: 5, epochs: 700, ...options });
  const second = await net.fit(x, y, { batchSize: 5, epochs: 3, ...options });
  return { first, second, hash: net.weightsHash() };
}

const watched: FitOptions = { onProgress() {} };

beforeAll(() => init({ threads: 1 }));
afterAll(() => init());

describe("many epochs in one call of the core", () => {
  test.each([{ shuffle: true }, { shuffle: false }, { batchSize: ROWS }, { batchSize: 1, epochs: 60 }])(
    "come to the same as one by one: %o",
    async (options) => {
      expect(await train(options)).toEqual(await train({ ...options, ...watched }));
    },
  );

  test("stop where a schedule gives no number, with the steps before it done", async () => {
    const at = (step: number) => (step < 333 ? 0.01 : Number.NaN);
    const learningRate = { learningRate: { name: "broken", at } } as never;
    const hashes = [];
    for (const options of [{}, watched]) {
      using net = makeModel(learningRate);
      const fitted = net.fit(x, y, { batchSize: 5, epochs: 500, ...options });
      await expect(fitted).rejects.toThrow(DataError);
      await expect(fitted).rejects.toThrow(/learning rate of step 333 is NaN/);
      hashes.push(net.weightsHash());
    }
    expect(hashes[0]).toBe(hashes[1]);
  });

  test("come to the same where totals are many and threads are there", async () => {
    const classes = 50;
    const run = async (options: FitOptions) => {
      using net = sequential({ layers: [layers.dense({ inputShape: [3], units: classes, activation: "softmax" })] });
      net.compile({ loss: "sparseCategoricalCrossentropy", metrics: [metrics.precision()] });
      const { history } = await net.fit(x, y, { batchSize: 10, epochs: 6, ...options });
      return { history, hash: net.weightsHash() };
    };
    const alone = await run({});
    expect(alone).toEqual(await run(watched));
    await init({ threads: 2 });
    expect(await run({})).toEqual(alone);
    await init({ threads: 1 });
  });

  test("stop at a signal between calls", async () => {
    using net = makeModel();
    const fitted = net.fit(x, y, { batchSize: 5, epochs: 10_000_000, signal: AbortSignal.timeout(50) });
    await expect(fitted).rejects.toThrow(/timeout/i);
  });
});
