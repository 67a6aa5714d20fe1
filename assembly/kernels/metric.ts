import { address, float, int } from "../simd";

/*
 * Metrics: thread 0 adds to f64 numbers that stay where they are over an epoch. Targets are class ids (i32, targetKind 0)
 * or f32 rows (targetKind 1).
 */

/** Position of the largest of `count` f32 at `row`; the first of equals. */
function argmax(row: usize, count: i32): i32 {
  let best = 0;
  let largest = load<f32>(row);
  for (let i = 1; i < count; i++) {
    const value = load<f32>(row + (<usize>i << 2));
    if (value > largest) {
      largest = value;
      best = i;
    }
  }
  return best;
}

// @ts-ignore: decorator
@inline function trueClass(target: usize, row: i32, columns: i32, kind: i32, positive: f32): i32 {
  if (kind == 0) return load<i32>(target + (<usize>row << 2));
  const at = target + (<usize>(row * columns) << 2);
  return columns == 1 ? i32(load<f32>(at) > positive) : argmax(at, columns);
}

/**
 * counts[true class, predicted class] += 1 a row. With one column there are two classes: predicted 1 where
 * pred >= threshold, true 1 where target > positive.
 *
 * Operands: pred [rows, columns], target, rows, columns, targetKind, threshold f32, positive f32,
 * counts f64 [classes, classes].
 */
export function confusionMatrix(p: usize, step: i32, thread: i32, threads: i32): void {
  if (thread > 0) return;
  const target = address(p, 1);
  const rows = int(p, 2);
  const columns = int(p, 3);
  const kind = int(p, 4);
  const threshold = float(p, 5);
  const positive = float(p, 6);
  const counts = address(p, 7);
  const classes = columns == 1 ? 2 : columns;
  let pred = address(p, 0);
  for (let r = 0; r < rows; r++, pred += <usize>columns << 2) {
    const predicted = columns == 1 ? i32(load<f32>(pred) >= threshold) : argmax(pred, columns);
    const actual = trueClass(target, r, columns, kind, positive);
    add(counts + (<usize>(actual * classes + predicted) << 3), 1);
  }
}

/**
 * count += rows whose true class is among the k largest predictions; of equals the first counts as larger.
 *
 * Operands: pred [rows, columns], target, rows, columns, targetKind, k, count f64.
 */
export function topK(p: usize, step: i32, thread: i32, threads: i32): void {
  if (thread > 0) return;
  const target = address(p, 1);
  const rows = int(p, 2);
  const columns = int(p, 3);
  const kind = int(p, 4);
  const k = int(p, 5);
  let pred = address(p, 0);
  let hits = 0;
  for (let r = 0; r < rows; r++, pred += <usize>columns << 2) {
    const actual = trueClass(target, r, columns, kind, 0.5);
    const value = load<f32>(pred + (<usize>actual << 2));
    let ahead = 0;
    for (let c = 0; c < columns; c++) {
      const other = load<f32>(pred + (<usize>c << 2));
      if (other > value || (other == value && c < actual)) ahead++;
    }
    // NaN is compared with nothing, so it would always be first.
    if (value == value && ahead < k) hits++;
  }
  add(address(p, 6), hits);
}

/**
 * counts[column, true, predicted] += 1 an element: each column is a yes/no question of its own, predicted yes where
 * pred >= threshold, true where target > positive.
 *
 * Operands: pred [rows, columns], target f32 [rows, columns], rows, columns, threshold f32, positive f32,
 * counts f64 [columns, 2, 2].
 */
export function labelConfusion(p: usize, step: i32, thread: i32, threads: i32): void {
  if (thread > 0) return;
  const rows = int(p, 2);
  const columns = int(p, 3);
  const threshold = float(p, 4);
  const positive = float(p, 5);
  const counts = address(p, 6);
  let pred = address(p, 0);
  let target = address(p, 1);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++, pred += 4, target += 4) {
      const predicted = i32(load<f32>(pred) >= threshold);
      const actual = i32(load<f32>(target) > positive);
      add(counts + (<usize>(c * 4 + actual * 2 + predicted) << 3), 1);
    }
  }
}

/**
 * count += elements where pred >= threshold equals target > positive; NaN never does.
 * Operands: pred [n], target f32 [n], n, threshold f32, positive f32, count f64.
 */
export function binaryMatches(p: usize, step: i32, thread: i32, threads: i32): void {
  if (thread > 0) return;
  const pred = address(p, 0);
  const target = address(p, 1);
  const bytes = <usize>int(p, 2) << 2;
  const threshold = float(p, 3);
  const positive = float(p, 4);
  let matches = 0;
  for (let at: usize = 0; at < bytes; at += 4) {
    const prediction = load<f32>(pred + at);
    // NaN is no answer, not a no.
    if (prediction == prediction && prediction >= threshold == load<f32>(target + at) > positive) matches++;
  }
  add(address(p, 5), matches);
}

/** sum += sum of |pred - target|. Operands: pred [n], target f32 [n], n, sum f64. */
export function absoluteErrorSum(p: usize, step: i32, thread: i32, threads: i32): void {
  if (thread == 0) errorSum(false, p);
}

/** sum += sum of (pred - target)^2. Operands: pred [n], target f32 [n], n, sum f64. */
export function squaredErrorSum(p: usize, step: i32, thread: i32, threads: i32): void {
  if (thread == 0) errorSum(true, p);
}

// @ts-ignore: decorator
@inline function errorSum(squared: bool, p: usize): void {
  const pred = address(p, 0);
  const target = address(p, 1);
  const bytes = <usize>int(p, 2) << 2;
  let total: f64 = 0;
  for (let at: usize = 0; at < bytes; at += 4) {
    const d = <f64>load<f32>(pred + at) - <f64>load<f32>(target + at);
    total += squared ? d * d : Math.abs(d);
  }
  add(address(p, 3), total);
}

// @ts-ignore: decorator
@inline function add(total: usize, value: f64): void {
  store<f64>(total, load<f64>(total) + value);
}
