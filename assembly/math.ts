import { madd } from "./simd";

/*
 * Elementary functions over four f32. Every one returns NaN for NaN, takes the limit at the infinities, and handles
 * denormal numbers. The error bounds hold in both builds: they come from a sweep over every f32 where a function is not yet
 * its limit or its tangent at 0. The kernel tests check all f32 at small distances, and where that sweep found the most.
 *
 * Methods: argument reduction in two parts (Cody and Waite, 1980) and polynomials fitted to least maximal relative
 * error (Lawson's iteration in f64, then rounded to f32).
 *
 * Constants lie in memory, because engines rebuild a vector constant with several instructions wherever it is used but
 * load a broadcast one with a single instruction.
 */

const LOG2_E = 0;
const MAGIC = 1;
const LN2_HIGH = 2;
const LN2_LOW = 3;
const ONE = 4;
const SIGN = 5;
const EXP_HIGHEST = 6;
const EXP_LOWEST = 7;
const EXPM1_LOWEST = 8;
const EXP = 9;
const LOG = 14;
const HALF = 22;
const SQRT_HALF = 23;
const LEAST_NORMAL = 24;
const TWO_23 = 25;
const ERF_HIGHEST = 26;
const ERF_P = 27;
const ERF_Q = 33;
const LOG1P_SPLIT = 38;
const MINUS_LN2_HIGH = 39;
const MINUS_LN2_LOW = 40;
const MINUS_23 = 41;
const INFINITY = 42;
const MINUS_INFINITY = 43;
const TABLE = memory.data<f32>([
  1.4426950408889634,
  // 1.5 * 2^23: adding it rounds to a whole number, which is then in the sum's low bits.
  12582912,
  // ln 2 = 0.693359375 (9 bits, so its product with an exponent is exact) + the rest.
  0.693359375, -2.1219444005469057e-4,
  1, -0.0,
  // e^x is infinite above the first and 0 below the second; e^x - 1 is -1 below the third.
  89, -104, -18,
  // (e^r - 1 - r) / r^2 on [-ln(2) / 2, ln(2) / 2], 0.05 ULP of e^r.
  0.4999999403953552, 0.1666651964187622, 0.041668396443128586, 0.008368796668946743, 0.0013814432313665748,
  // (ln(1 + f) - f + f^2 / 2) / f^3 on [sqrt(1/2) - 1, sqrt(2) - 1], 0.1 ULP of ln(1 + f).
  0.3333333134651184, -0.250008225440979, 0.20001234114170074, -0.16623298823833466,
  0.14201553165912628, -0.1316058188676834, 0.12763327360153198, -0.07635655999183655,
  0.5, 0.7071067811865476, 1.1754943508222875e-38, 8388608,
  // erf rounds to 1 above the first; then P and Q of erf x = x P(x^2) / Q(x^2), Q(0) = 1, 0.3 ULP.
  3.925,
  1.1283791065216064, 0.19059479236602783, 0.05276944115757942, 0.00377259636297822, 0.0002848448639269918,
  2.046023155344301e-6,
  0.5022429823875427, 0.11418315768241882, 0.014983289875090122, 0.001163869514130056, 3.804780135396868e-5,
  0.41421356237309503,
  -0.693359375, 2.1219444005469057e-4,
  -23, Infinity, -Infinity,
]);

// @ts-ignore: decorator
@inline function constant(index: i32): v128 {
  return v128.load32_splat(TABLE + (<usize>index << 2));
}

/** r of x = n ln 2 + r, where `shifted` is n + 1.5 * 2^23. */
// @ts-ignore: decorator
@inline function reduced(x: v128, shifted: v128): v128 {
  const n = f32x4.sub(shifted, constant(MAGIC));
  return madd(n, constant(MINUS_LN2_LOW), madd(n, constant(MINUS_LN2_HIGH), x));
}

/** e^r - 1, |r| <= ln(2) / 2. */
// @ts-ignore: decorator
@inline function expm1Reduced(r: v128): v128 {
  let q = madd(constant(EXP + 4), r, constant(EXP + 3));
  q = madd(q, r, constant(EXP + 2));
  q = madd(q, r, constant(EXP + 1));
  q = madd(q, r, constant(EXP));
  return madd(f32x4.mul(r, r), q, r);
}

/** e^x, within 1.1 ULP; below the normal numbers too, where it underflows gradually. */
// @ts-ignore: decorator
@inline export function exp(x: v128): v128 {
  // In this operand order pmin and pmax return their first operand when it is NaN.
  const limited = f32x4.pmax(f32x4.pmin(x, constant(EXP_HIGHEST)), constant(EXP_LOWEST));
  const shifted = madd(limited, constant(LOG2_E), constant(MAGIC));
  const y = f32x4.add(constant(ONE), expm1Reduced(reduced(limited, shifted)));
  // 2^n may lie outside f32's range although y 2^n does not, so its two halves are multiplied one by one.
  const n = i32x4.sub(shifted, constant(MAGIC));
  const half = i32x4.shr_s(n, 1);
  const first = i32x4.add(i32x4.shl(half, 23), constant(ONE));
  const second = i32x4.add(i32x4.shl(i32x4.sub(n, half), 23), constant(ONE));
  return f32x4.mul(f32x4.mul(y, first), second);
}

/** e^x - 1 for x <= 0, within 1 ULP. */
// @ts-ignore: decorator
@inline export function expm1(x: v128): v128 {
  const limited = f32x4.pmax(x, constant(EXPM1_LOWEST));
  const shifted = madd(limited, constant(LOG2_E), constant(MAGIC));
  const power = i32x4.add(i32x4.shl(shifted, 23), constant(ONE));
  return madd(power, expm1Reduced(reduced(limited, shifted)), f32x4.sub(power, constant(ONE)));
}

/** ln(1 + f) + n ln 2 for f in [sqrt(1/2) - 1, sqrt(2) - 1]. */
// @ts-ignore: decorator
@inline function logReduced(f: v128, n: v128): v128 {
  let q = madd(constant(LOG + 7), f, constant(LOG + 6));
  q = madd(q, f, constant(LOG + 5));
  q = madd(q, f, constant(LOG + 4));
  q = madd(q, f, constant(LOG + 3));
  q = madd(q, f, constant(LOG + 2));
  q = madd(q, f, constant(LOG + 1));
  q = madd(q, f, constant(LOG));
  const square = f32x4.mul(f, f);
  const low = madd(n, constant(LN2_LOW), f32x4.mul(f32x4.mul(f, square), q));
  const rest = f32x4.sub(low, f32x4.mul(constant(HALF), square));
  return madd(n, constant(LN2_HIGH), f32x4.add(f, rest));
}

/** ln x, within 1 ULP; -infinity at 0, NaN below. */
// @ts-ignore: decorator
@inline export function log(x: v128): v128 {
  const denormal = f32x4.lt(x, constant(LEAST_NORMAL));
  const normal = v128.bitselect(f32x4.mul(x, constant(TWO_23)), x, denormal);
  // x = m 2^n with m in [sqrt(1/2), sqrt(2)): the subtraction borrows from the exponent where m would be smaller.
  const n = i32x4.shr_s(i32x4.sub(normal, constant(SQRT_HALF)), 23);
  const m = i32x4.sub(normal, i32x4.shl(n, 23));
  const exponent = f32x4.add(f32x4.convert_i32x4_s(n), v128.and(denormal, constant(MINUS_23)));
  const y = logReduced(f32x4.sub(m, constant(ONE)), exponent);
  const zero = i32x4.splat(0);
  const finite = v128.or(v128.bitselect(y, x, f32x4.lt(x, constant(INFINITY))), f32x4.lt(x, zero));
  return v128.bitselect(constant(MINUS_INFINITY), finite, f32x4.eq(x, zero));
}

/** ln(1 + x) for x in [0, 1], within 1.5 ULP. */
// @ts-ignore: decorator
@inline export function log1p(x: v128): v128 {
  // Above sqrt(2) - 1: ln(1 + x) = ln(1 + (x - 1) / 2) + ln 2.
  const large = f32x4.gt(x, constant(LOG1P_SPLIT));
  const f = v128.bitselect(f32x4.mul(constant(HALF), f32x4.sub(x, constant(ONE))), x, large);
  return logReduced(f, v128.and(large, constant(ONE)));
}

/** tanh x, within 2.5 ULP. */
// @ts-ignore: decorator
@inline export function tanh(x: v128): v128 {
  // With t = e^(-2 |x|) - 1, tanh |x| = -t / (2 + t).
  const negative = v128.or(x, constant(SIGN));
  const t = expm1(f32x4.add(negative, negative));
  const y = f32x4.div(t, f32x4.add(f32x4.add(constant(ONE), constant(ONE)), t));
  return v128.bitselect(x, y, constant(SIGN));
}

/** 1 / (1 + e^-x), within 2.5 ULP on both sides of 0. */
// @ts-ignore: decorator
@inline export function sigmoid(x: v128): v128 {
  // e^-|x| never overflows. Of the two forms 1 / (1 + e^-x) and e^x / (1 + e^x) each has its side.
  const power = exp(v128.or(x, constant(SIGN)));
  const numerator = v128.bitselect(power, constant(ONE), f32x4.lt(x, i32x4.splat(0)));
  return f32x4.div(numerator, f32x4.add(constant(ONE), power));
}

/** ln(1 + e^x), within 2 ULP. */
// @ts-ignore: decorator
@inline export function softplus(x: v128): v128 {
  return f32x4.add(f32x4.pmax(x, i32x4.splat(0)), log1p(exp(v128.or(x, constant(SIGN)))));
}

/** The error function, within 8 ULP and never beyond 1. */
// @ts-ignore: decorator
@inline export function erf(x: v128): v128 {
  const magnitude = f32x4.pmin(v128.andnot(x, constant(SIGN)), constant(ERF_HIGHEST));
  const t = f32x4.mul(magnitude, magnitude);
  let p = madd(constant(ERF_P + 5), t, constant(ERF_P + 4));
  p = madd(p, t, constant(ERF_P + 3));
  p = madd(p, t, constant(ERF_P + 2));
  p = madd(p, t, constant(ERF_P + 1));
  p = madd(p, t, constant(ERF_P));
  let q = madd(constant(ERF_Q + 4), t, constant(ERF_Q + 3));
  q = madd(q, t, constant(ERF_Q + 2));
  q = madd(q, t, constant(ERF_Q + 1));
  q = madd(q, t, constant(ERF_Q));
  q = madd(q, t, constant(ONE));
  const y = f32x4.pmin(f32x4.div(f32x4.mul(magnitude, p), q), constant(ONE));
  return v128.bitselect(x, y, constant(SIGN));
}
