import { type Activation, losses, type Model, models } from "neurone";
import { serve } from "../../shared/serve.js";

/** A formal neuron, one weight for each input. */
export interface Neuron {
  readonly weights: readonly number[];
  readonly bias: number;
  readonly activation: Activation;
}

/** At each of n places: the sum z, the output y = f(z), and the slope f'(z); each [n]. */
export interface Values {
  readonly z: Float32Array;
  readonly y: Float32Array;
  readonly slope: Float32Array;
}

/** Below every output that is looked at. */
const FAR_BELOW = -1e6;

/** With |y - t| as the loss, and t below every y, dL/dy is 1: so dL/dz, which the engine computes, is f'(z). */
async function valuesOf(net: Model, points: Float32Array, inputs: number): Promise<Values> {
  const count = points.length / inputs;
  if (count === 0) return { z: new Float32Array(), y: new Float32Array(), slope: new Float32Array() };
  net.compile({ optimizer: "sgd", loss: losses.meanAbsoluteError({ reduction: "sum" }) });
  const { layers } = await net.trace(points, new Float32Array(count).fill(FAR_BELOW));
  const { z, output, dz } = layers[0] as (typeof layers)[0];
  if (!z || !dz) throw new Error("a neuron's trace has z and dz");
  return { z: z.data, y: output.data, slope: dz.data };
}

const api = {
  /** `points` [n, inputs]. */
  async values(neuron: Neuron, points: Float32Array): Promise<Values> {
    using net = models.neuron(neuron);
    return await valuesOf(net, points, neuron.weights.length);
  },
  /** The activation function itself: a neuron of weight 1 and bias 0, whose sum is its input. */
  async curve(activation: Activation, z: Float32Array): Promise<Values> {
    using net = models.neuron({ weights: [1], bias: 0, activation });
    return await valuesOf(net, z, 1);
  },
  /** The outputs alone, [n]. */
  async outputs(neuron: Neuron, points: Float32Array): Promise<Float32Array> {
    using net = models.neuron(neuron);
    return (await net.predict(points)).data;
  },
};

export type Api = typeof api;
serve(api);
