import { toTensor } from "../base/arrays.js";
import { checkInteger, checkNumber, checkSettings } from "../base/check.js";
import { ConfigError, DataError, ShapeError } from "../base/errors.js";
import { Random, streams } from "../base/random.js";
import { takeRows } from "../base/rows.js";
import { sizeOf, type Tensor, type TensorLike } from "../base/tensor.js";

/** Examples without labels. */
export interface Features {
  /** `[n, ...]`, one example a row. */
  readonly x: Tensor;
  /** What the columns of `x` are called. */
  readonly featureNames?: readonly string[];
}

/** Examples with what a model shall learn to say of each. */
export interface Dataset extends Features {
  /** Class ids `[n]`, or one-hot rows or targets `[n, k]`. */
  readonly y: Tensor;
  /** The name of each class id. */
  readonly classNames?: readonly string[];
}

/** A dataset as it may be given: its numbers in any form that `fit` takes, nested arrays too. */
export type DatasetLike = Omit<Dataset, "x" | "y"> & { readonly x: TensorLike; readonly y: TensorLike };

export interface Split<D extends Dataset = Dataset> {
  readonly train: D;
  readonly test: D;
}

export interface SplitOptions {
  /** The fraction of the examples, between 0 and 1, that becomes the test set. */
  readonly test: number;
  /** Decides which. Default 0. */
  readonly seed?: number;
  /** Take the fraction of each class, at least one example of it on either side. Default false. */
  readonly stratify?: boolean;
}

/**
 * The same examples in an order that only `seed` decides.
 * @throws ConfigError for a seed that is no whole number; ShapeError where `x` and `y` differ in length
 * @throws DataError for an `x` or `y` that holds no numbers
 */
export function shuffle<D extends Dataset>(dataset: D, seed: number): D;
export function shuffle(dataset: DatasetLike, seed: number): Dataset;
export function shuffle(dataset: DatasetLike, seed: number): Dataset {
  const examples = toDataset(dataset);
  return takeExamples(examples, permutation(countExamples(examples), seed, streams.dataset));
}

/**
 * Parts a dataset at random into a training and a test set.
 * @throws ConfigError for a fraction outside (0, 1), or `stratify` where `y` holds no classes
 * @throws DataError where a set, or a class's share of it, would be empty; the errors of `shuffle`
 */
export function split<D extends Dataset>(dataset: D, options: SplitOptions): Split<D>;
export function split(dataset: DatasetLike, options: SplitOptions): Split;
export function split(dataset: DatasetLike, options: SplitOptions): Split {
  checkSettings("split", options, ["test", "seed", "stratify"]);
  const fraction = checkNumber("test", options.test);
  if (fraction <= 0 || fraction >= 1) {
    throw new ConfigError(`test must be a fraction between 0 and 1, both excluded, got ${fraction}`);
  }
  const examples = toDataset(dataset);
  const n = countExamples(examples);
  const classes = options.stratify === true ? classesOf(examples.y) : new Int32Array(n);
  const wanted = testCounts(classes, fraction, options.stratify === true);
  const test: number[] = [];
  const train: number[] = [];
  for (const index of permutation(n, options.seed ?? 0, streams.split)) {
    const id = classes[index] as number;
    const left = wanted.get(id) as number;
    wanted.set(id, left - 1);
    (left > 0 ? test : train).push(index);
  }
  return { train: takeExamples(examples, train), test: takeExamples(examples, test) };
}

/** The examples at `indices`, in that order. */
function takeExamples(dataset: Dataset, indices: ArrayLike<number>): Dataset {
  return { ...dataset, x: takeRows(dataset.x, indices), y: takeRows(dataset.y, indices) };
}

/** How many examples of each class go to the test set. Without strata all examples are of one class. */
function testCounts(classes: Int32Array, fraction: number, stratify: boolean): Map<number, number> {
  const counts = new Map<number, number>();
  for (const id of classes) counts.set(id, (counts.get(id) ?? 0) + 1);
  if (counts.size === 0) throw new DataError("split needs at least 2 examples, the dataset has none");
  for (const [id, count] of counts) {
    if (count < 2) {
      const which = stratify ? ` of class ${id}` : "";
      throw new DataError(`split needs at least 2 examples${which}, one for either side; the dataset has ${count}`);
    }
    counts.set(id, Math.min(count - 1, Math.max(1, Math.round(fraction * count))));
  }
  return counts;
}

/** Each example's class: `y` itself, or the column of its row's one. */
function classesOf(y: Tensor): Int32Array {
  const n = y.shape[0] as number;
  const columns = sizeOf(y.shape.slice(1));
  const classes = new Int32Array(n);
  for (let row = 0; row < n; row++) {
    const values = y.data.subarray(row * columns, (row + 1) * columns);
    const id = columns === 1 ? (values[0] as number) : values.indexOf(1);
    const isClass = columns === 1 ? Number.isInteger(id) : id >= 0 && values.every((value, i) => value === +(i === id));
    if (!isClass) throw new ConfigError(`stratify needs y as class ids or one-hot rows; row ${row} is neither`);
    classes[row] = id;
  }
  return classes;
}

function permutation(n: number, seed: number, stream: number): Uint32Array {
  const random = new Random(checkInteger("seed", seed), stream);
  const indices = Uint32Array.from({ length: n }, (_, i) => i);
  random.shuffle(indices);
  return indices;
}

function toDataset(dataset: DatasetLike): Dataset {
  return { ...dataset, x: toTensor("x", dataset.x), y: toTensor("y", dataset.y) };
}

function countExamples({ x, y }: Dataset): number {
  if (x.shape[0] !== y.shape[0]) {
    throw new ShapeError(`x and y must have as many rows: x has ${x.shape[0]}, y has ${y.shape[0]}`);
  }
  return x.shape[0] as number;
}
