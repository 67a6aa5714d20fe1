import { numbers } from "../../layers/reference.js";
import { floats, node } from "../onnx-graphs.js";
import { activation, type Cases } from "./case.js";

const [kernel, turned] = [floats("w", [4, 2]), floats("w", [2, 4])];
const bias = floats("b", [2], [0.5, -0.25]);
const vector = [2, -0.5, 0.25, 4];
const [v, s] = [floats("v", [4], vector), floats("s", [], [-1.5])];

/** x W + b by hand: W [4, 2]. */
const product = (x: readonly number[], w: readonly number[], b: readonly number[] = [0, 0]) =>
  b.map((start, unit) => x.reduce((sum, value, i) => sum + value * (w[2 * i + unit] as number), start));
const w = numbers(8);
const wOfTurned = Array.from({ length: 8 }, (_, i) => w[(i % 2) * 4 + Math.floor(i / 2)] as number);

/** Dense layers, sums and products. */
export const arithmetic: Cases = {
  Gemm: [
    {
      constants: [kernel, bias],
      nodes: [node("Gemm", "x w b", "y")],
      layers: ['dense {"units":2}'],
      reference: (x) => product(x, w, [0.5, -0.25]),
    },
    {
      constants: [turned, bias],
      nodes: [node("Gemm", "x w b", "y", { transB: 1n, transA: 0n, alpha: 0.5, beta: 2 })],
      layers: ['dense {"units":2}'],
      reference: (x) => product(x, wOfTurned, [2, -1]).map((y) => y / 2),
    },
    { constants: [kernel], nodes: [node("Gemm", "x w", "y")], layers: ['dense {"units":2,"useBias":false}'] },
    { constants: [kernel], nodes: [node("Gemm", "x w _", "y")], layers: ['dense {"units":2,"useBias":false}'] },
    {
      constants: [kernel, bias],
      nodes: [node("Gemm", "x w b", "y", { beta: 0 })],
      layers: ['dense {"units":2,"useBias":false}'],
    },
    {
      constants: [kernel, s],
      nodes: [node("Gemm", "x w s", "y")],
      layers: ['dense {"units":2}'],
      reference: (x) => product(x, w, [-1.5, -1.5]),
    },
    {
      constants: [kernel, floats("b", [1, 2], [1, 2])],
      nodes: [node("Gemm", "x w b", "y")],
      layers: ['dense {"units":2}'],
      reference: (x) => product(x, w, [1, 2]),
    },
  ],
  MatMul: [
    {
      constants: [kernel],
      nodes: [node("MatMul", "x w", "y")],
      layers: ['dense {"units":2,"useBias":false}'],
      reference: (x) => product(x, w),
    },
    {
      inputs: { x: ["batch", 3, 4] },
      constants: [floats("w", [1, 4, 2])],
      nodes: [node("MatMul", "x w", "y")],
      layers: ['dense {"units":2,"useBias":false}'],
      reference: (x) => [0, 4, 8].flatMap((at) => product(x.slice(at, at + 4), w)),
    },
  ],
  Add: [
    {
      inputs: { a: ["N", 4], b: ["N", 4] },
      nodes: [node("Add", "a b", "y")],
      layers: ["add"],
      reference: (a, b) => a.map((value, i) => value + (b?.[i] as number)),
    },
    {
      constants: [s],
      nodes: [node("Add", "x s", "y")],
      layers: ['rescaling {"scale":1,"offset":-1.5}'],
      reference: (x) => x.map((value) => value - 1.5),
    },
    {
      constants: [v],
      nodes: [node("Add", "v x", "y")],
      layers: ["normalization"],
      reference: (x) => x.map((value, i) => value + (vector[i] as number)),
    },
    {
      constants: [kernel, bias],
      nodes: [node("MatMul", "x w", "p"), node("Add", "b p", "y")],
      layers: ['dense {"units":2}'],
      reference: (x) => product(x, w, [0.5, -0.25]),
    },
    {
      constants: [floats("w", [4, 1]), floats("b", [1], [2])],
      nodes: [node("MatMul", "x w", "p"), node("Add", "p b", "y")],
      layers: ['dense {"units":1}'],
    },
    {
      inputs: { a: ["N", 4], b: ["N", 4] },
      nodes: [node("Add", "a b", "p"), node("Add", "p b", "q"), node("Add", "q a", "y")],
      layers: ["add"],
      reference: (a, b) => a.map((value, i) => 2 * value + 2 * (b?.[i] as number)),
    },
    {
      inputs: { x: ["N", 2, 2] },
      constants: [floats("c", [1, 2, 1], [1, 2])],
      nodes: [node("Add", "x c", "y")],
      layers: ["normalization"],
      reference: (x) => x.map((value, i) => value + (i < 2 ? 1 : 2)),
    },
  ],
  Sub: [
    {
      inputs: { a: ["N", 4], b: ["N", 4] },
      nodes: [node("Sub", "a b", "y")],
      layers: ['rescaling {"scale":-1}', "add"],
      reference: (a, b) => a.map((value, i) => value - (b?.[i] as number)),
    },
    {
      constants: [v],
      nodes: [node("Sub", "x v", "y")],
      layers: ["normalization"],
      reference: (x) => x.map((value, i) => value - (vector[i] as number)),
    },
    { constants: [s], nodes: [node("Sub", "s x", "y")], layers: ['rescaling {"scale":-1,"offset":-1.5}'] },
    {
      constants: [v],
      nodes: [node("Sub", "v x", "y")],
      layers: ["normalization"],
      reference: (x) => x.map((value, i) => (vector[i] as number) - value),
    },
  ],
  Mul: [
    { constants: [s], nodes: [node("Mul", "s x", "y")], layers: ['rescaling {"scale":-1.5}'] },
    {
      constants: [v],
      nodes: [node("Mul", "x v", "y")],
      layers: ["normalization"],
      reference: (x) => x.map((value, i) => value * (vector[i] as number)),
    },
    {
      constants: [v, floats("c", [1, 4], [1, 2, 3, 4])],
      nodes: [node("Mul", "x v", "p"), node("Add", "p c", "y")],
      layers: ["normalization"],
      reference: (x) => x.map((value, i) => value * (vector[i] as number) + i + 1),
    },
  ],
  Div: [
    { constants: [s], nodes: [node("Div", "x s", "y")], layers: ['rescaling {"scale":-0.6666667}'] },
    {
      constants: [v],
      nodes: [node("Div", "x v", "y")],
      layers: ["normalization"],
      reference: (x) => x.map((value, i) => value / (vector[i] as number)),
    },
  ],
  Neg: [{ nodes: [node("Neg", "x", "y")], layers: ['rescaling {"scale":-1}'] }],
  Sum: [
    { nodes: [node("Sum", "x", "p"), node("Relu", "p", "y")], layers: [activation("relu")] },
    {
      inputs: { a: ["N", 4], b: ["N", 4] },
      constants: [s],
      nodes: [node("Sum", "a s b a", "y")],
      layers: ['rescaling {"scale":1,"offset":-1.5}', "add"],
      reference: (a, b) => a.map((value, i) => 2 * value - 1.5 + (b?.[i] as number)),
    },
  ],

  BatchNormalization: [
    {
      constants: [v, floats("b", [4], [1, 2, 3, 4]), floats("m", [4], [4, 3, 2, 1]), floats("r", [4], [1, 4, 0.25, 9])],
      nodes: [node("BatchNormalization", "x v b m r", "y", { epsilon: 0.5, momentum: 0.9 })],
      layers: ["normalization"],
      reference: (x) =>
        x.map((value, i) => {
          const deviation = Math.sqrt(([1, 4, 0.25, 9][i] as number) + 0.5);
          return ((value - (4 - i)) / deviation) * (vector[i] as number) + i + 1;
        }),
    },
    {
      opset: 8,
      inputs: { x: ["N", 2, 3] },
      constants: ["g", "b", "m", "r"].map((name, i) => floats(name, [2], [i + 1, i + 2])),
      nodes: [node("BatchNormalization", "x g b m r", "y", { epsilon: 0, spatial: 1n })],
      layers: ["normalization"],
      reference: (x) => x.map((value, i) => (i < 3 ? (value - 3) / 2 + 2 : ((value - 4) / Math.sqrt(5)) * 2 + 3)),
    },
  ],
};
