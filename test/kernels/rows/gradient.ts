import { Kernel } from "../../../assembly/kernels.js";
import { type Case, exactly, float, near, numbers, type Row, special, TINY, total, U } from "../row.js";

function* blocks(): Iterable<Float32Array> {
  for (const n of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 64, 100]) yield numbers(n, n + 1, 3);
  yield special;
  yield Float32Array.of(1, -0, 1e-40, 0, -1e-40);
}

function* regularizations(): Iterable<Case> {
  for (const w of blocks()) {
    for (const [l1, l2] of [
      [0, 0.01],
      [0.02, 0],
      [0.5, 0.25],
    ].map((pair) => pair.map(Math.fround)) as [number, number][]) {
      const g = numbers(w.length, 2);
      const before = 3;
      const term = (i: number) => l1 * Math.abs(w[i] as number) + l2 * (w[i] as number) ** 2;
      const penalty = total(w.length, term);
      yield {
        what: `${w.length} parameters, l1 ${l1}, l2 ${l2}`,
        operands: [w, { writes: g }, w.length, float(l1), float(l2), { writes: Float64Array.of(before) }],
        want: [
          near(w.length, (i) => {
            const value = w[i] as number;
            const [sign, decay] = [l1 * Math.sign(value), 2 * l2 * value];
            // A product and two sums.
            return [(g[i] as number) + sign + decay, 3 * U * (Math.abs(g[i] as number) + l1 + Math.abs(decay)) + TINY];
          }),
          // In f64: n squares, sums and products.
          near(1, () => [before + penalty, (w.length + 4) * 2 ** -53 * (before + penalty)]),
        ],
      };
    }
  }
}

function* norms(): Iterable<Case> {
  for (const g of blocks()) {
    const norm = Math.sqrt(total(g.length, (i) => (g[i] as number) ** 2));
    yield {
      what: `${g.length} gradients`,
      operands: [g, g.length, { writes: Float32Array.of(-1) }, { writes: Float64Array.of(2) }],
      want: [
        // Rounded once to f32.
        near(1, () => [norm, 1.001 * U * norm]),
        near(1, () => [2 + norm, (g.length + 2) * 2 ** -53 * (2 + norm)]),
      ],
    };
  }
}

function* clippingsByNorm(): Iterable<Case> {
  for (const g of blocks()) {
    for (const [norm, most] of [
      [0, 1],
      [0.5, 1],
      [1, 1],
      [40, 1],
      [1e-30, 0.5],
      [Infinity, 1],
      [NaN, 1],
    ].map((pair) => pair.map(Math.fround)) as [number, number][]) {
      const factor = Math.min(1, Math.fround(most / Math.fround(norm + Math.fround(1e-6))));
      yield {
        what: `${g.length} gradients of norm ${norm}, at most ${most}`,
        operands: [{ writes: g }, g.length, Float32Array.of(norm), float(most)],
        want: [exactly(g.length, (i) => (g[i] as number) * factor)],
      };
    }
  }
}

function* clippingsByValue(): Iterable<Case> {
  for (const g of blocks()) {
    for (const limit of [0.5, 3, 1e-40].map(Math.fround)) {
      yield {
        what: `${g.length} gradients, limit ${limit}`,
        operands: [{ writes: g }, g.length, float(limit)],
        want: [exactly(g.length, (i) => Math.max(Math.min(g[i] as number, limit), -limit))],
      };
    }
  }
}

export const rows: Row[] = [
  { kernel: Kernel.regularize, cases: regularizations },
  { kernel: Kernel.gradientNorm, cases: norms },
  { kernel: Kernel.clipByNorm, cases: clippingsByNorm },
  { kernel: Kernel.clipByValue, cases: clippingsByValue },
];
