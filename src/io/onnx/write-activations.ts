import { TensorProto_DataType } from "onnx-buf";
import { isJsonObject, type Json } from "../../base/json.js";
import { type ApplicationWriter, float, int } from "./write-graph.js";

/** Adds f(x) and returns it. `a` is the constant of an activation given with one. */
export type ActivationWriter = (to: ApplicationWriter, x: string, a: number | undefined) => string;

/** An activation whose formula is an operator of its own. */
const operator =
  (name: string): ActivationWriter =>
  (to, x) =>
    to.node(name, [x]);

/** The same with a constant `alpha`, whose default is ours. */
const operatorWithAlpha =
  (name: string): ActivationWriter =>
  (to, x, a) =>
    to.node(name, [x], a === undefined ? [] : [float("alpha", a)]);

/** How each activation is said in operators of opset 17. Sources of the formulas: the operators' pages at onnx.ai. */
export const activationWriters: Readonly<Record<string, ActivationWriter>> = {
  linear: (_, x) => x,
  relu: operator("Relu"),
  leakyRelu: operatorWithAlpha("LeakyRelu"),
  relu6: (to, x) => to.node("Clip", [x, to.constant("relu6/min", 0), to.constant("relu6/max", 6)]),
  elu: operatorWithAlpha("Elu"),
  selu: operator("Selu"),
  sigmoid: operator("Sigmoid"),
  hardSigmoid: (to, x) => to.node("HardSigmoid", [x], [float("alpha", 1 / 6), float("beta", 0.5)]),
  tanh: operator("Tanh"),
  softplus: operator("Softplus"),
  softsign: operator("Softsign"),
  silu: (to, x) => to.node("Mul", [x, to.node("Sigmoid", [x])]),
  /** x (1 + erf(x / sqrt(2))) / 2. */
  gelu(to, x) {
    const error = to.node("Erf", [to.node("Div", [x, to.constant("gelu/sqrt2", Math.SQRT2)])]);
    const product = to.node("Mul", [x, to.node("Add", [error, to.constant("gelu/one", 1)])]);
    return to.node("Mul", [product, to.constant("gelu/half", 0.5)]);
  },
  mish: (to, x) => to.node("Mul", [x, to.node("Tanh", [to.node("Softplus", [x])])]),
  hardSilu: operator("HardSwish"),
  exponential: operator("Exp"),
  threshold(to, x, a = 0) {
    const reached = to.node("GreaterOrEqual", [x, to.constant("threshold/a", a)]);
    return to.node("Cast", [reached], [int("to", TensorProto_DataType.FLOAT)]);
  },
  /** e^(-x^2 / 2) / sqrt(2 pi). */
  radial(to, x) {
    const power = to.node("Mul", [to.node("Mul", [x, x]), to.constant("radial/minusHalf", -0.5)]);
    return to.node("Mul", [to.node("Exp", [power]), to.constant("radial/density", 1 / Math.sqrt(2 * Math.PI))]);
  },
  softmax: (to, x) => to.node("Softmax", [x], [int("axis", -1)]),
};

/** Whether `given`, an activation as a layer's settings spell it, is in the table. */
export function writesActivation(given: Json | undefined): boolean {
  return Object.hasOwn(activationWriters, toActivation(given).name);
}

/** Adds the activation `given`, one that is in the table, and returns its value. */
export function writeActivation(to: ApplicationWriter, given: Json | undefined, x: string): string {
  const { name, a } = toActivation(given);
  return (activationWriters[name] as ActivationWriter)(to, x, a);
}

/** `"relu"` or `{ leakyRelu: 0.1 }` as the name with its constant. Default `"linear"`. */
function toActivation(given: Json = "linear"): { readonly name: string; readonly a?: number } {
  if (!isJsonObject(given)) return { name: String(given) };
  const [name, a] = Object.entries(given)[0] as [string, number];
  return { name, a };
}
