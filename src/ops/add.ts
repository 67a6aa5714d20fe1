import { Kernel } from "../../assembly/kernels.js";
import { ShapeError } from "../base/errors.js";
import { formatShape, type Shape, sameShape } from "../base/tensor.js";
import type { Op } from "../graph/op.js";
import type { Buffer } from "../plan/call.js";

/** The elementwise sum of two or more values of one shape; the gradient passes to each. */
export const add: Op = {
  name: "add",
  sharing: "pass",

  shape(inputs) {
    const first = inputs[0] as Shape;
    if (inputs.length < 2 || !inputs.every((shape) => sameShape(shape, first))) {
      throw new ShapeError(`add: two or more inputs of one shape expected, got ${inputs.map(formatShape).join(", ")}`);
    }
    return first;
  },

  forward(lowering, { inputs, output }) {
    const elements = output.bytes / 4;
    let total = inputs[0] as Buffer;
    for (const term of inputs.slice(1)) {
      const operands = [output, total, term, elements];
      lowering.emit({ kernel: Kernel.sum, operands, writes: [output], mayReplace: total });
      total = output;
    }
  },
};
