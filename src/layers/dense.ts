import { checkBoolean, checkInteger } from "../base/check.js";
import { ShapeError } from "../base/errors.js";
import { formatShape, type Shape } from "../base/tensor.js";
import { apply, type Value } from "../graph/graph.js";
import { dense as denseOp } from "../ops/dense.js";
import { type Activation, type ResolvedActivation, resolveActivation } from "./activations.js";
import { type Initializer, resolveInitializer } from "./initializers.js";
import { Layer, type LayerConfig, type Regularizer, type Settings } from "./layer.js";
import { checkRegularizer, regularizerSettings } from "./regularizer.js";

export interface DenseConfig extends LayerConfig {
  readonly units: number;
  /** Default `"linear"`. */
  readonly activation?: Activation;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default `"glorotUniform"`. */
  readonly kernelInitializer?: string | Initializer;
  /** Default `"zeros"`. */
  readonly biasInitializer?: string | Initializer;
  readonly kernelRegularizer?: Regularizer;
  readonly biasRegularizer?: Regularizer;
}

/** y = f(x W + b): x [..., in], kernel W [in, units], bias b [units] -> [..., units]. */
export class Dense extends Layer {
  readonly #units: number;
  readonly #activation: ResolvedActivation;
  readonly #useBias: boolean;
  readonly #kernelInitializer: Initializer;
  readonly #biasInitializer: Initializer;
  readonly #kernelRegularizer: Regularizer | undefined;
  readonly #biasRegularizer: Regularizer | undefined;
  #weights: Value[] = [];

  constructor(config: DenseConfig) {
    super("dense", config, [
      "units",
      "activation",
      "useBias",
      "kernelInitializer",
      "biasInitializer",
      "kernelRegularizer",
      "biasRegularizer",
    ]);
    this.#units = checkInteger("dense: units", config.units, 1, 2 ** 31 - 1);
    this.#activation = resolveActivation("dense: activation", config.activation ?? "linear");
    this.#useBias = checkBoolean("dense: useBias", config.useBias ?? true);
    this.#kernelInitializer = resolveInitializer(
      "dense: kernelInitializer",
      config.kernelInitializer ?? "glorotUniform",
    );
    this.#biasInitializer = resolveInitializer("dense: biasInitializer", config.biasInitializer ?? "zeros");
    this.#kernelRegularizer = checkRegularizer("dense: kernelRegularizer", config.kernelRegularizer);
    this.#biasRegularizer = checkRegularizer("dense: biasRegularizer", config.biasRegularizer);
  }

  express(inputs: readonly Value[]): Value {
    return this.#activation.express(apply(denseOp, inputs[0] as Value, ...this.#weights));
  }

  protected override settings(): Settings {
    return {
      units: this.#units,
      activation: this.#activation.given,
      ...(this.#useBias ? {} : { useBias: false }),
      ...regularizerSettings("kernelRegularizer", this.#kernelRegularizer),
      ...regularizerSettings("biasRegularizer", this.#biasRegularizer),
    };
  }

  override describe(): string {
    return `${this.#activation.label}${this.#useBias ? "" : ", no bias"}`;
  }

  protected override build([shape]: readonly Shape[]): void {
    const size = shape?.at(-1);
    if (size === undefined)
      throw new ShapeError(`dense: an input of rank 1 or more expected, got ${formatShape(shape ?? [])}`);
    const kernel = { regularizer: this.#kernelRegularizer };
    this.#weights = [this.addParameter("kernel", [size, this.#units], this.#kernelInitializer, kernel)];
    if (this.#useBias) {
      const bias = { regularizer: this.#biasRegularizer };
      this.#weights.push(this.addParameter("bias", [this.#units], this.#biasInitializer, bias));
    }
  }
}
