import { Kernel } from "../../../assembly/kernels.js";
import { type Case, exactly, near, numbers, out, type Row, special, TINY, total, U } from "../row.js";

const matrixSizes = [1, 2, 3, 4, 5, 7, 8, 9, 12, 17];

interface Product {
  readonly M: number;
  readonly N: number;
  readonly K: number;
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly bias: Float32Array | 0;
  readonly aRow: number;
  readonly aColumn: number;
}

function product({ M, N, K, a, b, bias, aRow, aColumn }: Product): Case {
  const term = (m: number, n: number, k: number) => (a[m * aRow + k * aColumn] as number) * (b[k * N + n] as number);
  return {
    what: `[${M}, ${K}] x [${K}, ${N}]${bias ? " + bias" : ""}, A's strides ${aRow} and ${aColumn}`,
    operands: [out(M * N), a, b, bias, M, N, K, aRow, aColumn],
    want: [
      near(M * N, (i) => {
        const [m, n] = [Math.floor(i / N), i % N];
        const start = bias ? (bias[n] as number) : 0;
        // A term goes through at most K + 1 roundings: of its product and of the K sums.
        const magnitude = Math.abs(start) + total(K, (k) => Math.abs(term(m, n, k)));
        return [start + total(K, (k) => term(m, n, k)), (K + 1) * (1.001 * U * magnitude + TINY)];
      }),
    ],
  };
}

function* products(): Iterable<Case> {
  for (const [M, N, K] of [[0, 8, 3], [4, 0, 3], ...sizes()] as [number, number, number][]) {
    const a = numbers(M * K, M + N);
    const b = numbers(K * N, N + K);
    const bias = (M + N + K) % 2 ? numbers(N, K) : 0;
    yield product({ M, N, K, a, b, bias, aRow: K, aColumn: 1 });
    yield product({ M, N, K, a, b, bias, aRow: 1, aColumn: M });
  }
  yield product({ M: 9, N: 17, K: 500, a: numbers(4500, 1), b: numbers(8500, 2), bias: 0, aRow: 500, aColumn: 1 });
  for (const [aRow, aColumn] of [
    [2, 1],
    [1, special.length],
  ] as [number, number][]) {
    const a = numbers(2 * special.length, 1);
    for (const [i, value] of special.entries()) a[i * aRow] = value;
    const shape = { M: special.length, N: 9, K: 2 };
    yield product({ ...shape, a, b: numbers(18, 2), bias: 0, aRow, aColumn });
    yield product({ ...shape, a, b: new Float32Array(18), bias: special, aRow, aColumn });
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
    kernel: Kernel.transpose,
    *cases() {
      for (const { rows, columns, x } of matrices()) {
        yield {
          what: `[${rows}, ${columns}]`,
          operands: [out(x.length), x, rows, columns],
          want: [exactly(x.length, (i) => x[(i % rows) * columns + Math.floor(i / rows)] as number)],
        };
      }
    },
  },
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
