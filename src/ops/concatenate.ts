import { Kernel } from "../../assembly/kernels.js";
import { ShapeError } from "../base/errors.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../base/tensor.js";
import type { Lowering, Op } from "../graph/op.js";
import type { Buffer } from "../plan/call.js";

/** Inputs side by side along `axis` (of the shape without the batch; negative counts from the end). */
export function concatenate(axis: number): Op {
  const at = (shape: Shape) => (axis < 0 ? axis + shape.length : axis);

  /** Copies each part out of, or into, its stretch of the whole. */
  function copy(
    lowering: Lowering,
    shapes: readonly Shape[],
    whole: Buffer,
    parts: readonly (Buffer | undefined)[],
    out: boolean,
  ) {
    const first = shapes[0] as Shape;
    const outer = lowering.batch * sizeOf(first.slice(0, at(first)));
    const runs = shapes.map((shape) => sizeOf(shape.slice(at(shape))));
    const stride = runs.reduce((sum, run) => sum + run, 0);
    let offset = 0;
    runs.forEach((run, i) => {
      const part = parts[i];
      if (part) {
        const there = [whole, stride, offset] as const;
        const here = [part, run, 0] as const;
        const operands = out ? [...here, ...there, outer, run] : [...there, ...here, outer, run];
        lowering.emit({ kernel: Kernel.copyRows, operands, writes: [out ? part : whole] });
      }
      offset += run;
    });
  }

  return {
    name: "concatenate",

    shape(inputs) {
      const first = inputs[0] as Shape;
      const where = at(first);
      const rest = (shape: Shape) => shape.filter((_, i) => i !== where);
      const fits = (shape: Shape) => shape.length === first.length && sameShape(rest(shape), rest(first));
      if (inputs.length < 2 || where < 0 || where >= first.length || !inputs.every(fits)) {
        const shapes = inputs.map(formatShape).join(", ");
        throw new ShapeError(`concatenate: inputs that differ only along axis ${axis} expected, got ${shapes}`);
      }
      return first.map((n, i) => (i === where ? inputs.reduce((sum, shape) => sum + (shape[i] as number), 0) : n));
    },

    forward: (lowering, { inputs, inputShapes, output }) => copy(lowering, inputShapes, output, inputs, false),
    backward: (lowering, { inputShapes, dOutput, dInputs }) => copy(lowering, inputShapes, dOutput, dInputs, true),
  };
}
