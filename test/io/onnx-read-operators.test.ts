import { describe, expect, test } from "vitest";
import { sizeOf } from "../../src/base/tensor.js";
import { operators } from "../../src/io/onnx/operators/index.js";
import { expectClose, numbers } from "../layers/reference.js";
import { layersOf, predict, read } from "./onnx-graphs.js";
import { activations } from "./onnx-rows/activations.js";
import { arithmetic } from "./onnx-rows/arithmetic.js";
import { passing } from "./onnx-rows/passing.js";
import { shapes } from "./onnx-rows/shapes.js";

const BATCH = 3;
const rows = { ...arithmetic, ...activations, ...shapes, ...passing };

test("every operator has a row", () => {
  expect(Object.keys(rows).sort()).toEqual(Object.keys(operators).sort());
});

describe.each(Object.entries(rows))("%s", (_, cases) => {
  test.each(cases.map((one) => ({ ...one, title: one.layers.join(", ") })))("is $title", async (given) => {
    const data = read(given);
    expect(layersOf(data)).toEqual(given.layers);
    expect(data.architecture.inputs).toEqual(
      Object.values(given.inputs ?? { x: ["batch", 4] }).map(([, ...rest]) => rest),
    );
    const inputs = data.architecture.inputs.map((shape, i) => {
      const values = numbers(BATCH * sizeOf(shape), i + 5).map((value) => 4 * value);
      return { data: Float32Array.from(values), shape: [BATCH, ...shape] };
    });
    const outputs = await predict(data, inputs);
    const { reference } = given;
    if (!reference) return;
    const expected = Array.from({ length: BATCH }, (_, row) => {
      const example = inputs.map(({ data }) => [
        ...data.subarray((row * data.length) / BATCH, ((row + 1) * data.length) / BATCH),
      ]);
      return reference(...example);
    });
    expectClose(outputs[0]?.data ?? [], expected.flat(), 1e-5);
  });
});
