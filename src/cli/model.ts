import {
  ConfigError,
  type Dataset,
  data,
  layers,
  type Model,
  type Optimizer,
  optimizers,
  schedules,
  sequential,
  type Tensor,
} from "../index.js";
import type { ClassifierData } from "./dataset.js";
import type { TrainOptions } from "./options.js";

const DEFAULT_HIDDEN_UNITS = 128;
/** Plain gradient descent has no rate that suits all; this one suits scaled inputs, MNIST's among them. */
const SGD_LEARNING_RATE = 0.3;
/** What of the learning rate the cosine schedule ends with. */
const FINAL_PART = 0.1;

/** The compiled classifier that the options describe. Throws `ConfigError` for options that do not suit the dataset. */
export function buildClassifier(name: string, { train, classNames }: ClassifierData, options: TrainOptions): Model {
  const classes = classNames.length;
  const units = options.layers ?? [DEFAULT_HIDDEN_UNITS, classes];
  if (units.at(-1) !== classes) {
    throw new ConfigError(
      `--layers must end with ${classes}, the number of classes in ${name}; it ends with ${units.at(-1)}`,
    );
  }
  const { activation, dropout, seed } = options;
  const hidden = units.slice(0, -1).flatMap((units) => {
    const dense = layers.dense({ units, activation });
    return dropout === 0 ? [dense] : [dense, layers.dropout({ rate: dropout })];
  });
  const output = layers.dense({ units: classes, activation: "softmax" });
  const net = sequential({ seed, layers: [scaleInputs(train), ...hidden, output] });
  net.compile({ optimizer: buildOptimizer(options), loss: options.loss, metrics: ["accuracy"] });
  return net;
}

/** The labels as the loss takes them: class ids, or one-hot rows for every loss but the sparse one. */
export function targetsFor({ y }: Dataset, classes: number, loss: string): Tensor {
  if (loss === "sparseCategoricalCrossentropy") return y;
  const rows = new Float32Array(y.data.length * classes);
  y.data.forEach((id, row) => {
    rows[row * classes + id] = 1;
  });
  return { data: rows, shape: [y.data.length, classes] };
}

/** Bytes become pixels in [0, 1]; other features get mean 0 and variance 1. */
function scaleInputs({ x }: Dataset) {
  const inputShape = x.shape.slice(1);
  if (x.data instanceof Uint8Array) return layers.rescaling({ inputShape, scale: 1 / 255 });
  return layers.normalization({ inputShape, ...data.standardize(x) });
}

/** The optimizer; an unknown name goes on to `compile`, whose error knows the nearest one. */
export function buildOptimizer({
  optimizer,
  learningRate,
  schedule,
  epochs,
  ...options
}: TrainOptions): string | Optimizer {
  if (!Object.hasOwn(optimizers, optimizer)) return optimizer;
  const make = optimizers[optimizer as keyof typeof optimizers];
  const { momentum, weightDecay } = options;
  if (momentum !== undefined && optimizer !== "sgd") {
    throw new ConfigError(`--momentum is for --optimizer sgd; leave it out for ${optimizer}`);
  }
  const initialRate =
    learningRate ?? (optimizer === "sgd" ? SGD_LEARNING_RATE * (1 - (momentum ?? 0)) : Number(make().learningRate));
  return make({
    learningRate:
      schedule === "constant"
        ? initialRate
        : schedules.cosine({ initialRate, finalRate: initialRate * FINAL_PART, epochs }),
    ...(momentum === undefined ? {} : { momentum }),
    ...(weightDecay === undefined ? {} : { weightDecay }),
  });
}
