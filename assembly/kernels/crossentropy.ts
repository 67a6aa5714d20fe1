import { exp, log } from "../math";
import { address, float, int, shareStart } from "../simd";

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

/** A probability limited to [1e-7, 1 - 1e-7]. */
// @ts-ignore: decorator
@inline function limited(z: f32): f32 {
  return max<f32>(min<f32>(z, <f32>(1 - 1e-7)), <f32>1e-7);
}

// @ts-ignore: decorator
@inline function log1(x: f32): f32 {
  return f32x4.extract_lane(log(f32x4.splat(x)), 0);
}

// @ts-ignore: decorator
@inline function at(base: usize, index: i32): usize {
  return base + (<usize>index << 2);
}

// @ts-ignore: decorator
@inline function forward(sparse: bool, p: usize, thread: i32, threads: i32): void {
  const size = int(p, 4);
  const end = shareStart(int(p, 3), 1, thread + 1, threads);
  for (let i = shareStart(int(p, 3), 1, thread, threads); i < end; i++) {
    const pred = at(address(p, 1), i * size);
    let sum: f32 = 0;
    if (sparse) {
      sum = log1(limited(load<f32>(at(pred, load<i32>(at(address(p, 2), i))))));
    } else {
      const target = at(address(p, 2), i * size);
      for (let j = 0; j < size; j++) {
        const y = load<f32>(at(target, j));
        if (y != 0) sum += y * log1(limited(load<f32>(at(pred, j))));
      }
    }
    store<f32>(at(address(p, 0), i), -float(p, 5) * sum);
  }
}

// @ts-ignore: decorator
@inline function backward(sparse: bool, p: usize, thread: i32, threads: i32): void {
  const size = int(p, 5);
  const end = shareStart(int(p, 4), 1, thread + 1, threads);
  for (let i = shareStart(int(p, 4), 1, thread, threads); i < end; i++) {
    const factor = -load<f32>(at(address(p, 1), i)) * float(p, 6);
    const d = at(address(p, 0), i * size);
    const pred = at(address(p, 2), i * size);
    if (sparse) {
      memory.fill(d, 0, <usize>size << 2);
      const id = load<i32>(at(address(p, 3), i));
      store<f32>(at(d, id), factor / limited(load<f32>(at(pred, id))));
    } else {
      const target = at(address(p, 3), i * size);
      for (let j = 0; j < size; j++) {
        store<f32>(at(d, j), (factor * load<f32>(at(target, j))) / limited(load<f32>(at(pred, j))));
      }
    }
  }
}

/** The largest of a row. */
function largest(row: usize, size: i32): f32 {
  let most = load<f32>(row);
  for (let j = 1; j < size; j++) most = max<f32>(most, load<f32>(at(row, j)));
  return most;
}

/** Sum over a row of e^(z - most). */
function sumOfExponentials(row: usize, size: i32, most: f32): f32 {
  const shift = f32x4.splat(most);
  let four = f32x4.splat(0);
  let j = 0;
  for (; j + 4 <= size; j += 4) four = f32x4.add(four, exp(f32x4.sub(v128.load(at(row, j)), shift)));
  const two = f32x4.add(four, v128.shuffle<i32>(four, four, 2, 3, 0, 1));
  let sum = f32x4.extract_lane(two, 0) + f32x4.extract_lane(two, 1);
  for (; j < size; j++) sum += f32x4.extract_lane(exp(f32x4.sub(v128.load32_splat(at(row, j)), shift)), 0);
  return sum;
}

// @ts-ignore: decorator
@inline function logitsForward(sparse: bool, p: usize, thread: i32, threads: i32): void {
  const size = int(p, 4);
  const end = shareStart(int(p, 3), 1, thread + 1, threads);
  for (let i = shareStart(int(p, 3), 1, thread, threads); i < end; i++) {
    const z = at(address(p, 1), i * size);
    const most = largest(z, size);
    const total = log1(sumOfExponentials(z, size, most));
    let sum: f32 = 0;
    if (sparse) {
      sum = total + (most - load<f32>(at(z, load<i32>(at(address(p, 2), i)))));
    } else {
      const target = at(address(p, 2), i * size);
      for (let j = 0; j < size; j++) {
        const y = load<f32>(at(target, j));
        if (y != 0) sum += y * (total + (most - load<f32>(at(z, j))));
      }
    }
    store<f32>(at(address(p, 0), i), float(p, 5) * sum);
  }
}

// @ts-ignore: decorator
@inline function logitsBackward(sparse: bool, p: usize, thread: i32, threads: i32): void {
  const size = int(p, 5);
  const end = shareStart(int(p, 4), 1, thread + 1, threads);
  for (let i = shareStart(int(p, 4), 1, thread, threads); i < end; i++) {
    const factor = load<f32>(at(address(p, 1), i)) * float(p, 6);
    const d = at(address(p, 0), i * size);
    const z = at(address(p, 2), i * size);
    const target = at(address(p, 3), sparse ? i : i * size);
    const most = largest(z, size);
    let weight: f32 = sparse ? 1 : 0;
    if (!sparse) for (let j = 0; j < size; j++) weight += load<f32>(at(target, j));
    const share = f32x4.splat(weight / sumOfExponentials(z, size, most));
    const shift = f32x4.splat(most);
    const four = f32x4.splat(factor);
    let j = 0;
    for (; j + 4 <= size; j += 4) {
      let g = f32x4.mul(share, exp(f32x4.sub(v128.load(at(z, j)), shift)));
      if (!sparse) g = f32x4.sub(g, v128.load(at(target, j)));
      v128.store(at(d, j), f32x4.mul(four, g));
    }
    for (; j < size; j++) {
      let g = f32x4.mul(share, exp(f32x4.sub(v128.load32_splat(at(z, j)), shift)));
      if (!sparse) g = f32x4.sub(g, v128.load32_splat(at(target, j)));
      v128.store32_lane(at(d, j), f32x4.mul(four, g), 0);
    }
    if (sparse) {
      const own = at(d, load<i32>(target));
      store<f32>(own, load<f32>(own) - factor);
    }
  }
}
