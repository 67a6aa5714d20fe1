import { FormatError } from "../../../base/errors.js";
import { formatShape } from "../../../base/tensor.js";
import type { Operator } from "../call.js";
import { reshape } from "../fold.js";
import { affine } from "./affine.js";

/** What has constants that were fitted on the training data. */
export const normalization: Readonly<Record<string, Operator>> = {
  /** (x - mean) / sqrt(variance + epsilon) scale + bias, per channel: axis 1. */
  BatchNormalization(call) {
    const x = call.symbolic(0);
    call.only("training_mode", 0);
    if (call.opset < 9) call.only("spatial", 1);
    const epsilon = call.float("epsilon", 1e-5);
    const parameters = [1, 2, 3, 4].map((index) => call.floats(index));
    const [channels = 1] = x.shape;
    if (!parameters.every(({ shape }) => shape.length === 1 && shape[0] === channels)) {
      const shapes = parameters.map(({ shape }) => formatShape(shape)).join(", ");
      throw new FormatError(`four constants [${channels}] expected, got ${shapes}`);
    }
    call.graph.budget.take(2 * channels);
    const [gamma, beta, mean, variance] = parameters.map(({ data }) => data) as unknown as readonly Float32Array[];
    const name = parameters[0]?.name as string;
    const factor = (i: number) => (gamma?.[i] as number) / Math.sqrt((variance?.[i] as number) + epsilon);
    const scale = Float32Array.from({ length: channels }, (_, i) => factor(i));
    const offset = Float32Array.from({ length: channels }, (_, i) => {
      return (beta?.[i] as number) - (mean?.[i] as number) * factor(i);
    });
    const constant = { kind: "floats", shape: [channels], name } as const;
    // Each channel's constant goes over all axes behind it.
    const shape = [channels, ...x.shape.slice(1).map(() => 1)];
    return affine(call, x, {
      scale: reshape({ ...constant, data: scale }, shape),
      offset: reshape({ ...constant, data: offset }, shape),
    });
  },
};
