import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Worker } from "node:worker_threads";
import { afterAll, describe, expect, test } from "vitest";
import { Kernel } from "../../assembly/kernels.js";
import {
  EngineError,
  type EngineOptions,
  engine,
  init,
  layers,
  type Model,
  optimizers,
  sequential,
} from "../../src/index.js";
import { type Buffer, float, type KernelCall } from "../../src/plan/call.js";
import { makePlan } from "../../src/plan/plan.js";
import { currentEngine } from "../../src/runtime/current.js";
import { Engine } from "../../src/runtime/engine.js";
import { LoadedPlan } from "../../src/runtime/loaded-plan.js";

/** Rows that leave a smaller last batch. */
const ROWS = 300;
const x = Float32Array.from({ length: ROWS * 40 }, (_, i) => ((i * 7919) % 101) / 101);
const y = Int32Array.from({ length: ROWS }, (_, i) => (i * i) % 10);

/** Large enough to be shared, with an output and sizes that no number of threads divides. */
function makeModel(): Model {
  const net = sequential({
    seed: 5,
    layers: [
      layers.dense({ inputShape: [40], units: 150, activation: "tanh" }),
      layers.dropout({ rate: 0.25 }),
      layers.dense({ units: 67, activation: "gelu", kernelRegularizer: { l2: 1e-3 } }),
      layers.dense({ units: 10, activation: "softmax" }),
    ],
  });
  return net.compile({
    optimizer: optimizers.adam({ clipNorm: 1 }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
}

async function train(options: EngineOptions) {
  await init(options);
  using net = makeModel();
  const { history } = await net.fit(x, y, { batchSize: 64, epochs: 3, validationData: [x, y] });
  return { threads: engine().threads, hash: net.weightsHash(), history, evaluated: await net.evaluate(x, y) };
}

/** The threads that Node started while `work` ran. */
async function workersOf<T>(work: () => Promise<T>): Promise<[T, Worker[]]> {
  const workers: Worker[] = [];
  const started = (worker: Worker) => {
    workers.push(worker);
  };
  process.on("worker", started);
  try {
    return [await work(), workers];
  } finally {
    process.off("worker", started);
  }
}

/** A plan whose every step takes milliseconds on any machine. */
function slowPlan(target: Engine): LoadedPlan {
  const bytes = 2 ** 22;
  const block = target.zeros("numbers", bytes);
  const numbers: Buffer = { region: "numbers", offset: 0, bytes };
  const calls = Array.from({ length: 20 }, (): KernelCall => {
    return {
      kernel: Kernel.tanhForward,
      operands: [numbers, numbers, bytes / 4, float(0), float(0)],
      writes: [numbers],
    };
  });
  return new LoadedPlan("a slow plan", target, makePlan(calls, [], target.threads), { numbers: block.address });
}

afterAll(() => init());

describe.each(["fast", "reproducible"] as const)("%s numerics", (numerics) => {
  test("1, 2, 3 and 4 threads and as many as are fastest give the same bits", async () => {
    const one = await train({ numerics, threads: 1 });
    expect(one.threads).toBe(1);
    for (const threads of [2, 3, 4]) expect(await train({ numerics, threads })).toEqual({ ...one, threads });
    expect(await train({ numerics })).toEqual({ ...one, threads: expect.any(Number) });
  });
});

test("what is read while threads train are the weights of whole steps, and training goes on as if nothing were", async () => {
  const undisturbed = await train({ threads: 2 });
  using net = makeModel();
  let training = true;
  const fitted = net.fit(x, y, { batchSize: 64, epochs: 3, validationData: [x, y] }).finally(() => {
    training = false;
  });
  const seen = new Set<string>();
  while (training) {
    seen.add(net.weightsHash());
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await fitted).history).toEqual(undisturbed.history);
  expect(net.weightsHash()).toBe(undisturbed.hash);
  expect(seen.size).toBeGreaterThan(1);
});

test("two models train at once on the threads of one engine", async () => {
  const alone = await train({ threads: 2 });
  const nets = [makeModel(), makeModel()];
  await Promise.all(nets.map((net) => net.fit(x, y, { batchSize: 64, epochs: 3 })));
  expect(nets.map((net) => net.weightsHash())).toEqual([alone.hash, alone.hash]);
});

describe("where a thread dies", () => {
  test("at work, the run ends with a typed error and the engine with it, and later models get another", async () => {
    await init();
    const [broken, workers] = await workersOf(() => Engine.create({ threads: 3 }));
    expect(workers.length).toBe(3);
    const run = slowPlan(broken).share(1000, { threads: 3, tall: false });
    await workers[1]?.terminate();
    await expect(run).rejects.toThrow(EngineError);
    await expect(run).rejects.toThrow(/^a thread of the wasm core died; build the models/);
    expect(broken.isAlive).toBe(false);
    expect(() => broken.empty("more", 8)).toThrow(EngineError);
    expect((await currentEngine()).isAlive).toBe(true);
  });

  test("of a trap, the same", async () => {
    const broken = await Engine.create({ threads: 2 });
    const calls = [{ kernel: 100_000 as Kernel, operands: [], writes: [], work: 1e6 }];
    const run = Promise.resolve(
      new LoadedPlan("a plan", broken, makePlan(calls), {}).share(5, { threads: 2, tall: false }),
    );
    await expect(run).rejects.toThrow(EngineError);
    await run.then(undefined, ({ cause }: EngineError) => expect(String(cause)).toMatch(/unreachable/));
    expect(broken.isAlive).toBe(false);
  });

  test("while it has nothing to do, one thread goes on alone", async () => {
    const [engine, workers] = await workersOf(() => Engine.create({ threads: 2 }));
    await workers[0]?.terminate();
    expect(engine.isAlive).toBe(true);
    expect(engine.info.threads).toBe(1);
    expect(engine.crew(true).choose().threads).toBe(1);
    slowPlan(engine).run(1);
  });
});

test("whoever looks at the memory in a step that a thread died in hears of it at once", async () => {
  const broken = await Engine.create({ threads: 2 });
  const calls = [{ kernel: 100_000 as Kernel, operands: [], writes: [], work: 1e6 }];
  const run = Promise.resolve(
    new LoadedPlan("a plan", broken, makePlan(calls), {}).share(5, { threads: 2, tall: false }),
  );
  expect(() => broken.f32(0, 4)).toThrow(EngineError);
  await expect(run).rejects.toThrow(EngineError);
  expect(broken.isAlive).toBe(false);
});

test("a trap on the calling thread ends the other threads too", async () => {
  const [broken, workers] = await workersOf(() => Engine.create({ threads: 2 }));
  const ended = Promise.all(workers.map((worker) => new Promise((resolve) => worker.once("exit", resolve))));
  const plan = new LoadedPlan(
    "a plan",
    broken,
    makePlan([{ kernel: 100_000 as Kernel, operands: [], writes: [] }]),
    {},
  );
  expect(() => plan.run(1)).toThrow(EngineError);
  expect((await ended).length).toBe(2);
  expect(broken.info.threads).toBe(1);
});

test("an engine that takes a dead one's place has what init asked for", async () => {
  await init({ numerics: "reproducible", threads: 2, memoryLimit: 2 ** 28 });
  const broken = await currentEngine();
  const plan = new LoadedPlan(
    "a plan",
    broken,
    makePlan([{ kernel: 100_000 as Kernel, operands: [], writes: [] }]),
    {},
  );
  expect(() => plan.run(1)).toThrow(EngineError);
  expect((await currentEngine()).info).toMatchObject({ build: "baseline", threads: 2 });
});

test("a long training that may take as many threads as it likes starts them", async () => {
  await init();
  if (engine().threads === 1) return;
  using net = makeModel();
  const [, workers] = await workersOf(() => net.fit(x, y, { batchSize: 64, epochs: 100 }));
  expect(workers.length).toBe(engine().threads);
});

test("a job ends after its step when the memory is looked at", async () => {
  const target = await Engine.create({ threads: 2 });
  const run = slowPlan(target).share(1_000_000, { threads: 2, tall: true });
  await new Promise((resolve) => setTimeout(resolve, 50));
  target.f32(target.zeros("something", 64).address, 16);
  const done = await run;
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThan(1_000_000);
});

test.each([`2`, `"auto"`])("a program with threads: %s ends by itself", async (threads) => {
  const program = `
    import { init, layers, sequential } from "./dist/index.js";
    await init({ threads: ${threads} });
    const net = sequential({ layers: [layers.dense({ inputShape: [400], units: 300 }), layers.dense({ units: 1 })] });
    net.compile({ loss: "meanSquaredError" });
    await net.fit(new Float32Array(400 * 640), new Float32Array(640), { epochs: 10 });
    console.log("done");
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
    timeout: 60_000,
  });
  expect(stdout).toBe("done\n");
});
