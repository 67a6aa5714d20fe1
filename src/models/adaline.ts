import { checkPositive, checkSettings } from "../base/check.js";
import type { TensorLike } from "../base/tensor.js";
import type { History } from "../train/logbook.js";
import { metrics } from "../train/metrics.js";
import { optimizers } from "../train/optimizers.js";
import type { FitOptions } from "../train/options.js";
import { LinearClassifier } from "./linear-classifier.js";

export interface AdalineConfig {
  readonly inputs: number;
  /** eta. Too large a one diverges: below 2 / (|x|^2 + 1) of the longest example is safe. Default 0.01. */
  readonly learningRate?: number;
  /** Decides the orders of shuffled epochs. Default 0. */
  readonly seed?: number;
}

/**
 * ADALINE, the adaptive linear neuron: the delta rule w += eta (y - z) x, b += eta (y - z) after each example, which is gradient
 * descent on 1/2 (y - z)^2; the threshold comes in only to predict. Widrow and Hoff (1960).
 */
export class Adaline extends LinearClassifier {
  /** Throws `ConfigError` for settings that cannot be used. */
  constructor(config: AdalineConfig) {
    const settings = checkSettings("adaline", config, ["inputs", "learningRate", "seed"]);
    const { inputs, learningRate = 0.01, seed = 0 } = settings;
    checkPositive("adaline: learningRate", learningRate);
    const compile = {
      optimizer: optimizers.sgd({ learningRate }),
      loss: "halfSquaredError",
      metrics: [metrics.accuracy({ threshold: 0 })],
    };
    super({ who: "adaline", inputs, seed, compile });
  }

  /**
   * Trains on examples `x` [n, inputs] with labels `y` [n] of -1 and +1, as `Model.fit` does and throws, but by default one
   * example a step and 100 epochs, each in a new order, unlike `Perceptron.fit`: `shuffle: false` keeps the order given. The history has `loss`, the mean of 1/2 (y - z)^2 over an epoch, and `accuracy`.
   */
  fit(x: TensorLike, y: TensorLike, options: FitOptions = {}): Promise<History> {
    return this.train(x, y, options);
  }
}
