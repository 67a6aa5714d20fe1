import { Kernel } from "../../../assembly/kernels.js";
import type { Numbers } from "../core.js";
import { type Case, float, near, numbers, out, type Row, special, TINY, total, U } from "../row.js";

interface Batch {
  readonly rows: number;
  readonly size: number;
  /** Probabilities or logits. */
  readonly z: Float32Array;
  /** Target rows, which class ids stand for where `ids` is given. */
  readonly y: Float32Array;
  readonly ids?: Int32Array;
  readonly scale: number;
}

const limited = (z: number) => Math.max(Math.min(z, Math.fround(1 - 1e-7)), Math.fround(1e-7));
/** y f, nothing where y is 0. */
const weighted = (y: number, f: number) => (y === 0 ? 0 : y * f);

function* batches(kind: "ids" | "rows", prediction: "probabilities" | "logits"): Iterable<Batch> {
  const reaches = prediction === "logits" ? [1, 30, 1e4] : [1];
  for (const rows of [0, 1, 2, 3, 5]) {
    for (const size of [2, 3, 4, 5, 7, 8, 9, 33]) {
      for (const reach of reaches) {
        const random = numbers(rows * size, size, reach);
        const z = prediction === "logits" ? random : random.map((value) => (value + 1) / 2);
        yield { rows, size, z, scale: Math.fround(1 / 3), ...targets(kind, rows, size) };
      }
    }
  }
  // The class of row i and the one after it hold special values, or all others do.
  const size = 5;
  const rows = special.length;
  const own = numbers(rows * size, 1);
  const others = own.slice();
  for (const [i, value] of special.entries()) {
    for (let j = 0; j < size; j++) (j === i % size ? own : others)[i * size + j] = value;
  }
  for (const z of [own, others]) yield { rows, size, z, scale: 1, ...targets(kind, rows, size) };
}

function targets(kind: "ids" | "rows", rows: number, size: number): { y: Float32Array; ids?: Int32Array } {
  const ids = Int32Array.from({ length: rows }, (_, i) => i % size);
  const oneHot = Float32Array.from({ length: rows * size }, (_, i) => (i % size === ids[Math.floor(i / size)] ? 1 : 0));
  if (kind === "ids") return { y: oneHot, ids };
  // Every second row is not one-hot and does not add up to 1.
  const soft = numbers(rows * size, 3).map((value, i) => (value > 0.5 ? 0 : oneHot[i] || Math.abs(value)));
  return { y: oneHot.map((value, i) => (Math.floor(i / size) % 2 ? (soft[i] as number) : value)) };
}

/** In f64: the largest of row i, the sum of e^(z - largest), and how far that sum's error is amplified. */
function softmaxOf({ z, size }: Batch, i: number): { most: number; sum: number } {
  const row = [...z.subarray(i * size, (i + 1) * size)];
  const most = Math.max(...row);
  return { most, sum: total(size, (j) => Math.exp((row[j] as number) - most)) };
}

const common = ({
  rows,
  size,
  z,
  y,
  ids,
  scale,
}: Batch): { operands: (Numbers | number | { float: number })[]; what: string } => ({
  what: `[${rows}, ${size}]`,
  operands: [z, ids ?? y, rows, size, float(scale), 0],
});

function* forward(batchesOf: Iterable<Batch>): Iterable<Case> {
  for (const batch of batchesOf) {
    const { rows, size, z, y, scale } = batch;
    const { what, operands } = common(batch);
    const want = near(rows, (i) => {
      const term = (j: number) => -weighted(y[i * size + j] as number, Math.log(limited(z[i * size + j] as number)));
      // The terms have one sign. A logarithm is 2 roundings, its product with y and the scale one each.
      const loss = scale * total(size, term);
      return [loss, (size + 4) * U * loss];
    });
    yield { what, operands: [out(rows), ...operands], want: [want] };
  }
}

function* backward(batchesOf: Iterable<Batch>): Iterable<Case> {
  for (const batch of batchesOf) {
    const { rows, size, z, y, ids, scale } = batch;
    const { what, operands } = common(batch);
    const dloss = numbers(rows, 7);
    const want = near(rows * size, (i) => {
      const factor = -scale * (dloss[Math.floor(i / size)] as number);
      const target = y[i] as number;
      const slope = ids
        ? weighted(target, factor / limited(z[i] as number))
        : (factor * target) / limited(z[i] as number);
      return [slope, 4 * U * Math.abs(slope)];
    });
    yield { what, operands: [out(rows * size), dloss, ...operands], want: [want] };
  }
}

/*
 * From logits. The rounding of d = most - z is an error of e^-d relative to d; the mean of d over a softmax is at most the
 * logarithm of the number of classes, which so bounds what these errors are in the sum of the exponentials.
 */

function* logitsForward(batchesOf: Iterable<Batch>): Iterable<Case> {
  for (const batch of batchesOf) {
    const { rows, size, z, y, scale } = batch;
    const { what, operands } = common(batch);
    const want = near(rows, (i) => {
      const { most, sum } = softmaxOf(batch, i);
      const over = (start: number) =>
        scale *
        total(size, (j) =>
          weighted(y[i * size + j] as number, start + Math.log(sum) + most - (z[i * size + j] as number)),
        );
      return [over(0), (size + 8) * U * over(1 + Math.log(size))];
    });
    yield { what, operands: [out(rows), ...operands], want: [want] };
  }
}

function* logitsBackward(batchesOf: Iterable<Batch>): Iterable<Case> {
  for (const batch of batchesOf) {
    const { rows, size, z, y, scale } = batch;
    const { what, operands } = common(batch);
    const dloss = numbers(rows, 7);
    const want = near(rows * size, (i) => {
      const row = Math.floor(i / size);
      const { most, sum } = softmaxOf(batch, row);
      const factor = scale * (dloss[row] as number);
      const difference = most - (z[i] as number);
      const share = (Math.exp(-difference) / sum) * total(size, (j) => y[row * size + j] as number);
      const relative = share && size + 12 + Math.log(size) + difference;
      return [
        factor * (share - (y[i] as number)),
        Math.abs(factor) * (U * (relative * share + 2 * (y[i] as number)) + 2 * TINY) + TINY,
      ];
    });
    yield { what, operands: [out(rows * size), dloss, ...operands], want: [want] };
  }
}

export const rows: Row[] = [
  { kernel: Kernel.categoricalCrossentropyForward, cases: () => forward(batches("rows", "probabilities")) },
  { kernel: Kernel.categoricalCrossentropyBackward, cases: () => backward(batches("rows", "probabilities")) },
  { kernel: Kernel.categoricalCrossentropyLogitsForward, cases: () => logitsForward(batches("rows", "logits")) },
  { kernel: Kernel.categoricalCrossentropyLogitsBackward, cases: () => logitsBackward(batches("rows", "logits")) },
  { kernel: Kernel.sparseCategoricalCrossentropyForward, cases: () => forward(batches("ids", "probabilities")) },
  { kernel: Kernel.sparseCategoricalCrossentropyBackward, cases: () => backward(batches("ids", "probabilities")) },
  { kernel: Kernel.sparseCategoricalCrossentropyLogitsForward, cases: () => logitsForward(batches("ids", "logits")) },
  { kernel: Kernel.sparseCategoricalCrossentropyLogitsBackward, cases: () => logitsBackward(batches("ids", "logits")) },
];
