import { toTensor, toTyped } from "../base/arrays.js";
import { DataError, ShapeError } from "../base/errors.js";
import {
  formatShape,
  type Shape,
  sameShape,
  sizeOf,
  type Tensor,
  type TensorLike,
  type TypedData,
} from "../base/tensor.js";
import type { Pace } from "./pace.js";

/** How many numbers are looked at before the host may have its turn. */
const CHUNK = 2 ** 17;

/**
 * `given` as a tensor [n, ...example] with n >= 1; typed data is taken as it is, not copied, and its numbers are not
 * looked at. Throws `ShapeError` or `DataError` that names `what`.
 */
export function readTensor(what: string, given: TensorLike, example: Shape): Tensor {
  const expected = `[n${example.map((size) => `, ${size}`).join("")}]`;
  const tensor = read(what, given, example, expected);
  const rows = tensor.shape[0] as number;
  if (rows === 0) throw new DataError(`${what} is empty: at least one example of ${formatShape(example)} expected`);
  if (!sameShape(tensor.shape.slice(1), example)) {
    throw new ShapeError(`${what}: shape ${expected} expected, got ${formatShape(tensor.shape)}`);
  }
  return tensor;
}

function read(what: string, given: TensorLike, example: Shape, expected: string): Tensor {
  const typed = toTyped(given);
  if (typed) return flat(what, typed, example, expected);
  const { data, shape } = toTensor(what, given);
  // A column of single numbers may leave its axis of 1 out, and may have one.
  if (sameShape(example, [1]) && shape.length === 1) return { data, shape: [...shape, 1] };
  if (example.length === 0 && shape.length === 2 && shape[1] === 1) return { data, shape: shape.slice(0, 1) };
  return { data, shape };
}

function flat(what: string, data: TypedData, example: Shape, expected: string): Tensor {
  const rows = data.length / sizeOf(example);
  if (!Number.isInteger(rows)) {
    throw new ShapeError(`${what}: ${data.length} numbers are not whole examples of ${expected}`);
  }
  return { data, shape: [rows, ...example] };
}

/** Throws `DataError` for NaN and infinities. */
export async function checkFinite(what: string, { data, shape }: Tensor, pace: Pace): Promise<void> {
  if (!(data instanceof Float32Array)) return;
  for (let from = 0; from < data.length; from += CHUNK) {
    const bad = firstNotFinite(data, from, Math.min(from + CHUNK, data.length));
    if (bad !== undefined) {
      const row = Math.floor((bad * (shape[0] as number)) / data.length);
      throw new DataError(`${what} must hold finite numbers, got ${data[bad]} in example ${row} (element ${bad})`);
    }
    await pace.rest();
  }
}

function firstNotFinite(data: Float32Array, from: number, to: number): number | undefined {
  // NaN and infinity times 0 are NaN: a sum tells whether a chunk holds any. Four of them do not wait for each other.
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = from;
  for (; i + 4 <= to; i += 4) {
    a += (data[i] as number) * 0;
    b += (data[i + 1] as number) * 0;
    c += (data[i + 2] as number) * 0;
    d += (data[i + 3] as number) * 0;
  }
  for (; i < to; i++) a += (data[i] as number) * 0;
  if (a + b + c + d === 0) return undefined;
  for (let i = from; i < to; i++) if (!Number.isFinite(data[i])) return i;
  return undefined;
}

/** `given` as class ids: an Int32Array of whole numbers from 0 to `classes` - 1. */
export function toClassIds(what: string, given: TensorLike, classes: number): Tensor<Int32Array> {
  const { data, shape } = readTensor(what, given, []);
  for (let i = 0; i < data.length; i++) {
    const id = data[i] as number;
    if (!Number.isInteger(id) || id < 0 || id >= classes) {
      throw new DataError(`${what} must hold class ids from 0 to ${classes - 1}, got ${id} in example ${i}`);
    }
  }
  // A copy: kernels use ids as places, so what was checked must be what they get, whatever becomes of the caller's array.
  return { data: new Int32Array(data), shape };
}

/** `given` as f32 targets of shape [n, ...example]. */
export function toTargets(what: string, given: TensorLike, example: Shape): Tensor<Float32Array> {
  const { data, shape } = readTensor(what, given, example);
  return { data: data instanceof Float32Array ? data : Float32Array.from(data), shape };
}
