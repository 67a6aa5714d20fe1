import type { Kernel } from "../../assembly/kernels.js";
import { ShapeError } from "../base/errors.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../base/tensor.js";
import type { Op } from "../graph/op.js";
import { type Buffer, float } from "../plan/call.js";

/** The kernels of a loss and what they expect. */
export interface LossRow {
  readonly forward: Kernel;
  readonly backward: Kernel;
  /** `"ids"`: one class id an example; `"rows"`: targets of the prediction's shape. */
  readonly targets: "ids" | "rows";
  /** Divides the sum over an example's outputs by their number. */
  readonly mean: boolean;
}

/** One loss an example: prediction [...], target (ids [] or rows [...]) -> []. `factor` scales it, `a` is the loss's constant. */
export function loss(name: string, row: LossRow, factor: number, a: number): Op {
  const operands = (prediction: Buffer, target: Buffer, batch: number, shape: Shape) => {
    const size = sizeOf(shape);
    return [prediction, target, batch, size, float(row.mean ? factor / size : factor), float(a)];
  };
  return {
    name,

    shape([prediction, target]) {
      const expected = row.targets === "ids" ? [] : (prediction as Shape);
      if (!sameShape(target as Shape, expected)) {
        const form = `${formatShape(expected)} an example`;
        throw new ShapeError(`${name}: targets of shape ${form} expected, got ${formatShape(target as Shape)}`);
      }
      return [];
    },

    forward(lowering, { inputs: [prediction, target], inputShapes: [shape], output }) {
      const rest = operands(prediction as Buffer, target as Buffer, lowering.batch, shape as Shape);
      lowering.emit({ kernel: row.forward, operands: [output, ...rest], writes: [output] });
    },

    backward(lowering, { inputs: [prediction, target], inputShapes: [shape], dOutput, dInputs: [dPrediction] }) {
      if (!dPrediction) return;
      const rest = operands(prediction as Buffer, target as Buffer, lowering.batch, shape as Shape);
      lowering.emit({ kernel: row.backward, operands: [dPrediction, dOutput, ...rest], writes: [dPrediction] });
    },
  };
}
