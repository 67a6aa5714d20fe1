import { activations as formulas } from "../../layers/rows.js";
import { floats, ints, node } from "../onnx-graphs.js";
import { activation, type Case, type Cases } from "./case.js";

/** An operator that is an activation of ours by its formula. */
const formula = (opType: string, name: string, attributes = {}, opset = 17): Case => ({
  opset,
  nodes: [node(opType, "x", "y", attributes)],
  layers: [activation(name)],
  reference: (x) => x.map(formulas[name] as (x: number) => number),
});

export const activations: Cases = {
  Relu: [formula("Relu", "relu")],
  Sigmoid: [formula("Sigmoid", "sigmoid")],
  Tanh: [formula("Tanh", "tanh")],
  Softplus: [formula("Softplus", "softplus")],
  Softsign: [formula("Softsign", "softsign")],
  HardSwish: [formula("HardSwish", "hardSilu")],
  Mish: [formula("Mish", "mish", {}, 18)],
  Swish: [formula("Swish", "silu", {}, 24), formula("Swish", "silu", { alpha: 1 }, 24)],
  Exp: [formula("Exp", "exponential")],
  LeakyRelu: [
    formula("LeakyRelu", "leakyRelu"),
    formula("LeakyRelu", "leakyRelu", { alpha: Math.fround(0.01) }),
    { nodes: [node("LeakyRelu", "x", "y", { alpha: 0.2 })], layers: [activation({ leakyRelu: 0.2 })] },
  ],
  Elu: [formula("Elu", "elu"), { nodes: [node("Elu", "x", "y", { alpha: 0.7 })], layers: [activation({ elu: 0.7 })] }],
  Selu: [formula("Selu", "selu"), formula("Selu", "selu", { alpha: 1.6732631921768188, gamma: 1.0507010221481323 })],
  HardSigmoid: [formula("HardSigmoid", "hardSigmoid", { alpha: 1 / 6, beta: 0.5 })],
  Gelu: [formula("Gelu", "gelu", {}, 20), formula("Gelu", "gelu", { approximate: "none" }, 20)],
  Clip: [
    { ...formula("Clip", "relu6", { min: 0, max: 6 }, 7) },
    { ...formula("Clip", "relu", { min: 0 }, 10) },
    { ...formula("Clip", "relu", { min: 0, max: 3.4028234663852886e38 }, 10) },
    {
      constants: [floats("a", [], [0]), floats("b", [], [6])],
      nodes: [node("Clip", "x a b", "y")],
      layers: [activation("relu6")],
    },
    { constants: [floats("a", [], [0])], nodes: [node("Clip", "x a", "y")], layers: [activation("relu")] },
  ],
  Max: [
    {
      constants: [floats("zero", [1], [0])],
      nodes: [node("Max", "x zero", "y")],
      layers: [activation("relu")],
    },
  ],
  Min: [
    {
      constants: [ints("i", 6)],
      nodes: [node("Relu", "x", "p"), node("CastLike", "i p", "six"), node("Min", "six p", "y")],
      layers: [activation("relu6")],
      reference: (x) => x.map(formulas["relu6"] as (x: number) => number),
    },
  ],
  Softmax: [
    { nodes: [node("Softmax", "x", "y")], layers: [activation("softmax")] },
    { opset: 9, nodes: [node("Softmax", "x", "y")], layers: [activation("softmax")] },
    {
      opset: 11,
      inputs: { x: ["N", 2, 3] },
      nodes: [node("Softmax", "x", "y", { axis: 2n })],
      layers: [activation("softmax")],
    },
    { nodes: [node("Softmax", "x", "y", { axis: -1n })], layers: [activation("softmax")] },
  ],
  GreaterOrEqual: [
    {
      constants: [floats("a", [], [0.25])],
      nodes: [node("GreaterOrEqual", "x a", "p"), node("Cast", "p", "y", { to: 1n })],
      layers: [activation({ threshold: 0.25 })],
      reference: (x) => x.map((value) => (value >= 0.25 ? 1 : 0)),
    },
    {
      constants: [floats("a", [1], [0])],
      nodes: [node("GreaterOrEqual", "x a", "p"), node("CastLike", "p x", "y")],
      layers: [activation("threshold")],
    },
  ],
  Abs: [
    {
      constants: [floats("one", [], [1])],
      nodes: [node("Abs", "x", "p"), node("Add", "p one", "q"), node("Div", "x q", "y")],
      layers: [activation("softsign")],
      reference: (x) => x.map(formulas["softsign"] as (x: number) => number),
    },
  ],
  Erf: [
    {
      constants: [floats("half", [], [0.5]), floats("one", [], [1]), floats("c", [], [Math.SQRT1_2])],
      nodes: [
        node("Mul", "x half", "h"),
        node("Mul", "x c", "i"),
        node("Erf", "i", "e"),
        node("Add", "one e", "f"),
        node("Mul", "f h", "y"),
      ],
      layers: [activation("gelu")],
      reference: (x) => x.map(formulas["gelu"] as (x: number) => number),
    },
  ],
};
