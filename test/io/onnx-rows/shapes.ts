import { numbers } from "../../layers/reference.js";
import { floats, ints, node } from "../onnx-graphs.js";
import { activation, type Case, type Cases } from "./case.js";

const reshapeTo = (...targetShape: number[]) => [`reshape ${JSON.stringify({ targetShape })}`];
const same = (x: readonly number[]) => x;

/** A reshape of a batch of [2, 6] by a constant. */
const reshape = (target: readonly number[], layers: readonly string[], more: Partial<Case> = {}): Case => ({
  inputs: { x: ["N", 2, 6] },
  constants: [ints("t", ...target)],
  nodes: [node("Reshape", "x t", "y")],
  layers,
  reference: same,
  ...more,
});

/** What moves numbers, and what computes shapes for it. */
export const shapes: Cases = {
  Flatten: [
    { inputs: { x: ["N", 2, 2] }, nodes: [node("Flatten", "x", "y")], layers: ["flatten"], reference: same },
    { inputs: { x: ["N", 2, 2] }, nodes: [node("Flatten", "x", "y", { axis: -2n })], layers: ["flatten"] },
    { inputs: { x: ["N", 1, 3] }, nodes: [node("Flatten", "x", "y", { axis: 2n })], layers: reshapeTo(3) },
  ],
  Reshape: [
    reshape([0, 3, 4], reshapeTo(3, 4)),
    reshape([-1, 12], reshapeTo(12)),
    reshape([0, 0, -1, 3], reshapeTo(2, 2, 3)),
    reshape([5, 12], reshapeTo(12), { inputs: { x: [5, 2, 6] } }),
    reshape([5, -1], reshapeTo(12), { inputs: { x: [5, 2, 6] } }),
    reshape([-1, 4, 3], reshapeTo(4, 3), { nodes: [node("Reshape", "x t", "y", { allowzero: 1n })] }),
    reshape([-1], reshapeTo(), { inputs: { x: ["N", 1] }, reference: same }),
  ],
  Squeeze: [
    { opset: 9, inputs: { x: ["N", 1, 4] }, nodes: [node("Squeeze", "x", "y", { axes: [1n] })], layers: reshapeTo(4) },
    { inputs: { x: ["N", 1, 4, 1] }, nodes: [node("Squeeze", "x", "y")], layers: reshapeTo(4), reference: same },
    {
      inputs: { x: ["N", 4, 1] },
      constants: [ints("a", -1)],
      nodes: [node("Squeeze", "x a", "y")],
      layers: reshapeTo(4),
    },
  ],
  Unsqueeze: [
    {
      opset: 11,
      nodes: [node("Unsqueeze", "x", "y", { axes: [1n, 3n] })],
      layers: reshapeTo(1, 4, 1),
      reference: same,
    },
    { constants: [ints("a", -1)], nodes: [node("Unsqueeze", "x a", "y")], layers: reshapeTo(4, 1) },
  ],
  Transpose: [
    {
      inputs: { x: ["N", 2, 3] },
      nodes: [node("Transpose", "x", "p", { perm: [0n, 1n, 2n] }), node("Relu", "p", "y")],
      layers: [activation("relu")],
    },
    {
      constants: [floats("w", [2, 4])],
      nodes: [node("Transpose", "w", "t", { perm: [1n, 0n] }), node("MatMul", "x t", "y")],
      layers: ['dense {"units":2,"useBias":false}'],
      reference: (x) =>
        [0, 4].map((at) => x.reduce((sum, value, i) => sum + value * (numbers(8)[at + i] as number), 0)),
    },
  ],
  Concat: [
    {
      inputs: { a: ["N", 2], b: ["N", 3] },
      nodes: [node("Concat", "a b a", "y", { axis: 1n })],
      layers: ['concatenate {"axis":-1}'],
      reference: (a, b) => [...a, ...(b as readonly number[]), ...a],
    },
    {
      inputs: { a: ["N", 1, 2], b: ["N", 2, 2] },
      nodes: [node("Concat", "b a", "y", { axis: -2n })],
      layers: ['concatenate {"axis":0}'],
      reference: (a, b) => [...(b as readonly number[]), ...a],
    },
    { nodes: [node("Concat", "x", "p", { axis: 1n }), node("Relu", "p", "y")], layers: [activation("relu")] },
  ],
  Shape: [
    {
      inputs: { x: ["N", 2, 6] },
      constants: [ints("rest", -1)],
      nodes: [
        node("Shape", "x", "p", { start: 0n, end: 1n }),
        node("Concat", "p rest", "t", { axis: 0n }),
        node("Reshape", "x t", "y"),
      ],
      layers: reshapeTo(12),
      reference: same,
    },
    {
      inputs: { x: ["N", 2, 6] },
      nodes: [node("Shape", "x", "t"), node("Reshape", "x t", "y")],
      layers: reshapeTo(2, 6),
    },
  ],
  Gather: [
    {
      inputs: { x: ["N", 2, 6] },
      constants: [ints("order", 0, -1, 1)],
      nodes: [node("Shape", "x", "p"), node("Gather", "p order", "t"), node("Reshape", "x t", "y")],
      layers: reshapeTo(6, 2),
    },
  ],
  Slice: [
    {
      opset: 9,
      inputs: { x: ["N", 2, 6] },
      constants: [ints("rest", 12)],
      nodes: [
        node("Shape", "x", "p"),
        node("Slice", "p", "q", { starts: [0n], ends: [1n], axes: [0n] }),
        node("Concat", "q rest", "t", { axis: 0n }),
        node("Reshape", "x t", "y"),
      ],
      layers: reshapeTo(12),
    },
    {
      inputs: { x: ["N", 2, 6] },
      constants: [ints("from", -2), ints("to", 2 ** 40), ints("zero", 0), ints("one", 1), ints("batch", -1)],
      nodes: [
        node("Shape", "x", "p"),
        node("Slice", "p from to zero one", "q"),
        node("Concat", "batch q", "t", { axis: 0n }),
        node("Reshape", "x t", "y"),
      ],
      layers: reshapeTo(2, 6),
    },
  ],
};
