import { type Callback, callbacks, type Optimizer, optimizers } from "neurone";
import { type LandscapeName, landscapes, type Pair } from "./landscapes.js";
import { buildNetwork, lossesAt, setWeights } from "./network.js";
import { MOMENTUM, type OptimizerName } from "./optimizers.js";

export interface Settings {
  readonly landscape: LandscapeName;
  readonly start: Pair;
  readonly learningRate: number;
  /** Examples a step. */
  readonly batchSize: number;
  readonly seed: number;
  /** The stopping rules: steps at most; where given, how little the weights change, and how small the gradient is, in one epoch. */
  readonly iterations: number;
  readonly thetaTolerance: number | undefined;
  readonly gradientTolerance: number | undefined;
}

/** What ended a descent: one of the three rules, or that it went beyond all bounds. */
export type End = "iterations" | "theta" | "gradient" | "diverged";

export interface Path {
  /** The weights before the first step and after each, [steps + 1, 2]. */
  readonly places: Float32Array;
  /** The loss over all examples there, [steps + 1]. */
  readonly losses: Float32Array;
  readonly end: End;
}

/** Weights beyond are given up: this far outside there is no way back. */
const BEYOND = 1e4;

const make: Readonly<Record<OptimizerName, (learningRate: number) => Optimizer>> = {
  sgd: (learningRate) => optimizers.sgd({ learningRate }),
  momentum: (learningRate) => optimizers.sgd({ learningRate, momentum: MOMENTUM }),
  adam: (learningRate) => optimizers.adam({ learningRate }),
};

/** One training, its weights written down after each step. */
export async function descend(settings: Settings, optimizer: OptimizerName): Promise<Path> {
  const { landscape, start, learningRate, batchSize, seed, iterations, thetaTolerance, gradientTolerance } = settings;
  const { x, y } = landscapes[landscape];
  using net = buildNetwork(landscape, seed);
  setWeights(net, start);
  net.compile({ optimizer: make[optimizer](learningRate), loss: "meanSquaredError" });

  const places: number[] = [...start];
  let end: End = "iterations";
  const journal: Callback = {
    onBatchEnd(_, __, model) {
      const weights = model.getWeights().map(({ data }) => data[0] as number);
      places.push(...weights);
      const isFar = weights.some((weight) => !(Math.abs(weight) <= BEYOND));
      if (isFar) end = "diverged";
      if (isFar || places.length > 2 * iterations) model.stop();
    },
    onEpochEnd(_, { gradientNorm, thetaChange }) {
      if (end === "diverged") return;
      if (isAtMost(gradientNorm, gradientTolerance)) end = "gradient";
      else if (isAtMost(thetaChange, thetaTolerance)) end = "theta";
    },
  };
  const tolerances = {
    ...(thetaTolerance === undefined ? {} : { thetaTolerance }),
    ...(gradientTolerance === undefined ? {} : { gradientTolerance }),
  };
  const rules = Object.keys(tolerances).length > 0 ? [callbacks.convergence(tolerances)] : [];
  const epochs = Math.ceil(iterations / Math.ceil(x.length / batchSize));
  await net.fit(x, y, { batchSize, epochs, callbacks: [journal, ...rules] });
  const path = Float32Array.from(places);
  return { places: path, losses: await lossesAt(landscape, path), end };
}

const isAtMost = (value: number | undefined, tolerance: number | undefined) =>
  value !== undefined && tolerance !== undefined && value <= tolerance;
