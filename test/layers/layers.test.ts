import { describe, expect, test } from "vitest";
import { ConfigError, input, layers, type Model, model, ShapeError, sequential } from "../../src/index.js";
import { activationTable } from "../../src/ops/activation-table.js";
import {
  centralDifferences,
  expectClose,
  gradientsOf,
  type Numbers,
  rows,
  sumSquaredError,
  weightsOf,
} from "./reference.js";
import { activations, before, type LayerRow, layerRows } from "./rows.js";

const BATCH = 3;
const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);
const typed = (examples: readonly (readonly number[])[], shape: readonly number[]) => ({
  data: Float32Array.from(examples.flat()),
  shape: [examples.length, ...shape],
});

test("every layer has a row", () => {
  expect([...new Set(layerRows.map(({ name }) => name))].sort()).toEqual(Object.keys(layers).sort());
});

test("every activation has a formula", () => {
  const names = Object.keys(activationTable).filter((name) => name !== "affine");
  expect(Object.keys(activations).sort()).toEqual([...names, "linear"].sort());
});

/** The layer of a row with each input through a dense layer of its own, `before0`, ..., of as many units. */
function framed({ make, shapes }: LayerRow): Model {
  const inputs = shapes.map((shape) => input({ shape }));
  const inner = inputs.map((tensor, i) => {
    const units = tensor.shape.at(-1) as number;
    return layers.dense({ units, useBias: false, name: `before${i}`, kernelInitializer: "heNormal" }).apply(tensor);
  });
  return model({ inputs, outputs: make().apply(inner), seed: 9 });
}

/** What the reference says the framed layer computes. */
function framedReference({ shapes, reference }: LayerRow, inputs: readonly number[][][], weights: Numbers) {
  const inner = inputs.map((x, i) => before(x, shapes[i]?.at(-1) as number, weights[`before${i}/kernel`] ?? []));
  const own = Object.entries(weights).filter(([name]) => !name.startsWith("before"));
  return reference(inner, Object.fromEntries(own.map(([name, values]) => [name.split("/")[1], values])));
}

const cases = layerRows.map((row, i) => ({ title: `${i} ${row.name} ${row.make().describe()}`, row }));
describe.each(cases)("$title", ({ row }) => {
  const inputs = row.shapes.map((shape, i) => rows(BATCH, size(shape), i + 1));
  const given = row.shapes.map((shape, i) => typed(inputs[i] ?? [], shape));
  const x = given.length === 1 ? (given[0] as (typeof given)[number]) : given;

  test("has its output shape", () => {
    expect(row.make().apply(row.shapes.map((shape) => input({ shape }))).shape).toEqual(row.output);
  });

  test("computes its formula", async () => {
    const net = framed(row);
    const { data, shape } = await net.predict(x);
    expect(shape).toEqual([BATCH, ...row.output]);
    expectClose(data, framedReference(row, inputs, weightsOf(net)).flat(), 2e-6);
  });

  test("has the gradients of its formula, by weights and by inputs", async () => {
    const net = framed(row);
    const target = rows(BATCH, size(row.output), 7);
    const got = await gradientsOf(net, [x, typed(target, row.output)], { loss: "sumSquaredError" });
    const loss = (at: Numbers) => sumSquaredError(framedReference(row, inputs, at), target);
    const expected = centralDifferences(loss, weightsOf(net));
    for (const [name, values] of Object.entries(expected)) expectClose(got[name] ?? [], values, 5e-6, name);
  });
});

describe("dropout", () => {
  const N = 2000;
  const RATE = 0.3;

  const ones = new Float32Array(N).fill(1);

  /** The sum of what dropout lets through. */
  const summed = (seed: number) =>
    sequential({
      seed,
      layers: [
        layers.dropout({ inputShape: [N], rate: RATE }),
        layers.dense({ units: 1, useBias: false, kernelInitializer: "ones" }),
      ],
    });

  /** The kernel's gradient: the error, which is the sum itself, times what dropout let through of each one. */
  const gradient = async (seed: number) =>
    (await gradientsOf(summed(seed), [ones, [0]], { loss: "halfSquaredError" }))["dense/kernel"] ?? [];

  test("drops its rate of the elements and scales the others by 1 / (1 - rate)", async () => {
    const kept = (await gradient(1)).filter((g) => g !== 0);
    const dropped = N - kept.length;
    const expected = kept.length / (1 - RATE) ** 2;
    for (const g of kept) expect(Math.abs(g / expected - 1)).toBeLessThan(1e-5);
    // Five standard deviations of a binomial distribution.
    expect(Math.abs(dropped / N - RATE)).toBeLessThan(5 * Math.sqrt((RATE * (1 - RATE)) / N));
  });

  test("the seed decides what is dropped", async () => {
    expect(await gradient(1)).toEqual(await gradient(1));
    expect(await gradient(1)).not.toEqual(await gradient(2));
  });

  test("backward drops what forward dropped", async () => {
    const net = sequential({
      seed: 5,
      layers: [
        layers.dense({ inputShape: [1], units: N, kernelInitializer: "ones", name: "front" }),
        layers.dropout({ rate: RATE }),
        layers.dense({ units: 1, useBias: false, kernelInitializer: "ones", name: "back" }),
      ],
    });
    const got = await gradientsOf(net, [[[1]], [0]], { loss: "halfSquaredError" });
    const zeros = (name: string) => got[name]?.map((g) => g === 0);
    expect(zeros("front/bias")).toEqual(zeros("back/kernel"));
    expect(new Set(zeros("front/bias")).size).toBe(2);
  });

  test("each step draws anew", async () => {
    const net = summed(5).compile({ optimizer: "sgd", loss: "halfSquaredError" });
    const dropped: string[] = [];
    for (let step = 0; step < 3; step++) {
      const start = weightsOf(net)["dense/kernel"] ?? [];
      await net.fit(ones, [0]);
      const end = weightsOf(net)["dense/kernel"] ?? [];
      dropped.push(String(start.map((w, i) => w === end[i])));
    }
    expect(new Set(dropped).size).toBe(3);
  });

  test("two layers of one model draw apart", async () => {
    const start = input({ shape: [N] });
    const drop = () => layers.dropout({ rate: RATE }).apply(start);
    const both = layers.concatenate().apply([drop(), drop()]);
    const sum = layers.dense({ units: 1, useBias: false, kernelInitializer: "ones" }).apply(both);
    const net = model({ inputs: start, outputs: sum });
    const { "dense/kernel": got = [] } = await gradientsOf(net, [ones, [0]], { loss: "halfSquaredError" });
    expect(got.slice(0, N)).not.toEqual(got.slice(N));
  });

  test("passes everything outside of training", async () => {
    const net = sequential({ layers: [layers.dropout({ inputShape: [3], rate: 0.9 })] });
    expect([...(await net.predict([[1, 2, 3]])).data]).toEqual([1, 2, 3]);
    expect((await net.compile({ loss: "sumSquaredError" }).evaluate([[1, 2, 3]], [[0, 0, 0]])).loss).toBe(14);
  });
});

describe("settings that cannot be used", () => {
  const three = () => input({ shape: [3] });
  test.each([
    [() => layers.dense({ units: 0 }), ConfigError, /^dense: units must be a whole number/],
    [() => layers.dense({ units: 1.5 }), ConfigError, /^dense: units must be .*got 1.5/],
    [() => layers.dense({ units: 1, activation: "rellu" }), ConfigError, /did you mean "relu"\?/],
    [() => layers.dense({ units: 1, activation: "affine" }), ConfigError, /^dense: activation "affine" is unknown/],
    [() => layers.dense({ units: 1, activation: 5 as never }), ConfigError, /^dense: activation must be .*got 5/],
    [() => layers.dense({ units: 1, biasInitializer: "zeross" }), ConfigError, /^dense: biasInitializer .*"zeros"\?/],
    [() => layers.dense({ units: 1, kernelRegularizer: { l2: -1 } }), ConfigError, /^dense: kernelRegularizer l2 must/],
    [
      () => layers.dense({ units: 1, biasRegularizer: 1 as never }),
      ConfigError,
      /^dense: biasRegularizer: settings must be/,
    ],
    [() => layers.dense({ units: 1, inputShape: [0] }), ConfigError, /^dense: inputShape\[0\] must be/],
    [
      () => layers.dense({ units: 1, inputShape: 3 as never }),
      ConfigError,
      /^dense: inputShape must be an array of sizes/,
    ],
    [() => layers.dense({ units: 1 }).apply(input({ shape: [] })), ShapeError, /^dense: an input of rank 1 or more/],
    [() => layers.dense({ units: 1 }).apply("x" as never), ConfigError, /^dense.apply takes what input\(\)/],
    [() => layers.activation({ activation: { relu: 1 } }), ConfigError, /^activation: activation given as an object/],
    [() => layers.activation({ activation: { threshold: Number.NaN } }), ConfigError, /threshold must be a number/],
    [() => layers.dense({ units: 1, activation: "softmax" }).apply(three()), ShapeError, /^softmax: .* 2 classes/],
    [() => layers.dropout({ rate: 1 }), ConfigError, /^dropout: rate must be below 1/],
    [() => layers.dropout({ rate: -0.1 }), ConfigError, /^dropout: rate must be a number from 0 to 1/],
    [() => layers.reshape({ targetShape: [-1, -1] }), ConfigError, /^reshape: targetShape may hold -1 once/],
    [() => layers.reshape({ targetShape: [0] }), ConfigError, /^reshape: targetShape\[0\] must be/],
    [() => layers.reshape({ targetShape: [2] }).apply(three()), ShapeError, /^reshape: \[3\] does not fit \[2\]/],
    [
      () => layers.reshape({ targetShape: [2, -1] }).apply(three()),
      ShapeError,
      /^reshape: \[3\] does not fit \[2, -1\]/,
    ],
    [() => layers.rescaling({ scale: Number.NaN }), ConfigError, /^rescaling: scale must be/],
    [() => layers.rescaling({ scale: 1, offset: Infinity }), ConfigError, /^rescaling: offset must be/],
    [() => layers.normalization({ scale: [1], offset: [1, 2] }), ConfigError, /^normalization: .* got 1 and 2/],
    [() => layers.normalization({ scale: [], offset: [] }), ConfigError, /^normalization: scale and offset must be/],
    [() => layers.normalization({ scale: [Number.NaN], offset: [0] }), ConfigError, /^normalization: scale and offset/],
    [() => layers.normalization({ scale: [1], offset: [0] }).apply(three()), ShapeError, /^normalization: 1 features/],
    [() => layers.add().apply(three()), ShapeError, /^add: two or more inputs of one shape expected, got \[3\]/],
    [() => layers.add().apply([three(), input({ shape: [1, 3] })]), ShapeError, /^add: .* got \[3\], \[1, 3\]/],
    [() => layers.concatenate({ axis: 0.5 }), ConfigError, /^concatenate: axis must be/],
    [() => layers.concatenate().apply([three()]), ShapeError, /^concatenate: inputs that differ only along axis -1/],
    [() => layers.concatenate({ axis: 1 }).apply([three(), three()]), ShapeError, /^concatenate: .* axis 1 expected/],
    [
      () => layers.flatten({ name: "" }) && sequential({ layers: [layers.flatten({ inputShape: [1], name: "" })] }),
      ConfigError,
      /name must be a text/,
    ],
  ])("case %#", (make, error, says) => {
    expect(make).toThrow(error);
    expect(make).toThrow(says);
  });
});
