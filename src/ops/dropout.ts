import { Kernel } from "../../assembly/kernels.js";
import type { Shape } from "../base/tensor.js";
import type { Lowering, Op } from "../graph/op.js";
import { type Buffer, float } from "../plan/call.js";

/**
 * Zeroes each element with probability `rate` and scales the others by 1 / (1 - rate) (Srivastava et al., 2014). The mask
 * is a function of the seed, the layer's number, the step and the element, so backward computes it again instead of keeping it.
 */
export function dropout(rate: number, seed: number, layer: number): Op {
  const low = seed | 0;
  const high = Math.floor(seed / 2 ** 32) | 0;
  const emit = (lowering: Lowering, out: Buffer, source: Buffer) => {
    const operands = [out, source, out.bytes / 4, float(rate), low, high, layer, lowering.state.firstStep];
    lowering.emit({ kernel: Kernel.dropout, operands, writes: [out], mayReplace: source });
  };
  return {
    name: "dropout",
    shape: ([x]) => x as Shape,
    forward: (lowering, { inputs, output }) => emit(lowering, output, inputs[0] as Buffer),
    backward(lowering, { dOutput, dInputs: [dx] }) {
      if (dx) emit(lowering, dx, dOutput);
    },
  };
}
