import { toTensor } from "../base/arrays.js";
import { DataError } from "../base/errors.js";
import { sizeOf, type Tensor, type TensorLike } from "../base/tensor.js";

/** What brings each feature to a common range: `x * scale + offset`. One number a feature, row-major. */
export interface Scaling {
  readonly scale: Float32Array;
  readonly offset: Float32Array;
}

interface Statistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Of the population: the mean squared distance from the mean. */
  readonly variance: number;
}

/**
 * The scaling that gives each feature of `x` `[n, ...features]` mean 0 and variance 1; a constant feature gets scale 1.
 * Fit it on the training data alone and give it to `layers.normalization`, so that the model brings it along.
 * @throws ShapeError where data and shape differ; DataError for no rows, no numbers, NaN or infinity
 */
export function standardize(x: TensorLike): Scaling {
  return fit(x, ({ mean, variance }) => ({ scale: 1 / Math.sqrt(variance), zero: mean }));
}

/** The same that brings each feature from its own minimum and maximum to 0 and 1. */
export function minMax(x: TensorLike): Scaling {
  return fit(x, ({ min, max }) => ({ scale: 1 / (max - min), zero: min }));
}

/** `rule` gives a feature's scale and the value that becomes 0. */
function fit(given: TensorLike, rule: (statistics: Statistics) => { scale: number; zero: number }): Scaling {
  const x = toTensor("x", given);
  const rows = x.shape[0] as number;
  if (rows === 0) throw new DataError("x must have at least one row to fit a scaling on, got none");
  const features = sizeOf(x.shape.slice(1));
  const scaling = { scale: new Float32Array(features), offset: new Float32Array(features) };
  for (let feature = 0; feature < features; feature++) {
    const { scale, zero } = rule(measure(x, rows, features, feature));
    // Infinite for a constant feature, and for a range whose inverse f32 cannot hold.
    const factor = Number.isFinite(Math.fround(scale)) ? scale : 1;
    scaling.scale[feature] = factor;
    scaling.offset[feature] = 0 - zero * factor;
  }
  return scaling;
}

/** Two passes in f64: the first for the mean, the second for the distances from it. */
function measure(x: Tensor, rows: number, features: number, feature: number): Statistics {
  let [min, max, sum] = [Infinity, -Infinity, 0];
  for (let row = 0; row < rows; row++) {
    const value = x.data[row * features + feature] as number;
    if (!Number.isFinite(value)) {
      throw new DataError(`x must hold finite numbers, got ${value} in row ${row}, feature ${feature}`);
    }
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  const mean = sum / rows;
  let squares = 0;
  for (let row = 0; row < rows; row++) {
    const distance = (x.data[row * features + feature] as number) - mean;
    squares += distance * distance;
  }
  return { min, max, mean, variance: squares / rows };
}
