import { init } from "neurone";
import { serve } from "../../shared/serve.js";
import { descend, type Path, type Settings } from "./descend.js";
import { type LandscapeName, landscapes, type Pair } from "./landscapes.js";
import { buildNetwork, lossesAt, setWeights } from "./network.js";
import { OPTIMIZERS, type OptimizerName } from "./optimizers.js";

/** The loss and its gradient at one place, over all examples. */
export interface Slope {
  readonly loss: number;
  readonly gradient: Pair;
}

/** The bits, and so the ways, are the same on every machine. */
const started = init({ numerics: "reproducible", threads: 1 });

const api = {
  /** The loss at each of n places, `places` [n, 2] -> [n]. */
  async losses(name: LandscapeName, places: Float32Array): Promise<Float32Array> {
    await started;
    return lossesAt(name, places);
  },

  /** Where each optimizer goes. */
  async paths(settings: Settings): Promise<Readonly<Record<OptimizerName, Path>>> {
    await started;
    const paths = [];
    for (const optimizer of OPTIMIZERS) paths.push([optimizer, await descend(settings, optimizer)]);
    return Object.fromEntries(paths);
  },

  async slope(name: LandscapeName, place: Pair): Promise<Slope> {
    await started;
    using net = buildNetwork(name);
    setWeights(net, place);
    net.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const { x, y } = landscapes[name];
    const { loss, gradients } = await net.trace(x, y);
    const [first, second] = gradients.map(({ data }) => data[0] as number);
    return { loss, gradient: [first as number, second as number] };
  },

  /** What the network computes with the weights of each place: its outputs at `x`. */
  async functions(name: LandscapeName, places: readonly Pair[], x: Float32Array): Promise<readonly Float32Array[]> {
    await started;
    using net = buildNetwork(name);
    const outputs = [];
    for (const place of places) {
      setWeights(net, place);
      outputs.push((await net.predict(x)).data);
    }
    return outputs;
  },
};

export type Api = typeof api;
serve(api);
