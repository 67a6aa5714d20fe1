import type { NodeProto } from "onnx-buf";
import { describe, expect, test } from "vitest";
import { failure, floats, node } from "./onnx-graphs.js";
import { nearMisses, refusedArithmetic } from "./onnx-rows/refused-arithmetic.js";
import { refusedShapes } from "./onnx-rows/refused-shapes.js";

const notSupported = "operators that are not supported: ";

describe("what is not supported is refused", () => {
  test("all at once, by operator and node, with the reason where there is one", () => {
    const other = { ...node("Gelu", "x", "e", {}, "fused"), domain: "com.microsoft" } as NodeProto;
    const graph = {
      constants: [floats("w", [4, 2])],
      nodes: [
        node("Conv", "x w", "a", {}, "conv1"),
        node("Relu", "a", "b"),
        node("Gemm", "x w", "c", { transA: 1n }, "turned"),
        node("LSTM", "x w w", "d h", {}, "/rnn/LSTM"),
        other,
        node("MatMul", "d w", "f"),
        node("toString", "x", "y"),
      ],
    };
    expect(failure(graph)).toBe(
      `${notSupported}Conv (node "conv1"), Gemm (node "turned": transA 0 expected, got 1), LSTM (node "/rnn/LSTM"), ` +
        'com.microsoft.Gelu (node "fused"), toString (node of "y")',
    );
  });

  test("even where no output needs it", () => {
    expect(failure({ nodes: [node("Relu", "x", "y"), node("Sin", "x", "z")] })).toBe(
      `${notSupported}Sin (node of "z")`,
    );
  });
});

const refused = { ...refusedArithmetic, ...refusedShapes };

describe.each(Object.entries(refused))("%s is refused", (operator, graphs) => {
  test.each(graphs)("$message", ({ message, ...graph }) => {
    const text = failure(graph);
    expect(text.startsWith(notSupported)).toBe(true);
    expect(text).toContain(message);
    if (operator !== "Relu") expect(text).toContain(`${operator} (node of`);
  });
});

test.each(Object.entries(nearMisses))("nothing is taken for %s", (_, graph) => {
  expect(failure(graph).startsWith(notSupported)).toBe(true);
});

test("comparisons are no outputs", () => {
  const graph = { constants: [floats("c", [], [0])], nodes: [node("GreaterOrEqual", "x c", "y")] };
  expect(failure(graph)).toBe('output "y": floats computed of the inputs expected');
});

test("an attribute stands there once, and is no function's", () => {
  const twice = node("Elu", "x", "y", { alpha: 1 });
  twice.attribute.push(...node("Elu", "x", "y", { alpha: 2 }).attribute);
  expect(failure({ nodes: [twice] })).toBe(`${notSupported}Elu (node of "y": attributes of one name)`);
  const referring = node("Elu", "x", "y", { alpha: 1 });
  for (const attribute of referring.attribute) attribute.refAttrName = "alpha";
  expect(failure({ nodes: [referring] })).toBe(`${notSupported}Elu (node of "y": an attribute of a function)`);
});
