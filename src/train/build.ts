import { checkSettings, show } from "../base/check.js";
import { ConfigError } from "../base/errors.js";
import { Layer, SymbolicTensor, tensorList } from "../layers/layer.js";
import { Model, type Prediction } from "./model.js";

export interface SequentialConfig {
  /** The first of them with its `inputShape`. */
  readonly layers: readonly Layer[];
  /** Decides every random number of the model: initial weights, shuffles, dropout. Default 0. */
  readonly seed?: number;
}

export interface ModelConfig<O extends SymbolicTensor | readonly SymbolicTensor[]> {
  readonly inputs: SymbolicTensor | readonly SymbolicTensor[];
  readonly outputs: O;
  /** As in `sequential`. */
  readonly seed?: number;
}

/** A chain of layers. Throws `ConfigError` for settings and `ShapeError` for layers that do not fit together. */
export function sequential(config: SequentialConfig): Model {
  const { layers, seed = 0 } = checkSettings("sequential", config, ["layers", "seed"]);
  if (!Array.isArray(layers) || layers.length === 0) {
    throw new ConfigError(`sequential: layers must be a list of at least one layer, got ${show(layers)}`);
  }
  layers.forEach((layer: unknown, i) => {
    if (!(layer instanceof Layer))
      throw new ConfigError(`sequential: layers[${i}] must be a layer, got ${show(layer)}`);
  });
  const [first] = layers as readonly Layer[];
  if (!first?.inputShape) throw new ConfigError("sequential: the first layer needs its inputShape, such as [784]");
  const start = new SymbolicTensor(first.inputShape);
  const end = (layers as readonly Layer[]).reduce((tensor, layer) => layer.apply(tensor), start);
  return new Model([start], [end], seed, false);
}

/**
 * A graph of layers from `inputs` to `outputs`, which `input` and `layer.apply` made. One output predicts one tensor, a list
 * of outputs a list. Throws `ConfigError` where they do not belong together.
 */
export function model(config: ModelConfig<SymbolicTensor>): Model;
export function model(config: ModelConfig<readonly SymbolicTensor[]>): Model<Prediction[]>;
export function model(
  config: ModelConfig<SymbolicTensor | readonly SymbolicTensor[]>,
): Model<Prediction | Prediction[]> {
  checkSettings("model", config, ["inputs", "outputs", "seed"]);
  const inputs = tensorList("model: inputs", config.inputs);
  const outputs = tensorList("model: outputs", config.outputs);
  return new Model(inputs, outputs, config.seed ?? 0, Array.isArray(config.outputs));
}
