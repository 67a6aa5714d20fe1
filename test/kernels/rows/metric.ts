import { Kernel } from "../../../assembly/kernels.js";
import { type Case, exactly, float, numbers, out, type Row, special, total } from "../row.js";

const sizes = [0, 1, 2, 3, 4, 5, 8, 9, 33];

/** Position of the first of the largest; NaN is larger than nothing, and nothing is larger than a NaN before it. */
function argmax(row: readonly number[]): number {
  return row.reduce((best, value, i) => (value > (row[best] as number) ? i : best), 0);
}

function trueClass(row: number, columns: number): number {
  return (row * 5 + 1) % Math.max(2, columns);
}

interface Batch {
  readonly what: string;
  readonly rows: number;
  readonly columns: number;
  readonly pred: Float32Array;
  readonly target: Float32Array | Int32Array;
  readonly predictions: readonly number[][];
  /** The true class of each row. */
  readonly classes: readonly number[];
}

function* batches(): Iterable<Batch> {
  for (const rows of [0, 1, 2, 5, 33]) {
    for (const columns of [1, 2, 3, 4, 5, 9]) {
      // Few different numbers, so that some are equal.
      const pred = numbers(rows * columns, columns, 4).map(Math.round);
      for (const kind of ["ids", "rows"] as const) yield batch(kind, rows, columns, pred);
    }
  }
  // A special value at the true class of each row, or at another.
  for (const columns of [1, 3]) {
    for (const other of [0, 1]) {
      const pred = numbers(special.length * columns, 1);
      for (const [i, value] of special.entries())
        pred[i * columns + ((trueClass(i, columns) + other) % columns)] = value;
      for (const kind of ["ids", "rows"] as const) yield batch(kind, special.length, columns, pred);
    }
  }
}

function batch(kind: "ids" | "rows", rows: number, columns: number, pred: Float32Array): Batch {
  const ids = Int32Array.from({ length: rows }, (_, i) => trueClass(i, columns));
  const onTarget = numbers(rows * columns, columns + 1).map((value, i) =>
    columns === 1 ? (ids[i] as number) : value + (i % columns === ids[Math.floor(i / columns)] ? 3 : 0),
  );
  return {
    what: `[${rows}, ${columns}], targets as ${kind}`,
    rows,
    columns,
    pred,
    target: kind === "ids" ? ids : onTarget,
    predictions: Array.from({ length: rows }, (_, i) => [...pred.subarray(i * columns, (i + 1) * columns)]),
    classes: [...ids],
  };
}

/** Each number added to what a counter held before. */
function counted(before: Float64Array, added: (i: number) => number) {
  return { values: before.map((value, i) => value + added(i)) };
}

function* confusion(): Iterable<Case> {
  for (const { what, rows, columns, pred, target, predictions, classes } of batches()) {
    for (const threshold of [0.5, -1]) {
      const count = Math.max(2, columns);
      const before = Float64Array.from({ length: count ** 2 }, (_, i) => i * 10);
      const predicted = predictions.map((row) =>
        columns === 1 ? Number((row[0] as number) >= threshold) : argmax(row),
      );
      yield {
        what: `${what}, threshold ${threshold}`,
        operands: [
          pred,
          target,
          rows,
          columns,
          Number(target instanceof Float32Array),
          float(threshold),
          float(0.5),
          { writes: before },
        ],
        want: [
          counted(before, (cell) =>
            total(rows, (i) => Number((classes[i] as number) * count + (predicted[i] as number) === cell)),
          ),
        ],
      };
    }
  }
}

function* nearest(): Iterable<Case> {
  for (const { what, rows, columns, pred, target, predictions, classes } of batches()) {
    if (columns === 1) continue;
    for (const k of [1, 2, columns]) {
      const hit = (i: number) => {
        const row = predictions[i] as number[];
        const own = classes[i] as number;
        const value = row[own] as number;
        const ahead = row.filter((other, c) => other > value || (other === value && c < own)).length;
        return Number(!Number.isNaN(value) && ahead < k);
      };
      const before = Float64Array.of(7);
      yield {
        what: `${what}, k ${k}`,
        operands: [pred, target, rows, columns, Number(target instanceof Float32Array), k, { writes: before }],
        want: [counted(before, () => total(rows, hit))],
      };
    }
  }
}

/** Thresholds of predictions with those of targets. */
const cuts = [
  [0, 0],
  [0.5, 0.5],
  [-1, 0.5],
] as const;

type Pair = readonly [pred: Float32Array, target: Float32Array];

function* pairs(): Iterable<Pair> {
  for (const n of sizes) yield [numbers(n, 1), numbers(n, 2)];
  for (const value of special) {
    yield [numbers(5, 3).fill(value, 2, 3), numbers(5, 4)];
    yield [numbers(5, 3), numbers(5, 4).fill(value, 2, 3)];
  }
}

function* matches(): Iterable<Case> {
  for (const [pred, target] of pairs()) {
    for (const [threshold, positive] of cuts) {
      const before = Float64Array.of(3);
      const match = (i: number) =>
        Number(!Number.isNaN(pred[i]) && (pred[i] as number) >= threshold === (target[i] as number) > positive);
      yield {
        what: `${pred.length} elements, threshold ${threshold}, positive ${positive}`,
        operands: [pred, target, pred.length, float(threshold), float(positive), { writes: before }],
        want: [counted(before, () => total(pred.length, match))],
      };
    }
  }
}

function* labels(): Iterable<Case> {
  for (const [pred, target] of pairs()) {
    const n = pred.length;
    for (const columns of [1, 2, 3].filter((count) => n % count === 0)) {
      for (const [threshold, positive] of cuts) {
        const before = Float64Array.from({ length: columns * 4 }, (_, i) => i * 10);
        const cell = (i: number) =>
          (i % columns) * 4 + Number((target[i] as number) > positive) * 2 + Number((pred[i] as number) >= threshold);
        yield {
          what: `[${n / columns}, ${columns}], threshold ${threshold}, positive ${positive}`,
          operands: [pred, target, n / columns, columns, float(threshold), float(positive), { writes: before }],
          want: [counted(before, (one) => total(n, (i) => Number(cell(i) === one)))],
        };
      }
    }
  }
}

/** Sums in f64, in order: exactly the reference's. */
function* errors(of: (difference: number) => number): Iterable<Case> {
  for (const [pred, target] of pairs()) {
    const before = Float64Array.of(1.25);
    yield {
      what: `${pred.length} elements`,
      operands: [pred, target, pred.length, { writes: before }],
      want: [counted(before, () => total(pred.length, (i) => of((pred[i] as number) - (target[i] as number))))],
    };
  }
}

function* reductions(): Iterable<Case> {
  for (const [loss, weights] of pairs()) {
    for (const weighted of [true, false]) {
      const n = loss.length;
      const factor = Math.fround(0.1);
      const weight = (i: number) => (weighted ? (weights[i] as number) : 1);
      const before = Float64Array.of(0.5);
      yield {
        what: `${n} losses${weighted ? ", weighted" : ""}`,
        operands: [out(n), loss, weighted ? weights : 0, n, float(factor), { writes: before }],
        want: [
          exactly(n, (i) => factor * weight(i)),
          counted(before, () => total(n, (i) => weight(i) * (loss[i] as number))),
        ],
      };
    }
  }
}

export const rows: Row[] = [
  { kernel: Kernel.confusionMatrix, cases: confusion },
  { kernel: Kernel.topK, cases: nearest },
  { kernel: Kernel.labelConfusion, cases: labels },
  { kernel: Kernel.binaryMatches, cases: matches },
  { kernel: Kernel.absoluteErrorSum, cases: () => errors(Math.abs) },
  { kernel: Kernel.squaredErrorSum, cases: () => errors((difference) => difference * difference) },
  { kernel: Kernel.reduceLoss, cases: reductions },
];
