import { Kernel } from "../../assembly/kernels.js";
import { ShapeError } from "../base/errors.js";
import { formatShape, type Shape, sizeOf } from "../base/tensor.js";
import type { Op } from "../graph/op.js";
import type { Buffer } from "../plan/call.js";
import { matmul } from "./matmul.js";

/**
 * y = x W + b over the last axis: x [..., in], W [in, units], b [units] (optional) -> [..., units].
 *
 * dW = x^T dy, db = the sum of dy over rows, dx = dy W^T.
 */
export const dense: Op = {
  name: "dense",

  shape([x, kernel]) {
    const size = x?.at(-1);
    if (!x || !kernel || size !== kernel[0]) {
      throw new ShapeError(
        `dense: the last axis of its input must be ${kernel?.[0]}, the kernel's rows, got ${formatShape(x ?? [])}`,
      );
    }
    return [...x.slice(0, -1), kernel[1] as number];
  },

  forward(lowering, { inputs: [x, kernel, bias], inputShapes, output }) {
    const { rows, size, units } = sizes(lowering.batch, inputShapes);
    matmul(lowering, { out: output, a: x as Buffer, b: kernel as Buffer, bias, M: rows, N: units, K: size });
  },

  backward(lowering, { inputs: [x, kernel], inputShapes, dOutput, dInputs: [dx, dKernel, dBias] }) {
    const { rows, size, units } = sizes(lowering.batch, inputShapes);
    if (dKernel) {
      const a = x as Buffer;
      matmul(lowering, { out: dKernel, a, aTransposed: true, b: dOutput, M: size, N: units, K: rows });
    }
    if (dBias) {
      lowering.emit({ kernel: Kernel.columnSum, operands: [dBias, dOutput, rows, units], writes: [dBias] });
    }
    if (dx) {
      const b = kernel as Buffer;
      matmul(lowering, { out: dx, a: dOutput, b, bTransposed: true, M: rows, N: size, K: units });
    }
  },
};

function sizes(batch: number, [x, kernel]: readonly Shape[]) {
  const [size, units] = kernel as [number, number];
  return { rows: (batch * sizeOf(x as Shape)) / size, size, units };
}
