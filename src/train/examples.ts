import { checkNumber, show } from "../base/check.js";
import { ConfigError, DataError, ShapeError } from "../base/errors.js";
import { formatShape, sizeOf, type Tensor, type TensorLike } from "../base/tensor.js";
import type { SymbolicTensor } from "../layers/layer.js";
import type { Head } from "./compile.js";
import type { Loss, TargetForm } from "./losses.js";
import type { Pace } from "./pace.js";
import { checkFinite, readTensor, toClassIds, toTargets } from "./tensors.js";

/** One tensor for a model of one input or output, else a list with one for each. */
export type Tensors = TensorLike | readonly TensorLike[];

/** How much an example counts in the loss. */
export interface Weighting {
  /** One number of at least 0 an example. Metrics do not heed it. */
  readonly sampleWeight?: ArrayLike<number> | undefined;
  /** By class id, 1 for classes that are missing; multiplied with the sample's weight. */
  readonly classWeight?: { readonly [id: number]: number } | undefined;
  /** What errors call `sampleWeight`. */
  readonly name?: string;
}

/** Examples as the engine takes them: one-byte or f32 inputs, i32 ids or f32 targets. */
export interface Examples {
  readonly rows: number;
  readonly inputs: readonly Tensor[];
  readonly targets: readonly Tensor[];
  readonly weights: Float32Array | undefined;
}

/** So far below what an f32 holds that the product of two, with a loss, is a number. */
const LARGEST_WEIGHT = 1e15;

/** `x` for each input, with equally many rows and finite numbers. `what` names it in errors. */
export async function toInputs(
  what: string,
  inputs: readonly SymbolicTensor[],
  x: Tensors,
  pace: Pace,
): Promise<Tensor[]> {
  const tensors = listOf(what, "input", inputs.length, x).map((given, i) => {
    const { data, shape } = readTensor(nameOf(what, i, inputs), given, (inputs[i] as SymbolicTensor).shape);
    return { data: data instanceof Int32Array ? Float32Array.from(data) : data, shape };
  });
  checkRows([what], tensors);
  for (const [i, tensor] of tensors.entries()) await checkFinite(nameOf(what, i, inputs), tensor, pace);
  return tensors;
}

/** Checks and converts everything `fit` and `evaluate` take. */
export async function toExamples(
  names: readonly [string, string],
  inputs: readonly SymbolicTensor[],
  heads: readonly Head[],
  [x, y]: readonly [Tensors, Tensors],
  pace: Pace,
  weighting: Weighting = {},
): Promise<Examples> {
  const [xName, yName] = names;
  const xs = await toInputs(xName, inputs, x, pace);
  const targets = listOf(yName, "output", heads.length, y).map((given, i) =>
    toTarget(nameOf(yName, i, heads), given, heads[i] as Head),
  );
  checkRows(names, [...xs, ...targets]);
  for (const [i, target] of targets.entries()) await checkFinite(nameOf(yName, i, heads), target, pace);
  const rows = (xs[0] as Tensor).shape[0] as number;
  return { rows, inputs: xs, targets, weights: toWeights(weighting, rows, targets, heads) };
}

function nameOf(what: string, index: number, all: readonly unknown[]): string {
  return all.length === 1 ? what : `${what}[${index}]`;
}

function checkRows(names: readonly string[], tensors: readonly Tensor[]): void {
  if (tensors.every(({ shape }) => shape[0] === tensors[0]?.shape[0])) return;
  const shapes = tensors.map(({ shape }) => formatShape(shape)).join(", ");
  throw new ShapeError(`${names.join(" and ")} must have as many examples each, got ${shapes}`);
}

/** The last `fraction` of the examples apart from the others, as views; class weights are for training only. */
export function splitOff(
  examples: Examples,
  fraction: number,
  sampleWeight: ArrayLike<number> | undefined,
): readonly [Examples, Examples] {
  const kept = examples.rows - Math.round(examples.rows * fraction);
  if (kept === 0 || kept === examples.rows) {
    throw new DataError(`validationSplit: ${fraction} of ${examples.rows} examples leaves one part empty`);
  }
  const part = (from: number, to: number): Examples => {
    const rows = ({ data, shape }: Tensor): Tensor => {
      const size = sizeOf(shape.slice(1));
      return { data: data.subarray(from * size, to * size), shape: [to - from, ...shape.slice(1)] };
    };
    const { inputs, targets, weights } = examples;
    return {
      rows: to - from,
      inputs: inputs.map(rows),
      targets: targets.map(rows),
      weights: weights?.subarray(from, to),
    };
  };
  const weights = sampleWeight && Float32Array.from(sampleWeight).subarray(kept);
  return [part(0, kept), { ...part(kept, examples.rows), weights }];
}

function listOf(what: string, kind: "input" | "output", count: number, given: Tensors): readonly TensorLike[] {
  if (count === 1) return [given as TensorLike];
  if (!Array.isArray(given) || given.length !== count) {
    throw new ShapeError(`${what} must be a list of ${count}, one for each ${kind}, got ${show(given)}`);
  }
  return given as readonly TensorLike[];
}

function targetRows(what: string, given: TensorLike, form: TargetForm, loss: Loss): Tensor<Float32Array> {
  try {
    return toTargets(what, given, form.shape);
  } catch (error) {
    if (!(error instanceof ShapeError) || loss.name !== "categoricalCrossentropy") throw error;
    throw new ShapeError(`${error.message}; for class ids the loss is sparseCategoricalCrossentropy`);
  }
}

function toTarget(what: string, given: TensorLike, { form, loss }: Head): Tensor {
  if (form.kind === "ids") return toClassIds(what, given, form.classes);
  const targets = targetRows(what, given, form, loss);
  if (form.values === "any") return targets;
  const size = sizeOf(form.shape);
  const bad = targets.data.findIndex((value) =>
    form.values === "probability" ? value < 0 || value > 1 : value !== 0 && Math.abs(value) !== 1,
  );
  if (bad >= 0) {
    const expected = form.values === "probability" ? "from 0 to 1" : "-1 or 1 (or 0 and 1)";
    const got = `${targets.data[bad]} in example ${Math.floor(bad / size)}`;
    throw new DataError(`${what} must hold numbers ${expected} for ${loss.name}, got ${got}`);
  }
  if (form.values === "probability") return targets;
  return { data: targets.data.map((value) => (value === 0 ? -1 : value)), shape: targets.shape };
}

function toWeights(
  { sampleWeight, classWeight, name = "sampleWeight" }: Weighting,
  rows: number,
  targets: readonly Tensor[],
  heads: readonly Head[],
): Float32Array | undefined {
  if (sampleWeight === undefined && classWeight === undefined) return undefined;
  const weights = new Float32Array(rows).fill(1);
  if (sampleWeight !== undefined) {
    if (typeof sampleWeight !== "object" || sampleWeight?.length !== rows) {
      throw new ShapeError(`${name}: a list of ${rows} numbers expected, got ${show(sampleWeight)}`);
    }
    for (let i = 0; i < rows; i++) weights[i] = checkNumber(`${name}[${i}]`, sampleWeight[i], 0, LARGEST_WEIGHT);
  }
  if (classWeight !== undefined) {
    if (typeof classWeight !== "object" || classWeight === null) {
      throw new ConfigError(`classWeight must be an object of numbers by class id, got ${show(classWeight)}`);
    }
    const classOf = classesOf(targets, heads);
    const classes = Math.max(2, (heads[0] as Head).form.classes);
    const factors = new Float32Array(classes).fill(1);
    for (const [id, factor] of Object.entries(classWeight)) {
      if (!(Number(id) in factors))
        throw new ConfigError(`classWeight: classes are 0 to ${classes - 1}, got ${show(id)}`);
      factors[Number(id)] = checkNumber(`classWeight[${id}]`, factor, 0, LARGEST_WEIGHT);
    }
    for (let i = 0; i < rows; i++) weights[i] = (weights[i] as number) * (factors[classOf(i)] as number);
  }
  return weights;
}

/** The class of each example, where targets say one. */
function classesOf(targets: readonly Tensor[], heads: readonly Head[]): (row: number) => number {
  const { form } = heads[0] as Head;
  const { data } = targets[0] as Tensor;
  const unclear = form.classes === 1 ? form.values === "any" : !form.exclusive;
  if (heads.length > 1 || (form.kind === "rows" && unclear)) {
    throw new ConfigError("classWeight needs a single output whose targets are classes; use sampleWeight");
  }
  if (form.kind === "ids") return (row) => data[row] as number;
  if (form.classes === 1) return (row) => ((data[row] as number) > (form.values === "signed" ? 0 : 0.5) ? 1 : 0);
  return (row) => {
    const scores = data.subarray(row * form.classes, (row + 1) * form.classes);
    return scores.indexOf(Math.max(...scores));
  };
}
