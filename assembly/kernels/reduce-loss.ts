import { address, float, int } from "../simd";

/**
 * From losses per example to the total and to where backward starts: dloss_i = factor * w_i; total += sum of
 * w_i * loss_i, in order, in f64. weights may be 0, no weights: each is then 1. Thread 0.
 *
 * Operands: dloss [rows], loss [rows], weights [rows] or 0, rows, factor f32, total f64.
 */
export function reduceLoss(p: usize, step: i32, thread: i32, threads: i32): void {
  if (thread > 0) return;
  const dloss = address(p, 0);
  const loss = address(p, 1);
  const weights = address(p, 2);
  const bytes = <usize>int(p, 3) << 2;
  const factor = float(p, 4);
  const total = address(p, 5);
  let sum: f64 = 0;
  for (let at: usize = 0; at < bytes; at += 4) {
    const w: f32 = weights ? load<f32>(weights + at) : 1;
    sum += <f64>w * <f64>load<f32>(loss + at);
    store<f32>(dloss + at, factor * w);
  }
  store<f64>(total, load<f64>(total) + sum);
}
