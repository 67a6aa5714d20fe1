import { checkSettings } from "../base/check.js";
import { dispose } from "../base/dispose.js";
import { sizeOf, type TensorLike } from "../base/tensor.js";
import type { Activation } from "../layers/activations.js";
import { layers } from "../layers/index.js";
import { input, type SymbolicTensor } from "../layers/layer.js";
import { model } from "../train/build.js";
import type { History } from "../train/logbook.js";
import type { Loss } from "../train/losses.js";
import type { Model, Prediction } from "../train/model.js";
import type { Optimizer } from "../train/optimizers.js";
import type { FitOptions, PredictOptions } from "../train/options.js";
import type { Weight } from "../train/weights.js";
import { checkUnits, flat, type InputConfig, inputOf, type StackConfig, stack } from "./stack.js";

export interface AutoencoderConfig extends InputConfig {
  /** Of the encoder's layers, the last of which is the code: `[128, 32]`. The decoder has them the other way round. */
  readonly units: readonly number[];
  /** Of the hidden layers. Default `"relu"`. */
  readonly activation?: Activation;
  /** Default `"linear"`, as Hinton and Salakhutdinov (2006) have it. */
  readonly codeActivation?: Activation;
  /** Such as `"sigmoid"` for pixels in [0, 1]. Default `"linear"`. */
  readonly outputActivation?: Activation;
  /** Default `"adam"`. */
  readonly optimizer?: string | Optimizer;
  /** What a reconstruction is measured by. Default `"meanSquaredError"`. */
  readonly loss?: string | Loss;
  /** Decides every random number of the model. Default 0. */
  readonly seed?: number;
}

/**
 * An autoencoder: learns, without labels, a code of few numbers from which an example can be put together again. With linear
 * activations its codes span the space of the first principal components (Baldi and Hornik, 1989).
 */
export class Autoencoder {
  /** An ordinary model, compiled, whose outputs are the reconstructions of its inputs: [n, ...] -> [n, ...]. */
  readonly model: Model;
  readonly #input: SymbolicTensor;
  readonly #encoder: StackConfig;
  readonly #decoder: StackConfig;
  /** What `encode` and `decode` run, once they were called. */
  readonly #halves: { encoder?: Model; decoder?: Model } = {};

  /** Throws `ConfigError` for settings that cannot be used. */
  constructor(config: AutoencoderConfig) {
    const {
      units,
      activation = "relu",
      codeActivation = "linear",
      outputActivation = "linear",
      ...rest
    } = checkSettings("autoencoder", config, SETTINGS);
    const { optimizer = "adam", loss = "meanSquaredError", seed = 0 } = rest;
    checkUnits("autoencoder", units);
    this.#input = inputOf("autoencoder", config);
    const outputs = [...units.slice(0, -1).reverse(), sizeOf(this.#input.shape)];
    const common = { activation, dropout: 0, kernel: {} };
    this.#encoder = { ...common, units, lastActivation: codeActivation };
    this.#decoder = { ...common, units: outputs, lastActivation: outputActivation };
    const output = this.#decode(this.#encode(this.#input));
    this.model = model({ inputs: this.#input, outputs: output, seed }).compile({ optimizer, loss });
  }

  /** Trains on `x`, which is its own target, as `Model.fit` does and throws. */
  fit(x: TensorLike, options?: FitOptions): Promise<History> {
    return this.model.fit(x, x, options);
  }

  /**
   * The first half with its present weights as a model of its own, [n, ...] -> [n, code]: training goes on without it, and it is to be
   * disposed of by itself.
   */
  encoder(): Model {
    const inputs = input({ shape: this.#input.shape });
    return withWeights(model({ inputs, outputs: this.#encode(inputs) }), this.#weightsOf("encoder"));
  }

  /** The second half likewise: [n, code] -> [n, ...]. */
  decoder(): Model {
    const inputs = input({ shape: [this.#encoder.units.at(-1) as number] });
    return withWeights(model({ inputs, outputs: this.#decode(inputs) }), this.#weightsOf("decoder"));
  }

  /** The code of each example, [n, code]. Throws as `Model.predict` does. */
  async encode(x: TensorLike, options?: PredictOptions): Promise<Prediction> {
    return this.#half("encoder").predict(x, options);
  }

  /** What each code, [n, code], stands for: [n, ...]. Throws as `Model.predict` does. */
  async decode(code: TensorLike, options?: PredictOptions): Promise<Prediction> {
    return this.#half("decoder").predict(code, options);
  }

  /** Disposes of `model` and of what `encode` and `decode` keep; optional, as `Model.dispose` is. */
  dispose(): void {
    for (const model of [this.model, this.#halves.encoder, this.#halves.decoder]) model?.dispose();
  }

  [dispose](): void {
    this.dispose();
  }

  /** The kept half with the present weights: to set them takes a fraction of the time in which a model is built. */
  #half(which: "encoder" | "decoder"): Model {
    const kept = this.#halves[which];
    if (kept) return withWeights(kept, this.#weightsOf(which));
    const made = this[which]();
    this.#halves[which] = made;
    return made;
  }

  #weightsOf(which: "encoder" | "decoder"): readonly Weight[] {
    const [weights, count] = [this.model.getWeights(), this.#encoder.units.length * 2];
    return which === "encoder" ? weights.slice(0, count) : weights.slice(count);
  }

  #encode(tensor: SymbolicTensor): SymbolicTensor {
    return stack("autoencoder", flat(tensor), this.#encoder);
  }

  #decode(tensor: SymbolicTensor): SymbolicTensor {
    const output = stack("autoencoder", tensor, this.#decoder);
    const { shape } = this.#input;
    return shape.length === 1 ? output : layers.reshape({ targetShape: shape }).apply(output);
  }
}

const SETTINGS = [
  "inputs",
  "inputShape",
  "units",
  "activation",
  "codeActivation",
  "outputActivation",
  "optimizer",
  "loss",
  "seed",
];

/** A layer belongs to one model, so half of one is a model of equal layers with copies of the weights, whatever their names. */
function withWeights(half: Model, weights: readonly Weight[]): Model {
  half.setWeights(weights.map(({ data, shape }) => ({ data, shape })));
  return half;
}
