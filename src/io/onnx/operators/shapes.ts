import { FormatError } from "../../../base/errors.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../../../base/tensor.js";
import { type Call, checkAxis, type Operator } from "../call.js";
import { checkRank, concatenate, gather, reshape, transpose } from "../fold.js";
import { BATCH, type Integers, isConstant, type Size, type Symbolic, type Value } from "../values.js";

/** The operators that move numbers without computing with them, and those that compute shapes for them. */
export const shapes: Readonly<Record<string, Operator>> = {
  Flatten(call) {
    const x = call.symbolic(0);
    const axis = call.int("axis", 1);
    const at = axis < 0 ? axis + x.shape.length + 1 : axis;
    if (at === 1) return call.emit({ kind: "flatten" }, [x], [sizeOf(x.shape)]);
    // Axes of size 1 may go into the batch.
    if (at < 1 || sizeOf(x.shape.slice(0, at - 1)) !== 1) throw new FormatError(`axis 1 expected, got ${axis}`);
    return toShape(call, x, [sizeOf(x.shape)]);
  },

  Reshape(call) {
    const x = call.input(0);
    const target = call.integers(1);
    if (target.shape.length !== 1) throw new FormatError(`a list of sizes expected, got ${formatShape(target.shape)}`);
    checkRank(target.data.length);
    const copiesZeros = call.int("allowzero", 0) === 0;
    if (isConstant(x)) {
      return reshape(x, fillIn(copiesZeros ? copyZeros(target.data, x.shape) : target.data, x.shape));
    }
    const tensor = call.symbolic(0);
    return toShape(call, tensor, exampleOf(target.data, tensor.shape, copiesZeros, call.graph.batch));
  },

  /** Without axes all of size 1; before opset 13 they are an attribute. */
  Squeeze(call) {
    const x = call.input(0);
    const sizes = sizesOf(call, x);
    const given = axesOf(call);
    if (!given && call.graph.batch === 1 && !isConstant(x)) throw new FormatError("axes expected, got none");
    const axes =
      given?.map((axis) => checkAxis(axis, sizes.length)) ?? sizes.flatMap((size, i) => (size === 1 ? i : []));
    if (!axes.every((axis) => sizes[axis] === 1)) {
      throw new FormatError(`axes of size 1 in ${formatShape(sizes)} expected, got ${formatShape(axes)}`);
    }
    const gone = new Set(axes);
    return withSizes(
      call,
      x,
      sizes.filter((_, axis) => !gone.has(axis)),
    );
  },

  /** Axes are those of the result. */
  Unsqueeze(call) {
    const x = call.input(0);
    const sizes = sizesOf(call, x);
    const given = axesOf(call);
    if (!given) throw new FormatError("axes expected, got none");
    const rank = sizes.length + given.length;
    checkRank(rank);
    const axes = new Set(given.map((axis) => checkAxis(axis, rank)));
    if (axes.size !== given.length) throw new FormatError(`axes that differ expected, got ${formatShape(given)}`);
    const rest = [...sizes];
    const result = Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : (rest.shift() as Size)));
    return withSizes(call, x, result);
  },

  Transpose(call) {
    const x = call.input(0);
    const rank = sizesOf(call, x).length;
    const axes = call.ints("perm") ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
    if (x.kind === "floats" && rank === 2 && axes.join() === "1,0") return call.graph.transposed(x);
    if (isConstant(x)) return transpose(x, axes, call.graph.budget);
    if (!axes.every((axis, i) => axis === i)) {
      throw new FormatError(`a constant, or axes in their order, expected, got perm ${formatShape(axes)}`);
    }
    return x;
  },

  Concat(call) {
    const first = call.input(0);
    const inputs = call.inputs.map((_, i) => call.input(i));
    const axis = call.int("axis", Number.NaN);
    const constants = inputs.filter(isConstant);
    if (constants.length === inputs.length) {
      return concatenate(constants, checkAxis(axis, sizesOf(call, first).length), call.graph.budget);
    }
    const tensors = inputs.map((_, i) => call.symbolic(i));
    const shape = (tensors[0] as Symbolic).shape;
    const at = checkAxis(axis, shape.length + 1) - 1;
    const rest = (sizes: Shape) => sizes.filter((_, i) => i !== at);
    const fits = (one: Symbolic) => one.shape.length === shape.length && sameShape(rest(one.shape), rest(shape));
    if (at < 0 || !tensors.every(fits)) {
      const got = tensors.map((one) => formatShape([BATCH, ...one.shape])).join(", ");
      throw new FormatError(`tensors that differ along axis ${axis} expected, got ${got}`);
    }
    if (tensors.length === 1) return tensors;
    const size = tensors.reduce((sum, one) => sum + (one.shape[at] as number), 0);
    const operation = { kind: "concatenate", axis: at === shape.length - 1 ? -1 : at } as const;
    return call.emit(
      operation,
      tensors,
      shape.map((n, i) => (i === at ? size : n)),
    );
  },

  /** From opset 15 on a stretch of it may be asked for. */
  Shape(call) {
    const sizes = sizesOf(call, call.input(0));
    const data = sizes.slice(call.int("start", 0), call.int("end", sizes.length));
    call.graph.budget.take(data.length);
    return { kind: "integers", shape: [data.length], data, name: "" };
  },

  Gather(call) {
    const constant = call.constant(0);
    const axis = checkAxis(call.int("axis", 0), constant.shape.length);
    return gather(constant, call.integers(1), axis, call.graph.budget);
  },

  /** Of a list; before opset 10 the bounds are attributes. */
  Slice(call) {
    const list = call.constant(0);
    const given = (index: number, name: string) => {
      if (call.opset < 10) return call.ints(name);
      return call.inputs[index] ? call.numbers(index) : undefined;
    };
    const [starts, ends] = [given(1, "starts"), given(2, "ends")];
    const [axes, steps] = [given(3, "axes") ?? [0], call.opset < 10 ? [1] : (given(4, "") ?? [1])];
    const [axis, step] = [axes[0] === -1 ? 0 : axes[0], steps[0]];
    if (list.shape.length !== 1 || starts?.length !== 1 || ends?.length !== 1 || axis !== 0 || step !== 1) {
      throw new FormatError(`a stretch of a list in steps of 1 expected, got ${formatShape(list.shape)}`);
    }
    const [start, end] = [starts[0], ends[0]].map((bound) => clamp(bound as number, list.data.length));
    const length = Math.max(0, (end as number) - (start as number));
    call.graph.budget.take(length);
    const chosen = Array.from({ length }, (_, i) => (start as number) + i);
    const indices: Integers = { kind: "integers", shape: [chosen.length], data: chosen, name: "" };
    return gather(list, indices, 0, call.graph.budget);
  },
};

/** A bound of a stretch of `size` elements; negative ones count from the end. */
function clamp(bound: number, size: number): number {
  return Math.min(Math.max(bound < 0 ? bound + size : bound, 0), size);
}

/** All sizes of a tensor, the batch among them. */
function sizesOf(call: Call, x: Value): readonly Size[] {
  return isConstant(x) ? x.shape : [BATCH, ...call.symbolic(0).shape];
}

/** The same numbers under `sizes`, which has as many. */
function withSizes(call: Call, x: Value, sizes: readonly Size[]): Value {
  if (isConstant(x)) return reshape(x, sizes.map(known));
  const [batch, ...example] = sizes;
  if (batch !== BATCH) throw new FormatError(`axes behind the batch expected, got a shape ${formatShape(sizes)}`);
  return toShape(call, call.symbolic(0), example.map(known));
}

function toShape(call: Call, x: Symbolic, targetShape: Shape): Symbolic {
  return call.emit({ kind: "reshape", targetShape }, [x], targetShape);
}

function axesOf(call: Call): readonly number[] | undefined {
  if (call.opset < 13) return call.ints("axes");
  return call.inputs[1] ? call.numbers(1) : undefined;
}

function known(size: Size): number {
  if (size === BATCH) throw new FormatError("a shape with the batch as its first axis alone expected");
  return size;
}

/** The shape of an example where `target` is asked for: its first size must be the batch. */
function exampleOf(target: readonly Size[], example: Shape, copiesZeros: boolean, batch: number | undefined): Shape {
  const [first, ...rest] = copiesZeros ? copyZeros(target, [BATCH, ...example]) : target;
  const open = rest.includes(-1);
  // A number may be the batch's where it fixes it, or where the examples stay as large as they are.
  const keeps = first === BATCH || (first === -1 ? !open : (first ?? 0) >= 1 && (!open || first === batch));
  if (!keeps) throw new FormatError(`a shape that keeps the batch expected, got ${formatShape(target)}`);
  return fillIn(rest, example);
}

/** Sizes of 0 are those of the tensor. */
function copyZeros(target: readonly Size[], sizes: readonly Size[]): readonly Size[] {
  return target.map((size, axis) => (size === 0 ? (sizes[axis] ?? 0) : size));
}

/** A size of -1 is what remains of as many numbers as `shape` has. */
function fillIn(target: readonly Size[], shape: Shape): Shape {
  const closed = target.filter((size) => size !== -1).map(known);
  const left = sizeOf(shape) / sizeOf(closed);
  const result = target.map((size) => (size === -1 ? left : known(size)));
  const fits = result.every((size) => Number.isInteger(size) && size >= 0) && sizeOf(result) === sizeOf(shape);
  if (!fits || closed.length < target.length - 1) {
    throw new FormatError(`${formatShape(shape)} does not fit ${formatShape(target)}`);
  }
  return result;
}
