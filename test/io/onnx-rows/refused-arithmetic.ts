import { floats, type Graph, ints, node } from "../onnx-graphs.js";
import type { Refused } from "./case.js";

const two = { a: ["N", 4], b: ["N", 4] } as const;
const scalar = (value: number) => floats("c", [], [value]);
/** Dense layers, sums, products and activations. */
export const refusedArithmetic: Refused = {
  Gemm: [
    { nodes: [node("Gemm", "x", "y")], message: "constant floats expected as input 1, got nothing" },
    { nodes: [node("Gemm", "x x", "y")], message: "constant floats expected as input 1, got a tensor [batch, 4]" },
    {
      constants: [floats("w", [4, 2])],
      nodes: [node("Gemm", "w w", "y")],
      message: "a tensor of floats expected as input 0, got a constant [4, 2]",
    },
    {
      constants: [floats("w", [3, 2])],
      nodes: [node("Gemm", "x w", "y")],
      message: "4 rows expected, got a matrix [3, 2]",
    },
    {
      constants: [floats("w", [4])],
      nodes: [node("Gemm", "x w", "y")],
      message: "matrices expected, got examples of [4], [4]",
    },
    {
      inputs: { x: ["N", 2, 4] },
      constants: [floats("w", [4, 2])],
      nodes: [node("Gemm", "x w", "y")],
      message: "matrices expected, got examples of [2, 4], [4, 2]",
    },
    {
      constants: [floats("w", [4, 2]), floats("b", [3, 2])],
      nodes: [node("Gemm", "x w b", "y")],
      message: "C [2] expected, got [3, 2]",
    },
    {
      constants: [floats("w", [4, 2]), floats("b", [3])],
      nodes: [node("Gemm", "x w b", "y")],
      message: "[3] does not broadcast to [2]",
    },
    {
      constants: [floats("w", [4, 0])],
      nodes: [node("Gemm", "x w", "y")],
      message: "an example of 1 to 2147483647 numbers expected, got [0]",
    },
    {
      constants: [floats("w", [4, 2])],
      nodes: [node("Gemm", "x w", "y", { alpha: 1n })],
      message: "alpha: FLOAT expected, got INT",
    },
  ],
  MatMul: [
    {
      inputs: two,
      nodes: [node("MatMul", "a b", "y")],
      message: "constant floats expected as input 1, got a tensor [batch, 4]",
    },
    {
      constants: [floats("w", [4])],
      nodes: [node("MatMul", "x w", "y")],
      message: "a constant matrix for [batch, 4] expected, got [4]",
    },
    {
      inputs: { x: ["N", 2, 4] },
      constants: [floats("w", [2, 4, 2])],
      nodes: [node("MatMul", "x w", "y")],
      message: "a constant matrix for [batch, 2, 4] expected, got [2, 4, 2]",
    },
    {
      constants: [floats("w", [1, 4, 2])],
      nodes: [node("MatMul", "x w", "y")],
      message: "a constant matrix for [batch, 4] expected, got [1, 4, 2]",
    },
    {
      inputs: { x: ["N"] },
      constants: [floats("w", [4, 2])],
      nodes: [node("MatMul", "x w", "y")],
      message: "a constant matrix for [batch] expected, got [4, 2]",
    },
  ],
  Add: [
    {
      inputs: { a: ["N", 4], b: ["N", 1] },
      nodes: [node("Add", "a b", "y")],
      message: "a tensor and one of its shape, or a constant, expected, got a tensor [batch, 4], a tensor [batch, 1]",
    },
    {
      constants: [floats("c", [3])],
      nodes: [node("Add", "x c", "y")],
      message: "a constant that broadcasts to [batch, 4] expected, got [3]",
    },
    {
      constants: [floats("c", [3, 4])],
      nodes: [node("Add", "x c", "y")],
      message: "a constant that broadcasts to [batch, 4] expected, got [3, 4]",
    },
    {
      constants: [floats("c", [1, 1, 4])],
      nodes: [node("Add", "x c", "y")],
      message: "a constant that broadcasts to [batch, 4] expected, got [1, 1, 4]",
    },
    {
      inputs: { x: ["N", 1] },
      constants: [floats("c", [4])],
      nodes: [node("Add", "x c", "y")],
      message: "a constant that broadcasts to [batch, 1] expected, got [4]",
    },
    {
      constants: [scalar(Number.NaN)],
      nodes: [node("Add", "x c", "y")],
      message: "a finite constant expected, got NaN",
    },
    {
      constants: [ints("i", 1)],
      nodes: [node("Add", "x i", "y")],
      message: "expected, got a tensor [batch, 4], a constant [1]",
    },
  ],
  Sub: [{ nodes: [node("Sub", "x", "y")], message: "an input 1 expected, got nothing" }],
  Mul: [
    {
      inputs: two,
      nodes: [node("Mul", "a b", "y")],
      message: "a product with a constant or one that is an activation expected, got [4] and [4]",
    },
    {
      nodes: [node("Tanh", "x", "t"), node("Mul", "x t", "y")],
      message: "a product with a constant or one that is an activation expected",
    },
    {
      constants: [scalar(Infinity)],
      nodes: [node("Mul", "x c", "y")],
      message: "a finite constant expected, got Infinity",
    },
    { nodes: [node("Mul", "x x", "y")], message: "only as a part of a radial" },
    {
      constants: [scalar(3)],
      nodes: [node("Sigmoid", "x", "s"), node("Mul", "s c", "t"), node("Mul", "x t", "y")],
      message: "only with the factor that makes it an activation",
    },
  ],
  Div: [
    {
      constants: [scalar(1)],
      nodes: [node("Div", "c x", "y")],
      message: "a tensor of floats expected as input 0, got a constant []",
    },
    {
      inputs: two,
      nodes: [node("Div", "a b", "y")],
      message: "a division by a constant or one that is an activation expected",
    },
    { constants: [scalar(0)], nodes: [node("Div", "x c", "y")], message: "a finite constant expected, got Infinity" },
  ],
  Sum: [{ nodes: [node("Sum", "", "y")], message: "one input or more expected, got none" }],
  LeakyRelu: [
    { nodes: [node("LeakyRelu", "x", "y", { alpha: Infinity })], message: "a finite constant expected, got Infinity" },
  ],
  Selu: [
    {
      nodes: [node("Selu", "x", "y", { gamma: 1 })],
      message: "alpha 1.6732632423543772 and gamma 1.0507009873554805 expected",
    },
  ],
  HardSigmoid: [
    { nodes: [node("HardSigmoid", "x", "y")], message: "alpha 1/6 and beta 0.5 expected, got 0.2 and 0.5" },
    {
      nodes: [node("HardSigmoid", "x", "y", { alpha: 1 / 6, beta: 0.25 })],
      message: "alpha 1/6 and beta 0.5 expected, got 0.16666667 and 0.25",
    },
  ],
  Swish: [{ nodes: [node("Swish", "x", "y", { alpha: 2 })], message: "alpha 1 expected, got 2" }],
  Gelu: [
    { nodes: [node("Gelu", "x", "y", { approximate: "tanh" })], message: 'approximate "none" expected, got "tanh"' },
  ],
  Clip: [
    {
      opset: 10,
      nodes: [node("Clip", "x", "y", { min: -1, max: 1 })],
      message: "bounds 0 and 6, or 0 alone, expected, got -1 and 1",
    },
    {
      nodes: [node("Clip", "x", "y", { min: 0, max: 6 })],
      message: "bounds 0 and 6, or 0 alone, expected, got -Infinity and Infinity",
    },
    {
      constants: [scalar(0), floats("n", [], [Number.NaN])],
      nodes: [node("Clip", "x c n", "y")],
      message: "got 0 and NaN",
    },
    {
      constants: [floats("c", [2])],
      nodes: [node("Clip", "x c", "y")],
      message: "one constant number expected as input 1, got a constant [2]",
    },
  ],
  Max: [
    { constants: [scalar(1)], nodes: [node("Max", "x c", "y")], message: "a bound of 0 expected, got 1" },
    { inputs: two, nodes: [node("Max", "a b", "y")], message: "a constant expected as input 1" },
    { nodes: [node("Max", "x", "y")], message: "two inputs expected, got 1" },
  ],
  Min: [
    {
      constants: [scalar(5)],
      nodes: [node("Relu", "x", "p"), node("Min", "p c", "y")],
      message: "a bound of 6 behind a Relu expected, got 5",
    },
    {
      constants: [scalar(6)],
      nodes: [node("Min", "x c", "y")],
      message: "a bound of 6 behind a Relu expected, got 6",
    },
  ],
  Softmax: [
    {
      opset: 11,
      inputs: { x: ["N", 2, 3] },
      nodes: [node("Softmax", "x", "y")],
      message: "the last axis behind the batch expected, got 1 of 3",
    },
    {
      inputs: { x: ["N", 2, 3] },
      nodes: [node("Softmax", "x", "y", { axis: 1n })],
      message: "the last axis behind the batch expected, got 1 of 3",
    },
    {
      inputs: { x: ["N"] },
      nodes: [node("Softmax", "x", "y")],
      message: "the last axis behind the batch expected, got -1 of 1",
    },
  ],
  LogSoftmax: [{ nodes: [node("LogSoftmax", "x", "y")], message: 'LogSoftmax (node of "y")' }],
  GreaterOrEqual: [
    {
      inputs: two,
      nodes: [node("GreaterOrEqual", "a b", "p"), node("Cast", "p", "y", { to: 1n })],
      message: "a constant expected as input 1, got a tensor [batch, 4]",
    },
    {
      constants: [scalar(Infinity)],
      nodes: [node("GreaterOrEqual", "x c", "p"), node("Cast", "p", "y", { to: 1n })],
      message: "a finite threshold expected, got Infinity",
    },
  ],
  Relu: [{ nodes: [node("ArgMax", "x", "p"), node("Relu", "p", "y")], message: "the last axis expected" }],
  Abs: [{ nodes: [node("Abs", "x", "y")], message: "only as a part of a softsign" }],
  Erf: [
    { nodes: [node("Erf", "x", "y")], message: "only as a part of a gelu" },
    // x / 2 instead of x / sqrt(2).
    {
      constants: [scalar(0.5), floats("one", [], [1])],
      nodes: [node("Mul", "x c", "h"), node("Erf", "h", "e"), node("Add", "e one", "y")],
      message: "only as a part of a gelu",
    },
  ],
  BatchNormalization: [
    {
      constants: ["a", "b", "c", "d"].map((name) => floats(name, [3])),
      nodes: [node("BatchNormalization", "x a b c d", "y")],
      message: "four constants [4] expected, got [3], [3], [3], [3]",
    },
    {
      constants: ["a", "b", "c", "d"].map((name) => floats(name, [4])),
      nodes: [node("BatchNormalization", "x a b c d", "y", { training_mode: 1n })],
      message: "training_mode 0 expected",
    },
    {
      opset: 7,
      constants: ["a", "b", "c", "d"].map((name) => floats(name, [4])),
      nodes: [node("BatchNormalization", "x a b c d", "y", { spatial: 0n })],
      message: "spatial 1 expected",
    },
  ],
};

/** What is nearly an activation spelt out, by the activation. */
export const nearMisses: Readonly<Record<string, Graph>> = {
  "gelu, with x / 2 for x / sqrt(2)": {
    constants: [scalar(0.5), floats("one", [], [1])],
    nodes: [
      node("Mul", "x c", "h"),
      node("Erf", "h", "e"),
      node("Add", "e one", "f"),
      node("Mul", "x f", "g"),
      node("Mul", "g c", "y"),
    ],
  },
  "gelu, with 2 + erf for 1 + erf": {
    constants: [scalar(0.5), floats("two", [], [2]), floats("root", [], [Math.SQRT2])],
    nodes: [
      node("Div", "x root", "h"),
      node("Erf", "h", "e"),
      node("Add", "e two", "f"),
      node("Mul", "x f", "g"),
      node("Mul", "g c", "y"),
    ],
  },
  "radial, with x^2 / 4 for x^2 / 2": {
    constants: [scalar(-0.25), floats("density", [], [1 / Math.sqrt(2 * Math.PI)])],
    nodes: [node("Mul", "x x", "s"), node("Mul", "s c", "h"), node("Exp", "h", "e"), node("Mul", "e density", "y")],
  },
  "softsign, with the size of another": {
    inputs: two,
    constants: [scalar(1)],
    nodes: [node("Abs", "b", "s"), node("Add", "s c", "t"), node("Div", "a t", "y")],
  },
  "softsign, with 2 + |x| for 1 + |x|": {
    constants: [scalar(2)],
    nodes: [node("Abs", "x", "s"), node("Add", "s c", "t"), node("Div", "x t", "y")],
  },
  "silu, with the sigmoid of another": {
    inputs: two,
    nodes: [node("Sigmoid", "b", "g"), node("Mul", "a g", "y")],
  },
  "silu, with the sigmoid of 2 x": {
    constants: [scalar(2)],
    nodes: [node("Mul", "x c", "t"), node("Sigmoid", "t", "g"), node("Mul", "x g", "y")],
  },
  "silu, with 1 + sigmoid for sigmoid": {
    constants: [scalar(1)],
    nodes: [node("Sigmoid", "x", "g"), node("Add", "g c", "h"), node("Mul", "x h", "y")],
  },
  "mish, with the softplus of another": {
    inputs: two,
    nodes: [node("Softplus", "b", "s"), node("Tanh", "s", "t"), node("Mul", "a t", "y")],
  },
  "hardSilu, with relu6(x + 2) for relu6(x + 3)": {
    opset: 10,
    constants: [scalar(2), floats("sixth", [], [1 / 6])],
    nodes: [
      node("Add", "x c", "t"),
      node("Clip", "t", "r", { min: 0, max: 6 }),
      node("Mul", "x r", "p"),
      node("Mul", "p sixth", "y"),
    ],
  },
};
