import { FormatError } from "../../base/errors.js";
import { formatShape, type Shape, sizeOf } from "../../base/tensor.js";
import { BATCH, type Budget, type Constant, type Floats, type Integers, MOST_AXES, type Size } from "./values.js";

/*
 * What operators make of constants. Elements are moved by their bits, so that a NaN stays the NaN it was.
 */

/** Throws `FormatError` for more axes than a tensor may have. */
export function checkRank(rank: number): void {
  if (rank > MOST_AXES) throw new FormatError(`at most ${MOST_AXES} axes expected, got ${rank}`);
}

/** The constant's elements, under another shape of as many. */
export function reshape<C extends Constant>(constant: C, shape: Shape): C {
  checkRank(shape.length);
  if (sizeOf(shape) !== sizeOf(constant.shape)) {
    throw new FormatError(`a constant ${formatShape(constant.shape)} does not fit ${formatShape(shape)}`);
  }
  return { ...constant, shape };
}

/** Axis i of the result is axis `axes[i]` of the constant. Throws `FormatError` unless `axes` has each of them once. */
export function transpose(constant: Constant, axes: readonly number[], budget: Budget): Constant {
  const rank = constant.shape.length;
  if (axes.length !== rank || new Set(axes).size !== rank || !axes.every((axis) => axis >= 0 && axis < rank)) {
    throw new FormatError(`perm ${formatShape(axes)} does not fit ${formatShape(constant.shape)}`);
  }
  const strides = stridesOf(constant.shape);
  const of = (sizes: readonly number[]) => axes.map((axis) => sizes[axis] as number);
  return take(constant, of(constant.shape), of(strides), budget);
}

/** The constant under `shape`, repeated along axes where it has size 1 or none. Throws `FormatError` where it does not fit. */
export function expand(constant: Floats, shape: Shape, budget: Budget): Floats {
  const strides = broadcastStrides(constant.shape, shape);
  if (!strides) throw new FormatError(`${formatShape(constant.shape)} does not broadcast to ${formatShape(shape)}`);
  return take(constant, shape, strides, budget) as Floats;
}

/** Constants one after the other along `axis`. Throws `FormatError` for shapes that differ along others. */
export function concatenate(parts: readonly Constant[], axis: number, budget: Budget): Constant {
  const [first] = parts as readonly [Constant];
  const rest = (shape: Shape) => shape.filter((_, i) => i !== axis).join();
  const fits = (part: Constant) =>
    part.kind === first.kind && part.shape.length > axis && rest(part.shape) === rest(first.shape);
  if (!parts.every(fits)) throw new FormatError("constants that differ only along the axis expected");
  const size = parts.reduce((sum, part) => sum + (part.shape[axis] as number), 0);
  const shape = first.shape.map((n, i) => (i === axis ? size : n));
  budget.take(sizeOf(shape));
  // Where there is nothing to copy there may still be many rows of it.
  const outer = sizeOf(shape) === 0 ? 0 : sizeOf(first.shape.slice(0, axis));
  const all = parts.map((part) => ({ words: wordsOf(part), run: sizeOf(part.shape) / outer }));
  const result = emptyLike(first, shape);
  let at = 0;
  for (let row = 0; row < outer; row++) {
    for (const { words, run } of all) {
      for (let i = row * run; i < (row + 1) * run; i++) result.words[at++] = words[i] as Size & number;
    }
  }
  return result.constant;
}

/** Slices of the constant along `axis`, in the order of `indices`, whose shape takes the axis's place. */
export function gather(constant: Constant, indices: Integers, axis: number, budget: Budget): Constant {
  const size = constant.shape[axis] as number;
  budget.take(indices.data.length);
  const chosen = indices.data.map((index) => {
    const at = index === BATCH ? -1 : index < 0 ? index + size : index;
    if (!Number.isInteger(at) || at < 0 || at >= size) {
      throw new FormatError(`indices from ${-size} to ${size - 1} expected, got ${index}`);
    }
    return at;
  });
  const [before, after] = [constant.shape.slice(0, axis), constant.shape.slice(axis + 1)];
  const shape = [...before, ...indices.shape, ...after];
  checkRank(shape.length);
  budget.take(sizeOf(shape));
  const words = wordsOf(constant);
  const result = emptyLike(constant, shape);
  const [outer, run] = [sizeOf(shape) === 0 ? 0 : sizeOf(before), sizeOf(after)];
  let at = 0;
  for (let row = 0; row < outer; row++) {
    for (const index of chosen) {
      const start = (row * size + index) * run;
      for (let i = 0; i < run; i++) result.words[at++] = words[start + i] as Size & number;
    }
  }
  return result.constant;
}

/** f of the elements of both, broadcast to each other. Throws `FormatError` for shapes that do not fit, and for mixed types. */
export function elementwise(f: (a: number, b: number) => number, a: Constant, b: Constant, budget: Budget): Constant {
  const shape = broadcastShape(a.shape, b.shape);
  if (!shape || a.kind !== b.kind) {
    const shapes = `${a.kind} ${formatShape(a.shape)} and ${b.kind} ${formatShape(b.shape)}`;
    throw new FormatError(`two constants of one type that broadcast expected, got ${shapes}`);
  }
  budget.take(sizeOf(shape));
  const data = a.kind === "floats" ? new Float32Array(sizeOf(shape)) : new Array<number>(sizeOf(shape));
  const [placesOfA, placesOfB] = [a, b].map((one) => new Places(shape, broadcastStrides(one.shape, shape) as Shape));
  for (let i = 0; i < data.length; i++) {
    const x = a.data[(placesOfA as Places).next()] as Size;
    const y = b.data[(placesOfB as Places).next()] as Size;
    if (x === BATCH || y === BATCH) throw new FormatError("a size of the batch is computed with");
    data[i] = f(x, y);
  }
  return { ...a, shape, data } as Constant;
}

/** Where each element of `shape` lies, row-major, as many elements apart along each axis as `strides` says. */
class Places {
  readonly #shape: Shape;
  readonly #strides: readonly number[];
  readonly #counter: number[];
  #at = 0;

  constructor(shape: Shape, strides: readonly number[]) {
    this.#shape = shape;
    this.#strides = strides;
    this.#counter = shape.map(() => 0);
  }

  next(): number {
    const place = this.#at;
    for (let axis = this.#shape.length - 1; axis >= 0; axis--) {
      const stride = this.#strides[axis] as number;
      const count = (this.#counter[axis] as number) + 1;
      this.#at += stride;
      this.#counter[axis] = count;
      if (count < (this.#shape[axis] as number)) break;
      this.#at -= stride * count;
      this.#counter[axis] = 0;
    }
    return place;
  }
}

function take(constant: Constant, shape: Shape, strides: readonly number[], budget: Budget): Constant {
  budget.take(sizeOf(shape));
  const words = wordsOf(constant);
  const result = emptyLike(constant, shape);
  const from = new Places(shape, strides);
  for (let i = 0; i < result.words.length; i++) result.words[i] = words[from.next()] as Size & number;
  return result.constant;
}

/** The elements as what can be copied without a change: floats by their bits. */
function wordsOf(constant: Constant): Uint32Array | readonly Size[] {
  if (constant.kind === "integers") return constant.data;
  const { buffer, byteOffset, length } = constant.data;
  return new Uint32Array(buffer, byteOffset, length);
}

/** A constant of the type and name of another, with its words to be filled in. */
function emptyLike(constant: Constant, shape: Shape): { words: Uint32Array | Size[]; constant: Constant } {
  if (constant.kind === "integers") {
    const words = new Array<Size>(sizeOf(shape));
    return { words, constant: { ...constant, shape, data: words } };
  }
  const data = new Float32Array(sizeOf(shape));
  return { words: new Uint32Array(data.buffer), constant: { ...constant, shape, data } };
}

function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis] as number;
  }
  return strides;
}

/** The shape that two broadcast to, by numpy's rules; undefined where there is none. */
function broadcastShape(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const sizes = Array.from({ length: rank }, (_, i) => {
    const [x, y] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1];
    if (x !== y && x !== 1 && y !== 1) return undefined;
    return x === 1 ? y : x;
  });
  return sizes.every((size) => size !== undefined) ? sizes : undefined;
}

/** Strides by which `shape` is read as `target`: 0 along axes that are repeated; undefined where it does not broadcast. */
function broadcastStrides(shape: Shape, target: Shape): readonly number[] | undefined {
  const missing = target.length - shape.length;
  const fits = (size: number, axis: number) => size === 1 || size === target[missing + axis];
  if (missing < 0 || !shape.every(fits)) return undefined;
  const strides = stridesOf(shape).map((stride, axis) => (shape[axis] === 1 ? 0 : stride));
  return [...new Array<number>(missing).fill(0), ...strides];
}
