import { address, int } from "../simd";

/**
 * At the last of every `steps` steps of a call: the totals go to the epoch's row of the log and start again from 0. Thread 0.
 *
 * Operands: totals f64 [count], log f64 [epochs of the call, count], count, steps.
 */
export function closeEpoch(p: usize, step: i32, thread: i32, threads: i32): void {
  const steps = int(p, 3);
  if (thread > 0 || (step + 1) % steps != 0) return;
  const totals = address(p, 0);
  const bytes = <usize>int(p, 2) << 3;
  const row = address(p, 1) + <usize>(step / steps) * bytes;
  memory.copy(row, totals, bytes);
  memory.fill(totals, 0, bytes);
}
