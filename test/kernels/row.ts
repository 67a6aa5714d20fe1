import { expect } from "vitest";
import { Kernel } from "../../assembly/kernels.js";
import type { Core, Numbers, Operand, Written } from "./core.js";

/** What a written operand must hold: `values`, each within `allowed` of it, or exactly where there is no `allowed`. */
export interface Want {
  readonly values: ArrayLike<number>;
  readonly allowed?: ArrayLike<number>;
}

export interface Case {
  /** Shown when the case fails. */
  readonly what: string;
  readonly operands: readonly Operand[];
  /** Of each operand that is written, in their order. */
  readonly want: readonly Want[];
  readonly steps?: number;
}

/** A kernel's row in the table of the kernel tests. */
export interface Row {
  readonly kernel: Kernel;
  /** Where one kernel has several rows. */
  readonly variant?: string;
  /** Positions of the operands whose place operand 0 may take. */
  readonly inPlace?: readonly number[];
  /** The cases with their f64 references. */
  readonly cases: () => Iterable<Case>;
}

/** The unit roundoff of f32: an operation's error relative to its result. One ULP is up to two of it. */
export const U = 2 ** -24;
/** The least denormal: an operation's absolute error where its result underflows is at most half of it. */
export const TINY = 2 ** -149;

export const special = Float32Array.of(NaN, Infinity, -Infinity, 0, -0, 1e-40, -1e-40, 1e38, -1e38);

/** n numbers in [-reach, reach), the same on every run. */
export function numbers(n: number, seed: number, reach = 1): Float32Array {
  return Float32Array.from(
    { length: n },
    (_, i) => ((Math.imul(i + 1, 2654435761 + seed * 40503) >>> 0) / 2 ** 31 - 1) * reach,
  );
}

/** n f32 that the kernel must overwrite. */
export function out(n: number): Written {
  return { writes: new Float32Array(n).fill(1.5e16) };
}

export function float(value: number): { readonly float: number } {
  return { float: Math.fround(value) };
}

/** n numbers, each `[value, allowed]`. */
export function near(n: number, of: (i: number) => readonly [value: number, allowed: number]): Want {
  const pairs = Array.from({ length: n }, (_, i) => of(i));
  return { values: pairs.map(([value]) => value), allowed: pairs.map(([, allowed]) => allowed) };
}

/** n f32, to the bit. */
export function exactly(n: number, of: (i: number) => number): Want {
  return { values: Float32Array.from({ length: n }, (_, i) => of(i)) };
}

/** The sum of n terms in f64. */
export function total(n: number, term: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += term(i);
  return sum;
}

/**
 * Checks one case: what it writes is what the reference wants, on one thread; and the same bits come out on 2 and 3
 * threads, whatever their order, and in place.
 */
export function checkCase(core: Core, { kernel, inPlace = [] }: Row, { what, operands, want, steps = 1 }: Case): void {
  const where = `${Kernel[kernel]}, ${what}`;
  const call = (options: { turns?: readonly number[]; inPlace?: number; tall?: boolean }) => {
    try {
      return core.call(kernel, operands, { steps, ...options });
    } catch (error) {
      throw new Error(`${where}, ${JSON.stringify(options)}: ${error}`);
    }
  };
  const results = call({});
  expect(results.length, where).toBe(want.length);
  for (const [k, { values, allowed }] of want.entries()) {
    const got = results[k] as Numbers;
    expect(values.length, where).toBe(got.length);
    for (let i = 0; i < got.length; i++) {
      const close = isNear(got[i] as number, values[i] as number, allowed?.[i]);
      if (!close)
        expect.fail(`${where}: output ${k} at ${i} is ${got[i]}, not ${values[i]} within ${allowed?.[i] ?? 0}`);
    }
  }
  for (const turns of [
    [0, 1],
    [1, 0],
    [2, 0, 1],
  ])
    expectSame(call({ turns }), results, `${where}, threads ${turns}`);
  if (kernel === Kernel.matmul) {
    for (const turns of [[0], [1, 0]]) expectSame(call({ turns, tall: true }), results, `${where}, tall, ${turns}`);
  }
  for (const position of inPlace) {
    if (operands[position] === 0) continue;
    for (const turns of [[0], [2, 0, 1]]) {
      expectSame(call({ turns, inPlace: position }), results, `${where}, in place of operand ${position}`);
    }
  }
}

function isNear(got: number, want: number, allowed: number | undefined): boolean {
  if (allowed === undefined || Object.is(got, want)) return Object.is(got, want);
  // Beyond f32's largest number a result is infinite.
  if (!Number.isFinite(Math.fround(want))) return Object.is(got, Math.fround(want));
  return Math.abs(got - want) <= allowed;
}

function expectSame(got: readonly Numbers[], want: readonly Numbers[], where: string): void {
  for (const [k, numbers] of want.entries()) {
    for (let i = 0; i < numbers.length; i++) {
      if (!Object.is(got[k]?.[i], numbers[i]))
        expect.fail(`${where}: output ${k} at ${i} is ${got[k]?.[i]}, not ${numbers[i]}`);
    }
  }
}
