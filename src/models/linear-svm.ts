import { checkNumber, checkSettings } from "../base/check.js";
import type { TensorLike } from "../base/tensor.js";
import type { History } from "../train/logbook.js";
import { optimizers } from "../train/optimizers.js";
import { checkFitOptions, type FitOptions } from "../train/options.js";
import { checkRate, type Schedule, schedules } from "../train/schedules.js";
import { EPOCHS, LinearClassifier } from "./linear-classifier.js";

export interface LinearSvmConfig {
  readonly inputs: number;
  /** What |w|^2 counts for against the mean hinge loss: the smaller, the fewer examples inside the margin. Default 0.001. */
  readonly l2?: number;
  /**
   * Default: from 0.1 to 0 along half a cosine over the epochs of each `fit`, which suits inputs of about 1; others are best brought
   * there (`data.standardize`). A rate that stays circles around the optimum.
   */
  readonly learningRate?: number | Schedule;
  /** Decides the orders of shuffled epochs. Default 0. */
  readonly seed?: number;
}

/**
 * The linear support vector machine with a soft margin: minimises l2 |w|^2 + mean_n max(0, 1 - y_n (w . x_n + b)). Cortes and
 * Vapnik (1995) write it as 1/2 |w|^2 + C sum_n xi_n, the same with C = 1 / (2 l2 n). It is solved by stochastic subgradient descent
 * with batches of one, like Pegasos (Shalev-Shwartz, Singer and Srebro, 2007), whose lambda is 2 l2 and whose rate falls as
 * 1 / (lambda t); the cosine here needs no lambda above 0 and starts with smaller steps.
 */
export class LinearSvm extends LinearClassifier {
  readonly #learningRate: number | Schedule | undefined;

  /** Throws `ConfigError` for settings that cannot be used. */
  constructor(config: LinearSvmConfig) {
    const settings = checkSettings("linearSvm", config, ["inputs", "l2", "learningRate", "seed"]);
    const { inputs, l2 = 0.001, learningRate, seed = 0 } = settings;
    checkNumber("linearSvm: l2", l2, 0);
    if (learningRate !== undefined) checkRate("linearSvm: learningRate", learningRate);
    super({
      who: "linearSvm",
      inputs,
      seed,
      kernelRegularizer: { l2 },
      compile: compileWith(learningRate ?? falling(EPOCHS)),
    });
    this.#learningRate = learningRate;
  }

  /**
   * Trains on examples `x` [n, inputs] with labels `y` [n] of -1 and +1, as `Model.fit` does and throws, but by default one
   * example a step and 100 epochs, each in a new order, unlike `Perceptron.fit`: `shuffle: false` keeps the order given. Without a
   * `learningRate` of its own it compiles the model anew, for a rate that falls over these epochs. The history has `loss`, what is
   * minimised, and `accuracy`.
   */
  async fit(x: TensorLike, y: TensorLike, options: FitOptions = {}): Promise<History> {
    const examples = this.examples(x, y);
    checkFitOptions(options);
    if (this.#learningRate === undefined) this.model.compile(compileWith(falling(options.epochs ?? EPOCHS)));
    return this.train(examples.x, examples.y, options);
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

function falling(epochs: number): Schedule {
  return schedules.cosine({ initialRate: 0.1, epochs: Math.max(1, epochs) });
}

function compileWith(learningRate: number | Schedule) {
  return { optimizer: optimizers.sgd({ learningRate }), loss: "hinge", metrics: ["accuracy"] };
}
