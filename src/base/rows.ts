import { sizeOf, type Tensor, type TypedData } from "./tensor.js";

/** A copy of the rows of `tensor` [n, ...] at `indices`, in that order. */
export function takeRows(tensor: Tensor, indices: ArrayLike<number>): Tensor {
  const width = sizeOf(tensor.shape.slice(1));
  const data = emptyLike(tensor.data, indices.length * width);
  for (let row = 0; row < indices.length; row++) {
    const from = (indices[row] as number) * width;
    data.set(tensor.data.subarray(from, from + width), row * width);
  }
  return { data, shape: [indices.length, ...tensor.shape.slice(1)] };
}

function emptyLike(data: TypedData, length: number): TypedData {
  if (data instanceof Float32Array) return new Float32Array(length);
  return data instanceof Int32Array ? new Int32Array(length) : new Uint8Array(length);
}
