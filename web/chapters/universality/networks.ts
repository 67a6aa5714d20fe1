import { type Initializer, input, layers, type Model, model, optimizers, type Prediction } from "neurone";
import { type ActivationName, deepUnits, type Settings } from "./settings.js";

/**
 * How steep a unit's function is at the start, for one unit: so that, with more of them, its rise or its bump stays about as wide as its
 * share of the interval. A kink has no width.
 */
const STEEPNESS: Readonly<Record<ActivationName, number>> = {
  tanh: 1 / 4,
  relu: 0,
  sigmoid: 1 / 2,
  radial: 1 / 4,
  softplus: 1 / 2,
  silu: 1 / 2,
  linear: 0,
};
const STEEPEST = 12;

/**
 * Where the first layer begins: z = w (x - c), the c spread over [-1, 1] in equal shares, at random within each, so that every part of
 * the curve has units that bend there; the sign of w alternates.
 */
function spreadOut(activation: ActivationName, units: number) {
  const slope = Math.min(STEEPEST, Math.max(1, STEEPNESS[activation] * units));
  const weightOf = (unit: number) => (unit % 2 === 0 ? slope : -slope);
  const kernelInitializer: Initializer = {
    name: "alternating",
    config: {},
    fill(out) {
      for (let unit = 0; unit < units; unit++) out[unit] = weightOf(unit);
    },
  };
  const biasInitializer: Initializer = {
    name: "spreadOut",
    config: {},
    fill(out, _, random) {
      for (let unit = 0; unit < units; unit++) {
        out[unit] = -weightOf(unit) * ((2 * (unit + random.uniform())) / units - 1);
      }
    },
  };
  return { kernelInitializer, biasInitializer };
}

const KINKED: readonly ActivationName[] = ["relu", "softplus", "silu"];

/** The layers behind an input: hidden ones, and the output. */
function layersOf({ activation }: Settings, depth: number, units: number) {
  const kernelInitializer = KINKED.includes(activation) ? "heUniform" : "glorotUniform";
  const hidden = Array.from({ length: depth }, (_, i) =>
    layers.dense({ units, activation, ...(i === 0 ? spreadOut(activation, units) : { kernelInitializer }) }),
  );
  return { hidden, output: layers.dense({ units: 1 }) };
}

function build(settings: Settings, depth: number, units: number): Model {
  const x = input({ shape: [1] });
  const { hidden, output } = layersOf(settings, depth, units);
  const y = output.apply(hidden.reduce((tensor, layer) => layer.apply(tensor), x));
  const net = model({ inputs: x, outputs: y, seed: settings.seed });
  return net.compile({
    optimizer: optimizers.adam({ learningRate: settings.learningRate }),
    loss: "meanSquaredError",
  });
}

export const buildShallow = (settings: Settings): Model => build(settings, 1, settings.neurons);

export const buildDeep = (settings: Settings): Model =>
  build(settings, settings.depth, deepUnits(settings.depth, settings.neurons));

/** The shallow network again, with two outputs: its hidden layer's, and its own. It takes the weights of the one that is trained. */
export function buildGlass(settings: Settings): Model<readonly Prediction[]> {
  const x = input({ shape: [1] });
  const { hidden, output } = layersOf(settings, 1, settings.neurons);
  const h = (hidden[0] as (typeof hidden)[0]).apply(x);
  return model({ inputs: x, outputs: [h, output.apply(h)], seed: settings.seed });
}
