import { describe, expect, test } from "vitest";
import { type Callback, EngineError, engine, init, layers, sequential } from "../../src/index.js";
import { currentEngine } from "../../src/runtime/current.js";
import { Engine } from "../../src/runtime/engine.js";
import { temporaryFolder } from "../temporary-folder.js";
import { build, train, x, y } from "../train/toy.js";

const END = -1;
const UNKNOWN_KERNEL = 100_000;

/** Runs a plan whose only instruction no core knows. */
function trap(target: Engine): void {
  const { address } = target.zeros("a plan", 12);
  target.i32(address, 3).set([UNKNOWN_KERNEL, 2, END]);
  target.run(address, 1);
}

describe("a trap", () => {
  test("is a typed error with its cause, and so is everything after it", async () => {
    const broken = await Engine.create();
    expect(() => trap(broken)).toThrow(EngineError);
    expect(broken.isAlive).toBe(false);
    expect(() => broken.empty("more", 8)).toThrow(/^the wasm core trapped; build the models/);
    try {
      broken.empty("more", 8);
    } catch (error) {
      expect((error as EngineError).cause).toBeInstanceOf(WebAssembly.RuntimeError);
    }
  });

  test("leaves models made afterwards a new engine, and their own to the others", async () => {
    const make = () => sequential({ layers: [layers.dense({ inputShape: [1], units: 1, kernelInitializer: "ones" })] });
    await init();
    const old = make();
    await old.predict([[1]]);
    const broken = await currentEngine();
    expect(() => trap(broken)).toThrow(EngineError);
    await expect(old.predict([[1]])).rejects.toThrow(EngineError);
    expect([...(await make().predict([[3]])).data]).toEqual([3]);
    expect(await currentEngine()).not.toBe(broken);
  });

  test("is said by every later call on a model, which its last checkpoint brings back", async () => {
    await init({ numerics: "reproducible" });
    const [path, whole] = [temporaryFolder(), temporaryFolder()];
    const net = build();
    const trapping: Callback = {
      async onEpochEnd(epoch) {
        if (epoch === 1) trap(await currentEngine());
      },
    };
    await expect(train(net, path, [trapping])).rejects.toThrow(EngineError);
    const calls = [
      () => net.fit(x, y),
      () => net.evaluate(x, y),
      () => net.predict(x),
      () => net.save(),
      async () => net.getWeights(),
      async () => net.setWeights({ "dense_1/bias": [0, 0, 0] }),
      async () => net.weightsHash(),
    ];
    for (const call of calls) await expect(call()).rejects.toThrow(/^the wasm core trapped; .* weights or checkpoint$/);
    const again = build();
    await train(again, path, [], { resume: path });
    const unharmed = build();
    await train(unharmed, whole);
    expect(again.weightsHash()).toBe(unharmed.weightsHash());
    await init();
  });
});

test("the memory limit counts whole pages of 64 KiB and is never passed", async () => {
  await init({ memoryLimit: 100_000 });
  const net = sequential({ layers: [layers.dense({ inputShape: [150], units: 150 })] });
  await expect(net.predict(new Float32Array(150))).rejects.toThrow(/131072 bytes needed, the limit is 65536 bytes/);
  expect(engine().memoryBytes).toBe(65536);
  await init();
});

test("the engine told is the one of the last init, whatever was under way", async () => {
  await init();
  const net = sequential({ layers: [layers.dense({ inputShape: [1], units: 1 })] });
  const prediction = net.predict([[1]]);
  await init({ numerics: "reproducible" });
  await prediction;
  expect(engine().build).toBe("baseline");
  await init();
});
