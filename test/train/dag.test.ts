import { describe, expect, test } from "vitest";
import { ConfigError, input, layers, type Model, model, ShapeError, sequential } from "../../src/index.js";
import {
  centralDifferences,
  dense,
  expectClose,
  gradientsOf,
  type Numbers,
  numbers,
  type Rows,
  rows,
  sumSquaredError,
  weightsOf,
} from "../layers/reference.js";

const a = rows(4, 3, 1);
const b = rows(4, 3, 2);
const firstTarget = rows(4, 2, 3);
const secondTarget = rows(4, 1, 4);

const both = (f: (left: number, right: number) => number) => (left: Rows, right: Rows) =>
  left.map((row, i) => row.map((value, j) => f(value, right[i]?.[j] as number)));
const plus = both((left, right) => left + right);
const beside = (left: Rows, right: Rows) => left.map((row, i) => [...row, ...(right[i] as readonly number[])]);
const tanh = (x: Rows) => x.map((row) => row.map(Math.tanh));

/**
 * Two inputs through one shared layer; the first branch goes to a sum, to a concatenation with that sum, and so to both
 * outputs: every way a value can be used more than once.
 */
function build(secondTrainable = true) {
  const left = input({ shape: [3] });
  const right = input({ shape: [3] });
  const shared = layers.dense({ units: 4, activation: "tanh", name: "shared", biasInitializer: "uniform" });
  const [p, q] = [shared.apply(left), shared.apply(right)];
  const sum = layers.add().apply([p, q]);
  const first = layers.dense({ units: 2, name: "first" }).apply(layers.concatenate().apply([p, sum]));
  const second = layers.dense({ units: 1, activation: "tanh", name: "second", trainable: secondTrainable }).apply(sum);
  return model({ inputs: [left, right], outputs: [first, second], seed: 3 });
}

function reference(w: Numbers): [first: Rows, second: Rows] {
  const of = (name: string) => w[name] as readonly number[];
  const shared = (x: Rows) => tanh(dense(x, of("shared/kernel"), of("shared/bias")));
  const sum = plus(shared(a), shared(b));
  return [
    dense(beside(shared(a), sum), of("first/kernel"), of("first/bias")),
    tanh(dense(sum, of("second/kernel"), of("second/bias"))),
  ];
}

const loss = ["sumSquaredError", "halfSquaredError"];

function referenceLoss(w: Numbers, lossWeights: readonly [number, number]): number {
  const [first, second] = reference(w);
  return (
    lossWeights[0] * sumSquaredError(first, firstTarget) + lossWeights[1] * 0.5 * sumSquaredError(second, secondTarget)
  );
}

describe("branches, a shared layer, several inputs and outputs", () => {
  test("a shared layer has its weights once", () => {
    const names = ["shared/kernel", "shared/bias", "first/kernel", "first/bias", "second/kernel", "second/bias"];
    expect(Object.keys(weightsOf(build())).sort()).toEqual(names.sort());
    expect(build().summary()).toMatch(/shared \(dense\) +\[batch, 4\] +shared/);
  });

  test("predicts a list, one entry an output", async () => {
    const net = build();
    const predicted = await net.predict([a, b]);
    expect(predicted.map(({ shape }) => shape)).toEqual([
      [4, 2],
      [4, 1],
    ]);
    reference(weightsOf(net)).forEach((expected, i) => {
      expectClose(predicted[i]?.data as Float32Array, expected.flat(), 1e-6, `output ${i}`);
    });
  });

  test.each([
    [1, 1],
    [0.25, 3],
    [1, 0],
    [0, 1],
  ] as const)("gradients with loss weights %f and %f", async (...lossWeights) => {
    const net = build();
    const weights = weightsOf(net);
    const got = await gradientsOf(
      net,
      [
        [a, b],
        [firstTarget, secondTarget],
      ],
      { loss, lossWeights },
    );
    const expected = centralDifferences((at) => referenceLoss(at, lossWeights), weights);
    for (const [name, values] of Object.entries(expected)) expectClose(got[name] ?? [], values, 2e-6, name);
  });

  test("a frozen layer keeps its weights and passes the gradient on", async () => {
    const net = build(false);
    const weights = weightsOf(net);
    const got = await gradientsOf(
      net,
      [
        [a, b],
        [firstTarget, secondTarget],
      ],
      { loss, lossWeights: [1, 2] },
    );
    const expected = centralDifferences((at) => referenceLoss(at, [1, 2]), weights);
    for (const [name, values] of Object.entries(expected)) {
      const frozen = name.startsWith("second/");
      expectClose(got[name] ?? [], frozen ? values.map(() => 0) : values, frozen ? 0 : 2e-6, name);
    }
  });

  test("logs hold the weighted total and each output's loss and metrics by its layer's name", async () => {
    const net = build();
    const lossWeights = [0.5, 2] as const;
    const metrics = [["meanAbsoluteError"], []] as const;
    net.compile({ loss, lossWeights, metrics, optimizer: "sgd" });
    const logs = await net.evaluate([a, b], [firstTarget, secondTarget]);
    const [first, second] = reference(weightsOf(net));
    const errors = first.flatMap((row, i) => row.map((value, j) => Math.abs(value - (firstTarget[i]?.[j] as number))));
    const expected = {
      loss: referenceLoss(weightsOf(net), lossWeights),
      first_loss: sumSquaredError(first, firstTarget),
      first_meanAbsoluteError: errors.reduce((sum, error) => sum + error, 0) / errors.length,
      second_loss: 0.5 * sumSquaredError(second, secondTarget),
    };
    expect(Object.keys(logs)).toEqual(Object.keys(expected));
    expectClose(Object.values(logs), Object.values(expected), 1e-6, "logs");
    const data = [
      [a, b],
      [firstTarget, secondTarget],
    ] as const;
    const { history } = await net.fit(...data, { validationData: data });
    expect(Object.keys(history)).toEqual([
      ...Object.keys(expected),
      ...Object.keys(expected).map((name) => `val_${name}`),
    ]);
  });

  test("batches that do not divide the data leave the evaluation as it is", async () => {
    const net = build().compile({ loss });
    const whole = await net.evaluate([a, b], [firstTarget, secondTarget]);
    const parts = await net.evaluate([a, b], [firstTarget, secondTarget], { batchSize: 3 });
    expectClose(Object.values(parts), Object.values(whole), 1e-6);
    expect(await net.predict([a, b], { batchSize: 3 })).toEqual(await net.predict([a, b]));
  });
});

test.each([2, 3, 5])("one value added %i times has that many times the gradient", async (times) => {
  const start = input({ shape: [3] });
  const value = layers.dense({ units: 2, name: "value" }).apply(start);
  const net = model({
    inputs: start,
    outputs: layers.add().apply(Array.from({ length: times }, () => value)),
    seed: 2,
  });
  const weights = weightsOf(net);
  const got = await gradientsOf(net, [a, firstTarget], { loss: "sumSquaredError" });
  const expected = centralDifferences((at) => {
    const y = dense(a, at["value/kernel"] as number[], at["value/bias"]);
    return sumSquaredError(
      y.map((row) => row.map((one) => times * one)),
      firstTarget,
    );
  }, weights);
  for (const [name, values] of Object.entries(expected)) expectClose(got[name] ?? [], values, 1e-5, name);
});

test("a layer applied to its own output: the gradients of both applications add up", async () => {
  const start = input({ shape: [3] });
  const twice = layers.dense({ units: 3, activation: "tanh", name: "twice" });
  const net = model({ inputs: start, outputs: twice.apply(twice.apply(start)), seed: 4 });
  const weights = weightsOf(net);
  const target = rows(4, 3, 8);
  const got = await gradientsOf(net, [a, target], { loss: "sumSquaredError" });
  const expected = centralDifferences((at) => {
    const once = (x: Rows) => tanh(dense(x, at["twice/kernel"] as number[], at["twice/bias"]));
    return sumSquaredError(once(once(a)), target);
  }, weights);
  for (const [name, values] of Object.entries(expected)) expectClose(got[name] ?? [], values, 2e-6, name);
});

test("a residual block through views: the sum of a value and its layer", async () => {
  const start = input({ shape: [3] });
  const hidden = layers.dense({ units: 4, name: "hidden" }).apply(start);
  const square = layers.reshape({ targetShape: [2, 2] }).apply(hidden);
  const flat = layers.flatten().apply(square);
  const inner = layers.dense({ units: 4, activation: "tanh", name: "inner" }).apply(flat);
  const net = model({ inputs: start, outputs: layers.add().apply([hidden, inner]), seed: 5 });
  const weights = weightsOf(net);
  const target = rows(4, 4, 9);
  const got = await gradientsOf(net, [a, target], { loss: "sumSquaredError" });
  const expected = centralDifferences((at) => {
    const h = dense(a, at["hidden/kernel"] as number[], at["hidden/bias"]);
    return sumSquaredError(plus(h, tanh(dense(h, at["inner/kernel"] as number[], at["inner/bias"]))), target);
  }, weights);
  for (const [name, values] of Object.entries(expected)) expectClose(got[name] ?? [], values, 2e-6, name);
});

test("a chain described as a graph trains to the same bits as sequential", async () => {
  const chain = () => [
    layers.dense({ inputShape: [3], units: 4, activation: "relu" }),
    layers.dropout({ rate: 0.25 }),
    layers.dense({ units: 2 }),
  ];
  const start = input({ shape: [3] });
  let end = start;
  for (const layer of chain()) end = layer.apply(end);
  const nets: Model[] = [sequential({ layers: chain(), seed: 6 }), model({ inputs: [start], outputs: end, seed: 6 })];
  for (const net of nets) {
    net.compile({ loss: "meanSquaredError", optimizer: "adam" });
    await net.fit(a, firstTarget, { epochs: 3, batchSize: 3 });
  }
  expect(nets[0]?.weightsHash()).toBe(nets[1]?.weightsHash());
});

describe("what does not belong together is refused", () => {
  const two = () => [input({ shape: [3] }), input({ shape: [3] })] as const;
  test.each([
    [
      "an input that leads nowhere",
      () => model({ inputs: two(), outputs: two()[0] }),
      /^inputs\[0\] leads to no output/,
    ],
    [
      "an input that is missing",
      () => {
        const [left, right] = two();
        return model({ inputs: left, outputs: layers.add().apply([left, right]) });
      },
      /^the outputs depend on an input\(\) that is missing/,
    ],
    [
      "an input twice",
      () => {
        const [left] = two();
        return model({ inputs: [left, left], outputs: layers.flatten().apply(left) });
      },
      /^inputs holds the same input twice/,
    ],
    [
      "a layer's output as an input",
      () => {
        const flat = layers.flatten().apply(two()[0]);
        return model({ inputs: flat, outputs: flat });
      },
      /^inputs\[0\] must come of input\(\), got the output of a flatten layer/,
    ],
    [
      "two layers of one name",
      () => {
        const [left] = two();
        const once = layers.flatten({ name: "same" }).apply(left);
        return model({ inputs: left, outputs: layers.flatten({ name: "same" }).apply(once) });
      },
      /^two layers are named "same"/,
    ],
    [
      "a layer of another model",
      () => {
        const layer = layers.dense({ units: 1, inputShape: [3] });
        sequential({ layers: [layer] });
        return sequential({ layers: [layer] });
      },
      /^layer dense belongs to another model already/,
    ],
  ])("%s", (_, describeModel, says) => {
    expect(describeModel).toThrow(ConfigError);
    expect(describeModel).toThrow(says);
  });

  test("layers whose inputs do not fit", () => {
    const inputs = [input({ shape: [3] }), input({ shape: [4] })];
    expect(() => layers.add().apply(inputs)).toThrow(ShapeError);
    expect(() => layers.add().apply(inputs[0] ?? [])).toThrow(
      /^add: two or more inputs of one shape expected, got \[3\]/,
    );
    expect(() => layers.concatenate({ axis: 1 }).apply(inputs)).toThrow(ShapeError);
  });

  test("one tensor for two inputs, and lists that are not one an output", async () => {
    const net = build().compile({ loss });
    const before = net.weightsHash();
    const targets = [firstTarget, secondTarget];
    await expect(net.fit(a, targets)).rejects.toThrow(/^x must be a list of 2, one for each input/);
    await expect(net.fit([a, b], firstTarget)).rejects.toThrow(/^y must be a list of 2, one for each output/);
    await expect(net.fit([a, b.slice(1)], targets)).rejects.toThrow(/^x must have as many examples each, got/);
    await expect(net.predict([a, numbers(2)])).rejects.toThrow(/^x\[1\]: shape \[n, 3\] expected, got \[2\]/);
    for (const config of [{ loss: ["hinge"] }, { loss, lossWeights: [1] }, { loss, metrics: [["accuracy"]] }]) {
      expect(() => net.compile(config)).toThrow(/: one for each of the 2 outputs expected, got an array of 1/);
    }
    expect(net.weightsHash()).toBe(before);
    expect((await net.fit([a, b], targets)).history.loss).toHaveLength(1);
  });
});
