import { Kernel } from "../../../assembly/kernels.js";
import { type Case, near, numbers, out, type Row, special, TINY, total, U } from "../row.js";

interface Logits {
  readonly rows: number;
  readonly columns: number;
  readonly x: Float32Array;
}

function* logits(): Iterable<Logits> {
  for (const rows of [0, 1, 2, 3, 7]) {
    for (const columns of [1, 2, 3, 4, 5, 7, 8, 10, 17, 100]) {
      for (const reach of [1, 30, 1e4]) yield { rows, columns, x: numbers(rows * columns, columns, reach) };
    }
  }
  // A special value in each place of a row.
  for (const columns of [1, 4, 6]) {
    for (const value of [...special, 3.4e38, -3.4e38]) {
      const x = numbers(columns ** 2, 1);
      for (let i = 0; i < columns; i++) x[i * (columns + 1)] = value;
      yield { rows: columns, columns, x };
    }
  }
  yield { rows: 2, columns: 4, x: Float32Array.of(1e4, -1e4, 1e4, 0, -3.4e38, 3.4e38, -3.4e38, 0) };
}

/**
 * In f64. The lanes' sums are of `columns` / 4 terms, with a few roundings before and after. The rounding of
 * d = most - x is an error of e^-d relative to d, whose mean over the row is at most the logarithm of `columns`.
 */
function softmax({ columns, x }: Logits): (i: number) => readonly [value: number, allowed: number] {
  return (i) => {
    const row = x.subarray(i - (i % columns), i - (i % columns) + columns);
    const most = Math.max(...row);
    const sum = total(columns, (j) => Math.exp((row[j] as number) - most));
    const difference = most - (x[i] as number);
    const value = Math.exp(-difference) / sum;
    const roundings = columns / 4 + 10 + Math.log(columns) + difference;
    return [value, (value === 0 ? 0 : roundings * U * value) + TINY];
  };
}

export const rows: Row[] = [
  {
    kernel: Kernel.softmaxForward,
    inPlace: [1],
    *cases(): Iterable<Case> {
      for (const each of logits()) {
        const { rows, columns, x } = each;
        yield {
          what: `[${rows}, ${columns}]`,
          operands: [out(x.length), x, rows, columns],
          want: [near(x.length, softmax(each))],
        };
      }
    },
  },
  {
    kernel: Kernel.softmaxBackward,
    inPlace: [1],
    *cases(): Iterable<Case> {
      for (const each of logits()) {
        const { rows, columns, x } = each;
        const y = Float32Array.from(x, (_, i) => softmax(each)(i)[0]);
        const random = numbers(x.length, columns + 1, 3);
        for (const dy of [random, random.map((value, i) => special[i] ?? value)]) {
          yield {
            what: `[${rows}, ${columns}]`,
            operands: [out(x.length), dy, y, rows, columns],
            want: [
              near(x.length, (i) => {
                const term = (j: number) =>
                  (dy[i - (i % columns) + j] as number) * (y[i - (i % columns) + j] as number);
                const difference = (dy[i] as number) - total(columns, term);
                const magnitude = Math.abs(dy[i] as number) + total(columns, (j) => Math.abs(term(j)));
                const probability = y[i] as number;
                return [probability * difference, (columns / 4 + 8) * (U * probability * magnitude + TINY)];
              }),
            ],
          };
        }
      }
    },
  },
];
