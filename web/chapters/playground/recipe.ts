import type { DenseConfig, DropoutConfig, SplitOptions } from "neurone";
import type { Example } from "./data-sets.js";
import type { Activation, Experiment, Settings, Task } from "./settings.js";

/** A layer as a call of `layers`: what the worker calls is what the copied program says. */
export type LayerCall =
  | { readonly of: "dense"; readonly config: DenseConfig }
  | { readonly of: "dropout"; readonly config: DropoutConfig };

/** A schedule as a call of `schedules`. */
export type ScheduleCall =
  | { readonly of: "step" | "exponential"; readonly config: { initialRate: number; factor: number; epochs: number } }
  | { readonly of: "cosine"; readonly config: { initialRate: number; finalRate: number; epochs: number } }
  | { readonly of: "warmup"; readonly config: { schedule: number; epochs: number } };

/** An optimizer as a call of `optimizers`. */
export interface OptimizerCall {
  readonly of: "sgd" | "adagrad" | "rmsprop" | "adam" | "adamw";
  readonly learningRate: number | ScheduleCall;
  /** For sgd alone. */
  readonly config: { readonly momentum?: number; readonly nesterov?: boolean };
}

export const MOMENTUM = 0.9;
/** What of the learning rate a step, or the length of an exponential schedule, leaves. */
export const FACTOR = 0.5;
/** What of the learning rate the cosine ends with: as on the command line. */
const FINAL_PART = 0.1;

/** Every layer behind the one that scales the inputs. */
export function layerCalls({ layers, activations, dropout, l1, l2 }: Settings, output: Output): LayerCall[] {
  const penalty = l1 === 0 && l2 === 0 ? {} : { kernelRegularizer: { l1, l2 } };
  const hidden = layers.flatMap((units, i): LayerCall[] => [
    { of: "dense", config: { units, activation: activations[i] as Activation, ...penalty } },
    ...(dropout === 0 ? [] : [{ of: "dropout", config: { rate: dropout } } as const]),
  ]);
  return [...hidden, { of: "dense", config: { units: output.units, activation: output.activation, ...penalty } }];
}

/** The last layer and its loss. */
export interface Output {
  readonly units: number;
  readonly activation: "softmax" | "tanh" | "linear";
  readonly loss: "sparseCategoricalCrossentropy" | "meanSquaredError";
}

/** Two classes under the squared error are the two signs of one neuron. */
export function outputOf(task: Task, loss: Settings["loss"]): Output {
  if (task.kind === "regression") return { units: 1, activation: "linear", loss: "meanSquaredError" };
  if (loss === "crossEntropy") {
    return { units: task.classes, activation: "softmax", loss: "sparseCategoricalCrossentropy" };
  }
  const isSign = task.classes === 2;
  return { units: isSign ? 1 : task.classes, activation: isSign ? "tanh" : "softmax", loss: "meanSquaredError" };
}

/** What the network shall say of each example: class ids, signs or values, or one-hot rows. */
export function targetsOf(examples: readonly Example[], task: Task, output: Output): number[] | number[][] {
  if (output.activation === "tanh") return examples.map(({ y }) => (y === 0 ? -1 : 1));
  if (task.kind === "regression" || output.loss !== "meanSquaredError") return examples.map(({ y }) => y);
  return examples.map(({ y }) => Array.from({ length: task.classes }, (_, id) => (id === y ? 1 : 0)));
}

/** How the examples are split: by class, unless one has a single example. */
export function splitOptions({ examples, task, settings }: Experiment): SplitOptions {
  const { testPart, seed } = settings;
  if (task.kind === "regression") return { test: testPart, seed };
  const counts = new Map<number, number>();
  for (const { y } of examples) counts.set(y, (counts.get(y) ?? 0) + 1);
  return { test: testPart, seed, stratify: ![...counts.values()].includes(1) };
}

export function optimizerCall(settings: Settings): OptimizerCall {
  const { optimizer } = settings;
  const learningRate = rateOf(settings);
  if (optimizer === "momentum") return { of: "sgd", learningRate, config: { momentum: MOMENTUM } };
  if (optimizer === "nesterov") return { of: "sgd", learningRate, config: { momentum: MOMENTUM, nesterov: true } };
  return { of: optimizer, learningRate, config: {} };
}

function rateOf({ schedule, learningRate, scheduleEpochs: epochs }: Settings): number | ScheduleCall {
  const initialRate = learningRate;
  if (schedule === "constant") return learningRate;
  if (schedule === "cosine") {
    return { of: "cosine", config: { initialRate, finalRate: initialRate * FINAL_PART, epochs } };
  }
  if (schedule === "warmup") return { of: "warmup", config: { schedule: learningRate, epochs } };
  return { of: schedule, config: { initialRate, factor: FACTOR, epochs } };
}
