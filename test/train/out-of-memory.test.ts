import { afterAll, expect, test } from "vitest";
import { engine, init, initializers, layers, OutOfMemoryError, optimizers, sequential } from "../../src/index.js";

const MEBIBYTE = 2 ** 20;

afterAll(async () => {
  await init();
});

/** The error that `call` throws or rejects with, which must say what was needed and what the limit is. */
async function shortage(call: () => unknown): Promise<OutOfMemoryError> {
  try {
    await call();
  } catch (error) {
    expect(error).toBeInstanceOf(OutOfMemoryError);
    const { message, needed, limit } = error as OutOfMemoryError;
    expect(needed).toBeGreaterThan(limit);
    expect(message).toContain(`${needed} bytes needed, the limit is ${limit} bytes`);
    return error as OutOfMemoryError;
  }
  throw new Error("no error was thrown");
}

test("parameters past what 32 bits address, before any is allocated", async () => {
  const units = 2 ** 20;
  const { needed, limit } = await shortage(() =>
    sequential({ layers: [layers.dense({ inputShape: [units], units })] }),
  );
  expect(limit).toBe(65535 * 65536);
  expect(needed).toBeGreaterThanOrEqual(4 * units * units);
});

test("examples past the limit leave the model as it was, and fit into what the error says they need", async () => {
  await init({ memoryLimit: MEBIBYTE });
  const net = sequential({ layers: [layers.dense({ inputShape: [2], units: 3, activation: "softmax" })] });
  net.compile({ loss: "sparseCategoricalCrossentropy" });
  const before = net.weightsHash();
  const rows = 2 ** 18;
  const [x, y] = [new Float32Array(2 * rows), new Int32Array(rows)];
  const { needed } = await shortage(() => net.fit(x, y));
  expect(needed).toBeGreaterThan(rows * (8 + 4 + 4));
  await shortage(() => net.evaluate(x, y));
  await shortage(() => net.predict(x, { batchSize: rows }));
  expect(net.weightsHash()).toBe(before);
  expect(engine().memoryBytes).toBeLessThanOrEqual(MEBIBYTE);
  expect((await net.predict(x)).shape).toEqual([rows, 3]);
  await net.fit(x.subarray(0, 20), y.subarray(0, 10));
  expect(net.weightsHash()).not.toBe(before);

  await init({ memoryLimit: needed });
  const other = sequential({ layers: [layers.dense({ inputShape: [2], units: 3, activation: "softmax" })] });
  other.compile({ loss: "sparseCategoricalCrossentropy" });
  expect((await other.fit(x, y)).history.loss).toHaveLength(1);
});

test("parameters past the limit keep their values, and fit once there is room", async () => {
  await init({ memoryLimit: MEBIBYTE });
  const kernelInitializer = initializers.constant({ value: 1 });
  const net = sequential({ layers: [layers.dense({ inputShape: [1024], units: 512, kernelInitializer })] });
  net.compile({ optimizer: optimizers.sgd(), loss: "meanSquaredError" });
  const [ones, zeros] = [new Float32Array(1024).fill(1), new Float32Array(512)];
  const before = net.weightsHash();
  const { needed } = await shortage(() => net.fit(ones, zeros));
  expect(needed).toBeGreaterThanOrEqual(4 * 1024 * 512);
  expect(net.weightsHash()).toBe(before);
  await init();
  expect((await net.fit(ones, zeros)).history.loss).toEqual([1024 * 1024]);
});
