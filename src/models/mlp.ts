import { checkSettings } from "../base/check.js";
import type { Activation } from "../layers/activations.js";
import { model } from "../train/build.js";
import type { Model } from "../train/model.js";
import { flat, type InputConfig, inputOf, type KernelConfig, stack } from "./stack.js";

export interface MlpConfig extends InputConfig, KernelConfig {
  /** Of each layer, the output layer's last: `[128, 10]`. */
  readonly units: readonly number[];
  /** Of the hidden layers. Default `"relu"`. */
  readonly activation?: Activation;
  /** Such as `"softmax"` for classes. Default `"linear"`. */
  readonly outputActivation?: Activation;
  /** The part of each hidden layer's outputs that a training step leaves out. Default 0: no dropout layers. */
  readonly dropout?: number;
  /** Decides every random number of the model. Default 0. */
  readonly seed?: number;
}

/**
 * The multi-layer perceptron: dense layers one behind the other, [n, inputs] -> [n, last of units], for `compile` and `fit`, which
 * trains it by back-propagation. Rumelhart, Hinton and Williams (1986). Throws `ConfigError` for settings that cannot be used.
 */
export function mlp(config: MlpConfig): Model {
  const { inputs, inputShape, units, activation, outputActivation, dropout, seed, ...kernel } = checkSettings(
    "mlp",
    config,
    SETTINGS,
  );
  const tensor = inputOf("mlp", config);
  const output = stack("mlp", flat(tensor), {
    units,
    activation: activation ?? "relu",
    lastActivation: outputActivation ?? "linear",
    dropout: dropout ?? 0,
    kernel,
  });
  return model({ inputs: tensor, outputs: output, seed: seed ?? 0 });
}

const SETTINGS = [
  "inputs",
  "inputShape",
  "units",
  "activation",
  "outputActivation",
  "dropout",
  "kernelInitializer",
  "kernelRegularizer",
  "seed",
];
