import { describe, expect, test } from "vitest";
import { cos, exp, log, pow } from "../../src/base/math.js";

const COUNT = 100_000;

/** `COUNT` numbers evenly from `from` to `to`. */
const sweep = (from: number, to: number) =>
  Array.from({ length: COUNT }, (_, i) => from + ((to - from) * i) / (COUNT - 1));

/** Numbers of every binary exponent from 2^from to 2^to, 97 of each. */
const magnitudes = (from: number, to: number) =>
  Array.from({ length: (to - from) * 97 }, (_, i) => 2 ** (from + Math.floor(i / 97)) * (1 + (i % 97) / 97));

/** The largest error over `xs`, as a multiple of what `bound` allows, and where it is. */
function worst(
  xs: readonly number[],
  f: (x: number) => number,
  g: (x: number) => number,
  bound: (x: number) => number,
) {
  let found = { x: Number.NaN, error: 0 };
  for (const x of xs) {
    const error = Math.abs(f(x) - g(x)) / bound(x);
    if (!(error <= found.error)) found = { x, error };
  }
  return found;
}

/** The host's functions err by less than one unit in the last place themselves. */
const HOST = 2 ** -52;

describe("exp", () => {
  test.each([
    [-708, 709.78],
    [-1, 1],
    [-1e-3, 1e-3],
    [-1e-9, 1e-9],
  ])("errs by less than 2^-51 of the value from %f to %f", (from, to) => {
    const { x, error } = worst(sweep(from, to), exp, Math.exp, (at) => (2 ** -51 + HOST) * Math.exp(at));
    expect(error, `exp(${x})`).toBeLessThanOrEqual(1);
  });

  test("errs by no more than a few denormals where the value is one", () => {
    const { x, error } = worst(sweep(-745.13, -708), exp, Math.exp, (at) => 2 ** -50 * Math.exp(at) + 2 ** -1073);
    expect(error, `exp(${x})`).toBeLessThanOrEqual(1);
  });

  test.each([
    [0, 1],
    [-0, 1],
    [Number.NaN, Number.NaN],
    [Infinity, Infinity],
    [-Infinity, 0],
    [5e-324, 1],
    [709.782712893384, Math.exp(709.782712893384)],
    [709.7827128933841, Infinity],
    [1e308, Infinity],
    [-745.1332191019411, 5e-324],
    [-745.1332191019413, 0],
    [-1e308, 0],
  ])("exp(%f) is %f", (x, expected) => {
    const got = exp(x);
    if (Number.isFinite(expected) && expected > 1) expect(Math.abs(got / expected - 1)).toBeLessThan(2 ** -50);
    else expect(got).toBe(expected);
  });
});

describe("log", () => {
  test.each([
    ["near 1", sweep(0.5, 2)],
    ["very near 1", sweep(1 - 1e-6, 1 + 1e-6)],
    ["of all magnitudes", magnitudes(-1022, 1023)],
    ["of denormals", magnitudes(-1074, -1022)],
  ])("errs by less than 2^-50 of the value %s", (_, xs) => {
    const { x, error } = worst(
      xs.filter((at) => at !== 1),
      log,
      Math.log,
      (at) => (2 ** -50 + HOST) * Math.abs(Math.log(at)),
    );
    expect(error, `log(${x})`).toBeLessThanOrEqual(1);
  });

  test.each([
    [1, 0],
    [0, -Infinity],
    [-0, -Infinity],
    [-1, Number.NaN],
    [-5e-324, Number.NaN],
    [-Infinity, Number.NaN],
    [Infinity, Infinity],
    [Number.NaN, Number.NaN],
  ])("log(%f) is %f", (x, expected) => {
    expect(log(x)).toBe(expected);
  });
});

describe("cos", () => {
  test.each([
    [-Math.PI, Math.PI],
    [-100, 100],
    [-(2 ** 20), 2 ** 20],
    [Math.PI / 2 - 1e-6, Math.PI / 2 + 1e-6],
  ])("errs by less than 2^-50 |x| + 2^-50 from %f to %f", (from, to) => {
    const { x, error } = worst(sweep(from, to), cos, Math.cos, (at) => 2 ** -50 * (Math.abs(at) + 1));
    expect(error, `cos(${x})`).toBeLessThanOrEqual(1);
  });

  test.each([
    [0, 1],
    [-0, 1],
    [5e-324, 1],
    [Math.PI, -1],
    [Number.NaN, Number.NaN],
    [Infinity, Number.NaN],
    [-Infinity, Number.NaN],
  ])("cos(%f) is %f", (x, expected) => {
    expect(cos(x)).toBe(expected);
  });
});

describe("pow", () => {
  const normal = (value: number) => value > 2 ** -1022 && value < Infinity;

  // Each squaring doubles the relative error so far and adds a rounding: less than |n| roundings together.
  test.each([0, 1, 2, 3, 10, 99, 1000, 10_000, -1, -2, -37])("whole exponents: ^%i", (n) => {
    const bases = sweep(0.9, 1.1).filter((_, i) => i % 10 === 0);
    const { x, error } = worst(
      bases.filter((base) => normal(base ** n)),
      (base) => pow(base, n),
      (base) => base ** n,
      (base) => 2 ** -52 * (Math.abs(n) + 2) * base ** n,
    );
    expect(error, `pow(${x}, ${n})`).toBeLessThanOrEqual(1);
  });

  // The error of e^y is that of y, y times the logarithm's, and its own.
  test.each([0.5, -0.5, 1.5, 0.001, -3.7, 100.25])("others: ^%f", (exponent) => {
    const { x, error } = worst(
      magnitudes(-20, 20).filter((base) => normal(base ** exponent)),
      (base) => pow(base, exponent),
      (base) => base ** exponent,
      (base) => 2 ** -49 * (Math.abs(exponent * Math.log(base)) + 1) * base ** exponent,
    );
    expect(error, `pow(${x}, ${exponent})`).toBeLessThanOrEqual(1);
  });

  test.each([
    [0, 0, 1],
    [Number.NaN, 0, 1],
    [0, 3, 0],
    [0, 0.5, 0],
    [0, -1, Infinity],
    [0, -0.5, Infinity],
    [1, 2 ** 40, 1],
    [0.5, 2 ** 40, 0],
    [2, 2 ** 40, Infinity],
    [2, 1023, 2 ** 1023],
    [2, 1024, Infinity],
    [2, -1022, 2 ** -1022],
    [Infinity, 0.5, Infinity],
    [2, Infinity, Infinity],
    [0.5, Infinity, 0],
    [2, -Infinity, 0],
    [2, Number.NaN, Number.NaN],
    [Number.NaN, 2, Number.NaN],
  ])("pow(%f, %f) is %f", (base, exponent, expected) => {
    expect(pow(base, exponent)).toBe(expected);
  });
});
