import type { Shape } from "../base/tensor.js";
import type { Op } from "../graph/op.js";
import { type Buffer, float } from "../plan/call.js";
import type { ActivationRow } from "./activation-table.js";

/** y = f(x), elementwise, with the row's kernels and the constants a and b of f. */
export function activation(name: string, row: ActivationRow, a = row.a, b = row.b): Op {
  return {
    name,
    shape: ([x]) => x as Shape,

    forward(lowering, { inputs, output }) {
      const x = inputs[0] as Buffer;
      const operands = [output, x, x.bytes / 4, float(a), float(b)];
      // A parameter or a batch of the data set is never overwritten: only temporaries change hands.
      lowering.emit({ kernel: row.forward, operands, writes: [output], mayReplace: x });
    },

    backward(lowering, { inputs, output, dOutput, dInputs: [dx] }) {
      if (!dx) return;
      const x = row.saves === "x" ? (inputs[0] as Buffer) : 0;
      const y = row.saves === "y" ? output : 0;
      const operands = [dx, dOutput, x, y, output.bytes / 4, float(a), float(b)];
      lowering.emit({ kernel: row.backward, operands, writes: [dx], mayReplace: dOutput });
    },
  };
}
