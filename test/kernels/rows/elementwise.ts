import { Kernel } from "../../../assembly/kernels.js";
import { type Case, exactly, numbers, out, type Row, special } from "../row.js";

/** Each special value with each. */
const pairs = {
  left: Float32Array.from({ length: special.length ** 2 }, (_, i) => special[i % special.length] as number),
  right: Float32Array.from(
    { length: special.length ** 2 },
    (_, i) => special[Math.floor(i / special.length)] as number,
  ),
};

function* sums(): Iterable<Case> {
  for (const n of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 64, 100]) yield sum(numbers(n, 1), numbers(n, 2));
  yield sum(pairs.left, pairs.right);
}

function sum(a: Float32Array, b: Float32Array): Case {
  return {
    what: `${a.length} elements`,
    operands: [out(a.length), a, b, a.length],
    want: [exactly(a.length, (i) => (a[i] as number) + (b[i] as number))],
  };
}

function* copies(): Iterable<Case> {
  for (const rows of [0, 1, 2, 3, 7]) {
    for (const columns of [0, 1, 4, 5, 64, 67]) {
      for (const [outStride, outOffset, inStride, inOffset] of [
        [columns, 0, columns, 0],
        [columns + 3, 2, columns, 0],
        [columns, 0, columns + 3, 2],
        [columns + 1, 1, columns + 5, 4],
      ] as const) {
        const before = numbers(rows * outStride, 1);
        const source = numbers(rows * inStride, 2).map((value, i) => special[i] ?? value);
        const want = before.slice();
        for (let r = 0; r < rows; r++) {
          for (let c = 0; c < columns; c++) {
            want[r * outStride + outOffset + c] = source[r * inStride + inOffset + c] as number;
          }
        }
        yield {
          what: `[${rows}, ${columns}], strides ${inStride} to ${outStride}, offsets ${inOffset} to ${outOffset}`,
          operands: [{ writes: before }, outStride, outOffset, source, inStride, inOffset, rows, columns],
          want: [{ values: want }],
        };
      }
    }
  }
}

/** Two roundings, in every build. */
function* scalings(withOffset: boolean): Iterable<Case> {
  const scaled = (x: Float32Array, scale: Float32Array): Case => {
    const columns = scale.length;
    const rows = x.length / columns;
    const offset = numbers(columns, 9);
    return {
      what: `[${rows}, ${columns}]`,
      operands: [out(x.length), x, scale, ...(withOffset ? [offset] : []), rows, columns],
      want: [
        exactly(x.length, (i) => {
          const product = Math.fround((x[i] as number) * (scale[i % columns] as number));
          return withOffset ? product + (offset[i % columns] as number) : product;
        }),
      ],
    };
  };
  for (const rows of [0, 1, 2, 3, 5]) {
    for (const columns of [1, 3, 4, 5, 8, 9, 17]) yield scaled(numbers(rows * columns, rows, 3), numbers(columns, 5));
  }
  yield scaled(pairs.left, special);
  yield scaled(pairs.right, special);
}

export const rows: Row[] = [
  { kernel: Kernel.sum, inPlace: [1, 2], cases: sums },
  { kernel: Kernel.copyRows, cases: copies },
  { kernel: Kernel.scaleColumns, inPlace: [1], cases: () => scalings(true) },
  { kernel: Kernel.scaleColumnsBackward, inPlace: [1], cases: () => scalings(false) },
];
