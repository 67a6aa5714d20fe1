import { Kernel } from "../../assembly/kernels.js";
import { ShapeError } from "../base/errors.js";
import { formatShape, type Shape, sizeOf } from "../base/tensor.js";
import type { Op } from "../graph/op.js";
import type { Buffer } from "../plan/call.js";

/** y = x scale + offset with one scale and offset per element of an example: x [...], scale and offset [size of x]. */
export const scaleColumns: Op = {
  name: "scaleColumns",

  shape([x, scale, offset]) {
    const size = sizeOf(x as Shape);
    if (scale?.[0] !== size || offset?.[0] !== size) {
      throw new ShapeError(
        `normalization: ${scale?.[0]} features expected, got an input of ${formatShape(x as Shape)}`,
      );
    }
    return x as Shape;
  },

  forward(lowering, { inputs: [x, scale, offset], inputShapes: [shape], output }) {
    const operands = [output, x as Buffer, scale as Buffer, offset as Buffer, lowering.batch, sizeOf(shape as Shape)];
    lowering.emit({ kernel: Kernel.scaleColumns, operands, writes: [output], mayReplace: x as Buffer });
  },

  backward(lowering, { inputs: [, scale], inputShapes: [shape], dOutput, dInputs: [dx] }) {
    if (!dx) return;
    const operands = [dx, dOutput, scale as Buffer, lowering.batch, sizeOf(shape as Shape)];
    lowering.emit({ kernel: Kernel.scaleColumnsBackward, operands, writes: [dx], mayReplace: dOutput });
  },
};
