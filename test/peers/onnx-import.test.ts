import { beforeAll, describe, expect, test } from "vitest";
import { type Shape, sizeOf } from "../../src/base/tensor.js";
import type { Prediction } from "../../src/index.js";
import { readOnnx, writeOnnx } from "../../src/io/onnx/index.js";
import { encodeModel } from "../../src/io/onnx/proto.js";
import { modelOf, predict } from "../io/onnx-graphs.js";
import { activations } from "../io/onnx-rows/activations.js";
import { arithmetic } from "../io/onnx-rows/arithmetic.js";
import { passing } from "../io/onnx-rows/passing.js";
import { shapes } from "../io/onnx-rows/shapes.js";
import { torchCases, torchFile } from "../io/torch-onnx.js";
import { expectClose, numbers } from "../layers/reference.js";
import { network } from "./networks.js";
import { loadRuntime, type Runtime } from "./onnxruntime.js";

const SEED = 20261126;
const NETWORKS = Array.from({ length: 60 }, (_, i) => i);
const TOLERANCE = 1e-5;
const operators = Object.entries({ ...arithmetic, ...activations, ...shapes, ...passing }).flatMap(
  ([operator, cases]) => cases.map((graph, i) => ({ title: `${operator}, case ${i}`, graph })),
);

describe("what is read predicts what ONNX Runtime does of the file:", () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await loadRuntime("onnxruntime-node");
  });

  async function expectSame(file: Uint8Array, names: readonly string[], inputs: readonly Prediction[]) {
    const results = await runtime.run(
      file,
      Object.fromEntries(names.map((name, i) => [name, inputs[i] as Prediction])),
    );
    // Classes are left out.
    const expected = Object.values(results).filter(({ data }) => data instanceof Float32Array);
    const got = await predict(readOnnx(file, "net.onnx"), inputs);
    expect(got.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
    for (const [i, { data }] of expected.entries()) {
      expectClose(got[i]?.data ?? [], data as Float32Array, TOLERANCE, `output ${i}`);
    }
  }

  const inputNames = (count: number) =>
    count === 1 ? ["input"] : Array.from({ length: count }, (_, i) => `input_${i}`);

  test.each(torchCases)("$file", async ({ file, inputs }) => {
    await expectSame(torchFile(file), inputNames(inputs.length), inputs);
  });

  test.each(NETWORKS)(`network %d of seed ${SEED}, written by us`, async (number) => {
    const { net, inputs } = network(SEED, number);
    await expectSame(writeOnnx(net.toData()), inputNames(inputs.length), inputs);
  });

  test.each(operators)("$title", async ({ graph }) => {
    const inputs = Object.entries(graph.inputs ?? { x: ["batch", 4] });
    const batch = Math.max(...inputs.map(([, [size]]) => (typeof size === "number" ? size : 3)));
    const examples = inputs.map(([, [, ...shape]], i): Prediction => {
      const data = numbers(batch * sizeOf(shape as Shape), i + 1).map((value) => 4 * value);
      return { data: Float32Array.from(data), shape: [batch, ...(shape as Shape)] };
    });
    await expectSame(
      encodeModel(modelOf(graph)),
      inputs.map(([name]) => name),
      examples,
    );
  });
});
