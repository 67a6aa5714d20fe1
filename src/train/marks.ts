import { Kernel } from "../../assembly/kernels.js";
import { type Shape, sizeOf } from "../base/tensor.js";
import { apply, Value } from "../graph/graph.js";
import type { Op } from "../graph/op.js";
import { align } from "../plan/arena.js";
import type { Buffer, KernelCall } from "../plan/call.js";
import type { WeightPlace } from "./weights.js";

/** A tensor of the graph of which a step keeps the numbers. */
export interface Mark {
  readonly source: Value;
  /** The same tensor, for whatever reads it: its gradient is kept on the way back. */
  readonly value: Value;
  /** Where its numbers lie in the region `"kept"`, and its gradient's in `"gradients"`. */
  readonly place: Buffer;
  /** Where losses lie that judge the same numbers without the graph's noticing. */
  readonly apart: Buffer[];
}

/** What a mark has besides its tensor: like a parameter, a place for numbers and one for their gradient. */
interface Room {
  readonly value: Value;
  readonly place: WeightPlace;
}

export function copyCall(to: Buffer, from: Buffer): KernelCall {
  const elements = to.bytes / 4;
  return { kernel: Kernel.copyRows, operands: [to, elements, 0, from, elements, 0, 1, elements], writes: [to] };
}

/** Passes its first input on, and keeps it where the second lies; the same with the gradients. */
const keep: Op = {
  name: "keep",
  shape: ([x]) => x as Shape,
  forward(lowering, { inputs: [x, room], output }) {
    for (const to of [room, output]) lowering.emit(copyCall(to as Buffer, x as Buffer));
  },
  backward(lowering, { dOutput, dInputs: [dx, room] }) {
    for (const to of [room, dx]) if (to) lowering.emit(copyCall(to, dOutput));
  },
};

/** The same numbers, through which no gradient passes. */
const detach: Op = {
  name: "detach",
  shape: ([x]) => x as Shape,
  forward: (lowering, { inputs: [x], output }) => lowering.emit(copyCall(output, x as Buffer)),
};

/** Marks tensors of a graph for batches of `batch` examples. Their room begins behind the weights' gradients. */
export class Marks {
  readonly rooms: Room[] = [];
  readonly #batch: number;
  readonly #marks = new Map<Value, Mark>();
  #bytes: number;

  constructor(batch: number, from: number) {
    this.#batch = batch;
    this.#bytes = from;
  }

  /** How long the regions `"kept"` and `"gradients"` are. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Marks `source`: what shall count in its gradient reads the mark's value instead. */
  mark(source: Value): Mark {
    const shape = [this.#batch, ...source.shape];
    const place = { region: "kept", offset: this.#bytes, bytes: sizeOf(shape) * 4 };
    this.#bytes += align(place.bytes);
    const value = new Value(shape);
    this.rooms.push({ value, place: { name: "", shape, trainable: true, regularizer: undefined, buffer: place } });
    const mark = { source, value: apply(keep, source, value), place, apart: [] };
    this.#marks.set(mark.value, mark);
    return mark;
  }

  /** The marks that a value went through since it was computed, the last first. */
  behind(value: Value): Mark[] {
    const marks: Mark[] = [];
    for (let mark = this.#marks.get(value); mark; mark = this.#marks.get(mark.source)) marks.push(mark);
    return marks;
  }

  /** Marks what `marks` keep once more, apart from the graph: a loss on it changes no other gradient. */
  markApart(marks: readonly Mark[]): Mark {
    const apart = this.mark(apply(detach, (marks.at(-1) as Mark).source));
    for (const mark of marks) mark.apart.push(apart.place);
    return apart;
  }
}
