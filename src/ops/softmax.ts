import { Kernel } from "../../assembly/kernels.js";
import { ShapeError } from "../base/errors.js";
import { formatShape, type Shape } from "../base/tensor.js";
import type { Op } from "../graph/op.js";
import type { Buffer } from "../plan/call.js";

/** y_i = e^(z_i) / sum_j e^(z_j) over the last axis. dz = y (dy - sum_j dy_j y_j). */
export const softmax: Op = {
  name: "softmax",

  shape([z]) {
    if (!z || (z.at(-1) ?? 0) < 2) {
      throw new ShapeError(`softmax: the last axis must hold at least 2 classes, got ${formatShape(z ?? [])}`);
    }
    return z;
  },

  forward(lowering, { inputs: [z], inputShapes: [shape], output }) {
    const columns = (shape as Shape).at(-1) as number;
    const operands = [output, z as Buffer, output.bytes / 4 / columns, columns];
    lowering.emit({ kernel: Kernel.softmaxForward, operands, writes: [output], mayReplace: z as Buffer });
  },

  backward(lowering, { inputShapes: [shape], output, dOutput, dInputs: [dz] }) {
    if (!dz) return;
    const columns = (shape as Shape).at(-1) as number;
    const operands = [dz, dOutput, output, output.bytes / 4 / columns, columns];
    lowering.emit({ kernel: Kernel.softmaxBackward, operands, writes: [dz], mayReplace: dOutput });
  },
};
