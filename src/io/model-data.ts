import type { Json } from "../base/json.js";
import type { Shape } from "../base/tensor.js";

/*
 * A model as plain data: what every file format is written from and read into. It names layers, it holds none, so that the
 * codecs know nothing of graphs and memory, and a file can say nothing that runs.
 */

/** One layer. */
export interface LayerData {
  /** Which of `layers.*` makes it. */
  readonly kind: string;
  /** Unique within the model. */
  readonly name: string;
  /** Its settings as `layers[kind]` takes them, without `name` and `inputShape`; what has its default may be missing. */
  readonly config: { readonly [setting: string]: Json };
}

/** One application of a layer. */
export interface NodeData {
  /** Index of the layer. */
  readonly layer: number;
  /** The values that it reads: inputs of the model come first, then each node's output, so all are smaller than its own number. */
  readonly inputs: readonly number[];
  /** Shape of its output for one example. */
  readonly shape: Shape;
}

/** The graph of layers. */
export interface Architecture {
  /** Shape of each input for one example. */
  readonly inputs: readonly Shape[];
  readonly layers: readonly LayerData[];
  readonly nodes: readonly NodeData[];
  /** The values that are outputs. */
  readonly outputs: readonly number[];
  /** Predictions come as a list even if there is one output only. */
  readonly list: boolean;
  readonly seed: number;
}

/** One weight: `dense/kernel` [in, units], `dense/bias` [units], `normalization/scale` and `/offset` [size of the input]. */
export interface WeightData {
  /** The layer's name, `/`, the parameter's. */
  readonly name: string;
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** What the numbers that go in and come out are called. */
export interface ModelMetadata {
  /** The name of each class id. */
  readonly classNames?: readonly string[];
  /** What the columns of the input are called. */
  readonly featureNames?: readonly string[];
}

/** A model as a file holds it. */
export interface ModelData {
  readonly architecture: Architecture;
  /** All weights, in the order of the layers. */
  readonly weights: readonly WeightData[];
  /** Optimizer, loss and metrics, for formats that can say them. */
  readonly compile?: Json;
  readonly metadata: ModelMetadata;
}

/** What is known of a file without making a model of it. */
export interface FileInfo {
  readonly format: "safetensors" | "onnx" | "tfjs";
  readonly tensors: readonly TensorInfo[];
  /** Texts that the file brings along. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The network, where the file says one that neurone can build. */
  readonly architecture?: Architecture;
  /** The operators of an ONNX graph, in its order. */
  readonly operators?: readonly { readonly name: string; readonly operator: string }[];
  /** Why there is no `architecture`, if the file says a network. */
  readonly unsupported?: string;
}

export interface TensorInfo {
  readonly name: string;
  /** As the format spells it: `F32`, `FLOAT`, `float32`. */
  readonly dtype: string;
  readonly shape: Shape;
}
