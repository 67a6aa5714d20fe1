import { checkInteger } from "../base/check.js";
import { DataError } from "../base/errors.js";
import type { TensorLike } from "../base/tensor.js";
import { layers } from "../layers/index.js";
import type { Regularizer } from "../layers/layer.js";
import { sequential } from "../train/build.js";
import type { CompileConfig } from "../train/compile.js";
import type { History } from "../train/logbook.js";
import type { Model } from "../train/model.js";
import type { FitOptions, PredictOptions } from "../train/options.js";
import { labelledExamples } from "./labels.js";

/** How many passes over the examples a linear classifier makes where nothing is said. */
export const EPOCHS = 100;

/** What the linear unit is made with. */
export interface LinearUnit {
  /** What errors call it. */
  readonly who: string;
  readonly inputs: number;
  readonly seed: number;
  readonly kernelRegularizer?: Regularizer;
  readonly compile: CompileConfig;
}

/**
 * Two classes, -1 and +1, told apart by the sign of z = w . x + b: the hyperplane where z is 0 lies between them. The weights
 * start at zero; what they are moved by is the subclass's.
 */
export abstract class LinearClassifier {
  /**
   * An ordinary model with one linear unit, compiled: it is saved, evaluated and disposed of as any other. `load` gives back a `Model`;
   * a new classifier goes on with its weights: `perceptron.model.setWeights(loaded.getWeights())`.
   */
  readonly model: Model;
  readonly #inputs: number;

  constructor({ who, inputs, seed, kernelRegularizer = {}, compile }: LinearUnit) {
    this.#inputs = checkInteger(`${who}: inputs`, inputs, 1, 2 ** 31 - 1);
    const unit = { inputShape: [inputs], units: 1, kernelInitializer: "zeros", kernelRegularizer };
    this.model = sequential({ seed, layers: [layers.dense(unit)] }).compile(compile);
  }

  /** A copy of w: one number an input. */
  get weights(): Float32Array {
    return this.model.getWeights()[0]?.data as Float32Array;
  }

  get bias(): number {
    return this.model.getWeights()[1]?.data[0] as number;
  }

  /**
   * z = w . x + b of each example of `x`, [n, inputs]. Throws as `Model.predict` does, and `DataError` for a z that is not finite, as
   * those of weights that diverged are.
   */
  async decisionFunction(x: TensorLike, options?: PredictOptions): Promise<Float32Array> {
    const { data } = await this.model.predict(x, options);
    const bad = data.findIndex((z) => !Number.isFinite(z));
    if (bad >= 0) {
      throw new DataError(
        `z is ${data[bad]} in example ${bad}: the weights have grown beyond bounds; a smaller learningRate keeps them within`,
      );
    }
    return data;
  }

  /** The class of each example: +1 where z >= 0, else -1. Throws as `decisionFunction` does. */
  async predict(x: TensorLike, options?: PredictOptions): Promise<Int32Array> {
    return Int32Array.from(await this.decisionFunction(x, options), (z) => (z >= 0 ? 1 : -1));
  }

  /**
   * The geometric margin min_n y_n (w . x_n + b) / |w|: the distance of the nearest example from the hyperplane, below 0 when some
   * example is on the wrong side. 0 before anything was learnt. With w = 0 and b not 0 there is no hyperplane: Infinity where b has the
   * sign of every label, else -Infinity. Throws `ShapeError` or `DataError`, for labels other than -1 and +1 and a z that is not finite too.
   */
  async margin(x: TensorLike, y: TensorLike, options?: PredictOptions): Promise<number> {
    const smallest = (await this.functionalMargins(x, y, options)).reduce((a, b) => Math.min(a, b), Infinity);
    return smallest === 0 ? 0 : smallest / Math.sqrt(this.weights.reduce((sum, weight) => sum + weight * weight, 0));
  }

  /** y (w . x + b) of each example. */
  protected async functionalMargins(x: TensorLike, y: TensorLike, options?: PredictOptions): Promise<Float64Array> {
    const examples = this.examples(x, y);
    const z = await this.decisionFunction(examples.x, options);
    return Float64Array.from(z, (value, i) => value * (examples.y.data[i] as number));
  }

  protected examples(x: TensorLike, y: TensorLike) {
    return labelledExamples(this.#inputs, x, y);
  }

  /** `Model.fit` on labels of -1 and +1, by default one example a step and `EPOCHS` epochs. */
  protected async train(x: TensorLike, y: TensorLike, options: FitOptions): Promise<History> {
    const examples = this.examples(x, y);
    const { batchSize = 1, epochs = EPOCHS } = options;
    return this.model.fit(examples.x, examples.y, { ...options, batchSize, epochs });
  }
}
