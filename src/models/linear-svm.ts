import { checkNumber, checkSettings } from "../base/check.js";
import type { TensorLike } from "../base/tensor.js";
import type { History } from "../train/logbook.js";
import { optimizers } from "../train/optimizers.js";
import type { FitOptions } from "../train/options.js";
import type { Schedule } from "../train/schedules.js";
import { LinearClassifier } from "./linear-classifier.js";

export interface LinearSvmConfig {
  readonly inputs: number;
  /** What |w|^2 counts for against the mean hinge loss: the smaller, the fewer examples inside the margin. Default 0.001. */
  readonly l2?: number;
  /** A schedule that falls, such as `schedules.cosine`, comes nearest to the optimum. Default 0.01. */
  readonly learningRate?: number | Schedule;
  /** Decides the orders of shuffled epochs. Default 0. */
  readonly seed?: number;
}

/**
 * The linear support vector machine with a soft margin: minimises l2 |w|^2 + mean_n max(0, 1 - y_n (w . x_n + b)). Cortes and
 * Vapnik (1995) write it as 1/2 |w|^2 + C sum_n xi_n, the same with C = 1 / (2 l2 n). It is solved by stochastic gradient descent
 * with batches of one, the steps of Pegasos (Shalev-Shwartz, Singer and Srebro, 2007), whose lambda is 2 l2.
 */
export class LinearSvm extends LinearClassifier {
  /** Throws `ConfigError` for settings that cannot be used. */
  constructor(config: LinearSvmConfig) {
    const settings = checkSettings("linearSvm", config, ["inputs", "l2", "learningRate", "seed"]);
    const { inputs, l2 = 0.001, learningRate = 0.01, seed = 0 } = settings;
    checkNumber("linearSvm: l2", l2, 0);
    const compile = { optimizer: optimizers.sgd({ learningRate }), loss: "hinge", metrics: ["accuracy"] };
    super({ who: "linearSvm", inputs, seed, kernelRegularizer: { l2 }, compile });
  }

  /**
   * Trains on examples `x` [n, inputs] with labels `y` [n] of -1 and +1, as `Model.fit` does and throws, but one example a step
   * unless `batchSize` says more. The history has `loss`, what is minimised, and `accuracy`.
   */
  fit(x: TensorLike, y: TensorLike, options: FitOptions = {}): Promise<History> {
    return this.train(x, y, options);
  }

  /**
   * The places in `x` of the support vectors: the examples on the margin or beyond it, y (w . x + b) <= 1 + `tolerance`, which alone
   * hold the hyperplane where it is. The tolerance (default 0.01) is for what gradient descent leaves undone. Throws as `margin` does.
   */
  async supportVectors(x: TensorLike, y: TensorLike, tolerance = 0.01): Promise<number[]> {
    checkNumber("supportVectors: tolerance", tolerance, 0);
    const margins = await this.functionalMargins(x, y);
    return [...margins].flatMap((margin, i) => (margin <= 1 + tolerance ? i : []));
  }
}
