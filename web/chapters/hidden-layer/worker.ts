import { input, layers, model, models } from "neurone";
import { serve } from "../../shared/serve.js";

/** Two inputs, two hidden neurons, one output: y = w2 . g(W x + b1) + b2. */
export interface Network {
  /** W by rows, one row a hidden neuron: w11, w12, w21, w22. */
  readonly W: readonly number[];
  readonly b1: readonly number[];
  readonly g: string;
  readonly w2: readonly number[];
  readonly b2: number;
}

/** What n points are after each step. */
export interface Steps {
  /** W x + b1, [n, 2]. */
  readonly u: Float32Array;
  /** g(u), [n, 2]. */
  readonly h: Float32Array;
  /** w2 . h + b2, [n]. */
  readonly y: Float32Array;
}

const api = {
  /** Each step of the way of `points`, [n, 2], by one network with three outputs. */
  async steps({ W, b1, g, w2, b2 }: Network, points: Float32Array): Promise<Steps> {
    const x = input({ shape: [2] });
    const sums = layers.dense({ units: 2, name: "sums" }).apply(x);
    const hidden = layers.activation({ activation: g, name: "hidden" }).apply(sums);
    const output = layers.dense({ units: 1, name: "output" }).apply(hidden);
    using net = model({ inputs: x, outputs: [sums, hidden, output] });
    const [w11, w12, w21, w22] = W as readonly [number, number, number, number];
    net.setWeights({
      // Kernels are [inputs, units]: the matrix of the lecture, transposed.
      "sums/kernel": [
        [w11, w21],
        [w12, w22],
      ],
      "sums/bias": [...b1],
      "output/kernel": w2.map((weight) => [weight]),
      "output/bias": [b2],
    });
    const [u, h, y] = (await net.predict(points)).map(({ data }) => data);
    if (!u || !h || !y) throw new Error("a network of three outputs predicts three");
    return { u, h, y };
  },
  /** w2 . h + b2 at places of the plane of h, [n, 2] -> [n]. */
  async readout({ w2, b2 }: Network, places: Float32Array): Promise<Float32Array> {
    using net = models.neuron({ weights: [...w2], bias: b2, activation: "linear" });
    return (await net.predict(places)).data;
  },
};

export type Api = typeof api;
serve(api);
