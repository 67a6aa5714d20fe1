import { DEPTH, LAID_COLUMNS, ROWS } from "../../../assembly/blocks.js";
import { Kernel } from "../../../assembly/kernels.js";
import { roomFor } from "../../../src/ops/matmul.js";
import { type Case, float, near, numbers, out, type Row, special, TINY, total, U } from "../row.js";

const matrixSizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 17];

interface Product {
  readonly M: number;
  readonly N: number;
  readonly K: number;
  readonly bias: Float32Array | 0;
  /** Whether a is [K, M] and b is [N, K]. */
  readonly aTransposed?: boolean;
  readonly bTransposed?: boolean;
  readonly layA?: boolean;
  readonly layB?: boolean;
  readonly a?: Float32Array;
  readonly b?: Float32Array;
}

function product(options: Product): Case {
  const { M, N, K, bias, aTransposed = false, bTransposed = false, layA = false } = options;
  const { a = numbers(M * K, M + N), b = numbers(K * N, N + K), layB = bTransposed } = options;
  const [aRow, aColumn] = aTransposed ? [1, M] : [K, 1];
  const [bRow, bColumn] = bTransposed ? [1, K] : [N, 1];
  const term = (m: number, n: number, k: number) =>
    (a[m * aRow + k * aColumn] as number) * (b[k * bRow + n * bColumn] as number);
  const room = roomFor(M, K);
  // A term goes through the roundings of its product, of the sums of its run and of those of the runs.
  const runs = Math.max(1, Math.ceil(K / DEPTH));
  const roundings = 1 + Math.ceil(K / runs) + runs;
  return {
    what:
      `[${M}, ${K}]${aTransposed ? "^T" : ""} x [${K}, ${N}]${bTransposed ? "^T" : ""}${bias ? " + bias" : ""}, ` +
      `laid out: ${layA ? "a " : ""}${layB ? "b" : ""}`,
    operands: [
      ...[out(M * N), a, b, bias, M, N, K, aRow, aColumn, bRow, bColumn],
      ...[layA ? 1 : 0, layB ? 1 : 0, { room: room * 3 }, room, 0, 0, 0, 0, float(0), float(0)],
    ],
    want: [
      near(M * N, (i) => {
        const [m, n] = [Math.floor(i / N), i % N];
        const start = bias ? (bias[n] as number) : 0;
        const magnitude = Math.abs(start) + total(K, (k) => Math.abs(term(m, n, k)));
        return [start + total(K, (k) => term(m, n, k)), roundings * (1.001 * U * magnitude + TINY)];
      }),
    ],
  };
}

/** All ways in which a and b may lie and be laid out. */
function* ways(): Iterable<Pick<Product, "aTransposed" | "bTransposed" | "layA" | "layB">> {
  for (const aTransposed of [false, true]) {
    for (const layA of [false, true]) {
      for (const layB of [false, true]) yield { aTransposed, layA, layB };
      yield { aTransposed, layA, bTransposed: true };
    }
  }
}

function* products(): Iterable<Case> {
  for (const way of ways()) {
    for (const [M, N, K] of [[0, 8, 3], [4, 0, 3], ...sizes()] as [number, number, number][]) {
      yield product({ M, N, K, bias: (M + N + K) % 2 ? numbers(N, K) : 0, ...way });
    }
    // Several runs of terms, blocks of rows, and chunks of columns, none of them whole.
    yield product({ M: 5, N: 18, K: 2 * DEPTH + 3, bias: numbers(18, 1), ...way });
    yield product({ M: ROWS + 15, N: LAID_COLUMNS + 11, K: 21, bias: 0, ...way });
    yield product({ M: 1, N: 2 * LAID_COLUMNS + 7, K: DEPTH + 1, bias: numbers(2 * LAID_COLUMNS + 7, 1), ...way });
    const a = numbers(2 * special.length, 1);
    for (const [i, value] of special.entries()) a[i * (way.aTransposed ? 1 : 2)] = value;
    const shape = { M: special.length, N: 9, K: 2, a, ...way };
    yield product({ ...shape, b: numbers(18, 2), bias: 0 });
    yield product({ ...shape, b: new Float32Array(18), bias: special });
  }
}

function* sizes(): Iterable<[number, number, number]> {
  for (const M of matrixSizes) for (const N of matrixSizes) for (const K of [0, 1, 2, 9]) yield [M, N, K];
}

function* matrices(): Iterable<{ rows: number; columns: number; x: Float32Array }> {
  for (const rows of [0, ...matrixSizes]) {
    for (const columns of [0, ...matrixSizes]) yield { rows, columns, x: numbers(rows * columns, rows + columns) };
  }
  yield { rows: 1, columns: special.length, x: special };
  yield { rows: special.length, columns: 1, x: special };
}

export const rows: Row[] = [
  { kernel: Kernel.matmul, cases: products },
  {
    kernel: Kernel.columnSum,
    *cases() {
      // Equal numbers, whose roundings do not cancel out.
      const long = [255, 256, 257, 5000].map((rows) => ({ rows, columns: 5, x: new Float32Array(rows * 5).fill(0.1) }));
      for (const { rows, columns, x } of [...matrices(), ...long]) {
        // Chains of 256 at most, and one of the blocks' sums.
        const additions = Math.min(rows, 256) + Math.ceil(rows / 256);
        yield {
          what: `[${rows}, ${columns}]`,
          operands: [out(columns), x, rows, columns],
          want: [
            near(columns, (c) => {
              const term = (r: number) => x[r * columns + c] as number;
              return [total(rows, term), additions * U * total(rows, (r) => Math.abs(term(r)))];
            }),
          ],
        };
      }
    },
  },
];
