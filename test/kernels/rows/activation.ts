import { activationTable } from "../../../src/ops/activation-table.js";
import { type Activation, activations } from "../activations.js";
import { type Case, float, near, numbers, out, type Row, special, TINY, U } from "../row.js";

const sizes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 31, 64, 100];

function* inputs(): Iterable<Float32Array> {
  for (const n of sizes) for (const reach of [1, 10, 100]) yield numbers(n, n, reach);
  yield Float32Array.of(...special, 3.4e38, -3.4e38);
  // Where some bend or jump.
  yield Float32Array.of(0.5, 3, -3, 6);
}

/** f or f' at x, which at an infinity is its limit. */
function at(x: number, f: (x: number) => number, [low, high]: readonly [number, number]): number {
  return x === -Infinity ? low : x === Infinity ? high : f(x);
}

/** 4 ULP, and what the row allows for where terms cancel. */
function allowance({ absolute = 0 }: Activation, x: number, value: number): number {
  return absolute * Math.max(1, Number.isFinite(x) ? Math.abs(x) : 1) + 8 * U * Math.abs(value) + 4 * TINY;
}

function* forward(row: Activation): Iterable<Case> {
  for (const x of inputs()) {
    yield {
      what: `f of ${x.length} elements`,
      operands: [out(x.length), x, x.length, float(row.a), float(row.b)],
      want: [
        near(x.length, (i) => {
          const value = at(x[i] as number, (x) => row.f(x, row.a, row.b), row.limits);
          return [value, allowance(row, x[i] as number, value)];
        }),
      ],
    };
  }
}

function* backward(row: Activation): Iterable<Case> {
  for (const x of inputs()) {
    yield gradient(row, x, numbers(x.length, 7, 2));
    yield gradient(row, x, new Float32Array(x.length).fill(1));
  }
  // Where every derivative but that of threshold and radial is positive.
  yield gradient(row, new Float32Array(special.length).fill(0.5), special);
}

function gradient(row: Activation, x: Float32Array, dy: Float32Array): Case {
  const { saves } = activationTable[row.name];
  const y = x.map((x) => at(x, (x) => row.f(x, row.a, row.b), row.limits));
  return {
    what: `f' of ${x.length} elements`,
    operands: [out(x.length), dy, saves === "x" ? x : 0, saves === "y" ? y : 0, x.length, float(row.a), float(row.b)],
    want: [
      near(x.length, (i) => {
        const slope = at(x[i] as number, (x) => row.df(x, row.a, row.b), row.slopes);
        const d = dy[i] as number;
        // A derivative that is 0 everywhere is not multiplied.
        const value = row.name === "threshold" ? 0 : d * slope;
        return [value, Math.abs(d) * allowance(row, x[i] as number, slope) + 4 * TINY];
      }),
    ],
  };
}

export const rows: Row[] = activations.flatMap((row) => {
  const { forward: f, backward: df } = activationTable[row.name];
  return [
    { kernel: f, variant: row.name, inPlace: [1], cases: () => forward(row) },
    { kernel: df, variant: row.name, inPlace: [1], cases: () => backward(row) },
  ];
});
