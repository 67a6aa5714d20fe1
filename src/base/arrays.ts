import { show } from "./check.js";
import { DataError, ShapeError } from "./errors.js";
import {
  formatShape,
  type NestedArray,
  type Shape,
  sizeOf,
  type Tensor,
  type TensorLike,
  type TypedData,
} from "./tensor.js";

/**
 * `given` as a tensor of rows; typed data is taken as it is, not copied, and alone is a row an element.
 * @throws DataError, naming `what`, for anything that holds no numbers; ShapeError for ragged rows or a wrong shape
 */
export function toTensor(what: string, given: TensorLike): Tensor {
  if (isTyped(given)) return { data: given, shape: [given.length] };
  if (Array.isArray(given)) return fromNested(what, given);
  const { data, shape } = Object(given) as Partial<Tensor>;
  if (!isTyped(data) || !isShape(shape)) {
    const forms = "a Float32Array, a Uint8Array, an Int32Array, { data, shape } or nested arrays of numbers";
    throw new DataError(`${what} must be ${forms}, got ${show(given)}`);
  }
  if (shape.length === 0 || sizeOf(shape) !== data.length) {
    throw new ShapeError(`${what} of shape ${formatShape(shape)} has ${data.length} elements`);
  }
  return { data, shape };
}

export function isTyped(data: unknown): data is TypedData {
  return data instanceof Float32Array || data instanceof Uint8Array || data instanceof Int32Array;
}

function isShape(shape: unknown): shape is Shape {
  return Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function fromNested(what: string, nested: NestedArray): Tensor<Float32Array> {
  const shape: number[] = [];
  for (let level: unknown = nested; Array.isArray(level); level = level[0]) shape.push(level.length);
  const data = new Float32Array(sizeOf(shape));
  let place = 0;
  const copy = (value: unknown, depth: number, path: string) => {
    const size = shape[depth];
    if (size === undefined) {
      if (typeof value !== "number") throw new DataError(`${path} must be a number, got ${show(value)}`);
      data[place++] = value;
    } else if (!Array.isArray(value) || value.length !== size) {
      throw new ShapeError(`${path} is ragged: an array of ${size} expected, like the others, got ${show(value)}`);
    } else {
      for (const [i, entry] of value.entries()) copy(entry, depth + 1, `${path}[${i}]`);
    }
  };
  copy(nested, 0, what);
  return { data, shape };
}
