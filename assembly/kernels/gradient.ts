import { address, float, int, shareStart } from "../simd";

/*
 * What happens to the block of gradients between backward and the optimizer. n is any number; shares are runs of 4.
 */

/**
 * grad += l1 sign(w) + 2 l2 w, with sign(0) = 0; total += l1 sum |w| + l2 sum w^2, summed in f64 by thread 0.
 *
 * Operands: param [n], grad [n], n, l1 f32, l2 f32, total f64.
 */
export function regularize(p: usize, step: i32, thread: i32, threads: i32): void {
  const n = int(p, 2);
  const l1 = float(p, 3);
  const l2 = float(p, 4);
  const end = shareStart(n, 4, thread + 1, threads);
  let i = shareStart(n, 4, thread, threads);
  for (; i + 4 <= end; i += 4) {
    const at = <usize>i << 2;
    const g = address(p, 1) + at;
    v128.store(g, f32x4.add(v128.load(g), slope(v128.load(address(p, 0) + at), l1, l2)));
  }
  for (; i < end; i++) {
    const at = <usize>i << 2;
    const g = address(p, 1) + at;
    v128.store32_lane(g, f32x4.add(v128.load32_zero(g), slope(v128.load32_zero(address(p, 0) + at), l1, l2)), 0);
  }
  if (thread > 0) return;
  let absolute: f64 = 0;
  let squared: f64 = 0;
  for (let j = 0; j < n; j++) {
    const w = <f64>load<f32>(address(p, 0) + (<usize>j << 2));
    absolute += Math.abs(w);
    squared += w * w;
  }
  const total = address(p, 5);
  store<f64>(total, load<f64>(total) + (<f64>l1 * absolute + <f64>l2 * squared));
}

// @ts-ignore: decorator
@inline function slope(w: v128, l1: f32, l2: f32): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(l1);
  const sign = f32x4.sub(v128.and(f32x4.gt(w, zero), one), v128.and(f32x4.lt(w, zero), one));
  return f32x4.add(sign, f32x4.mul(f32x4.splat(2 * l2), w));
}

/**
 * norm = the square root of the sum of grad^2, accumulated in f64; total += norm, so that an epoch's mean can be told.
 * Thread 0. Operands: grad [n], n, norm f32, total f64.
 */
export function gradientNorm(p: usize, step: i32, thread: i32, threads: i32): void {
  if (thread > 0) return;
  const n = int(p, 1);
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const g = v128.load(address(p, 0) + (<usize>i << 2));
    const a = f64x2.promote_low_f32x4(g);
    const b = f64x2.promote_low_f32x4(v128.shuffle<i32>(g, g, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const both = f64x2.add(low, high);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; i < n; i++) {
    const g = <f64>load<f32>(address(p, 0) + (<usize>i << 2));
    sum += g * g;
  }
  const norm = Math.sqrt(sum);
  store<f32>(address(p, 2), <f32>norm);
  store<f64>(address(p, 3), load<f64>(address(p, 3)) + norm);
}

/**
 * grad *= min(1, maxNorm / (norm + 1e-6)): PyTorch's clip_grad_norm_.
 * Operands: grad [n], n, norm (address of an f32), maxNorm f32.
 */
export function clipByNorm(p: usize, step: i32, thread: i32, threads: i32): void {
  const n = int(p, 1);
  const factor = min<f32>(1, float(p, 3) / (load<f32>(address(p, 2)) + <f32>1e-6));
  const end = shareStart(n, 4, thread + 1, threads);
  let i = shareStart(n, 4, thread, threads);
  for (; i + 4 <= end; i += 4) {
    const g = address(p, 0) + (<usize>i << 2);
    v128.store(g, f32x4.mul(v128.load(g), f32x4.splat(factor)));
  }
  for (; i < end; i++) {
    const g = address(p, 0) + (<usize>i << 2);
    store<f32>(g, load<f32>(g) * factor);
  }
}

/** grad = grad limited to [-limit, limit]. Operands: grad [n], n, limit f32. */
export function clipByValue(p: usize, step: i32, thread: i32, threads: i32): void {
  const n = int(p, 1);
  const limit = float(p, 2);
  const end = shareStart(n, 4, thread + 1, threads);
  let i = shareStart(n, 4, thread, threads);
  for (; i + 4 <= end; i += 4) {
    const g = address(p, 0) + (<usize>i << 2);
    v128.store(g, f32x4.max(f32x4.min(v128.load(g), f32x4.splat(limit)), f32x4.splat(-limit)));
  }
  for (; i < end; i++) {
    const g = address(p, 0) + (<usize>i << 2);
    store<f32>(g, max<f32>(min<f32>(load<f32>(g), limit), -limit));
  }
}
