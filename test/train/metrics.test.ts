import { describe, expect, test } from "vitest";
import { type CompileConfig, ConfigError, layers, type Metric, metrics, sequential } from "../../src/index.js";
import { numbers, type Rows, rows } from "../layers/reference.js";

type Target = readonly number[] | Rows;

/** The metrics of a model that predicts its inputs. */
async function measure(
  config: Pick<CompileConfig, "loss" | "metrics">,
  prediction: Rows,
  target: Target,
  batchSize = 256,
): Promise<Record<string, number>> {
  const size = prediction[0]?.length as number;
  const net = sequential({ layers: [layers.activation({ inputShape: [size], activation: "linear" })] });
  const { loss: _, ...found } = await net.compile(config).evaluate(prediction, target, { batchSize });
  return found;
}

const argmax = (row: readonly number[]) => row.indexOf(Math.max(...row));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const oneHot = (ids: readonly number[], classes: number) =>
  ids.map((id) => Array.from({ length: classes }, (_, c) => (c === id ? 1 : 0)));

/** Precision, recall and F1 of class `c`, 0 where nothing is there to divide by. */
function scores(c: number, predicted: readonly number[], actual: readonly number[]) {
  const hits = predicted.filter((id, i) => id === c && actual[i] === c).length;
  const [said, are] = [predicted, actual].map((ids) => ids.filter((id) => id === c).length) as [number, number];
  const precision = said === 0 ? 0 : hits / said;
  const recall = are === 0 ? 0 : hits / are;
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

function macro(classes: number, predicted: readonly number[], actual: readonly number[]) {
  const each = Array.from({ length: classes }, (_, c) => scores(c, predicted, actual));
  return {
    precision: mean(each.map(({ precision }) => precision)),
    recall: mean(each.map(({ recall }) => recall)),
    f1: mean(each.map(({ f1 }) => f1)),
  };
}

function expectMetrics(got: Record<string, number>, expected: Record<string, number>): void {
  expect(Object.keys(got).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) expect(got[name], name).toBeCloseTo(value, 12);
}

describe("several classes", () => {
  const CLASSES = 4;
  // Rows that add up to 1; class 3 is never the largest, so it is never predicted.
  const prediction = rows(61, CLASSES, 5).map((row) => {
    const raw = row.map((value, c) => (c === 3 ? 0.001 : 0.01 + Math.abs(value)));
    const sum = raw.reduce((total, value) => total + value, 0);
    return raw.map((value) => Math.fround(value / sum));
  });
  const ids = numbers(61, 6).map((value) => Math.min(CLASSES - 1, Math.floor((value + 1) * 2)));
  const predicted = prediction.map(argmax);
  const accuracy = predicted.filter((id, i) => id === ids[i]).length / ids.length;
  const names = ["accuracy", "precision", "recall", "f1"];

  test.each([
    ["sparseCategoricalCrossentropy", ids],
    ["categoricalCrossentropy", oneHot(ids, CLASSES)],
    ["meanSquaredError", oneHot(ids, CLASSES)],
  ] as const)("accuracy, and the classes' mean of precision, recall and F1, by %s", async (loss, target) => {
    const expected = { accuracy, ...macro(CLASSES, predicted, ids) };
    expectMetrics(await measure({ loss, metrics: names }, prediction, target), expected);
  });

  test("batches that do not divide the data change nothing", async () => {
    const loss = "sparseCategoricalCrossentropy";
    const whole = await measure({ loss, metrics: names }, prediction, ids);
    expect(await measure({ loss, metrics: names }, prediction, ids, 7)).toEqual(whole);
  });

  test("a class that is neither predicted nor there counts 0", async () => {
    const certain = oneHot([0, 1, 0], 3);
    const found = await measure({ loss: "categoricalCrossentropy", metrics: names }, certain, oneHot([0, 1, 0], 3));
    expectMetrics(found, { accuracy: 1, precision: 2 / 3, recall: 2 / 3, f1: 2 / 3 });
  });

  test.each([1, 2, 3, 4, 9])("topKAccuracy: the true class is among the %i largest", async (k) => {
    const loss = "sparseCategoricalCrossentropy";
    const better = (row: readonly number[], id: number) => row.filter((value) => value > (row[id] as number)).length;
    const hits = prediction.filter((row, i) => better(row, ids[i] as number) < k).length;
    const found = await measure({ loss, metrics: [metrics.topKAccuracy({ k })] }, prediction, ids);
    expectMetrics(found, { topKAccuracy: hits / ids.length });
    const asRows = await measure(
      { loss: "categoricalCrossentropy", metrics: [metrics.topKAccuracy({ k })] },
      prediction,
      oneHot(ids, CLASSES),
    );
    expect(asRows).toEqual(found);
  });

  test("topKAccuracy by name looks at the five largest", async () => {
    const row = [0.3, 0.25, 0.2, 0.15, 0.06, 0.04];
    const config = { loss: "sparseCategoricalCrossentropy", metrics: ["topKAccuracy"] };
    expect(await measure(config, [row, row], [4, 5])).toEqual({ topKAccuracy: 0.5 });
  });
});

describe("two classes of one output", () => {
  const prediction = numbers(50, 7).map((value) => [Math.fround((value + 1) / 2)]);
  const target = numbers(50, 8).map((value) => (value > 0.2 ? 1 : 0));
  const names = (threshold?: number): Metric[] =>
    [metrics.accuracy, metrics.binaryAccuracy, metrics.precision, metrics.recall, metrics.f1].map((metric) =>
      metric(threshold === undefined ? {} : { threshold }),
    );

  test.each([[undefined], [-1], [0], [0.25], [0.9], [1], [2]])("a threshold of %s", async (threshold) => {
    const predicted = prediction.map(([value]) => ((value as number) >= (threshold ?? 0.5) ? 1 : 0));
    const accuracy = predicted.filter((id, i) => id === target[i]).length / target.length;
    const expected = { accuracy, binaryAccuracy: accuracy, ...scores(1, predicted, target) };
    expectMetrics(
      await measure({ loss: "binaryCrossentropy", metrics: names(threshold) }, prediction, target),
      expected,
    );
  });

  test("targets of -1 and +1 are told apart at 0", async () => {
    const signed = prediction.map(([value]) => [(value as number) - 0.5]);
    const predicted = signed.map(([value]) => ((value as number) >= 0 ? 1 : 0));
    const accuracy = predicted.filter((id, i) => id === target[i]).length / target.length;
    const expected = { accuracy, binaryAccuracy: accuracy, ...scores(1, predicted, target) };
    const plusMinus = target.map((value) => 2 * value - 1);
    expectMetrics(await measure({ loss: "hinge", metrics: names() }, signed, plusMinus), expected);
  });

  test("nothing predicted, or nothing there, counts 0", async () => {
    const config = { loss: "binaryCrossentropy", metrics: ["precision", "recall", "f1"] };
    expect(await measure(config, [[0.1], [0.2]], [1, 0])).toEqual({ precision: 0, recall: 0, f1: 0 });
    expect(await measure(config, [[0.9], [0.2]], [0, 0])).toEqual({ precision: 0, recall: 0, f1: 0 });
  });
});

describe("outputs that are each a yes/no question", () => {
  const prediction = [
    [0.9, 0.2, 0.6],
    [0.8, 0.7, 0.1],
    [0.3, 0.6, 0.4],
    [0.7, 0.1, 0.2],
  ];
  const target = [
    [1, 0, 0],
    [1, 1, 1],
    [0, 0, 1],
    [0, 0, 0],
  ];
  const column = (rows: readonly (readonly number[])[], c: number) => rows.map((row) => row[c] as number);

  test("precision, recall and F1 are the mean over the questions, accuracy counts answers", async () => {
    const config = { loss: "binaryCrossentropy", metrics: ["accuracy", "precision", "recall", "f1"] };
    const each = [0, 1, 2].map((c) =>
      scores(
        1,
        column(prediction, c).map((value) => (value >= 0.5 ? 1 : 0)),
        column(target, c),
      ),
    );
    const mean = (name: "precision" | "recall" | "f1") => each.reduce((sum, one) => sum + one[name], 0) / 3;
    const expected = { accuracy: 7 / 12, precision: mean("precision"), recall: mean("recall"), f1: mean("f1") };
    expectMetrics(await measure(config, prediction, target), expected);
  });
});

test("several yes/no outputs: accuracy counts each of them", async () => {
  const prediction = [
    [0.9, 0.2, 0.6],
    [0.4, 0.5, 0.1],
  ];
  const target = [
    [1, 0, 0],
    [1, 1, 0],
  ];
  const found = await measure(
    { loss: "binaryCrossentropy", metrics: ["accuracy", "binaryAccuracy"] },
    prediction,
    target,
  );
  expectMetrics(found, { accuracy: 4 / 6, binaryAccuracy: 4 / 6 });
});

test("errors are averaged over all outputs of all examples", async () => {
  const [prediction, target] = [rows(9, 3, 1), rows(9, 3, 2)];
  const errors = prediction.flatMap((row, i) => row.map((value, j) => value - (target[i]?.[j] as number)));
  const config = { loss: "sumSquaredError", metrics: ["meanAbsoluteError", "meanSquaredError"] };
  const found = await measure(config, prediction, target, 4);
  expect(found.meanAbsoluteError).toBeCloseTo(mean(errors.map(Math.abs)), 6);
  expect(found.meanSquaredError).toBeCloseTo(mean(errors.map((error) => error * error)), 6);
});

test.each([
  [() => metrics.topKAccuracy({ k: 0 }), /^topKAccuracy: k must be/],
  [() => metrics.topKAccuracy({ k: 1.5 }), /^topKAccuracy: k must be/],
  [() => metrics.precision({ threshold: Number.NaN }), /^precision: threshold must be/],
])("bad settings are refused when the metric is made, case %#", (make, says) => {
  expect(make).toThrow(ConfigError);
  expect(make).toThrow(says);
});
