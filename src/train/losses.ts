import { Kernel } from "../../assembly/kernels.js";
import { checkBoolean, checkNumber, checkSettings, lookUp, show } from "../base/check.js";
import { ConfigError, ShapeError } from "../base/errors.js";
import { formatShape, type Shape } from "../base/tensor.js";
import { apply, type Value } from "../graph/graph.js";
import { type LossRow, loss as lossOp } from "../ops/loss.js";

/**
 * `"mean"` averages over the batch; `"sum"` adds up, the total loss of the textbooks. The gradient of a sum is the batch
 * size times larger, so the same training wants a learning rate that many times smaller.
 */
export type Reduction = "mean" | "sum";

export interface LossConfig {
  /** Default `"mean"`. */
  readonly reduction?: Reduction;
}

export interface CrossentropyConfig extends LossConfig {
  /** The model's outputs are logits. Found by itself where the last activation is softmax or sigmoid. Default false. */
  readonly fromLogits?: boolean;
}

export interface HuberConfig extends LossConfig {
  /** Where the loss turns from quadratic to linear. Default 1. */
  readonly delta?: number;
}

/** A loss as `losses.*` returns it. */
export interface Loss {
  readonly name: LossName;
  readonly reduction: Reduction;
  readonly fromLogits: boolean;
  readonly delta: number;
}

interface Row extends LossRow {
  /** Scales the whole loss. */
  readonly factor: number;
  /** The activation whose inputs, the logits, replace its outputs, and the loss's kernels on logits. */
  readonly logits?: { readonly activation: string; readonly forward: Kernel; readonly backward: Kernel };
  /** Targets are -1 and +1; 0 is read as -1. */
  readonly signed?: boolean;
}

const rows = { targets: "rows", mean: false, factor: 1 } as const;
const squared = { ...rows, forward: Kernel.squaredErrorForward, backward: Kernel.squaredErrorBackward } as const;

const table = {
  sumSquaredError: squared,
  halfSquaredError: { ...squared, factor: 0.5 },
  meanSquaredError: { ...squared, mean: true },
  meanAbsoluteError: {
    ...rows,
    mean: true,
    forward: Kernel.absoluteErrorForward,
    backward: Kernel.absoluteErrorBackward,
  },
  huber: { ...rows, mean: true, forward: Kernel.huberForward, backward: Kernel.huberBackward },
  hinge: { ...rows, mean: true, signed: true, forward: Kernel.hingeForward, backward: Kernel.hingeBackward },
  squaredHinge: {
    ...rows,
    mean: true,
    signed: true,
    forward: Kernel.squaredHingeForward,
    backward: Kernel.squaredHingeBackward,
  },
  perceptron: {
    ...rows,
    mean: true,
    signed: true,
    forward: Kernel.perceptronForward,
    backward: Kernel.perceptronBackward,
  },
  binaryCrossentropy: {
    ...rows,
    mean: true,
    forward: Kernel.binaryCrossentropyForward,
    backward: Kernel.binaryCrossentropyBackward,
    logits: {
      activation: "sigmoid",
      forward: Kernel.binaryCrossentropyLogitsForward,
      backward: Kernel.binaryCrossentropyLogitsBackward,
    },
  },
  categoricalCrossentropy: {
    ...rows,
    forward: Kernel.categoricalCrossentropyForward,
    backward: Kernel.categoricalCrossentropyBackward,
    logits: {
      activation: "softmax",
      forward: Kernel.categoricalCrossentropyLogitsForward,
      backward: Kernel.categoricalCrossentropyLogitsBackward,
    },
  },
  sparseCategoricalCrossentropy: {
    ...rows,
    targets: "ids",
    forward: Kernel.sparseCategoricalCrossentropyForward,
    backward: Kernel.sparseCategoricalCrossentropyBackward,
    logits: {
      activation: "softmax",
      forward: Kernel.sparseCategoricalCrossentropyLogitsForward,
      backward: Kernel.sparseCategoricalCrossentropyLogitsBackward,
    },
  },
} as const satisfies Record<string, Row>;

export type LossName = keyof typeof table;

function make(name: LossName, config: LossConfig & CrossentropyConfig & HuberConfig): Loss {
  const reduction = lookUp(`${name}: reduction`, config.reduction ?? "mean", { mean: "mean", sum: "sum" } as const);
  const delta = checkNumber(`${name}: delta`, config.delta ?? 1, Number.MIN_VALUE);
  const fromLogits = checkBoolean(`${name}: fromLogits`, config.fromLogits ?? false);
  return { name, reduction, fromLogits, delta };
}

/** The function that makes a loss from its settings: `reduction` and those named here. */
function lossOf<C extends LossConfig>(name: LossName, ...settings: readonly (keyof C & string)[]) {
  return (config: C = {} as C): Loss => make(name, checkSettings(name, config, ["reduction", ...settings]));
}

/** Every loss. Per example; l is averaged over the outputs where the name says mean, and for Huber, hinge and binary cross entropy. */
export const losses = {
  /** sum_i (y_i - yhat_i)^2 */
  sumSquaredError: lossOf<LossConfig>("sumSquaredError"),
  /** 1/2 sum_i (y_i - yhat_i)^2 */
  halfSquaredError: lossOf<LossConfig>("halfSquaredError"),
  meanSquaredError: lossOf<LossConfig>("meanSquaredError"),
  meanAbsoluteError: lossOf<LossConfig>("meanAbsoluteError"),
  /** 1/2 e^2 for |e| <= delta, delta (|e| - delta / 2) beyond. */
  huber: lossOf<HuberConfig>("huber", "delta"),
  /** max(0, 1 - y z), y in {-1, +1}. */
  hinge: lossOf<LossConfig>("hinge"),
  /** max(0, 1 - y z)^2 */
  squaredHinge: lossOf<LossConfig>("squaredHinge"),
  /** max(0, -y z): its gradient descent with batches of one is Rosenblatt's rule. */
  perceptron: lossOf<LossConfig>("perceptron"),
  /** -(y ln p + (1 - y) ln (1 - p)) */
  binaryCrossentropy: lossOf<CrossentropyConfig>("binaryCrossentropy", "fromLogits"),
  /** -sum_i y_i ln p_i, y one-hot rows or probabilities. */
  categoricalCrossentropy: lossOf<CrossentropyConfig>("categoricalCrossentropy", "fromLogits"),
  /** -ln p_y, y a class id. */
  sparseCategoricalCrossentropy: lossOf<CrossentropyConfig>("sparseCategoricalCrossentropy", "fromLogits"),
} as const;

/** A loss by name or as `losses.*` made it. */
export function resolveLoss(given: string | Loss): Loss {
  if (typeof given === "string") return make(lookUp<LossName>("loss", given, names), {});
  if (typeof given !== "object" || given === null)
    throw new ConfigError(`loss must be a name or of losses.*, got ${show(given)}`);
  return make(lookUp<LossName>("loss", given.name, names), given);
}

const names = Object.fromEntries(Object.keys(table).map((name) => [name, name])) as Record<string, LossName>;

/** What targets a loss takes for predictions of `shape`. */
export interface TargetForm {
  readonly kind: "ids" | "rows";
  /** Shape of one example's target. */
  readonly shape: Shape;
  readonly classes: number;
  /** What numbers targets may be: class ids are "any" of theirs; 0 counts as -1 among the signed. */
  readonly values: "any" | "probability" | "signed";
  /** Outputs are logits of yes/no questions: 0 is as likely as not. */
  readonly logits: boolean;
  /** An example belongs to one class: the largest output is its prediction. */
  readonly exclusive: boolean;
}

export function targetForm(loss: Loss, shape: Shape): TargetForm {
  const row: Row = table[loss.name];
  if (row.logits?.activation === "softmax" && (shape.length !== 1 || (shape[0] as number) < 2)) {
    throw new ShapeError(
      `${loss.name}: an output of shape [classes] with 2 or more classes expected, got ${formatShape(shape)}`,
    );
  }
  const classes = shape.at(-1) ?? 1;
  const probability = row.logits !== undefined && row.targets === "rows";
  const values = row.signed ? "signed" : probability ? "probability" : "any";
  const logits = loss.fromLogits && row.logits?.activation === "sigmoid";
  const exclusive = row.logits?.activation !== "sigmoid" && shape.length === 1 && classes > 1;
  return { kind: row.targets, shape: row.targets === "ids" ? [] : shape, classes, values, logits, exclusive };
}

/** The loss per example of `prediction`, from the logits where they can be had: no input overflows then. */
export function expressLoss(loss: Loss, prediction: Value, target: Value): Value {
  const row: Row = table[loss.name];
  const node = prediction.node;
  const found = row.logits !== undefined && node?.op.name === row.logits.activation;
  const kernels = row.logits && (found || loss.fromLogits) ? { ...row, ...row.logits } : row;
  const scores = found ? (node?.inputs[0] as Value) : prediction;
  return apply(lossOp(loss.name, kernels, row.factor, loss.delta), scores, target);
}
