import { isJsonObject, type Json } from "../../base/json.js";
import type { Part, Settings } from "./parts.js";

/*
 * Which activations are the same on both sides. The formulas are TensorFlow.js's, tfjs-layers 4.22: activations.ts and
 * layers/advanced_activations.ts.
 */

/** neurone's activations that have a name there, which is the name in a file. */
const NAMES: Readonly<Record<string, string>> = {
  linear: "linear",
  relu: "relu",
  relu6: "relu6",
  elu: "elu",
  selu: "selu",
  sigmoid: "sigmoid",
  tanh: "tanh",
  softplus: "softplus",
  softsign: "softsign",
  silu: "swish",
  gelu: "gelu",
  mish: "mish",
  softmax: "softmax",
};

/** The same the other way, with names of Keras that TensorFlow.js's converter passes on. */
const KERAS_NAMES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(NAMES).map(([ours, theirs]) => [theirs, ours])),
  silu: "silu",
  exponential: "exponential",
};

/** An activation of the other side: one that has a name there, or layers that do the same. */
export type Activation = { readonly name: string } | { readonly parts: readonly Part[] };

/** How TensorFlow.js says the activation `given`, as a layer's settings spell it; undefined where it cannot. */
export function writeActivation(given: Json = "linear"): Activation | undefined {
  if (given === "leakyRelu") return { parts: [leakyRelu(0.01)] };
  if (given === "hardSigmoid") return { parts: clippedLine("Rescaling", "Activation", 1 / 6, 0.5) };
  if (isJsonObject(given)) {
    if (typeof given["leakyRelu"] === "number") return { parts: [leakyRelu(given["leakyRelu"])] };
    return given["elu"] === 1 ? { name: "elu" } : undefined;
  }
  return Object.hasOwn(NAMES, String(given)) ? { name: NAMES[String(given)] as string } : undefined;
}

/**
 * How neurone says the activation of this name; undefined where it cannot. TensorFlow.js reads `hard_sigmoid` as
 * `hardSigmoid`.
 */
export function readActivation(name: string): Activation | undefined {
  const key = name.replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());
  if (key === "hardSigmoid") return { parts: clippedLine("rescaling", "activation", 0.2, 0.5) };
  return Object.hasOwn(KERAS_NAMES, key) ? { name: KERAS_NAMES[key] as string } : undefined;
}

/**
 * The activation as layers of its own, of which the last carries the name; `layer` is the kind of one that applies a
 * named one.
 */
export function activationParts(activation: Activation, layer: string): readonly Part[] {
  if ("name" in activation) return [{ kind: layer, config: { activation: activation.name }, main: true }];
  return activation.parts.map((part, i) => (i === activation.parts.length - 1 ? { ...part, main: true } : part));
}

/** A dense layer of the given settings with its activation, as a setting or as layers behind it. */
export function denseParts(kind: string, config: Settings, activation: Activation): readonly Part[] {
  if ("name" in activation) return [{ kind, config: { ...config, activation: activation.name }, main: true }];
  return [{ kind, config: { ...config, activation: "linear" }, main: true }, ...activation.parts];
}

function leakyRelu(alpha: number): Part {
  return { kind: "LeakyReLU", config: { alpha } };
}

/**
 * a x + b limited to [0, 1], as relu6(6 a x + 6 b) / 6. Both sides have such a sigmoid made of three lines, but not of
 * the same ones: the slope is 1/6 here, and 0.2 there.
 */
function clippedLine(rescaling: string, activation: string, a: number, b: number): readonly Part[] {
  return [
    { kind: rescaling, config: { scale: 6 * a, offset: 6 * b } },
    { kind: activation, config: { activation: "relu6" } },
    { kind: rescaling, config: { scale: 1 / 6, offset: 0 } },
  ];
}
