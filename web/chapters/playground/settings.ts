import type { Example } from "./data-sets.js";
import type { Feature } from "./features.js";
import type { Position } from "./position.js";

export const ACTIVATIONS = [
  "tanh",
  "relu",
  "sigmoid",
  "linear",
  "threshold",
  "leakyRelu",
  "relu6",
  "elu",
  "selu",
  "hardSigmoid",
  "softplus",
  "softsign",
  "silu",
  "gelu",
  "mish",
  "hardSilu",
  "exponential",
  "radial",
  "softmax",
] as const;
export type Activation = (typeof ACTIVATIONS)[number];
export const LOSSES = ["crossEntropy", "squaredError"] as const;
export const OPTIMIZERS = ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"] as const;
export const SCHEDULES = ["constant", "step", "exponential", "cosine", "warmup"] as const;
export const RATES = ["0.0001", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1", "3", "10"] as const;
export const BATCH_SIZES = ["1", "5", "10", "20", "30", "50", "100", "500"] as const;
export const PENALTIES = ["0", "0.0001", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1"] as const;
export const DROPOUTS = ["0", "0.1", "0.2", "0.3", "0.4", "0.5"] as const;
/** Hidden layers, and neurons in each, at most. */
export const MOST_LAYERS = 6;
export const MOST_UNITS = 8;

/** What is learnt: which of so many classes, or a number. */
export type Task = { readonly kind: "classes"; readonly classes: number } | { readonly kind: "regression" };

/** What decides a network and its training, besides the examples. */
export interface Settings {
  readonly features: readonly Feature[];
  /** Units of each hidden layer. */
  readonly layers: readonly number[];
  /** Of each hidden layer. */
  readonly activations: readonly Activation[];
  /** Of classes; a regression always has the squared error. */
  readonly loss: (typeof LOSSES)[number];
  readonly optimizer: (typeof OPTIMIZERS)[number];
  readonly learningRate: number;
  readonly schedule: (typeof SCHEDULES)[number];
  /** The schedule's length. */
  readonly scheduleEpochs: number;
  readonly batchSize: number;
  readonly l1: number;
  readonly l2: number;
  readonly dropout: number;
  /** The part of the examples that is kept for the test. */
  readonly testPart: number;
  /** Decides the first weights, the split, every shuffle and dropout. */
  readonly seed: number;
}

/** A weight's new value: of element `index` of the tensor `weight`. */
export interface Change {
  readonly weight: string;
  readonly index: number;
  readonly value: number;
}

/** A weight that the reader set, and when. */
export interface Edit extends Change, Position {}

/** Everything that decides a run. */
export interface Experiment {
  readonly settings: Settings;
  readonly task: Task;
  readonly examples: readonly Example[];
}
