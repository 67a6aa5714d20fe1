import {
  type Callback,
  callbacks,
  type FitOptions,
  type History,
  layers,
  type Model,
  type Optimizer,
  sequential,
} from "../../src/index.js";

/* A training that takes milliseconds and has everything in it that a checkpoint must bring back. */

export const ROWS = 22;
export const BATCH = 4;
export const EPOCHS = 3;

export const x = Float32Array.from({ length: ROWS * 3 }, (_, i) => ((i * 37) % 41) / 32 - 0.625);
export const y = Int32Array.from({ length: ROWS }, (_, i) => (i * 7) % 3);

export function build(optimizer: string | Optimizer = "adam", units = 7): Model {
  const net = sequential({
    seed: 5,
    layers: [
      layers.normalization({ inputShape: [3], scale: [1, 2, 0.5], offset: [0, 0.125, -0.25] }),
      layers.dense({ units, activation: "tanh", kernelRegularizer: { l2: 0.01 } }),
      layers.dropout({ rate: 0.25 }),
      layers.dense({ units: 3, activation: "softmax" }),
    ],
  });
  return net.compile({ optimizer, loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
}

/** Trains with a checkpoint after every step in `path`. */
export function train(
  net: Model,
  path: string,
  own: readonly Callback[] = [],
  options: FitOptions = {},
): Promise<History> {
  const checkpoint = callbacks.checkpoint({ path, every: { steps: 1 } });
  return net.fit(x, y, { batchSize: BATCH, epochs: EPOCHS, ...options, callbacks: [...own, checkpoint] });
}

/** What ends a training as a pulled plug would. */
export class Unplugged extends Error {}

/** Pulls the plug after so many steps. */
export function unplugAfter(steps: number): Callback {
  let done = 0;
  return {
    onBatchEnd() {
      if (++done === steps) throw new Unplugged();
    },
  };
}

/** Trains until the plug is pulled; false where training was over before. */
export async function trainUnplugged(
  net: Model,
  path: string,
  steps: number,
  own: readonly Callback[] = [],
  options: FitOptions = {},
) {
  try {
    await train(net, path, [...own, unplugAfter(steps)], options);
    return false;
  } catch (error) {
    if (!(error instanceof Unplugged)) throw error;
    return true;
  }
}
