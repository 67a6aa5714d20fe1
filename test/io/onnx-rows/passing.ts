import { bool, floats, ints, node } from "../onnx-graphs.js";
import { activation, type Cases } from "./case.js";

const vector = [2, -0.5, 0.25, 4];
const s = floats("s", [], [-1.5]);
const reshapeTo = (...targetShape: number[]) => [`reshape ${JSON.stringify({ targetShape })}`];

/** Constants, types, and what passes on what comes. */
export const passing: Cases = {
  Constant: [
    { nodes: [node("Constant", "", "c", { value: s }), node("Mul", "x c", "y")], layers: ['rescaling {"scale":-1.5}'] },
    {
      nodes: [node("Constant", "", "c", { value_float: 0.1 }), node("Mul", "x c", "y")],
      layers: ['rescaling {"scale":0.1}'],
    },
    {
      nodes: [node("Constant", "", "c", { value_floats: vector }), node("Mul", "x c", "y")],
      layers: ["normalization"],
      reference: (x) => x.map((value, i) => value * (vector[i] as number)),
    },
    {
      nodes: [node("Constant", "", "c", { value_ints: [-1n, 2n, 2n] }), node("Reshape", "x c", "y")],
      layers: reshapeTo(2, 2),
    },
    {
      nodes: [
        node("Constant", "", "c", { value_int: 3n }),
        node("Cast", "c", "d", { to: 1n }),
        node("Mul", "x d", "y"),
      ],
      layers: ['rescaling {"scale":3}'],
    },
  ],
  Identity: [
    { nodes: [node("Identity", "x", "p"), node("Relu", "p", "y")], layers: [activation("relu")] },
    {
      constants: [s],
      nodes: [node("Identity", "s", "p"), node("Mul", "p x", "y")],
      layers: ['rescaling {"scale":-1.5}'],
    },
  ],
  Cast: [
    { nodes: [node("Cast", "x", "p", { to: 1n }), node("Relu", "p", "y")], layers: [activation("relu")] },
    {
      constants: [floats("t", [2], [-1.5, 4.9])],
      nodes: [node("Cast", "t", "p", { to: 7n }), node("Reshape", "x p", "y")],
      layers: reshapeTo(4),
    },
  ],
  CastLike: [
    {
      constants: [ints("i", 2)],
      nodes: [node("CastLike", "i x", "p"), node("Mul", "x p", "y")],
      layers: ['rescaling {"scale":2}'],
    },
    {
      constants: [floats("t", [2], [-1, 4]), ints("i", 0)],
      nodes: [node("CastLike", "t i", "p"), node("Reshape", "x p", "y")],
      layers: reshapeTo(4),
    },
  ],
  Dropout: [
    { opset: 7, nodes: [node("Dropout", "x", "y m")], layers: ['dropout {"rate":0.5}'], reference: (x) => x },
    { opset: 10, nodes: [node("Dropout", "x", "y", { ratio: 0.1 })], layers: ['dropout {"rate":0.1}'] },
    { nodes: [node("Dropout", "x", "y")], layers: ['dropout {"rate":0.5}'] },
    {
      constants: [floats("r", [], [0.3]), bool("off", false)],
      nodes: [node("Dropout", "x r off", "y")],
      layers: ['dropout {"rate":0.3}'],
    },
  ],
  ArgMax: [
    {
      nodes: [node("Relu", "x", "y"), node("ArgMax", "y", "class", { axis: 1n, keepdims: 0n })],
      outputs: ["class", "y"],
      layers: [activation("relu")],
    },
    {
      nodes: [node("Softmax", "x", "y"), node("ArgMax", "x", "class", { axis: -1n })],
      outputs: ["y", "class"],
      layers: [activation("softmax")],
    },
  ],
};
