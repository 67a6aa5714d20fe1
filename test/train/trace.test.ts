import { describe, expect, test } from "vitest";
import { layers, losses, type Model, optimizers, sequential, type Trace } from "../../src/index.js";
import {
  centralDifferences,
  dense,
  expectClose,
  type Numbers,
  type Rows,
  rows,
  weightsOf,
} from "../layers/reference.js";
import { activations } from "../layers/rows.js";

/** What the reference says a tensor holds. */
const flat = (values: Rows) => values.flat();
const layerOf = (trace: Trace, name: string) => {
  const found = trace.layers.find((layer) => layer.name === name);
  if (!found) throw new Error(`no layer ${name}`);
  return found;
};

test("the lecture's network: every number of the chain rule by hand", async () => {
  const [x, y, w1, b1, w2, b2] = [0.5, 1, 0.8, -0.2, -0.6, 0.3];
  const net = sequential({
    layers: [
      layers.dense({ inputShape: [1], units: 1, activation: "sigmoid", name: "hidden" }),
      layers.dense({ units: 1, activation: "sigmoid", name: "output" }),
    ],
  });
  net.setWeights([[[w1]], [b1], [[w2]], [b2]]);
  net.compile({ optimizer: "sgd", loss: "halfSquaredError" });

  const s = (z: number) => 1 / (1 + Math.exp(-z));
  const [z1] = [w1 * x + b1];
  const y1 = s(z1);
  const z2 = w2 * y1 + b2;
  const yhat = s(z2);
  const delta2 = (yhat - y) * yhat * (1 - yhat);
  const delta1 = delta2 * w2 * y1 * (1 - y1);

  const trace = await net.trace([[x]], [[y]]);
  expect(trace.loss).toBeCloseTo((yhat - y) ** 2 / 2, 7);
  expect(trace.penalty).toBe(0);
  expect(trace.layers.map(({ name, kind, shape }) => [name, kind, shape])).toEqual([
    ["hidden", "dense", [1, 1]],
    ["output", "dense", [1, 1]],
  ]);
  const numbers = trace.layers.flatMap(({ z, output, doutput, dz }) =>
    [z, output, doutput, dz].map((tensor) => tensor?.data[0] as number),
  );
  expectClose(numbers, [z1, y1, delta2 * w2, delta1, z2, yhat, yhat - y, delta2], 1e-7);
  expect(trace.gradients.map(({ name, shape }) => [name, shape])).toEqual([
    ["hidden/kernel", [1, 1]],
    ["hidden/bias", [1]],
    ["output/kernel", [1, 1]],
    ["output/bias", [1]],
  ]);
  expectClose(
    trace.gradients.map(({ data }) => data[0] as number),
    [delta1 * x, delta1, delta2 * y1, delta2],
    1e-8,
  );
  expectClose(trace.outputs[0]?.data ?? [], [yhat], 1e-7);
  expect(trace.inputs.map(({ x, dx }) => [x.shape, dx.shape])).toEqual([
    [
      [1, 1],
      [1, 1],
    ],
  ]);
  expectClose(
    trace.inputs.flatMap(({ x, dx }) => [x.data[0] as number, dx.data[0] as number]),
    [x, delta1 * w1],
    1e-8,
  );
});

/** A classifier of one hidden layer in float64, with the gradients by their formulas. */
function reference(x: Rows, ids: readonly number[], weights: Numbers) {
  const times = (a: Rows, b: Rows) =>
    a.map((row) =>
      (b[0] ?? []).map((_, j) => row.reduce((total, value, i) => total + value * (b[i]?.[j] as number), 0)),
    );
  const turned = (a: Rows) => (a[0] ?? []).map((_, j) => a.map((row) => row[j] as number));
  const columnSums = (a: Rows) => turned(a).map((column) => column.reduce((total, value) => total + value, 0));
  const z1 = dense(x, weights["dense/kernel"] ?? [], weights["dense/bias"]);
  const y1 = z1.map((row) => row.map(Math.tanh));
  const z2 = dense(y1, weights["dense_1/kernel"] ?? [], weights["dense_1/bias"]);
  const y2 = z2.map((row) => {
    const total = row.reduce((sum, z) => sum + Math.exp(z), 0);
    return row.map((z) => Math.exp(z) / total);
  });
  const n = x.length;
  const loss = y2.reduce((total, row, i) => total - Math.log(row[ids[i] as number] as number), 0) / n;
  const dy2 = y2.map((row, i) => row.map((p, j) => (j === ids[i] ? -1 / p / n : 0)));
  const dz2 = y2.map((row, i) => row.map((p, j) => (p - (j === ids[i] ? 1 : 0)) / n));
  const units = z2[0]?.length as number;
  const kernel = weights["dense_1/kernel"] ?? [];
  const w2 = y1[0]?.map((_, i) => kernel.slice(i * units, (i + 1) * units)) ?? [];
  const dy1 = times(dz2, turned(w2));
  const dz1 = dy1.map((row, i) => row.map((d, j) => d * (1 - (y1[i]?.[j] as number) ** 2)));
  const gradients: Numbers = {
    "dense/kernel": flat(times(turned(x), dz1)),
    "dense/bias": columnSums(dz1),
    "dense_1/kernel": flat(times(turned(y1), dz2)),
    "dense_1/bias": columnSums(dz2),
  };
  return { loss, z1, y1, z2, y2, dz1, dy1, dz2, dy2, gradients };
}

describe("softmax with cross entropy, whose loss takes the logits", () => {
  const x = rows(5, 3, 2);
  const ids = [0, 2, 1, 3, 2];
  const oneHot = ids.map((id) => [0, 1, 2, 3].map((i) => (i === id ? 1 : 0)));
  const make = () =>
    sequential({
      seed: 4,
      layers: [
        layers.dense({ inputShape: [3], units: 6, activation: "tanh", biasInitializer: "uniform" }),
        layers.dense({ units: 4, activation: "softmax" }),
      ],
    });

  test("the reference has the gradients of its loss", () => {
    const weights = weightsOf(make());
    const expected = centralDifferences((at) => reference(x, ids, at).loss, weights);
    const got = reference(x, ids, weights).gradients;
    for (const [name, values] of Object.entries(expected)) expectClose(got[name] ?? [], values, 1e-8, name);
  });

  test.each([
    ["sparseCategoricalCrossentropy", ids],
    ["categoricalCrossentropy", oneHot],
  ])("%s: all numbers are those of the reference", async (loss, y) => {
    const net = make().compile({ loss });
    const expected = reference(x, ids, weightsOf(net));
    const trace = await net.trace(x, y);
    expect(trace.loss).toBeCloseTo(expected.loss, 6);
    const [hidden, last] = [layerOf(trace, "dense"), layerOf(trace, "dense_1")];
    expectClose(hidden.z?.data ?? [], flat(expected.z1), 1e-6, "z1");
    expectClose(hidden.output.data, flat(expected.y1), 1e-6, "y1");
    expectClose(last.z?.data ?? [], flat(expected.z2), 1e-6, "z2");
    expectClose(last.output.data, flat(expected.y2), 1e-6, "y2");
    expectClose(last.doutput.data, flat(expected.dy2), 1e-6, "dy2");
    expectClose(last.dz?.data ?? [], flat(expected.dz2), 1e-7, "dz2");
    expectClose(hidden.doutput.data, flat(expected.dy1), 1e-7, "dy1");
    expectClose(hidden.dz?.data ?? [], flat(expected.dz1), 1e-7, "dz1");
    for (const { name, data } of trace.gradients) expectClose(data, expected.gradients[name] ?? [], 1e-7, name);
    expect(trace.outputs).toEqual([last.output]);
    expect(trace.outputs[0]).toEqual(await net.predict(x));
  });

  test("on the logits of a saturated output dz is right, where the chain rule through the outputs has lost it", async () => {
    const net = sequential({ layers: [layers.dense({ inputShape: [1], units: 1, activation: "sigmoid" })] });
    net.setWeights([[[40]], [0]]);
    net.compile({ loss: "binaryCrossentropy" });
    const [layer] = (await net.trace([[1]], [[0]])).layers;
    expect([layer?.z, layer?.output, layer?.dz].map((tensor) => tensor?.data[0])).toEqual([40, 1, 1]);
    expect(layer?.doutput.data[0]).toBeGreaterThan(1e6);
  });
});

describe.each(Object.entries(activations))("the activation %s", (name, f) => {
  const x = rows(3, 2, 5);
  const target = rows(3, 2, 6);
  const build = {
    "in a dense layer": () => [layers.dense({ inputShape: [2], units: 2, activation: name })],
    "as a layer": () => [
      layers.dense({ inputShape: [2], units: 2 }),
      layers.activation({ activation: name, name: "f" }),
    ],
  };

  test.each(Object.entries(build))("%s: z, f(z) and the gradients of both", async (_, make) => {
    const net: Model = sequential({ seed: 8, layers: make() }).compile({ loss: "sumSquaredError" });
    const trace = await net.trace(x, target);
    const { "dense/kernel": kernel = [], "dense/bias": bias } = weightsOf(net);
    const z = flat(dense(x, kernel, bias));
    const last = trace.layers.at(-1);
    expectClose(last?.z?.data ?? [], z, 1e-6, "z");
    expectClose(last?.output.data ?? [], z.map(f), 2e-6, "f(z)");
    const dy = z.map((value, i) => (2 * (f(value) - (flat(target)[i] as number))) / 3);
    expectClose(last?.doutput.data ?? [], dy, 2e-6, "dy");
    const slope = (value: number) => (f(value + 1e-6) - f(value - 1e-6)) / 2e-6;
    const dz = z.map((value, i) => (dy[i] as number) * slope(value));
    expectClose(last?.dz?.data ?? [], dz, 5e-6, "dz");
    expect(trace.layers[0]?.z).toEqual(last?.z);
    if (trace.layers.length === 2) {
      expect(trace.layers[0]?.output).toEqual(last?.z);
      expect(trace.layers[0]?.doutput).toEqual(last?.dz);
    }
  });
});

describe("the loss", () => {
  const x = rows(6, 2, 1);
  const y = rows(6, 1, 2);

  test.each(["mean", "sum"] as const)(
    "is fit's, with a %s over the batch and the penalty of L1 and L2",
    async (reduction) => {
      const net = sequential({
        layers: [
          layers.dense({ inputShape: [2], units: 3, kernelRegularizer: { l1: 0.01, l2: 0.1 } }),
          layers.dense({ units: 1, biasRegularizer: { l2: 0.5 } }),
        ],
      }).compile({ loss: losses.meanSquaredError({ reduction }), optimizer: optimizers.sgd({ clipNorm: 0.01 }) });
      net.setWeights({ "dense_1/bias": [0.25] });
      const { "dense/kernel": kernel = [] } = weightsOf(net);
      const sampleWeight = [1, 0, 2, 0.5, 1, 3];
      const { loss, penalty } = await net.trace(x, y, { sampleWeight });
      const { history } = await net.fit(x, y, { batchSize: 6, shuffle: false, sampleWeight });
      expect(loss).toBe(history.loss?.[0]);
      const kernelPenalty = kernel.reduce((total, w) => total + 0.01 * Math.abs(w) + 0.1 * w * w, 0);
      expect(penalty).toBeCloseTo(kernelPenalty + 0.5 * 0.25 ** 2, 7);
    },
  );
});
