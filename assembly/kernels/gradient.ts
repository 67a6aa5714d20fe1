import { address, float, int, loadUpTo4, shareStart, storeUpTo4 } from "../simd";

/*
 * What happens to the block of gradients between backward and the optimizer. n is any number; shares are runs of 4.
 */

/**
 * grad += l1 sign(w) + 2 l2 w, with sign(0) = 0; total += l1 sum |w| + l2 sum w^2, summed in f64 by thread 0.
 *
 * Operands: param [n], grad [n], n, l1 f32, l2 f32, total f64.
 */
export function regularize(p: usize, step: i32, thread: i32, threads: i32): void {
  const param = address(p, 0);
  const grad = address(p, 1);
  const n = int(p, 2);
  const l1 = float(p, 3);
  const l2 = float(p, 4);
  const side = f32x4.splat(l1);
  const rise = f32x4.splat(2 * l2);
  const end = <usize>shareStart(n, 4, thread + 1, threads) << 2;
  const whole = end & ~15;
  let at = <usize>shareStart(n, 4, thread, threads) << 2;
  for (; at < whole; at += 16) {
    v128.store(grad + at, f32x4.add(v128.load(grad + at), slope(v128.load(param + at), side, rise)));
  }
  if (at < end) {
    const count = n & 3;
    const g = f32x4.add(loadUpTo4(grad + at, count), slope(loadUpTo4(param + at, count), side, rise));
    storeUpTo4(grad + at, g, count);
  }
  if (thread > 0) return;
  const total = address(p, 5);
  const penalty = <f64>l1 * sumOf(false, param, n) + <f64>l2 * sumOf(true, param, n);
  store<f64>(total, load<f64>(total) + penalty);
}

// @ts-ignore: decorator
@inline function slope(w: v128, side: v128, rise: v128): v128 {
  const zero = i32x4.splat(0);
  const sign = f32x4.sub(v128.and(f32x4.gt(w, zero), side), v128.and(f32x4.lt(w, zero), side));
  return f32x4.add(sign, f32x4.mul(rise, w));
}

/** The sum of the squares of n f32, or of their magnitudes, in f64. */
// @ts-ignore: decorator
@inline function sumOf(squared: bool, at: usize, n: i32): f64 {
  let sum = f64x2.splat(0);
  let rest = f64x2.splat(0);
  const whole = at + (<usize>(n >> 2) << 4);
  for (; at < whole; at += 16) {
    const four = v128.load(at);
    sum = f64x2.add(sum, term(squared, f64x2.promote_low_f32x4(four)));
    rest = f64x2.add(rest, term(squared, f64x2.promote_low_f32x4(v128.shuffle<i32>(four, four, 2, 3, 2, 3))));
  }
  sum = f64x2.add(sum, rest);
  let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  for (let end = whole + (<usize>(n & 3) << 2); at < end; at += 4) {
    total += f64x2.extract_lane(term(squared, f64x2.promote_low_f32x4(v128.load32_zero(at))), 0);
  }
  return total;
}

// @ts-ignore: decorator
@inline function term(squared: bool, x: v128): v128 {
  return squared ? f64x2.mul(x, x) : f64x2.abs(x);
}

/**
 * norm = the square root of the sum of grad^2, accumulated in f64; total += norm, so that an epoch's mean can be told.
 * Thread 0. Operands: grad [n], n, norm f32, total f64.
 */
export function gradientNorm(p: usize, step: i32, thread: i32, threads: i32): void {
  if (thread > 0) return;
  const norm = Math.sqrt(sumOf(true, address(p, 0), int(p, 1)));
  store<f32>(address(p, 2), <f32>norm);
  store<f64>(address(p, 3), load<f64>(address(p, 3)) + norm);
}

/**
 * grad *= min(1, maxNorm / (norm + 1e-6)): PyTorch's clip_grad_norm_.
 * Operands: grad [n], n, norm (address of an f32), maxNorm f32.
 */
export function clipByNorm(p: usize, step: i32, thread: i32, threads: i32): void {
  const grad = address(p, 0);
  const n = int(p, 1);
  const factor = f32x4.splat(min<f32>(1, float(p, 3) / (load<f32>(address(p, 2)) + <f32>1e-6)));
  const end = <usize>shareStart(n, 4, thread + 1, threads) << 2;
  const whole = end & ~15;
  let at = <usize>shareStart(n, 4, thread, threads) << 2;
  for (; at < whole; at += 16) v128.store(grad + at, f32x4.mul(v128.load(grad + at), factor));
  if (at < end) storeUpTo4(grad + at, f32x4.mul(loadUpTo4(grad + at, n & 3), factor), n & 3);
}

/** grad = grad limited to [-limit, limit]. Operands: grad [n], n, limit f32. */
export function clipByValue(p: usize, step: i32, thread: i32, threads: i32): void {
  const grad = address(p, 0);
  const n = int(p, 1);
  const high = f32x4.splat(float(p, 2));
  const low = f32x4.splat(-float(p, 2));
  const end = <usize>shareStart(n, 4, thread + 1, threads) << 2;
  const whole = end & ~15;
  let at = <usize>shareStart(n, 4, thread, threads) << 2;
  for (; at < whole; at += 16) v128.store(grad + at, clamp(v128.load(grad + at), low, high));
  if (at < end) storeUpTo4(grad + at, clamp(loadUpTo4(grad + at, n & 3), low, high), n & 3);
}

/** x limited to [low, high], NaN staying NaN. */
// @ts-ignore: decorator
@inline function clamp(x: v128, low: v128, high: v128): v128 {
  return f32x4.pmax(f32x4.pmin(x, high), low);
}
