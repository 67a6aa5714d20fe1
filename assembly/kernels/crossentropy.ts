import { log } from "../math";
import { limited } from "../probability";
import { address, float, int, loadUpTo4, shareStart, storeUpTo4 } from "../simd";
import { largest, sumOfPowers } from "../softmax-row";

/*
 * Cross entropy over classes. Shares over rows; a row's sum has one order, whatever the thread count.
 *
 * Targets y are f32 rows [rows, size], or for the sparse kernels class ids, i32 [rows], that stand for one-hot rows.
 * `<name>Forward` operands: loss [rows], pred [rows, size], target, rows, size, scale f32, a f32 (unused).
 * `<name>Backward` operands: dpred [rows, size], dloss [rows], pred, target, rows, size, scale f32, a f32 (unused).
 *
 * From probabilities: loss = -scale * sum of y ln p, p limited to [1e-7, 1 - 1e-7] as in Keras; the derivative -y / p is
 * the one at the limited p. From logits: p = softmax(z), the largest logit subtracted first, so nothing overflows;
 * derivative p * sum(y) - y.
 */

export function categoricalCrossentropyForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(false, p, thread, threads);
}

export function categoricalCrossentropyBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(false, p, thread, threads);
}

export function sparseCategoricalCrossentropyForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(true, p, thread, threads);
}

export function sparseCategoricalCrossentropyBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(true, p, thread, threads);
}

export function categoricalCrossentropyLogitsForward(p: usize, step: i32, thread: i32, threads: i32): void {
  logitsForward(false, p, thread, threads);
}

export function categoricalCrossentropyLogitsBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  logitsBackward(false, p, thread, threads);
}

export function sparseCategoricalCrossentropyLogitsForward(p: usize, step: i32, thread: i32, threads: i32): void {
  logitsForward(true, p, thread, threads);
}

export function sparseCategoricalCrossentropyLogitsBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  logitsBackward(true, p, thread, threads);
}

function log1(x: f32): f32 {
  return f32x4.extract_lane(log(f32x4.splat(x)), 0);
}

function logLimited(x: f32): f32 {
  return log1(f32x4.extract_lane(limited(f32x4.splat(x)), 0));
}

// @ts-ignore: decorator
@inline function at(base: usize, index: i32): usize {
  return base + (<usize>index << 2);
}

// @ts-ignore: decorator
@inline function forward(sparse: bool, p: usize, thread: i32, threads: i32): void {
  const loss = address(p, 0);
  const pred = address(p, 1);
  const target = address(p, 2);
  const size = int(p, 4);
  const scale = -float(p, 5);
  const end = shareStart(int(p, 3), 1, thread + 1, threads);
  for (let i = shareStart(int(p, 3), 1, thread, threads); i < end; i++) {
    const row = at(pred, i * size);
    let sum: f32 = 0;
    if (sparse) {
      sum = logLimited(load<f32>(at(row, load<i32>(at(target, i)))));
    } else {
      const ys = at(target, i * size);
      for (let j = 0; j < size; j++) {
        const y = load<f32>(at(ys, j));
        if (y != 0) sum += y * logLimited(load<f32>(at(row, j)));
      }
    }
    store<f32>(at(loss, i), scale * sum);
  }
}

// @ts-ignore: decorator
@inline function backward(sparse: bool, p: usize, thread: i32, threads: i32): void {
  const dpred = address(p, 0);
  const dloss = address(p, 1);
  const pred = address(p, 2);
  const target = address(p, 3);
  const size = int(p, 5);
  const scale = float(p, 6);
  const end = shareStart(int(p, 4), 1, thread + 1, threads);
  for (let i = shareStart(int(p, 4), 1, thread, threads); i < end; i++) {
    const factor = f32x4.splat(-load<f32>(at(dloss, i)) * scale);
    const d = at(dpred, i * size);
    const row = at(pred, i * size);
    if (sparse) {
      memory.fill(d, 0, <usize>size << 2);
      const id = load<i32>(at(target, i));
      v128.store32_lane(at(d, id), f32x4.div(factor, limited(v128.load32_splat(at(row, id)))), 0);
    } else {
      const ys = at(target, i * size);
      for (let j = 0; j < size; j += 4) {
        const y = f32x4.mul(factor, loadUpTo4(at(ys, j), size - j));
        storeUpTo4(at(d, j), f32x4.div(y, limited(loadUpTo4(at(row, j), size - j))), size - j);
      }
    }
  }
}

// @ts-ignore: decorator
@inline function logitsForward(sparse: bool, p: usize, thread: i32, threads: i32): void {
  const loss = address(p, 0);
  const pred = address(p, 1);
  const target = address(p, 2);
  const size = int(p, 4);
  const bytes = <usize>size << 2;
  const scale = float(p, 5);
  const end = shareStart(int(p, 3), 1, thread + 1, threads);
  for (let i = shareStart(int(p, 3), 1, thread, threads); i < end; i++) {
    const z = at(pred, i * size);
    const most = largest(z, bytes);
    const total = log1(sumOfPowers(0, z, bytes, most));
    let sum: f32 = 0;
    if (sparse) {
      sum = total + (most - load<f32>(at(z, load<i32>(at(target, i)))));
    } else {
      const ys = at(target, i * size);
      for (let j = 0; j < size; j++) {
        const y = load<f32>(at(ys, j));
        if (y != 0) sum += y * (total + (most - load<f32>(at(z, j))));
      }
    }
    store<f32>(at(loss, i), scale * sum);
  }
}

// @ts-ignore: decorator
@inline function logitsBackward(sparse: bool, p: usize, thread: i32, threads: i32): void {
  const dpred = address(p, 0);
  const dloss = address(p, 1);
  const pred = address(p, 2);
  const target = address(p, 3);
  const size = int(p, 5);
  const bytes = <usize>size << 2;
  const scale = float(p, 6);
  const end = shareStart(int(p, 4), 1, thread + 1, threads);
  for (let i = shareStart(int(p, 4), 1, thread, threads); i < end; i++) {
    const factor = load<f32>(at(dloss, i)) * scale;
    const d = at(dpred, i * size);
    const z = at(pred, i * size);
    const ys = at(target, sparse ? i : i * size);
    let weight: f32 = sparse ? 1 : 0;
    if (!sparse) for (let j = 0; j < size; j++) weight += load<f32>(at(ys, j));
    // The exponentials wait where the derivatives will be.
    const share = f32x4.splat(weight / sumOfPowers(d, z, bytes, largest(z, bytes)));
    const four = f32x4.splat(factor);
    for (let j = 0; j < size; j += 4) {
      const count = size - j;
      let g = f32x4.mul(share, loadUpTo4(at(d, j), count));
      if (!sparse) g = f32x4.sub(g, loadUpTo4(at(ys, j), count));
      storeUpTo4(at(d, j), f32x4.mul(four, g), count);
    }
    if (sparse) {
      const own = at(d, load<i32>(ys));
      store<f32>(own, load<f32>(own) - factor);
    }
  }
}
