import { activationTable } from "../../src/ops/activation-table.js";

type Name = keyof typeof activationTable;

interface Reference {
  /** f and f' in f64, f' at NaN what the kernel multiplies dy with; the constants are the row's own unless `constants` gives others. */
  readonly f: (x: number, a: number, b: number) => number;
  readonly df: (x: number, a: number, b: number) => number;
  readonly constants?: readonly [a: number, b: number];
  /** Limits of f and of f' at -infinity and infinity. */
  readonly limits: readonly [number, number];
  readonly slopes: readonly [number, number];
  /** Where f bends or jumps: finite differences stay away from there. */
  readonly kinks?: readonly number[];
  /** Absolute error allowed, for |x| <= 1 and in proportion beyond, besides 4 ULP of the result. */
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
  relu: { f: (x) => Math.max(0, x), df: (x) => (x <= 0 ? 0 : 1), limits: [0, Infinity], slopes: [0, 1], kinks: [0] },
  leakyRelu: {
    f: (x, a) => (x > 0 ? x : a * x),
    df: (x, a) => (x > 0 ? 1 : a),
    limits: [-Infinity, Infinity],
    slopes: [0.01, 1],
    kinks: [0],
  },
  relu6: {
    f: (x) => Math.min(Math.max(0, x), 6),
    df: (x) => (x <= 0 || x >= 6 ? 0 : 1),
    limits: [0, 6],
    slopes: [0, 0],
    kinks: [0, 6],
  },
  elu: { ...eluReference, limits: [-1, Infinity], slopes: [0, 1] },
  selu: { ...eluReference, limits: [-1.7580993408473766, Infinity], slopes: [0, 1.0507009873554805] },
  sigmoid: { f: sigmoid, df: (x) => sigmoid(x) * (1 - sigmoid(x)), limits: [0, 1], slopes: [0, 0], absolute: 2e-7 },
  hardSigmoid: {
    f: (x) => Math.min(Math.max(0, x + 3), 6) / 6,
    df: (x) => (x <= -3 || x >= 3 ? 0 : 1 / 6),
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
    f: (x, a) => (x >= a ? 1 : x < a ? 0 : NaN),
    df: () => 0,
    constants: [0.5, 0],
    limits: [0, 1],
    slopes: [0, 0],
    kinks: [0.5],
  },
  radial: { f: density, df: (x) => -x * density(x), limits: [0, 0], slopes: [0, 0], absolute: 1e-7 },
};

/** The activations of src/ops/activation-table.ts with their references and the constants to test them at. */
export const activations = (Object.keys(references) as Name[]).map((name) => {
  const { a, b } = activationTable[name];
  const [a1, b1] = references[name].constants ?? [a, b];
  return { name, a: Math.fround(a1), b: Math.fround(b1), ...references[name] };
});
export type Activation = (typeof activations)[number];
