import { erf, exp, expm1, sigmoid, softplus, tanh } from "./math";
import { madd } from "./simd";

/*
 * f(x) and dy * f'(x) of each activation, on four elements. Inlined with a constant kind, a loop keeps its own branch only.
 * Comparisons and the operand order of pmin and pmax (NaN as the first comes out) are chosen so that a NaN
 * passes through. Where infinity times 0 could arise, x is limited to where the result no longer changes.
 */

export const AFFINE = 0;
export const RELU = 1;
export const LEAKY_RELU = 2;
export const RELU6 = 3;
export const ELU = 4;
export const SIGMOID = 5;
export const HARD_SIGMOID = 6;
export const TANH = 7;
export const SOFTPLUS = 8;
export const SOFTSIGN = 9;
export const SILU = 10;
export const GELU = 11;
export const MISH = 12;
export const HARD_SILU = 13;
export const EXPONENTIAL = 14;
export const THRESHOLD = 15;
export const RADIAL = 16;

// Constants in memory, for the reason given in math.ts; 0 is an instruction that reads nothing.
const CONSTANTS = memory.data<f32>([
  -0.0, 1, 2, 3, 6, -3, 0.5, 0.16666666666666666, 20, -120, 120, 3.4028234663852886e38, 0.7071067811865476,
  0.3989422804014327, -0.5, -20, 0.3333333333333333, -3.4028234663852886e38,
]);
const SIGN = 0;
const ONE = 1;
const TWO = 2;
const THREE = 3;
const SIX = 4;
const MINUS_THREE = 5;
const HALF = 6;
const SIXTH = 7;
const TWENTY = 8;
const LOWEST = 9;
const HIGHEST = 10;
const LARGEST = 11;
const SQRT_HALF = 12;
/** 1 / sqrt(2 pi). */
const DENSITY_AT_0 = 13;
const MINUS_HALF = 14;
const MINUS_TWENTY = 15;
const THIRD = 16;
const MINUS_LARGEST = 17;

// @ts-ignore: decorator
@inline function constant(index: i32): v128 {
  return v128.load32_splat(CONSTANTS + (<usize>index << 2));
}

/** x limited to [low, high], NaN staying NaN. */
// @ts-ignore: decorator
@inline function clamp(x: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, low), high);
}

/** The standard normal density, 0 from |x| = 15 on. */
// @ts-ignore: decorator
@inline function density(x: v128): v128 {
  const limited = clamp(x, constant(MINUS_TWENTY), constant(TWENTY));
  return f32x4.mul(constant(DENSITY_AT_0), exp(f32x4.mul(f32x4.mul(constant(MINUS_HALF), limited), limited)));
}

/** The standard normal distribution function. */
// @ts-ignore: decorator
@inline function distribution(x: v128): v128 {
  const half = constant(HALF);
  return madd(half, erf(f32x4.mul(x, constant(SQRT_HALF))), half);
}

// @ts-ignore: decorator
@inline export function formula(kind: i32, x: v128, a: v128, b: v128): v128 {
  const zero = i32x4.splat(0);
  if (kind == AFFINE) return madd(a, x, b);
  if (kind == RELU) return f32x4.pmax(x, zero);
  if (kind == LEAKY_RELU) return v128.bitselect(x, f32x4.mul(a, x), f32x4.gt(x, zero));
  if (kind == RELU6) return clamp(x, zero, constant(SIX));
  if (kind == ELU) {
    const negative = f32x4.mul(f32x4.mul(a, b), expm1(f32x4.pmin(x, zero)));
    return v128.bitselect(f32x4.mul(b, x), negative, f32x4.gt(x, zero));
  }
  if (kind == SIGMOID) return sigmoid(x);
  if (kind == HARD_SIGMOID) return f32x4.mul(clamp(f32x4.add(x, constant(THREE)), zero, constant(SIX)), constant(SIXTH));
  if (kind == TANH) return tanh(x);
  if (kind == SOFTPLUS) return softplus(x);
  if (kind == SOFTSIGN) {
    const finite = clamp(x, constant(MINUS_LARGEST), constant(LARGEST));
    return f32x4.div(finite, f32x4.add(constant(ONE), v128.andnot(finite, constant(SIGN))));
  }
  if (kind == SILU) return f32x4.mul(f32x4.pmax(x, constant(LOWEST)), sigmoid(x));
  if (kind == GELU) return f32x4.mul(f32x4.pmax(x, constant(LOWEST)), distribution(x));
  if (kind == MISH) {
    // With e = e^x and w = e^2 + 2 e, tanh(ln(1 + e)) = w / (w + 2).
    const e = exp(f32x4.pmin(x, constant(TWENTY)));
    const w = f32x4.mul(e, f32x4.add(e, constant(TWO)));
    return f32x4.mul(f32x4.pmax(x, constant(LOWEST)), f32x4.div(w, f32x4.add(w, constant(TWO))));
  }
  if (kind == HARD_SILU) {
    const limited = f32x4.pmax(x, constant(MINUS_THREE));
    const gate = f32x4.mul(f32x4.pmin(f32x4.add(limited, constant(THREE)), constant(SIX)), constant(SIXTH));
    return f32x4.mul(limited, gate);
  }
  if (kind == EXPONENTIAL) return exp(x);
  if (kind == THRESHOLD) {
    return v128.or(v128.and(constant(ONE), f32x4.ge(x, a)), v128.and(x, f32x4.ne(x, x)));
  }
  return density(x);
}

/** Whether `gradient` takes x as `s`. */
// @ts-ignore: decorator
@inline export function readsX(kind: i32): bool {
  return (
    kind == LEAKY_RELU || kind == ELU || kind == SOFTSIGN || kind == SILU || kind == GELU || kind == MISH ||
    kind == HARD_SILU || kind == RADIAL
  );
}

/** Whether `gradient` takes y = f(x) as `s`. */
// @ts-ignore: decorator
@inline export function readsY(kind: i32): bool {
  return (
    kind == RELU || kind == RELU6 || kind == SIGMOID || kind == HARD_SIGMOID || kind == TANH || kind == SOFTPLUS ||
    kind == EXPONENTIAL
  );
}

// @ts-ignore: decorator
@inline export function gradient(kind: i32, dy: v128, s: v128, a: v128, b: v128): v128 {
  const zero = i32x4.splat(0);
  const one = constant(ONE);
  if (kind == AFFINE) return f32x4.mul(a, dy);
  if (kind == THRESHOLD) return zero;

  // From y.
  if (kind == RELU) return v128.andnot(dy, f32x4.le(s, zero));
  if (kind == RELU6) return v128.andnot(dy, v128.or(f32x4.le(s, zero), f32x4.ge(s, constant(SIX))));
  if (kind == HARD_SIGMOID) {
    const flat = v128.or(f32x4.le(s, zero), f32x4.ge(s, one));
    return v128.andnot(f32x4.mul(dy, constant(SIXTH)), flat);
  }
  if (kind == SIGMOID) return f32x4.mul(dy, f32x4.mul(s, f32x4.sub(one, s)));
  if (kind == TANH) return f32x4.mul(dy, f32x4.mul(f32x4.sub(one, s), f32x4.add(one, s)));
  // sigmoid(x) = 1 - e^-y.
  if (kind == SOFTPLUS) return f32x4.mul(dy, f32x4.neg(expm1(f32x4.neg(s))));
  if (kind == EXPONENTIAL) return f32x4.mul(dy, s);

  // From x.
  if (kind == LEAKY_RELU) return v128.bitselect(dy, f32x4.mul(a, dy), f32x4.gt(s, zero));
  if (kind == ELU) {
    const negative = f32x4.mul(a, exp(f32x4.pmin(s, zero)));
    return f32x4.mul(f32x4.mul(b, dy), v128.bitselect(one, negative, f32x4.gt(s, zero)));
  }
  if (kind == SOFTSIGN) {
    const r = f32x4.div(one, f32x4.add(one, v128.andnot(s, constant(SIGN))));
    return f32x4.mul(dy, f32x4.mul(r, r));
  }
  if (kind == SILU) {
    // y (1 + x (1 - y)) with y = sigmoid(x).
    const x = clamp(s, constant(LOWEST), constant(HIGHEST));
    const y = sigmoid(x);
    return f32x4.mul(dy, f32x4.mul(y, madd(x, f32x4.sub(one, y), one)));
  }
  if (kind == GELU) {
    const x = clamp(s, constant(LOWEST), constant(HIGHEST));
    return f32x4.mul(dy, madd(x, density(x), distribution(x)));
  }
  if (kind == MISH) {
    // With e and w as above: w / (w + 2) + 4 x e (1 + e) / (w + 2)^2.
    const x = clamp(s, constant(LOWEST), constant(TWENTY));
    const e = exp(x);
    const w = f32x4.mul(e, f32x4.add(e, constant(TWO)));
    const r = f32x4.div(one, f32x4.add(w, constant(TWO)));
    const twoR = f32x4.add(r, r);
    const rise = f32x4.mul(f32x4.mul(e, twoR), f32x4.mul(f32x4.add(e, one), twoR));
    return f32x4.mul(dy, madd(x, rise, f32x4.mul(w, r)));
  }
  if (kind == HARD_SILU) {
    const inner = madd(s, constant(THIRD), constant(HALF));
    const upper = v128.bitselect(one, inner, f32x4.ge(s, constant(THREE)));
    return f32x4.mul(dy, v128.andnot(upper, f32x4.le(s, constant(MINUS_THREE))));
  }
  const x = clamp(s, constant(MINUS_TWENTY), constant(TWENTY));
  return f32x4.mul(dy, f32x4.mul(f32x4.neg(x), density(x)));
}
