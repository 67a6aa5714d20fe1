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
  const typed = toTyped(given);
  if (typed) return { data: typed, shape: [typed.length] };
  if (Array.isArray(given)) return fromNested(what, given);
  const { data: numbers, shape } = Object(given) as Partial<Tensor>;
  // Plain arrays are what becomes of typed ones on their way through JSON.
  const data = Array.isArray(numbers) ? fromNested(`${what}.data`, numbers).data : toTyped(numbers);
  if (!data || !isShape(shape)) {
    const forms = "a Float32Array, a Uint8Array, an Int32Array, { data, shape } or nested arrays of numbers";
    throw new DataError(`${what} must be ${forms}, got ${show(given)}`);
  }
  if (shape.length === 0 || sizeOf(shape) !== data.length) {
    throw new ShapeError(
      `${what}: shape ${formatShape(shape)} holds ${sizeOf(shape)} numbers, its data ${data.length}`,
    );
  }
  return { data, shape };
}

/** Typed numbers as one of the engine's types: bytes of an image stay bytes, others become f32; undefined for anything else. */
export function toTyped(given: unknown): TypedData | undefined {
  if (given instanceof Float32Array || given instanceof Uint8Array || given instanceof Int32Array) return given;
  if (given instanceof Uint8ClampedArray) return new Uint8Array(given.buffer, given.byteOffset, given.length);
  const others = [Float64Array, Int8Array, Int16Array, Uint16Array, Uint32Array];
  return others.some((type) => given instanceof type) ? new Float32Array(given as Float64Array) : undefined;
}

function isShape(shape: unknown): shape is Shape {
  return Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function fromNested(what: string, nested: NestedArray): Tensor<Float32Array> {
  const shape: number[] = [];
  for (let level: unknown = nested; Array.isArray(level); level = level[0]) shape.push(level.length);
  const data = new Float32Array(sizeOf(shape));
  /** Where in the nesting `copy` is: made into text for errors only. */
  const at: number[] = [];
  let place = 0;
  const path = () => what + at.map((i) => `[${i}]`).join("");
  const copy = (level: unknown, depth: number) => {
    const size = shape[depth] as number;
    if (!Array.isArray(level) || level.length !== size) {
      throw new ShapeError(`${path()} is ragged: an array of ${size} expected, like the others, got ${show(level)}`);
    }
    for (let i = 0; i < size; i++) {
      const value: unknown = level[i];
      at[depth] = i;
      if (depth + 1 < shape.length) copy(value, depth + 1);
      else if (typeof value === "number") data[place++] = value;
      else throw new DataError(`${path()} must be a number, got ${show(value)}`);
    }
    at.length = depth;
  };
  copy(nested, 0);
  return { data, shape };
}
