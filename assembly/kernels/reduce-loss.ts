import { address, float, int } from "../simd";

/**
 * From losses per example to the total and to where backward starts: dloss_i = factor * w_i; total += sum of
 * w_i * loss_i, in order, in f64. weights may be 0, no weights: each is then 1. Thread 0.
 *
 * Operands: dloss [rows], loss [rows], weights [rows] or 0, rows, factor f32, total f64.
 */
export function reduceLoss(p: usize, step: i32, thread: i32, threads: i32): void {
  if (thread > 0) return;
  const weights = address(p, 2);
  let sum: f64 = 0;
  for (let i = 0; i < int(p, 3); i++) {
    const at = (<usize>i) << 2;
    const w: f32 = weights ? load<f32>(weights + at) : 1;
    sum += <f64>w * <f64>load<f32>(address(p, 1) + at);
    store<f32>(address(p, 0) + at, float(p, 4) * w);
  }
  store<f64>(address(p, 5), load<f64>(address(p, 5)) + sum);
}
