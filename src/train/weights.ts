import { toTensor, toTyped } from "../base/arrays.js";
import { lookUp, show } from "../base/check.js";
import { ConfigError, DataError, OutOfMemoryError, ShapeError } from "../base/errors.js";
import { hashBytes } from "../base/hash.js";
import { Random, streams } from "../base/random.js";
import { formatShape, type Shape, sameShape, sizeOf, type Tensor, type TensorLike } from "../base/tensor.js";
import type { Regularizer } from "../layers/layer.js";
import { align } from "../plan/arena.js";
import type { Buffer } from "../plan/call.js";
import { ADDRESSABLE, type Engine } from "../runtime/engine.js";
import type { NamedParameter } from "./network.js";

/** A weight as `getWeights` returns it: a copy of its numbers under its name, such as `dense/kernel`. */
export interface Weight {
  readonly name: string;
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** New values: a list in the order of `getWeights`, or some by name. */
export type WeightsLike = readonly (Weight | TensorLike)[] | { readonly [name: string]: Weight | TensorLike };

/** Where a parameter lies in the block of parameters; a trained one's gradient lies at the same offset of its block. */
export interface WeightPlace {
  readonly name: string;
  readonly shape: Shape;
  readonly trainable: boolean;
  readonly regularizer: Regularizer | undefined;
  /** Within the region `"parameters"`. */
  readonly buffer: Buffer;
}

/**
 * All parameters of a model in one block, the trained ones first. It lives in JavaScript until the engine has started,
 * then in the engine's memory.
 */
export class Weights {
  /** In the order of the layers. */
  readonly places: readonly WeightPlace[];
  /** Length of the trained part of the block, which comes first. */
  readonly trainableBytes: number;
  readonly bytes: number;
  #host: Float32Array<ArrayBuffer> | undefined;
  #engine: Engine | undefined;
  #address = 0;

  /**
   * Places, and initialises or takes `given`, which is all of them in any order. Throws `OutOfMemoryError` when the parameters are more
   * than the engine can address, `ConfigError` or `ShapeError` for weights that are not these parameters'.
   */
  constructor(parameters: readonly NamedParameter[], seed: number, given?: readonly Weight[]) {
    let end = 0;
    const offsets = new Map<NamedParameter, number>();
    const place = (trainable: boolean) => {
      for (const parameter of parameters) {
        if (parameter.trainable !== trainable) continue;
        offsets.set(parameter, end);
        end += align(sizeOf(parameter.shape) * 4);
      }
      return end;
    };
    this.trainableBytes = place(true);
    this.bytes = place(false);
    this.places = parameters.map((parameter) => ({
      name: parameter.fullName,
      shape: parameter.shape,
      trainable: parameter.trainable,
      regularizer: parameter.regularizer,
      buffer: {
        bytes: sizeOf(parameter.shape) * 4,
        region: "parameters",
        offset: offsets.get(parameter) as number,
      },
    }));
    const values = given && this.#byName(given);
    this.#host = hostBlock(this.bytes);
    parameters.forEach((parameter, number) => {
      const view = this.#view(this.places[number] as WeightPlace);
      const random = new Random(seed, streams.initialization, number);
      if (values) view.set(values[number] as Float32Array);
      else parameter.initializer.fill(view, parameter.shape, random);
    });
  }

  /** Moves the weights into the engine's memory at `address`. */
  attach(engine: Engine, address: number): void {
    engine.f32(address, this.bytes / 4).set(this.#host as Float32Array);
    this.#engine = engine;
    this.#address = address;
    this.#host = undefined;
  }

  read(): Weight[] {
    return this.places.map((place) => ({ name: place.name, shape: place.shape, data: this.#view(place).slice() }));
  }

  /** Throws `ShapeError`, `DataError` or `ConfigError` before anything is written. */
  write(given: WeightsLike): void {
    if (typeof given !== "object" || given === null)
      throw new ConfigError(`setWeights takes a list or { name: … }, got ${show(given)}`);
    const values: [WeightPlace, Tensor][] = Array.isArray(given)
      ? this.#inOrder(given)
      : Object.entries(given as Record<string, Weight | TensorLike>).map(([name, value]) => {
          const known = Object.fromEntries(this.places.map((place) => [place.name, place]));
          const place = lookUp("setWeights: weight", name, known);
          return [place, toWeight(place, value)];
        });
    for (const [place, { data }] of values) this.#view(place).set(data);
  }

  /**
   * Sets all weights to what `read` returned, in any order, bit by bit, numbers that are not finite too. Throws `ConfigError` or
   * `ShapeError` before anything is written.
   */
  restore(given: readonly Weight[]): void {
    this.#byName(given).forEach((data, i) => {
      this.#view(this.places[i] as WeightPlace).set(data);
    });
  }

  /** A copy of the trained part of the block. */
  trainable(): Float32Array<ArrayBuffer> {
    return this.#floats(0, this.trainableBytes / 4).slice();
  }

  /** The penalty of the regularizers at these weights, in float64. */
  penalty(): number {
    let total = 0;
    for (const place of this.places) {
      const { l1 = 0, l2 = 0 } = (place.trainable && place.regularizer) || {};
      if (l1 === 0 && l2 === 0) continue;
      for (const w of this.#view(place)) total += l1 * Math.abs(w) + l2 * w * w;
    }
    return total;
  }

  /** FNV-1a, 64 bits, of all weights' bytes in the order of `places`. */
  hash(): string {
    return hashBytes(
      this.places.map((place) => {
        const view = this.#view(place);
        return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
      }),
    );
  }

  /** The numbers of each place, from `given`, which is these weights and no others. */
  #byName(given: readonly Weight[]): Float32Array[] {
    const weights = new Map(given.map((weight) => [weight.name, weight]));
    const values = this.places.map((place) => {
      const weight = weights.get(place.name);
      if (!weight) throw new ConfigError(`weight ${show(place.name)} is missing`);
      checkShape(`weight ${show(place.name)}`, place.shape, weight.shape);
      weights.delete(place.name);
      return weight.data;
    });
    const [left] = weights.keys();
    if (left !== undefined) throw new ConfigError(`weight ${show(left)} belongs to no layer`);
    return values;
  }

  #inOrder(given: readonly (Weight | TensorLike)[]): [WeightPlace, Tensor][] {
    if (given.length !== this.places.length) {
      throw new ShapeError(`setWeights: ${this.places.length} weights expected, got ${given.length}`);
    }
    return this.places.map((place, i) => {
      const weight = given[i] as Weight | TensorLike;
      const name: unknown =
        typeof weight === "object" && weight !== null && "name" in weight ? weight.name : place.name;
      if (name !== place.name) {
        throw new ConfigError(`setWeights: ${show(place.name)} expected in place ${i} of the list, got ${show(name)}`);
      }
      return [place, toWeight(place, weight)];
    });
  }

  #view(place: WeightPlace): Float32Array {
    return this.#floats(place.buffer.offset, place.buffer.bytes / 4);
  }

  #floats(offset: number, length: number): Float32Array {
    if (this.#engine) return this.#engine.f32(this.#address + offset, length);
    return (this.#host as Float32Array<ArrayBuffer>).subarray(offset / 4, offset / 4 + length);
  }
}

function toWeight(place: WeightPlace, given: TensorLike): Tensor {
  const what = `setWeights: ${place.name}`;
  const typed = toTyped(given);
  const tensor = typed ? { data: typed, shape: [typed.length] } : toTensor(what, given);
  const isFlat = typed !== undefined && typed.length === sizeOf(place.shape);
  if (!isFlat) checkShape(what, place.shape, tensor.shape);
  const bad = tensor.data.findIndex((value) => !Number.isFinite(Math.fround(value)));
  if (bad >= 0) throw new DataError(`${what} must hold finite numbers, got ${tensor.data[bad]} as element ${bad}`);
  return tensor;
}

function checkShape(what: string, expected: Shape, got: Shape): void {
  if (sameShape(got, expected)) return;
  const isTurned = got.length === 2 && sameShape([...got].reverse(), expected);
  const hint = isTurned ? " (of PyTorch? its matrices are [out, in]: transpose: true turns them around)" : "";
  throw new ShapeError(`${what}: shape ${formatShape(expected)} expected, got ${formatShape(got)}${hint}`);
}

function hostBlock(bytes: number): Float32Array<ArrayBuffer> {
  if (!(bytes <= ADDRESSABLE)) throw new OutOfMemoryError("the model's parameters", bytes, ADDRESSABLE);
  try {
    return new Float32Array(bytes / 4);
  } catch {
    throw new OutOfMemoryError("the model's parameters (the host gave no more memory)", bytes, ADDRESSABLE);
  }
}
