import { Kernel } from "../../assembly/kernels.js";
import { checkInteger, checkNumber, checkSettings, lookUp, show } from "../base/check.js";
import { ConfigError } from "../base/errors.js";
import { type Shape, sizeOf } from "../base/tensor.js";
import { type Buffer, type Float, float, type KernelCall } from "../plan/call.js";
import { confusionMatrix } from "./confusion.js";
import type { TargetForm } from "./losses.js";

/** A metric as `metrics.*` returns it. */
export interface Metric {
  readonly name: MetricName;
  /** Of topKAccuracy. */
  readonly k: number;
  /** From which prediction on a class counts as predicted; undefined: 0.5, or 0 for logits and for targets of -1 and +1. */
  readonly threshold: number | undefined;
}

/** A metric bound to one output: how it accumulates in the core, and what comes of it. */
export interface BoundMetric {
  readonly name: string;
  /** How many f64 accumulators it takes. */
  readonly doubles: number;
  call(prediction: Buffer, target: Buffer, batch: number, totals: Buffer): KernelCall;
  /** The metric after `examples` examples. */
  result(totals: Float64Array, examples: number): number;
}

type Binder = (metric: Metric, shape: Shape, form: TargetForm) => Omit<BoundMetric, "name">;

const rowKind = (form: TargetForm) => (form.kind === "ids" ? 0 : 1);
/** From which prediction on a class is predicted, and above which target it is meant. */
function cuts({ threshold }: Metric, form: TargetForm): readonly [Float, Float] {
  const middle = form.values === "signed" ? 0 : 0.5;
  return [float(threshold ?? (form.logits ? 0 : middle)), float(middle)];
}

/** Counts [classes, classes], row = true class, and `score` of them. */
const confusion =
  (score: (counts: Float64Array, classes: number) => number): Binder =>
  (metric, shape, form) => {
    const columns = sizeOf(shape);
    const classes = Math.max(2, columns);
    return {
      doubles: classes * classes,
      call: (prediction, target, batch, totals) => ({
        kernel: Kernel.confusionMatrix,
        operands: [prediction, target, batch, columns, rowKind(form), ...cuts(metric, form), totals],
        writes: [totals],
      }),
      result: (totals) => score(totals, classes),
    };
  };

/** A sum over all outputs, divided by their number. */
const elementwise =
  (kernel: Kernel, withThreshold: boolean): Binder =>
  (metric, shape, form) => {
    if (form.kind === "ids")
      throw new ConfigError(`metric ${metric.name} needs targets of the output's shape, got class ids`);
    const size = sizeOf(shape);
    return {
      doubles: 1,
      call(prediction, target, batch, totals) {
        const limits = withThreshold ? cuts(metric, form) : [];
        return { kernel, operands: [prediction, target, batch * size, ...limits, totals], writes: [totals] };
      },
      result: (totals, examples) => (totals[0] as number) / (examples * size),
    };
  };

const topK: Binder = (metric, shape, form) => ({
  doubles: 1,
  call: (prediction, target, batch, totals) => ({
    kernel: Kernel.topK,
    operands: [prediction, target, batch, sizeOf(shape), rowKind(form), metric.k, totals],
    writes: [totals],
  }),
  result: (totals, examples) => (totals[0] as number) / examples,
});

const matches = elementwise(Kernel.binaryMatches, true);
/** The true class's score is the largest: one number to count, however many classes there are. */
const largest: Binder = (metric, shape, form) => topK({ ...metric, k: 1 }, shape, form);

/** Argmax against the class for outputs of several classes, the threshold for a single output or several yes/no ones. */
const accuracy: Binder = (metric, shape, form) => {
  const several = form.kind === "ids" || (sizeOf(shape) > 1 && form.exclusive);
  return (several ? largest : matches)(metric, shape, form);
};

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

type Score = (hits: number, predicted: number, actual: number) => number;

/** The score of class `c` from counts [true class, predicted class]. */
function scoreOf(score: Score, counts: Float64Array, classes: number, c: number): number {
  let predicted = 0;
  let actual = 0;
  for (let other = 0; other < classes; other++) {
    predicted += counts[other * classes + c] as number;
    actual += counts[c * classes + other] as number;
  }
  return score(counts[c * classes + c] as number, predicted, actual);
}

function mean(count: number, of: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += of(i);
  return sum / count;
}

/** Each output a yes/no question: the mean of the scores of "yes". */
const perLabel =
  (score: Score): Binder =>
  (metric, shape, form) => {
    const columns = sizeOf(shape);
    return {
      doubles: columns * 4,
      call: (prediction, target, batch, totals) => ({
        kernel: Kernel.labelConfusion,
        operands: [prediction, target, batch, columns, ...cuts(metric, form), totals],
        writes: [totals],
      }),
      result: (totals) => mean(columns, (i) => scoreOf(score, totals.subarray(i * 4, i * 4 + 4), 2, 1)),
    };
  };

/** Of the positive class where there are two, else the mean over the classes; by label where outputs do not exclude each other. */
const perClass = (score: Score): Binder => {
  const byClass = confusion((counts, classes) =>
    classes === 2 ? scoreOf(score, counts, 2, 1) : mean(classes, (c) => scoreOf(score, counts, classes, c)),
  );
  const byLabel = perLabel(score);
  return (metric, shape, form) => {
    const labels = form.kind === "rows" && sizeOf(shape) > 1 && !form.exclusive;
    return (labels ? byLabel : byClass)(metric, shape, form);
  };
};

const table = {
  accuracy,
  binaryAccuracy: matches,
  topKAccuracy: topK,
  precision: perClass((hits, predicted) => ratio(hits, predicted)),
  recall: perClass((hits, _, actual) => ratio(hits, actual)),
  f1: perClass((hits, predicted, actual) => ratio(2 * hits, predicted + actual)),
  meanAbsoluteError: elementwise(Kernel.absoluteErrorSum, false),
  meanSquaredError: elementwise(Kernel.squaredErrorSum, false),
} as const satisfies Record<string, Binder>;

export type MetricName = keyof typeof table;

const names = Object.fromEntries(Object.keys(table).map((name) => [name, name])) as Record<string, MetricName>;

interface Settings {
  readonly k?: number;
  readonly threshold?: number;
}

const make = (name: MetricName, config: Settings = {}): Metric => ({
  name,
  k: checkInteger(`${name}: k`, config.k ?? 5, 1),
  threshold: config.threshold === undefined ? undefined : checkNumber(`${name}: threshold`, config.threshold),
});

/** The function that makes a metric from its settings. */
function metricOf<C extends Settings>(name: MetricName, ...settings: readonly (keyof C & string)[]) {
  return (config: C = {} as C): Metric => make(name, checkSettings(name, config, settings));
}

/** From which prediction on a class counts as predicted. Default 0.5; 0 for logits and where targets are -1 and +1. */
export interface ThresholdConfig {
  readonly threshold?: number;
}

/**
 * Every metric. Accuracy compares the largest output with the class; outputs that are each a yes/no question (binary
 * cross entropy) count one by one, by the threshold. Precision, recall and F1 are of the positive class where there are two classes, else the mean over
 * classes (macro average), or over the outputs where each is a yes/no question of its own; what was never predicted or
 * is absent counts 0.
 */
export const metrics = {
  accuracy: metricOf<ThresholdConfig>("accuracy", "threshold"),
  binaryAccuracy: metricOf<ThresholdConfig>("binaryAccuracy", "threshold"),
  topKAccuracy: metricOf<{ readonly k?: number }>("topKAccuracy", "k"),
  precision: metricOf<ThresholdConfig>("precision", "threshold"),
  recall: metricOf<ThresholdConfig>("recall", "threshold"),
  f1: metricOf<ThresholdConfig>("f1", "threshold"),
  meanAbsoluteError: metricOf<Record<string, never>>("meanAbsoluteError"),
  meanSquaredError: metricOf<Record<string, never>>("meanSquaredError"),
  /** Not for `compile`: counts what a model predicted, at once. */
  confusionMatrix,
} as const;

export function resolveMetric(given: string | Metric): Metric {
  if (typeof given === "string") return make(lookUp<MetricName>("metric", given, names));
  if (typeof given !== "object" || given === null)
    throw new ConfigError(`metrics takes names or metrics.*, got ${show(given)}`);
  const { k, threshold } = given;
  const name = lookUp<MetricName>("metric", given.name, names);
  return make(name, threshold === undefined ? { k } : { k, threshold });
}

/** Throws `ConfigError` when the metric does not suit the output's targets. */
export function bindMetric(metric: Metric, prefix: string, shape: Shape, form: TargetForm): BoundMetric {
  return { name: prefix + metric.name, ...(table[metric.name] as Binder)(metric, shape, form) };
}
