import { Kernel } from "../../../assembly/kernels.js";
import type { Numbers } from "../core.js";
import { type Case, float, numbers, type Row, special } from "../row.js";

const EXAMPLES = 11;

/** Mini-batches of `rows` examples of `size` numbers each, of which the second step's is what stays. */
function* batches<T extends Numbers>(
  data: (n: number) => T,
  blank: (n: number) => Numbers,
  scale?: readonly [a: number, b: number],
): Iterable<Case> {
  for (const rows of [0, 1, 2, 3, 5]) {
    // Rows of up to 64 words are copied word by word, longer ones at a stroke.
    for (const size of [1, 2, 3, 4, 7, 8, 9, 16, 17, 64, 67]) {
      for (const first of [0, 4]) {
        const source = data(EXAMPLES * size);
        const indices = Int32Array.from({ length: 2 * rows + first }, (_, i) => (i * 7 + 3) % EXAMPLES);
        const want = Array.from(
          { length: rows * size },
          (_, i) => source[(indices[first + rows + Math.floor(i / size)] as number) * size + (i % size)] as number,
        );
        yield {
          what: `${rows} rows of ${size} from position ${first}, second step`,
          operands: [
            ...[{ writes: blank(rows * size) }, source, indices, Int32Array.of(first), rows, size],
            ...(scale ?? []).map(float),
          ],
          want: [{ values: scale ? want.map((value) => scale[0] * value + scale[1]) : want }],
          steps: 2,
        };
      }
    }
  }
}

const floats = (n: number) => new Float32Array(n).fill(1.5e16);

export const rows: Row[] = [
  {
    kernel: Kernel.gather32,
    cases: () => batches((n) => Float32Array.from(numbers(n, n), (value, i) => special[i] ?? value), floats),
  },
  {
    kernel: Kernel.gatherU8,
    // A power of two and a whole number, so that no rounding hides an error.
    cases: () => batches((n) => Uint8Array.from({ length: n }, (_, i) => 255 - i * 37), floats, [0.25, -7]),
  },
  {
    kernel: Kernel.gather32,
    variant: "i32",
    cases: () =>
      batches(
        (n) => Int32Array.from({ length: n }, (_, i) => Math.imul(i, 0x9e3779b9)),
        (n) => new Int32Array(n),
      ),
  },
];
