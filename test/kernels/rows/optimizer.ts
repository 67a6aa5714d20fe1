import { Kernel } from "../../../assembly/kernels.js";
import type { Operand } from "../core.js";
import { type Case, float, near, numbers, type Row, special, TINY, U } from "../row.js";

/** One parameter's update in f64: from parameter, gradient and state to the new ones, and what their errors are relative to. */
type Update = (
  w: number,
  g: number,
  state: readonly number[],
  scalars: readonly number[],
  constants: readonly number[],
) => { readonly w: Part; readonly state: readonly Part[] };

type Part = readonly [value: number, magnitude: number];

interface Optimizer {
  readonly kernel: Kernel;
  readonly variant?: string;
  /** Whether each block of state holds numbers of any sign or, as of squares, none below 0. */
  readonly state: readonly ("any" | "positive")[];
  /** What a step reads: the learning rate and what depends on the step's number. */
  readonly scalars: (t: number) => readonly number[];
  readonly constants: readonly number[];
  /** Constants that are whole numbers. */
  readonly flags?: readonly number[];
  readonly update: Update;
}

/** An update is a chain of at most 8 roundings. */
const ROUNDINGS = 8;
const RATE = 0.1;

/** The gradient with coupled weight decay, and the sum of its terms' magnitudes. */
function decayed(w: number, g: number, decay: number): Part {
  return [g + decay * w, Math.abs(g) + Math.abs(decay * w)];
}

/** rate * step / denominator; `condition` is how many times the denominator's own relative error exceeds a rounding's. */
function change(rate: number, step: Part, denominator: number, condition: number): Part {
  const value = (rate * step[0]) / denominator;
  return [value, Math.abs((rate * step[1]) / denominator) + Math.abs(value) * condition];
}

/** How much a square's relative error exceeds a rounding's when its root is a sum that cancels. */
function conditionOf([value, magnitude]: Part): number {
  return value === 0 ? 1 : 1 + magnitude / Math.abs(value);
}

function minus(w: number, [value, magnitude]: Part): Part {
  return [w - value, Math.abs(w) + magnitude];
}

/** What exceeds f32's range is infinite, and the change it divides then 0. */
function inRange(square: number): number {
  return Number.isFinite(Math.fround(square)) ? square : Math.fround(square);
}

/** The update by a gradient over the root of what its squares add up to, v. */
function scaled(rate: number, w: number, g: Part, v: number, epsilon: number): ReturnType<Update> {
  const condition = conditionOf(g);
  return { w: minus(w, change(rate, g, Math.sqrt(v) + epsilon, condition)), state: [[v, v * condition]] };
}

function momentum(nesterov: boolean): Update {
  return (w, gradient, [v0 = 0], [rate = 0], [decay = 0, mu = 0]) => {
    const [g, G] = decayed(w, gradient, decay);
    const v: Part = [mu * v0 + g, Math.abs(mu * v0) + G];
    const step: Part = nesterov ? [g + mu * v[0], G + mu * v[1]] : v;
    return { w: minus(w, [rate * step[0], rate * step[1]]), state: [v] };
  };
}

function adaptive(decoupled: boolean): Update {
  return (w0, gradient, [m0 = 0, v0 = 0], [lr = 0, rate = 0, correction = 0], constants) => {
    const [decay = 0, rest1 = 0, beta2 = 0, rest2 = 0, epsilon = 0] = constants;
    const g: Part = decoupled ? [gradient, Math.abs(gradient)] : decayed(w0, gradient, decay);
    const w = decoupled ? w0 * (1 - lr * decay) : w0;
    const m: Part = [m0 + rest1 * (g[0] - m0), Math.abs(m0) + rest1 * (g[1] + Math.abs(m0))];
    const v = inRange(beta2 * v0 + rest2 * g[0] ** 2);
    const condition = conditionOf(g);
    return {
      w: minus(w, change(rate, m, Math.sqrt(v) * correction + epsilon, condition)),
      state: [m, [v, v * condition]],
    };
  };
}

const adamScalars = (t: number) => [RATE / t, RATE / t / (1 - 0.9 ** t), 1 / Math.sqrt(1 - 0.999 ** t)];
const adamConstants = [0.01, 1 - 0.9, 0.999, 1 - 0.999, 1e-8];
const rates = (t: number) => [RATE / t];

const optimizers: readonly Optimizer[] = [
  {
    kernel: Kernel.sgd,
    state: [],
    scalars: rates,
    constants: [0.01],
    update(w, gradient, _, [rate = 0], [decay = 0]) {
      const [g, magnitude] = decayed(w, gradient, decay);
      return { w: minus(w, [rate * g, rate * magnitude]), state: [] };
    },
  },
  {
    kernel: Kernel.momentum,
    state: ["any"],
    scalars: rates,
    constants: [0.01, 0.9],
    flags: [0],
    update: momentum(false),
  },
  {
    kernel: Kernel.momentum,
    variant: "Nesterov's",
    state: ["any"],
    scalars: rates,
    constants: [0.01, 0.9],
    flags: [1],
    update: momentum(true),
  },
  {
    kernel: Kernel.adagrad,
    state: ["positive"],
    scalars: rates,
    constants: [0.01, 1e-10],
    update(w, gradient, [s = 0], [rate = 0], [decay = 0, epsilon = 0]) {
      const g = decayed(w, gradient, decay);
      return scaled(rate, w, g, inRange(s + g[0] ** 2), epsilon);
    },
  },
  {
    kernel: Kernel.rmsprop,
    state: ["positive"],
    scalars: rates,
    constants: [0.01, 0.99, 1 - 0.99, 1e-8],
    update(w, gradient, [v = 0], [rate = 0], [decay = 0, rho = 0, rest = 0, epsilon = 0]) {
      const g = decayed(w, gradient, decay);
      return scaled(rate, w, g, inRange(rho * v + rest * g[0] ** 2), epsilon);
    },
  },
  {
    kernel: Kernel.adam,
    state: ["any", "positive"],
    scalars: adamScalars,
    constants: adamConstants,
    update: adaptive(false),
  },
  {
    kernel: Kernel.adamw,
    state: ["any", "positive"],
    scalars: adamScalars,
    constants: adamConstants,
    update: adaptive(true),
  },
];

/** The operands of `steps` steps, the first of which is number `t`. */
function operandsOf(
  { flags = [], constants, scalars }: Optimizer,
  { blocks: [w, ...state], g, t, steps }: Call,
): readonly Operand[] {
  return [
    { writes: w as Float32Array },
    g,
    ...state.map((block) => ({ writes: block })),
    g.length,
    Float32Array.from(Array.from({ length: steps }, (_, i) => scalars(t + i)).flat()),
    ...constants.map(float),
    ...flags,
  ];
}

interface Call {
  /** The parameters, then the blocks of state. */
  readonly blocks: readonly Float32Array[];
  readonly g: Float32Array;
  readonly t: number;
  readonly steps: number;
}

function blocksOf({ state }: Optimizer, w: Float32Array, fresh: boolean): Float32Array[] {
  const block = (kind: "any" | "positive", k: number) =>
    fresh ? new Float32Array(w.length) : numbers(w.length, 3 + k).map((value) => (kind === "any" ? value : value ** 2));
  return [w, ...state.map(block)];
}

function updated(optimizer: Optimizer, w: Float32Array, g: Float32Array, fresh: boolean): Case {
  const constants = optimizer.constants.map(Math.fround);
  const t = fresh ? 1 : 10;
  const blocks = blocksOf(optimizer, w, fresh);
  const results = Array.from(g, (gradient, i): Part[] => {
    const [before = 0, ...state] = blocks.map((block) => block[i] as number);
    const after = optimizer.update(before, gradient, state, optimizer.scalars(t).map(Math.fround), constants);
    return [after.w, ...after.state];
  });
  const want = (k: number) =>
    near(g.length, (i) => {
      const [value, magnitude] = (results[i] as Part[])[k] as Part;
      return [value, ROUNDINGS * (U * magnitude + TINY)];
    });
  return {
    what: `${g.length} parameters from ${fresh ? "fresh" : "used"} state`,
    operands: operandsOf(optimizer, { blocks, g, t, steps: 1 }),
    want: blocks.map((_, k) => want(k)),
  };
}

function* cases(optimizer: Optimizer): Iterable<Case> {
  for (const n of [0, 4, 8, 12, 16, 20, 100]) {
    for (const fresh of [true, false]) yield updated(optimizer, numbers(n, 1), numbers(n, 2), fresh);
  }
  const odd = new Float32Array(12);
  odd.set(special);
  yield updated(optimizer, numbers(12, 1), odd, false);
  yield updated(optimizer, odd, numbers(12, 1), false);
}

/** Three steps in one call, which must be the same as the three one by one. */
export const sequences = optimizers.map((optimizer) => ({
  kernel: optimizer.kernel,
  blocks: blocksOf(optimizer, numbers(20, 1), true),
  operands: (blocks: readonly Float32Array[], t: number, steps: number) =>
    operandsOf(optimizer, { blocks, g: numbers(20, 2), t, steps }),
}));

export const rows: Row[] = optimizers.map((optimizer) => ({
  kernel: optimizer.kernel,
  ...(optimizer.variant && { variant: optimizer.variant }),
  cases: () => cases(optimizer),
}));
