import { describe, expect, test } from "vitest";
import { Kernel } from "../../assembly/kernels.js";
import { activationTable } from "../../src/ops/activation-table.js";
import { type Core, loadCore } from "./core.js";

type Name = keyof typeof activationTable;

interface Reference {
  /** f and f' in f64; the constants are the row's own unless `constants` gives others. */
  readonly f: (x: number, a: number, b: number) => number;
  readonly df: (x: number, a: number, b: number) => number;
  readonly constants?: readonly [a: number, b: number];
  /** Limits of f and of f' at -infinity and infinity. */
  readonly limits: readonly [number, number];
  readonly slopes: readonly [number, number];
  /** Where f bends or jumps: finite differences stay away from there. */
  readonly kinks?: readonly number[];
  /** Absolute error allowed, besides 4 ULP of the result. */
  readonly absolute?: number;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
const eluReference: Reference = {
  f: (x, a, b) => b * (x > 0 ? x : a * Math.expm1(x)),
  df: (x, a, b) => b * (x > 0 ? 1 : a * Math.exp(x)),
  limits: [0, Infinity],
  slopes: [0, 0],
  kinks: [0],
};

/** The standard normal distribution function by its series (Abramowitz and Stegun 26.2.11). */
function distribution(x: number): number {
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0;
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (x * x) / (2 * n + 1);
    sum += term;
  }
  return 0.5 + density(x) * sum;
}

const references: Record<Name, Reference> = {
  affine: {
    f: (x, a, b) => a * x + b,
    df: (_, a) => a,
    constants: [1.5, -0.25],
    limits: [-Infinity, Infinity],
    slopes: [1.5, 1.5],
    absolute: 1e-6,
  },
  relu: { f: (x) => Math.max(0, x), df: (x) => (x > 0 ? 1 : 0), limits: [0, Infinity], slopes: [0, 1], kinks: [0] },
  leakyRelu: {
    f: (x, a) => (x > 0 ? x : a * x),
    df: (x, a) => (x > 0 ? 1 : a),
    limits: [-Infinity, Infinity],
    slopes: [0.01, 1],
    kinks: [0],
  },
  relu6: {
    f: (x) => Math.min(Math.max(0, x), 6),
    df: (x) => (x > 0 && x < 6 ? 1 : 0),
    limits: [0, 6],
    slopes: [0, 0],
    kinks: [0, 6],
  },
  elu: { ...eluReference, limits: [-1, Infinity], slopes: [0, 1] },
  selu: { ...eluReference, limits: [-1.7580993408473766, Infinity], slopes: [0, 1.0507009873554805] },
  sigmoid: { f: sigmoid, df: (x) => sigmoid(x) * (1 - sigmoid(x)), limits: [0, 1], slopes: [0, 0], absolute: 2e-7 },
  hardSigmoid: {
    f: (x) => Math.min(Math.max(0, x + 3), 6) / 6,
    df: (x) => (x > -3 && x < 3 ? 1 / 6 : 0),
    limits: [0, 1],
    slopes: [0, 0],
    kinks: [-3, 3],
    absolute: 1e-7,
  },
  tanh: { f: Math.tanh, df: (x) => 1 - Math.tanh(x) ** 2, limits: [-1, 1], slopes: [0, 0], absolute: 4e-7 },
  softplus: {
    f: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    df: sigmoid,
    limits: [0, Infinity],
    slopes: [0, 1],
  },
  softsign: { f: (x) => x / (1 + Math.abs(x)), df: (x) => (1 + Math.abs(x)) ** -2, limits: [-1, 1], slopes: [0, 0] },
  silu: {
    f: (x) => x * sigmoid(x),
    df: (x) => sigmoid(x) * (1 + x * (1 - sigmoid(x))),
    limits: [0, Infinity],
    slopes: [0, 1],
    absolute: 4e-7,
  },
  gelu: {
    f: (x) => x * distribution(x),
    df: (x) => distribution(x) + x * density(x),
    limits: [0, Infinity],
    slopes: [0, 1],
    absolute: 2e-6,
  },
  mish: {
    f: (x) => x * Math.tanh(Math.log1p(Math.exp(x))),
    df: (x) => {
      const t = Math.tanh(Math.log1p(Math.exp(x)));
      return t + x * (1 - t * t) * sigmoid(x);
    },
    limits: [0, Infinity],
    slopes: [0, 1],
    absolute: 4e-7,
  },
  hardSilu: {
    f: (x) => (x * Math.min(Math.max(0, x + 3), 6)) / 6,
    df: (x) => (x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6),
    limits: [0, Infinity],
    slopes: [0, 1],
    kinks: [-3, 3],
    absolute: 4e-7,
  },
  exponential: { f: Math.exp, df: Math.exp, limits: [0, Infinity], slopes: [0, Infinity] },
  threshold: {
    f: (x, a) => (x >= a ? 1 : 0),
    df: () => 0,
    constants: [0.5, 0],
    limits: [0, 1],
    slopes: [0, 0],
    kinks: [0.5],
  },
  radial: { f: density, df: (x) => -x * density(x), limits: [0, 0], slopes: [0, 0], absolute: 1e-7 },
};

const rows = (Object.keys(references) as Name[]).map((name) => {
  const { forward, backward, saves, a, b } = activationTable[name];
  const [a1, b1] = references[name].constants ?? [a, b];
  return { name, forward, backward, saves, a: Math.fround(a1), b: Math.fround(b1), ...references[name] };
});
type Row = (typeof rows)[number];

const sizes = [0, 1, 3, 4, 5, 7, 8, 9, 31, 64, 1000];

/** n numbers of [-reach, reach), the same on every run. */
function numbers(n: number, seed: number, reach: number): Float32Array {
  return Float32Array.from(
    { length: n },
    (_, i) => ((Math.imul(i + 1, 2654435761 + seed * 40503) >>> 0) / 2 ** 31 - 1) * reach,
  );
}

function runForward(core: Core, row: Row, x: Float32Array, { inPlace = false, threads = 1 } = {}): Float32Array {
  return core.call(
    row.forward,
    inPlace ? { inOut: x } : { out: x.length, inputs: [x] },
    [x.length, { float: row.a }, { float: row.b }],
    threads,
  );
}

function runBackward(
  core: Core,
  row: Row,
  dy: Float32Array,
  x: Float32Array,
  { inPlace = false, threads = 1 } = {},
): Float32Array {
  const saved: (Float32Array | 0)[] =
    row.saves === "x" ? [x, 0] : row.saves === "y" ? [0, runForward(core, row, x)] : [0, 0];
  const rest = [dy.length, { float: row.a }, { float: row.b }];
  return core.call(
    row.backward,
    inPlace ? { inOut: dy, inputs: saved } : { out: dy.length, inputs: [dy, ...saved] },
    rest,
    threads,
  );
}

function expectNear(row: Row, got: number, want: number, scale: number, what: string): void {
  if (got === Math.fround(want)) return;
  // The last term is 4 of the least denormals: what is left of a product of denormals is rounded to them.
  const allowed = (row.absolute ?? 0) * scale + 4 * 2 ** -23 * Math.abs(want) + 6e-45;
  if (!(Math.abs(got - want) <= allowed))
    expect.fail(`${row.name} ${what}: got ${got}, expected ${want} within ${allowed}`);
}

describe("the references", () => {
  test.each(rows)("$name: f' is the derivative of f", ({ f, df, a, b, kinks = [] }) => {
    for (const x of numbers(200, 1, 8)) {
      if (kinks.some((kink) => Math.abs(x - kink) < 1e-4)) continue;
      expect(df(x, a, b)).toBeCloseTo(
        (f(x + 1e-5, a, b) - f(x - 1e-5, a, b)) / 2e-5,
        5 - Math.ceil(Math.log10(1 + Math.abs(df(x, a, b)))),
      );
    }
  });
});

describe.each(["baseline", "relaxed"] as const)("activation kernels, %s build", async (build) => {
  const core = await loadCore(build);

  test("the table of this test has every activation", () => {
    expect(Object.keys(references).sort()).toEqual(Object.keys(activationTable).sort());
  });

  test.each(rows)("$name", (row) => {
    for (const n of sizes) {
      for (const reach of [1, 10, 100]) {
        const x = numbers(n, n, reach);
        const y = runForward(core, row, x);
        const dy = numbers(n, n + 1, 2);
        const dx = runBackward(core, row, dy, x);
        for (let i = 0; i < n; i++) {
          const at = x[i] as number;
          expectNear(row, y[i] as number, row.f(at, row.a, row.b), Math.max(1, Math.abs(at)), `f(${at})`);
          const d = dy[i] as number;
          expectNear(
            row,
            dx[i] as number,
            d * row.df(at, row.a, row.b),
            Math.abs(d) * Math.max(1, Math.abs(at)),
            `f'(${at}) * ${d}`,
          );
        }
        expect(runForward(core, row, x, { inPlace: true })).toEqual(y);
        expect(runBackward(core, row, dy, x, { inPlace: true })).toEqual(dx);
        for (const threads of [2, 3]) {
          expect(runForward(core, row, x, { threads })).toEqual(y);
          expect(runBackward(core, row, dy, x, { threads })).toEqual(dx);
        }
      }
    }
  });

  test.each(rows)("$name at NaN, infinities, zeros and denormals", (row) => {
    const x = Float32Array.of(NaN, -Infinity, Infinity, 0, -0, 1e-40, -1e-40, 3.4e38, -3.4e38);
    const y = runForward(core, row, x);
    expect(y[0]).toBeNaN();
    for (const [i, limit] of row.limits.entries()) expect(y[i + 1]).toBeCloseTo(limit, 6);
    for (let i = 3; i < 7; i++) expectNear(row, y[i] as number, row.f(x[i] as number, row.a, row.b), 1, `f(${x[i]})`);
    for (let i = 7; i < 9; i++) expect(y[i]).not.toBeNaN();

    const ones = new Float32Array(x.length).fill(1);
    const dx = runBackward(core, row, ones, x);
    for (const [i, slope] of row.slopes.entries()) expect(dx[i + 1]).toBeCloseTo(slope, 6);
    for (let i = 3; i < 7; i++)
      expectNear(row, dx[i] as number, row.df(x[i] as number, row.a, row.b), 1, `f'(${x[i]})`);
    for (let i = 7; i < 9; i++) expect(dx[i]).not.toBeNaN();
    if (row.name !== "threshold")
      expect(
        runBackward(
          core,
          row,
          ones.fill(NaN),
          Float32Array.from(x, () => 0.5),
        )[0],
      ).toBeNaN();
  });

  test("odd functions keep the sign of 0 and of denormals", () => {
    for (const row of rows.filter(({ name }) => name === "tanh" || name === "softsign")) {
      expect(runForward(core, row, Float32Array.of(-0, 0, -1e-40, 1e-40))).toEqual(
        Float32Array.of(-0, 0, -1e-40, 1e-40),
      );
    }
  });

  test("the constants reach the derivative of either sign", () => {
    const row = { ...(rows.find(({ name }) => name === "leakyRelu") as Row), a: -0.5 };
    expect(runForward(core, row, Float32Array.of(-2, 2))).toEqual(Float32Array.of(1, 2));
    expect(runBackward(core, row, Float32Array.of(1, 1), Float32Array.of(-2, 2))).toEqual(Float32Array.of(-0.5, 1));
  });
});

describe.each(["baseline", "relaxed"] as const)("softmax kernels, %s build", async (build) => {
  const core = await loadCore(build);
  const forward = (
    x: Float32Array,
    columns: number,
    options: { inPlace?: boolean; threads?: number } = {},
  ): Float32Array =>
    core.call(
      Kernel.softmaxForward,
      options.inPlace ? { inOut: x } : { out: x.length, inputs: [x] },
      [x.length / columns, columns],
      options.threads ?? 1,
    );
  const backward = (
    dy: Float32Array,
    y: Float32Array,
    columns: number,
    { inPlace = false, threads = 1 } = {},
  ): Float32Array =>
    core.call(
      Kernel.softmaxBackward,
      inPlace ? { inOut: dy, inputs: [y] } : { out: dy.length, inputs: [dy, y] },
      [dy.length / columns, columns],
      threads,
    );

  test.each([1, 2, 3, 4, 5, 7, 8, 10, 17, 100])("%i columns", (columns) => {
    for (const rowCount of [0, 1, 2, 3, 7]) {
      for (const reach of [1, 30, 1e4]) {
        const n = rowCount * columns;
        const x = numbers(n, columns, reach);
        const y = forward(x, columns);
        const dy = numbers(n, columns + 1, 3);
        const dx = backward(dy, y, columns);
        for (let r = 0; r < rowCount; r++) {
          const span = (of: Float32Array): number[] => [...of.subarray(r * columns, (r + 1) * columns)];
          const most = Math.max(...span(x));
          const powers = span(x).map((value) => Math.exp(value - most));
          const total = powers.reduce((sum, value) => sum + value, 0);
          const outputs = span(y);
          expect(Math.abs(outputs.reduce((sum, value) => sum + value, 0) - 1)).toBeLessThan(1e-6);
          const mean = outputs.reduce((sum, value, c) => sum + value * (span(dy)[c] as number), 0);
          for (const [c, value] of outputs.entries()) {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(1);
            const want = (powers[c] as number) / total;
            // The rounding of x - max is an error of e^(x - max) relative to that difference.
            const relative = 1e-6 + 1.2e-7 * Math.abs((span(x)[c] as number) - most);
            expect(Math.abs(value - want)).toBeLessThanOrEqual(relative * want + 1e-44);
            const slope = value * ((span(dy)[c] as number) - mean);
            expect(Math.abs((span(dx)[c] as number) - slope)).toBeLessThanOrEqual(3e-6 * value);
          }
        }
        expect(forward(x, columns, { inPlace: true })).toEqual(y);
        expect(backward(dy, y, columns, { inPlace: true })).toEqual(dx);
        for (const threads of [2, 3]) {
          expect(forward(x, columns, { threads })).toEqual(y);
          expect(backward(dy, y, columns, { threads })).toEqual(dx);
        }
      }
    }
  });

  test("any finite logits give probabilities", () => {
    expect(forward(Float32Array.of(1e4, -1e4, 1e4, 0, -3.4e38, 3.4e38, -3.4e38, 0), 4)).toEqual(
      Float32Array.of(0.5, 0, 0.5, 0, 0, 1, 0, 0),
    );
  });

  test("NaN spreads over its row only", () => {
    for (let at = 0; at < 6; at++) {
      const x = new Float32Array(12);
      x[at] = NaN;
      const y = forward(x, 6);
      expect(y.subarray(0, 6).every(Number.isNaN)).toBe(true);
      expect(y.subarray(6).every((value) => Math.abs(value - 1 / 6) < 1e-7)).toBe(true);
    }
  });
});
