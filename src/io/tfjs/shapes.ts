import { FormatError } from "../../base/errors.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../../base/tensor.js";
import type { Settings } from "./parts.js";

/** The most axes of an example, and the most numbers. */
const MOST_AXES = 32;
const LARGEST = 2 ** 31 - 1;

/** The shape of a layer's output for one example; undefined where the inputs do not fit. */
type Rule = (inputs: readonly Shape[], config: Settings) => Shape | undefined;

const same: Rule = ([shape]) => shape;

const RULES: Readonly<Record<string, Rule>> = {
  dense: ([shape], { units }) =>
    shape?.length === 0 ? undefined : [...(shape as Shape).slice(0, -1), units as number],
  activation: same,
  dropout: same,
  flatten: ([shape]) => [sizeOf(shape as Shape)],
  rescaling: same,
  normalization: same,

  reshape([shape], { targetShape }) {
    const target = targetShape as Shape;
    const known = target.reduce((product, size) => (size === -1 ? product : product * size), 1);
    const result = target.map((size) => (size === -1 ? sizeOf(shape as Shape) / known : size));
    return sizeOf(result) === sizeOf(shape as Shape) ? result : undefined;
  },

  add: (inputs) => (inputs.every((shape) => sameShape(shape, inputs[0] as Shape)) ? inputs[0] : undefined),

  concatenate(inputs, { axis: given }) {
    const [first] = inputs as [Shape];
    const axis = (given as number) < 0 ? (given as number) + first.length : (given as number);
    const fits = (shape: Shape) => shape.length === first.length && shape.every((n, i) => i === axis || n === first[i]);
    if (axis < 0 || axis >= first.length || !inputs.every(fits)) return undefined;
    return first.map((size, i) => (i === axis ? inputs.reduce((sum, shape) => sum + (shape[i] as number), 0) : size));
  },
};

const MERGES = ["add", "concatenate"];

/**
 * The shape of the output of a layer of neurone's for one example.
 * @throws FormatError, naming `what`, for inputs that do not fit it
 */
export function outputShape(kind: string, config: Settings, inputs: readonly Shape[], what: string): Shape {
  const merges = MERGES.includes(kind);
  if (merges ? inputs.length < 2 : inputs.length !== 1) {
    throw new FormatError(`${what}: ${merges ? "two or more inputs" : "one input"} expected, got ${inputs.length}`);
  }
  const shape = RULES[kind]?.(inputs, config);
  if (shape === undefined || !isShape(shape)) {
    throw new FormatError(`${what}: an input that fits it expected, got ${inputs.map(formatShape).join(", ")}`);
  }
  return shape;
}

/** Whether these are at most 32 sizes, whole and from 1 on, of at most 2^31 - 1 numbers together. */
export function isShape(sizes: readonly unknown[]): sizes is Shape {
  if (sizes.length > MOST_AXES) return false;
  return sizes.every((size) => Number.isInteger(size) && (size as number) >= 1) && sizeOf(sizes as Shape) <= LARGEST;
}
