import { spreadActivations } from "./activations.js";
import { type Example, MANY_CLASSES, MOST_LABELS, makeExamples, REACH, REGRESSIONS } from "./data-sets.js";
import type { RunValues } from "./fields.js";
import type { Window } from "./job.js";
import type { Experiment, Task } from "./settings.js";

/** Examples that a split, and a network, needs at least. */
export const LEAST_EXAMPLES = 4;

/** The reader's own points. Links are strangers' input: of classes only those that there can be count. */
export function ownExamples({ own, labels }: Pick<RunValues, "own" | "labels">): readonly Example[] {
  return labels === "numbers" ? own : own.filter(({ y }) => Number.isInteger(y) && y >= 0 && y < MOST_LABELS);
}

/** What is learnt of these data. */
export function taskOf(values: RunValues): Task {
  const { data, classes, labels, names } = values;
  if (data === "own") {
    if (labels === "numbers") return { kind: "regression" };
    // Names of a table, or else as many classes as there are points of.
    const named = names.length - 2;
    return { kind: "classes", classes: Math.max(2, named, ...ownExamples(values).map(({ y }) => y + 1)) };
  }
  if (REGRESSIONS.includes(data)) return { kind: "regression" };
  return { kind: "classes", classes: MANY_CLASSES.includes(data) ? classes : 2 };
}

/** Everything that decides a run, of what the reader has set. */
export function experimentOf(values: RunValues): Experiment {
  const { data, points: count, noise, classes, draw: seed } = values;
  return {
    task: taskOf(values),
    examples: data === "own" ? ownExamples(values) : makeExamples(data, { count, noise, classes, seed }),
    settings: {
      features: values.features,
      layers: values.layers,
      activations: spreadActivations(values.act, values.layers.length),
      loss: values.loss,
      optimizer: values.opt,
      learningRate: Number(values.rate),
      schedule: values.sched,
      scheduleEpochs: values.length,
      batchSize: Number(values.batch),
      l1: Number(values.l1),
      l2: Number(values.l2),
      dropout: Number(values.drop),
      testPart: values.test,
      seed: values.seed,
    },
  };
}

/** The part of the plane that shows the examples: where a table's lie, or others that a link brings from afar; else the usual one. */
export function windowOf({ data, names, own }: RunValues): Window {
  const usual = { min: -REACH, max: REACH };
  const isUsual = names.length === 0 && own.every(({ x1, x2 }) => Math.max(Math.abs(x1), Math.abs(x2)) <= REACH);
  if (data !== "own" || isUsual || own.length === 0) return { x1: usual, x2: usual };
  const range = (values: readonly number[]) => {
    const [min, max] = [Math.min(...values), Math.max(...values)];
    const margin = 0.08 * (max - min) || 1;
    return { min: min - margin, max: max + margin };
  };
  return { x1: range(own.map(({ x1 }) => x1)), x2: range(own.map(({ x2 }) => x2)) };
}
