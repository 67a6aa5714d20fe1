import { describe, expect, test } from "vitest";
import {
  type Callback,
  ConfigError,
  engine,
  init,
  input,
  layers,
  type Model,
  model,
  optimizers,
  ShapeError,
  sequential,
  type TrainingModel,
} from "../../src/index.js";
import { classifier, ids, points } from "./classifier.js";

describe("weights", () => {
  test("come in the order of the layers, under their names", () => {
    expect(
      classifier()
        .getWeights()
        .map(({ name, shape }) => [name, shape]),
    ).toEqual([
      ["dense/kernel", [2, 6]],
      ["dense/bias", [6]],
      ["dense_1/kernel", [6, 3]],
      ["dense_1/bias", [3]],
    ]);
  });

  test("are numbered past the names that are given", () => {
    const layer = (name?: string) => layers.dense({ inputShape: [1], units: 1, useBias: false, ...(name && { name }) });
    const net = sequential({ layers: [layer(), layer("dense"), layer("out"), layer()] });
    expect(net.getWeights().map(({ name }) => name)).toEqual([
      "dense_1/kernel",
      "dense/kernel",
      "out/kernel",
      "dense_2/kernel",
    ]);
  });

  test("are copies, before and after the engine holds them", async () => {
    const net = classifier();
    for (const use of [() => {}, () => net.predict(points)]) {
      await use();
      const before = net.weightsHash();
      net.getWeights()[0]?.data.fill(7);
      expect(net.weightsHash()).toBe(before);
    }
  });

  test("go from one model to another as a list, or some by name", async () => {
    const [from, list, some] = [classifier(1), classifier(2), classifier(2)];
    list.setWeights(from.getWeights());
    expect(list.weightsHash()).toBe(from.weightsHash());
    expect(await list.predict(points)).toEqual(await from.predict(points));

    const untouched = some.getWeights().slice(0, 3);
    some.setWeights({ "dense_1/bias": [1, 2, 3] });
    expect(some.getWeights()).toEqual([
      ...untouched,
      { name: "dense_1/bias", shape: [3], data: Float32Array.of(1, 2, 3) },
    ]);
  });

  test("the hash is of every bit", () => {
    const [net, same] = [classifier(), classifier()];
    expect(net.weightsHash()).toMatch(/^[0-9a-f]{16}$/);
    expect(net.weightsHash()).toBe(same.weightsHash());
    same.setWeights({ "dense_1/bias": [0, 0, 1e-45] });
    expect(same.weightsHash()).not.toBe(net.weightsHash());
  });
});

test("predict and evaluate give the same whatever the batch", async () => {
  const net = classifier();
  const [predicted, found] = [await net.predict(points), await net.evaluate(points, ids)];
  expect(predicted.shape).toEqual([50, 3]);
  for (const batchSize of [1, 7, 49, 50, 1000]) {
    expect(await net.predict(points, { batchSize })).toEqual(predicted);
    const again = await net.evaluate(points, ids, { batchSize });
    expect(again.accuracy).toBe(found.accuracy);
    expect(again.loss).toBeCloseTo(found.loss, 6);
  }
});

test("predict needs no compile, evaluate and fit do", async () => {
  const net = sequential({ layers: [layers.dense({ inputShape: [2], units: 1 })] });
  expect((await net.predict([[1, 2]])).shape).toEqual([1, 1]);
  await expect(net.fit([[1, 2]], [1])).rejects.toThrow(/^fit: call compile/);
  await expect(net.evaluate([[1, 2]], [1])).rejects.toThrow(/^evaluate: call compile/);
});

test("a disposed model says so, however often it is disposed of", async () => {
  const net = classifier();
  await net.predict(points);
  net.dispose();
  net.dispose();
  for (const call of [() => net.getWeights(), () => net.weightsHash(), () => net.compile({ loss: "hinge" })]) {
    expect(call).toThrow(new ConfigError("the model was disposed of"));
  }
  await expect(net.predict(points)).rejects.toThrow("the model was disposed of");
  await expect(net.fit(points, ids)).rejects.toThrow("the model was disposed of");
});

test("summary lists layers, shapes, parameters and settings", () => {
  expect(classifier().summary().split("\n")).toEqual([
    "Layer            Output shape  Parameters  Settings",
    "---------------------------------------------------",
    "dense            [batch, 6]    18          tanh",
    "dropout          [batch, 6]    0           rate 0.2",
    "dense_1 (dense)  [batch, 3]    21          softmax",
    "Parameters: 39, trained: 39",
  ]);
});

describe("descriptions that cannot be used", () => {
  test.each([
    [() => sequential({ layers: [] }), /^sequential: layers must be a list of at least one layer, got an array of 0/],
    [() => sequential({ layers: [layers.dense({ units: 2 })] }), /^sequential: the first layer needs its inputShape/],
    [() => sequential({ seed: 0.5, layers: [layers.flatten({ inputShape: [2] })] }), /^seed must be a whole number/],
    [() => input({ shape: [2, 0] }), /^input: shape\[1\] must be/],
    [() => input({ shape: 5 as never }), /^input: shape must be an array of sizes, got 5/],
    [() => model({ inputs: [2] as never, outputs: input({ shape: [2] }) }), /^model: inputs takes/],
    [() => model({ inputs: input({ shape: [2] }), outputs: [] }), /^model: outputs takes/],
  ])("case %#", (describeModel, says) => {
    expect(describeModel).toThrow(ConfigError);
    expect(describeModel).toThrow(says);
  });

  test.each([
    [{ numerics: "fats" as never }, /^numerics "fats" is unknown; did you mean "fast"\?/],
    [{ threads: 0 }, /^threads must be/],
    [{ memoryLimit: 0 }, /^memoryLimit must be/],
  ])("init(%j), which leaves the engine as it was", async (options, says) => {
    const before = await init();
    await expect(init(options)).rejects.toThrow(says);
    expect(engine()).toEqual(before);
  });
});

describe("an AbortSignal", () => {
  test("that is aborted already changes nothing", async () => {
    const net = classifier();
    const before = net.weightsHash();
    const signal = AbortSignal.abort(new RangeError("mine"));
    await expect(net.fit(points, ids, { signal })).rejects.toThrow(RangeError);
    await expect(net.evaluate(points, ids, { signal })).rejects.toThrow("mine");
    await expect(net.predict(points, { signal })).rejects.toThrow("mine");
    expect(net.weightsHash()).toBe(before);
  });

  test("ends fit after the current step: the model keeps whole steps and goes on from there", async () => {
    const [net, same] = [classifier(), classifier()];
    const stop = new AbortController();
    let hash = "";
    const onBatchEnd: Callback["onBatchEnd"] = (batch) => {
      if (batch !== 2) return;
      hash = net.weightsHash();
      stop.abort();
    };
    const options = { batchSize: 10, shuffle: false } as const;
    const run = net.fit(points, ids, { ...options, epochs: 9, signal: stop.signal, callbacks: [{ onBatchEnd }] });
    await expect(run).rejects.toMatchObject({ name: "AbortError" });
    expect(net.weightsHash()).toBe(hash);

    // Three steps are what training on the first thirty examples is.
    await same.fit(points.slice(0, 30), ids.slice(0, 30), options);
    expect(same.weightsHash()).toBe(hash);
    expect(await net.predict(points)).toEqual(await same.predict(points));
    await Promise.all([net.fit(points, ids, options), same.fit(points, ids, options)]);
    expect(net.weightsHash()).toBe(same.weightsHash());
  });

  test("reaches a training that no callback interrupts", async () => {
    const net = classifier();
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 5);
    await expect(net.fit(points, ids, { epochs: 1e9, signal: stop.signal })).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(Number.isFinite((await net.evaluate(points, ids)).loss)).toBe(true);
  });
});

describe("while fit runs", () => {
  /** Calls `during` once, in the middle of a training; returns the trained model's hash. */
  async function interrupted(during: (net: Model) => unknown): Promise<string> {
    const net = classifier();
    let called = 0;
    const onBatchEnd: Callback["onBatchEnd"] = async () => {
      if (called++ === 2) await during(net);
    };
    await net.fit(points, ids, { batchSize: 8, epochs: 2, callbacks: [{ onBatchEnd }] });
    expect(called).toBe(14);
    return net.weightsHash();
  }

  test("another fit and compile are refused and change nothing", async () => {
    const alone = await interrupted(() => {});
    const refused = await interrupted(async (net) => {
      await expect(net.fit(points, ids)).rejects.toThrow(/^fit: the model is being trained already/);
      expect(() => net.compile({ loss: "hinge" })).toThrow(/^compile: the model is being trained/);
    });
    expect(refused).toBe(alone);
  });

  test("and are refused from the moment fit is called", async () => {
    const [net, alone] = [classifier(), classifier()];
    const run = net.fit(points, ids);
    await expect(net.fit(points, ids)).rejects.toThrow(ConfigError);
    expect(() => net.compile({ loss: "hinge" })).toThrow(ConfigError);
    expect(await run).toEqual(await alone.fit(points, ids));
    expect(net.weightsHash()).toBe(alone.weightsHash());
    expect((await net.fit(points, ids)).epoch).toEqual([0]);
  });

  test("predict, evaluate and getWeights see the weights of the moment", async () => {
    const alone = await interrupted(() => {});
    const watched = await interrupted(async (net) => {
      const other = classifier();
      other.setWeights(net.getWeights());
      expect(await net.predict(points)).toEqual(await other.predict(points));
      expect(await net.evaluate(points, ids)).toEqual(await other.evaluate(points, ids));
    });
    expect(watched).toBe(alone);
  });

  test("other models train to the bits they would reach alone", async () => {
    const nets = [classifier(1), classifier(2), classifier(1)];
    await Promise.all(nets.map((net) => net.fit(points, ids, { batchSize: 4, epochs: 20 })));
    const [first, second, third] = nets.map((net) => net.weightsHash());
    expect(first).toBe(third);
    const alone = classifier(2);
    await alone.fit(points, ids, { batchSize: 4, epochs: 20 });
    expect(second).toBe(alone.weightsHash());
  });

  test("dispose stops it", async () => {
    const net = classifier();
    const onBatchEnd: Callback["onBatchEnd"] = () => net.dispose();
    const { epoch } = await net.fit(points, ids, { batchSize: 8, epochs: 9, callbacks: [{ onBatchEnd }] });
    expect(epoch).toEqual([0]);
    expect(() => net.getWeights()).toThrow("the model was disposed of");
  });
});

describe("what is refused instead of being misread", () => {
  const make = () => sequential({ layers: [layers.dense({ inputShape: [1], units: 1 })] });

  test("several inputs of a layer that takes one", () => {
    const inputs = [input({ shape: [2] }), input({ shape: [7] })];
    expect(() => layers.dense({ units: 1 }).apply(inputs)).toThrow(/^dense: one input expected, got 2/);
    expect(() => layers.flatten().apply(inputs)).toThrow(ShapeError);
  });

  test("an inputShape that is not what the layer before gives", () => {
    const chain = [layers.dense({ inputShape: [1], units: 3 }), layers.dense({ inputShape: [2], units: 1 })];
    expect(() => sequential({ layers: chain })).toThrow("dense: inputShape is [2], the layer before it gives [3]");
  });

  test("weights in another order, under another name, or that are no numbers", () => {
    const net = make();
    const before = net.weightsHash();
    expect(() => net.setWeights(net.getWeights().reverse())).toThrow(/"dense\/kernel" expected in place 0/);
    expect(() => net.setWeights([[[Number.NaN]], [0]])).toThrow(/dense\/kernel must hold finite numbers, got NaN/);
    expect(net.weightsHash()).toBe(before);
  });

  test("misspelt settings of a model", () => {
    const sed = { layers: [layers.dense({ inputShape: [1], units: 1 })], sed: 1 };
    expect(() => sequential(sed)).toThrow(/^sequential: setting "sed" is unknown; did you mean "seed"\?/);
  });

  test("an event of a callback that never comes", async () => {
    const net = make().compile({ loss: "meanSquaredError" });
    const callback = { onEpochEndd() {}, own: 1 };
    await expect(net.fit([[1]], [1], { callbacks: [callback as Callback] })).rejects.toThrow(
      /did you mean "onEpochEnd"/,
    );
  });

  test("two numbers of the logs under one name", async () => {
    const x = input({ shape: [1] });
    const outputs = ["val", "b"].map((name) => layers.dense({ units: 1, name }).apply(x));
    const net = model({ inputs: x, outputs }).compile({ loss: "meanSquaredError" });
    const data = [[[1]], [[[1]], [[1]]]] as const;
    await expect(net.fit(...data, { validationData: data })).rejects.toThrow(/called val_loss/);
  });
});

describe("weights and data come back", () => {
  test("through JSON", () => {
    const make = (seed: number) => sequential({ seed, layers: [layers.dense({ inputShape: [3], units: 2 })] });
    const [one, other] = [make(1), make(2)];
    const text = JSON.stringify(one.getWeights().map((weight) => ({ ...weight, data: [...weight.data] })));
    other.setWeights(JSON.parse(text));
    expect(other.weightsHash()).toBe(one.weightsHash());
  });

  test.each([
    ["Uint8ClampedArray", Uint8ClampedArray.of(1, 2)],
    ["Float64Array", Float64Array.of(1, 2)],
    ["Int16Array", Int16Array.of(1, 2)],
  ])("in a %s", async (_, data) => {
    const net = sequential({ layers: [layers.rescaling({ inputShape: [2], scale: 2 })] });
    expect([...(await net.predict({ data: data as never, shape: [1, 2] })).data]).toEqual([2, 4]);
    expect([...(await net.predict(data as never)).data]).toEqual([2, 4]);
  });
});

test("class weights are for training: val_loss is what evaluate says", async () => {
  const net = sequential({ layers: [layers.dense({ inputShape: [1], units: 2, activation: "softmax" })] });
  net.compile({ optimizer: optimizers.sgd({ learningRate: 0 }), loss: "sparseCategoricalCrossentropy" });
  const [x, y] = [
    [[1], [2], [3], [4]],
    [0, 1, 0, 1],
  ];
  const { history } = await net.fit(x, y, { validationSplit: 0.5, classWeight: { 0: 10 } });
  const { loss } = await net.evaluate(x.slice(2), y.slice(2));
  expect(history.val_loss).toEqual([loss]);
});

test("a handle that a callback kept refuses a model that was disposed of", async () => {
  const net = sequential({ layers: [layers.dense({ inputShape: [1], units: 1 })] }).compile({
    loss: "meanSquaredError",
  });
  const kept: TrainingModel[] = [];
  await net.fit([[1]], [1], { callbacks: [{ onTrainBegin: (handle) => void kept.push(handle) }] });
  net.dispose();
  expect(() => kept[0]?.setWeights([[[7]], [7]])).toThrow(ConfigError);
});

test("a normalization's constants survive training", async () => {
  const net = sequential({
    layers: [layers.normalization({ inputShape: [2], scale: [2, 3], offset: [4, 5] }), layers.dense({ units: 1 })],
  }).compile({ optimizer: "adamw", loss: "meanSquaredError" });
  await net.fit([[1, 2]], [3], { epochs: 3 });
  const [scale, offset] = net.getWeights();
  expect([[...(scale?.data ?? [])], [...(offset?.data ?? [])]]).toEqual([
    [2, 3],
    [4, 5],
  ]);
});
