/// <reference lib="esnext.disposable" preserve="true" />
export {
  ConfigError,
  DataError,
  EngineError,
  FormatError,
  NeuroneError,
  OutOfMemoryError,
  ShapeError,
  StorageError,
} from "./base/errors.js";
export type { Json } from "./base/json.js";
export type { NestedArray, Shape, Tensor, TensorLike, TypedData } from "./base/tensor.js";
export * from "./data/index.js";
export type { CallbackState, CheckpointFile, Format, LoadOptions, NamedBytes, Source } from "./io/index.js";
export type { Architecture, FileInfo, LayerData, ModelMetadata, NodeData, TensorInfo } from "./io/model-data.js";
export type { Activation } from "./layers/activations.js";
export {
  type ActivationConfig,
  type ConcatenateConfig,
  type DenseConfig,
  type DropoutConfig,
  layers,
  type NormalizationConfig,
  type RescalingConfig,
  type ReshapeConfig,
} from "./layers/index.js";
export { type Initializer, initializers } from "./layers/initializers.js";
export { input, type Layer, type LayerConfig, type Regularizer, type SymbolicTensor } from "./layers/layer.js";
export {
  type Adaline,
  type AdalineConfig,
  type Autoencoder,
  type AutoencoderConfig,
  type LinearClassifier,
  type LinearSvm,
  type LinearSvmConfig,
  type MlpConfig,
  models,
  type NeuronConfig,
  type Perceptron,
  type PerceptronConfig,
  type PerceptronFitOptions,
  type PerceptronRun,
  type PerceptronState,
  type PerceptronUpdate,
} from "./models/index.js";
export { engine, init } from "./runtime/current.js";
export type { EngineInfo, EngineOptions, Numerics } from "./runtime/engine.js";
export { type ModelConfig, model, type SequentialConfig, sequential } from "./train/build.js";
export { type Callback, callbacks, type TrainingModel } from "./train/callbacks.js";
export type { CheckpointConfig, Interval } from "./train/checkpoint.js";
export type { CompileConfig } from "./train/compile.js";
export type { Tensors } from "./train/examples.js";
export { checkpoints, inspect, load, loadWeights } from "./train/load.js";
export type { History } from "./train/logbook.js";
export { type Loss, losses, type Reduction } from "./train/losses.js";
export { type Metric, metrics } from "./train/metrics.js";
export type { Model, Prediction } from "./train/model.js";
export { type Optimizer, optimizers } from "./train/optimizers.js";
export type { EvaluateOptions, FitOptions, PredictOptions, Progress, SaveOptions } from "./train/options.js";
export { type Schedule, schedules } from "./train/schedules.js";
export type { Logs } from "./train/totals.js";
export type { LayerTrace, Trace, TraceOptions } from "./train/trace.js";
export type { SetWeightsOptions } from "./train/weight-mapping.js";
export type { Weight, WeightsLike } from "./train/weights.js";
