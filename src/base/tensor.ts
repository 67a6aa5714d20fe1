/** Sizes of a tensor, outermost first. A batch's first size is its number of examples. */
export type Shape = readonly number[];

/** Nested arrays of numbers: `[[0, 0], [0, 1]]` is a tensor of shape [2, 2]. */
export type NestedArray = readonly (number | NestedArray)[];

/** The element types that enter the engine. A `Uint8Array` stays one byte an element in its memory. */
export type TypedData = Float32Array | Uint8Array | Int32Array;

/** Numbers with their shape, row-major. */
export interface Tensor<D extends TypedData = TypedData> {
  readonly data: D;
  readonly shape: Shape;
}

/** What `fit`, `evaluate` and `predict` take as data. */
export type TensorLike = TypedData | Tensor | NestedArray;

/** Number of elements of `shape`: 1 for a scalar's []. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** `[28, 28]`, as error messages and summaries print it. */
export function formatShape(shape: readonly (number | string)[]): string {
  return `[${shape.join(", ")}]`;
}
