import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { engine, init, layers, type Model, optimizers, sequential } from "../../src/index.js";

const ROWS = 640;
const x = Float32Array.from({ length: ROWS * 20 }, (_, i) => ((i * 7919) % 101) / 101);
const y = Int32Array.from({ length: ROWS }, (_, i) => i % 4);

function makeModel(): Model {
  const net = sequential({
    layers: [
      layers.dense({ inputShape: [20], units: 32, activation: "relu" }),
      layers.dropout({ rate: 0.2 }),
      layers.dense({ units: 4, activation: "softmax" }),
    ],
  });
  return net.compile({
    optimizer: optimizers.adam(),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
}

/** Bytes of the JavaScript heap that are in use, after everything that can be collected has been. */
async function heapUsed(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return process.memoryUsage().heapUsed;
}

/** What the heap of an idle program moves by, up or down; a leaked model would hold 10 kB, a thousand of them 10 MB. */
const NOISE = 500_000;

test("the tests can collect garbage", () => {
  expect(globalThis.gc).toBeTypeOf("function");
});

describe("training", () => {
  test("10,000 further steps change neither the wasm memory nor the JavaScript heap", async () => {
    await init();
    const net = makeModel();
    const epochs = 500;
    const run = async () => {
      const { epoch } = await net.fit(x, y, { batchSize: 32, epochs });
      await net.evaluate(x, y);
      await net.predict(x);
      return (epoch.length * ROWS) / 32;
    };
    await run();
    await run();
    const before = { wasm: engine().memoryBytes, heap: await heapUsed() };
    expect(await run()).toBe(10_000);
    expect(engine().memoryBytes).toBe(before.wasm);
    expect((await heapUsed()) - before.heap).toBeLessThan(NOISE);
    net.dispose();
  });
});

describe("1,000 models, created, fitted and given up", () => {
  test.each([
    ["with dispose()", (net: Model) => net.dispose()],
    ["with Symbol.dispose", (net: Model) => net[Symbol.dispose]()],
    ["dropped for the garbage collector", () => {}],
  ])("%s leave memory where it was", async (_, giveUp) => {
    await init();
    const small = x.subarray(0, 64 * 20);
    const use = async (models: number) => {
      for (let i = 0; i < models; i++) {
        const net = makeModel();
        await net.fit(small, y.subarray(0, 64), { batchSize: 32 });
        await net.predict(small);
        giveUp(net);
        // The collector runs when the heap says so, which knows nothing of the memory that models hold.
        if (i % 50 === 0) await heapUsed();
      }
    };
    await use(100);
    const before = { wasm: engine().memoryBytes, heap: await heapUsed() };
    await use(1000);
    expect(engine().memoryBytes).toBe(before.wasm);
    expect((await heapUsed()) - before.heap).toBeLessThan(NOISE);
  });
});

test("models that are dropped are collected before they fill the memory, without anyone asking for it", async () => {
  // In a process of its own: what a test runner allocates would wake the collector for us.
  const program = `
    import { engine, layers, sequential } from "${new URL("../../dist/index.js", import.meta.url)}";
    for (let i = 0; i < 200; i++) {
      const dense = layers.dense({ inputShape: [2000], units: 2000, kernelInitializer: "zeros" });
      await sequential({ layers: [dense] }).predict(new Float32Array(2000));
    }
    console.log(engine().memoryBytes);
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program]);
  const modelBytes = 2000 * 2000 * 4;
  expect(Number(stdout)).toBeGreaterThan(modelBytes);
  // An engine that learns of them late holds forty or more.
  expect(Number(stdout)).toBeLessThan(25 * modelBytes);
});

test("what a disposed model held serves the next one", async () => {
  await init();
  const weights = 2000 * 2000 * 4;
  const make = () => sequential({ layers: [layers.dense({ inputShape: [2000], units: 2000 })] });
  const first = make();
  await first.predict(new Float32Array(2000));
  const after = engine().memoryBytes;
  expect(after).toBeGreaterThan(weights);
  first.dispose();
  const second = make();
  await second.predict(new Float32Array(2000));
  expect(engine().memoryBytes).toBe(after);
  second.dispose();
});

test("a prediction of many rows at once gives its room back", async () => {
  await init();
  const make = () => sequential({ layers: [layers.dense({ inputShape: [100], units: 100 })] });
  const predict = async (net: Model) => {
    const rows = 50_000;
    await net.predict(new Float32Array(rows * 100), { batchSize: rows });
    return engine().memoryBytes;
  };
  const [first, second] = [make(), make()];
  const bytes = await predict(first);
  expect(await predict(second)).toBeLessThan(bytes * 1.5);
  first.dispose();
  second.dispose();
});
