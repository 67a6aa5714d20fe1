import { bool, floats, ints, node } from "../onnx-graphs.js";
import type { Refused } from "./case.js";

const two = { a: ["N", 4], b: ["N", 4] } as const;
const reshape = (...target: number[]) => ({
  inputs: { x: ["N", 2, 6] } as const,
  constants: [ints("t", ...target)],
  nodes: [node("Reshape", "x t", "y")],
});

/** What moves numbers, and what passes on what comes. */
export const refusedShapes: Refused = {
  Flatten: [
    { nodes: [node("Flatten", "x", "y", { axis: 0n })], message: "axis 1 expected, got 0" },
    { inputs: { x: ["N", 2, 3] }, nodes: [node("Flatten", "x", "y", { axis: 2n })], message: "axis 1 expected, got 2" },
    { nodes: [node("Flatten", "x", "y", { axis: -5n })], message: "axis 1 expected, got -5" },
  ],
  Reshape: [
    { ...reshape(-1, 6), message: "[2, 6] does not fit [6]" },
    { ...reshape(1, -1), message: "a shape that keeps the batch expected, got [1, -1]" },
    { ...reshape(-1, 2, -1), message: "a shape that keeps the batch expected, got [-1, 2, -1]" },
    { ...reshape(0, -1, -1), message: "[2, 6] does not fit [-1, -1]" },
    { ...reshape(0, 5, -1), message: "[2, 6] does not fit [5, -1]" },
    { ...reshape(0, -2, -6), message: "[2, 6] does not fit [-2, -6]" },
    { ...reshape(12), message: "[2, 6] does not fit []" },
    { ...reshape(), message: "a shape that keeps the batch expected, got []" },
    {
      ...reshape(0, 12),
      nodes: [node("Reshape", "x t", "y", { allowzero: 1n })],
      message: "a shape that keeps the batch expected, got [0, 12]",
    },
    { ...reshape(4, -1), inputs: { x: [5, 2, 6] }, message: "a shape that keeps the batch expected, got [4, -1]" },
    {
      inputs: { x: ["N", 2] },
      nodes: [node("Shape", "x", "s"), node("Concat", "s s", "t", { axis: 0n }), node("Reshape", "x t", "y")],
      message: "a shape with the batch as its first axis alone expected",
    },
    {
      constants: [floats("t", [2])],
      nodes: [node("Reshape", "x t", "y")],
      message: "constant integers expected as input 1, got a constant [2]",
    },
  ],
  Squeeze: [
    { inputs: { x: [1, 1, 4] }, nodes: [node("Squeeze", "x", "y")], message: "axes expected, got none" },
    {
      opset: 12,
      inputs: { x: [1, 4] },
      nodes: [node("Squeeze", "x", "y", { axes: [0n] })],
      message: "axes of size 1 in [batch, 4] expected, got [0]",
    },
    { opset: 12, nodes: [node("Squeeze", "x", "y", { axes: [2n] })], message: "an axis from -2 to 1 expected, got 2" },
  ],
  Unsqueeze: [
    {
      opset: 12,
      nodes: [node("Unsqueeze", "x", "y", { axes: [0n] })],
      message: "axes behind the batch expected, got a shape [1, batch, 4]",
    },
  ],
  Transpose: [
    {
      inputs: { x: ["N", 2, 3] },
      nodes: [node("Transpose", "x", "y", { perm: [0n, 2n, 1n] })],
      message: "a constant, or axes in their order, expected, got perm [0, 2, 1]",
    },
  ],
  Concat: [
    {
      inputs: two,
      nodes: [node("Concat", "a b", "y", { axis: 0n })],
      message: "tensors that differ along axis 0 expected, got [batch, 4], [batch, 4]",
    },
    {
      inputs: { a: ["N", 2, 3], b: ["N", 3, 2] },
      nodes: [node("Concat", "a b", "y", { axis: 1n })],
      message: "tensors that differ along axis 1 expected",
    },
    {
      constants: [floats("c", [1, 4])],
      nodes: [node("Concat", "x c", "y", { axis: 1n })],
      message: "a tensor of floats expected as input 1, got a constant [1, 4]",
    },
    { nodes: [node("Concat", "", "y", { axis: 1n })], message: "an input 0 expected, got nothing" },
    { nodes: [node("Concat", "x x", "y", { axis: 2n })], message: "an axis from -2 to 1 expected, got 2" },
  ],
  Gather: [
    {
      constants: [ints("i", 0)],
      nodes: [node("Gather", "x i", "y")],
      message: "a constant expected as input 0, got a tensor [batch, 4]",
    },
  ],
  Slice: [
    {
      constants: [ints("i", 0)],
      nodes: [node("Slice", "x i i", "y")],
      message: "a constant expected as input 0, got a tensor [batch, 4]",
    },
  ],
  Dropout: [
    {
      constants: [floats("r", [], [0.5]), bool("on", true)],
      nodes: [node("Dropout", "x r on", "y")],
      message: "training_mode false expected, got true",
    },
    {
      opset: 9,
      nodes: [node("Dropout", "x", "y", { ratio: 1 })],
      message: "a ratio from 0 to below 1 expected, got 1",
    },
    {
      nodes: [node("Dropout", "x", "p m"), node("Dropout", "m", "y")],
      message: "a tensor of floats expected as input 0, got an output that is left out",
    },
  ],
  Cast: [
    { nodes: [node("Cast", "x", "y", { to: 11n })], message: "to FLOAT, or a constant to INT64, expected, got DOUBLE" },
    { nodes: [node("Cast", "x", "y", { to: 7n })], message: "a constant expected as input 0, got a tensor [batch, 4]" },
    {
      nodes: [node("ArgMax", "x", "p", { axis: 1n }), node("Cast", "p", "y", { to: 1n })],
      message: "a tensor of floats expected as input 0",
    },
  ],
  ArgMax: [
    { nodes: [node("ArgMax", "x", "y")], message: "the last axis expected, got another" },
    { inputs: { x: ["N"] }, nodes: [node("ArgMax", "x", "y")], message: "the last axis expected, got another" },
    {
      nodes: [node("ArgMax", "x", "y", { axis: 1n, select_last_index: 1n })],
      message: "select_last_index 0 expected, got 1",
    },
  ],
};
