import { beforeAll, describe, expect, test } from "vitest";
import { sizeOf } from "../../src/base/tensor.js";
import { type Activation, input, layers, type Model, model, type Prediction, sequential } from "../../src/index.js";
import { type OnnxOptions, writeOnnx } from "../../src/io/onnx/index.js";
import { activationTable } from "../../src/ops/activation-table.js";
import { numbers } from "../layers/reference.js";
import { layerRows } from "../layers/rows.js";
import { network } from "./networks.js";
import { keep, loadRuntime, type Runtime, type RuntimeTensor, runtimes } from "./onnxruntime.js";

const SEED = 20261124;
const NETWORKS = Array.from({ length: 200 }, (_, i) => i);
const BATCH = 3;
const TOLERANCE = 1e-5;

const { affine: _, ...named } = activationTable;
const activations: readonly Activation[] = [
  ...Object.keys(named),
  "linear",
  "softmax",
  { threshold: 0.5 },
  { leakyRelu: 0.2 },
  { elu: 0.5 },
];

/** From -8 to 8 in steps of 1/16, and far outside. */
const points = Float32Array.from([...Array.from({ length: 257 }, (_, i) => i / 16 - 8), -100, -50, -20, 20, 50, 100]);

/** `count` examples of each of these shapes. */
const examples = (shapes: readonly (readonly number[])[], count: number): Prediction[] =>
  shapes.map((shape, i) => ({
    data: Float32Array.from(numbers(count * sizeOf(shape), i + 1)),
    shape: [count, ...shape],
  }));

test("the networks hold every layer and activation, and every form of graph", () => {
  const all = NETWORKS.map((number) => network(SEED, number).net.toData().architecture);
  const used = all.flatMap((one) => one.layers);
  expect([...new Set(used.map(({ kind }) => kind))].sort()).toEqual(Object.keys(layers).sort());
  const given = new Set(used.map(({ config }) => JSON.stringify(config["activation"] ?? "linear")));
  expect(given.size).toBeGreaterThanOrEqual(activations.length);
  const sizes = (count: (one: (typeof all)[number]) => number) => [...new Set(all.map(count))].sort();
  expect(sizes(({ inputs }) => inputs.length)).toEqual([1, 2, 3]);
  expect(sizes(({ outputs }) => outputs.length)).toEqual([1, 2, 3]);
  expect(sizes(({ inputs }) => inputs[0]?.length as number)).toEqual([1, 2, 3]);
  const times = (one: (typeof all)[number], i: number) => one.nodes.filter(({ layer }) => layer === i).length;
  const shared = all.filter((one) => one.layers.some(({ kind }, i) => kind === "dense" && times(one, i) > 1));
  expect(shared.length).toBeGreaterThan(5);
  expect(all.filter(({ inputs, outputs }) => outputs.some((value) => value < inputs.length)).length).toBeGreaterThan(0);
  expect(all.filter(({ outputs }) => new Set(outputs).size < outputs.length).length).toBeGreaterThan(0);
});

describe.each(Object.keys(runtimes) as (keyof typeof runtimes)[])("%s gives our predictions:", (name) => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await loadRuntime(name);
  });

  /** Compares what the model's file gives with what the model does; returns all outputs of the file. */
  async function expectSame(
    title: string,
    net: Model | Model<Prediction[]>,
    inputs: readonly Prediction[],
    options?: OnnxOptions,
  ): Promise<RuntimeTensor[]> {
    const file = writeOnnx(net.toData(), options);
    keep(title, file);
    const given = inputs.map((tensor, i) => [inputs.length === 1 ? "input" : `input_${i}`, tensor] as const);
    const results = Object.values(await runtime.run(file, Object.fromEntries(given)));
    const predicted = await net.predict(inputs.length === 1 ? (inputs[0] as Prediction) : inputs);
    const expected = Array.isArray(predicted) ? predicted : [predicted];
    expect(results.length).toBe(expected.length + (options?.classOutput ? 1 : 0));
    expected.forEach(({ data, shape }, i) => {
      const result = results[i] as RuntimeTensor;
      expect(result.shape).toEqual(shape);
      const off = data.findIndex((value, j) => !isNear(Number(result.data[j]), value));
      if (off >= 0) expect.fail(`output ${i}: ${data[off]} expected as element ${off}, got ${result.data[off]}`);
    });
    return results;
  }

  test.each(activations.map((activation) => ({ title: JSON.stringify(activation), activation })))(
    "activation $title",
    async ({ title, activation }) => {
      const net = sequential({ layers: [layers.activation({ inputShape: [points.length], activation })] });
      await expectSame(`activation ${title}`, net, [{ data: points, shape: [1, points.length] }]);
    },
  );

  test.each(layerRows.map((row, i) => ({ title: `layer ${i}, ${row.name}`, row })))(
    "$title",
    async ({ title, row }) => {
      const inputs = row.shapes.map((shape) => input({ shape }));
      const net = model({ inputs, outputs: row.make().apply(inputs), seed: 3 });
      await expectSame(title, net, examples(row.shapes, BATCH));
    },
  );

  test.each(NETWORKS)(`network %d of seed ${SEED}`, async (number) => {
    const { net, inputs } = network(SEED, number);
    await expectSame(`network ${number}`, net, inputs);
  });

  test("scalars, and names that are odd", async () => {
    const x = input({ shape: [] });
    const row = layers.flatten({ name: "class" }).apply(layers.rescaling({ scale: 3, name: "input" }).apply(x));
    const net = model({ inputs: x, outputs: layers.dense({ units: 2, name: "é/😀 \n" }).apply(row) });
    await expectSame("odd names", net, [{ data: Float32Array.of(1, -2), shape: [2] }], { classOutput: true });
  });

  test.each([{ shape: [5] }, { shape: [3, 5] }])(
    "classes of scores $shape, the first of equal ones",
    async ({ shape }) => {
      const net = sequential({ layers: [layers.activation({ inputShape: shape, activation: "relu" })] });
      const [batch] = examples([shape], 9) as [Prediction];
      const [scores, classes] = await expectSame(`classes of rank ${shape.length}`, net, [batch], {
        classOutput: true,
      });
      const rows = Array.from({ length: batch.data.length / 5 }, (_, i) => scores?.data.slice(5 * i, 5 * i + 5) ?? []);
      const best = rows.map((row) => BigInt((row as Float32Array).indexOf(Math.max(...(row as Float32Array)))));
      expect(classes).toEqual({ data: BigInt64Array.from(best), shape: [9, ...shape.slice(0, -1)] });
    },
  );
});

/** Within the tolerance, relative above 1. What overflows must overflow in both; NaN is never right. */
function isNear(got: number, expected: number): boolean {
  if (!Number.isFinite(expected)) return got === expected;
  return Math.abs(got - expected) <= TOLERANCE * Math.max(1, Math.abs(expected));
}
