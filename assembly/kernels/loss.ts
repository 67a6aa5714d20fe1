import { exp, log, log1p, sigmoid } from "../math";
import { address, float, int, shareStart } from "../simd";

/*
 * Losses that add up over an example's outputs. Shares over rows; a row's sum has one order, whatever the thread count.
 *
 * `<name>Forward` operands: loss [rows], pred [rows, size], target f32 [rows, size], rows, size, scale f32, a f32.
 *   loss_i = scale * sum over j of f(pred_ij, target_ij)
 * `<name>Backward` operands: dpred [rows, size], dloss [rows], pred, target, rows, size, scale f32, a f32.
 *   dpred_ij = dloss_i * scale * df/dpred
 * a is the loss's constant; only huber has one. NaN gives NaN, in either direction.
 */

/** (z - y)^2. */
export function squaredErrorForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(SQUARED_ERROR, p, thread, threads);
}

export function squaredErrorBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(SQUARED_ERROR, p, thread, threads);
}

/** |z - y|; derivative 0 where equal. */
export function absoluteErrorForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(ABSOLUTE_ERROR, p, thread, threads);
}

export function absoluteErrorBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(ABSOLUTE_ERROR, p, thread, threads);
}

/** r^2 / 2 where |r| <= a, a (|r| - a / 2) elsewhere, with r = z - y. Huber (1964). */
export function huberForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(HUBER, p, thread, threads);
}

export function huberBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(HUBER, p, thread, threads);
}

/** max(0, 1 - y z), y = -1 or +1; derivative 0 at the kink. */
export function hingeForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(HINGE, p, thread, threads);
}

export function hingeBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(HINGE, p, thread, threads);
}

/** max(0, 1 - y z)^2. */
export function squaredHingeForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(SQUARED_HINGE, p, thread, threads);
}

export function squaredHingeBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(SQUARED_HINGE, p, thread, threads);
}

/** max(0, -y z); derivative -y where y z <= 0, so that Rosenblatt's rule also leaves weights of 0. */
export function perceptronForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(PERCEPTRON, p, thread, threads);
}

export function perceptronBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(PERCEPTRON, p, thread, threads);
}

/**
 * -(y ln z + (1 - y) ln(1 - z)), z limited to [1e-7, 1 - 1e-7] as in Keras. The derivative is the one at the limited z,
 * so a saturated wrong prediction still learns.
 */
export function binaryCrossentropyForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(CROSSENTROPY, p, thread, threads);
}

export function binaryCrossentropyBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(CROSSENTROPY, p, thread, threads);
}

/** max(0, z) - y z + ln(1 + e^-|z|), the same of sigmoid(z) without overflow; derivative sigmoid(z) - y. */
export function binaryCrossentropyLogitsForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(CROSSENTROPY_LOGITS, p, thread, threads);
}

export function binaryCrossentropyLogitsBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(CROSSENTROPY_LOGITS, p, thread, threads);
}

const SQUARED_ERROR = 0;
const ABSOLUTE_ERROR = 1;
const HUBER = 2;
const HINGE = 3;
const SQUARED_HINGE = 4;
const PERCEPTRON = 5;
const CROSSENTROPY = 6;
const CROSSENTROPY_LOGITS = 7;

/** f(z, y). Inlined with a constant kind, so each kernel keeps its own branch only. */
// @ts-ignore: decorator
@inline function term(kind: i32, z: v128, y: v128, a: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  if (kind == SQUARED_ERROR) {
    const r = f32x4.sub(z, y);
    return f32x4.mul(r, r);
  }
  if (kind == ABSOLUTE_ERROR) return f32x4.abs(f32x4.sub(z, y));
  if (kind == HUBER) {
    const r = f32x4.abs(f32x4.sub(z, y));
    // m (r - m / 2) with m = min(r, a) is both branches.
    const m = f32x4.min(r, a);
    return f32x4.mul(m, f32x4.sub(r, f32x4.mul(m, f32x4.splat(0.5))));
  }
  if (kind == HINGE) return f32x4.max(zero, f32x4.sub(one, f32x4.mul(y, z)));
  if (kind == SQUARED_HINGE) {
    const h = f32x4.max(zero, f32x4.sub(one, f32x4.mul(y, z)));
    return f32x4.mul(h, h);
  }
  if (kind == PERCEPTRON) return f32x4.max(zero, f32x4.neg(f32x4.mul(y, z)));
  if (kind == CROSSENTROPY) {
    const q = limited(z);
    const no = f32x4.mul(f32x4.sub(one, y), log(f32x4.sub(one, q)));
    return f32x4.neg(f32x4.add(f32x4.mul(y, log(q)), no));
  }
  const soft = log1p(exp(f32x4.neg(f32x4.abs(z))));
  return f32x4.add(f32x4.sub(f32x4.max(zero, z), f32x4.mul(y, z)), soft);
}

/** df/dz. */
// @ts-ignore: decorator
@inline function slope(kind: i32, z: v128, y: v128, a: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  if (kind == SQUARED_ERROR) return f32x4.mul(f32x4.splat(2), f32x4.sub(z, y));
  if (kind == ABSOLUTE_ERROR) {
    const sign = f32x4.sub(v128.and(f32x4.gt(z, y), one), v128.and(f32x4.lt(z, y), one));
    return orNaN(sign, f32x4.sub(z, y));
  }
  if (kind == HUBER) return f32x4.max(f32x4.min(f32x4.sub(z, y), a), f32x4.neg(a));
  if (kind == HINGE) {
    const margin = f32x4.mul(y, z);
    return orNaN(v128.and(f32x4.lt(margin, one), f32x4.neg(y)), margin);
  }
  if (kind == SQUARED_HINGE) {
    const h = f32x4.max(zero, f32x4.sub(one, f32x4.mul(y, z)));
    return f32x4.mul(f32x4.mul(f32x4.splat(-2), y), h);
  }
  if (kind == PERCEPTRON) {
    const margin = f32x4.mul(y, z);
    return orNaN(v128.and(f32x4.le(margin, zero), f32x4.neg(y)), margin);
  }
  if (kind == CROSSENTROPY) {
    const q = limited(z);
    return f32x4.div(f32x4.sub(q, y), f32x4.mul(q, f32x4.sub(one, q)));
  }
  return f32x4.sub(sigmoid(z), y);
}

/** value, NaN where `source` is: what a comparison with NaN chose would hide it. */
// @ts-ignore: decorator
@inline function orNaN(value: v128, source: v128): v128 {
  return v128.or(value, f32x4.ne(source, source));
}

/** A probability limited to [1e-7, 1 - 1e-7]. */
// @ts-ignore: decorator
@inline function limited(z: v128): v128 {
  return f32x4.max(f32x4.min(z, f32x4.splat(<f32>(1 - 1e-7))), f32x4.splat(<f32>1e-7));
}

// @ts-ignore: decorator
@inline function forward(kind: i32, p: usize, thread: i32, threads: i32): void {
  const size = int(p, 4);
  const scale = float(p, 5);
  const a = f32x4.splat(float(p, 6));
  const end = shareStart(int(p, 3), 1, thread + 1, threads);
  for (let i = shareStart(int(p, 3), 1, thread, threads); i < end; i++) {
    let z = address(p, 1) + (<usize>(i * size) << 2);
    let y = address(p, 2) + (<usize>(i * size) << 2);
    const last = z + (<usize>size << 2);
    let four = f32x4.splat(0);
    for (; z + 16 <= last; z += 16, y += 16) four = f32x4.add(four, term(kind, v128.load(z), v128.load(y), a));
    const two = f32x4.add(four, v128.shuffle<i32>(four, four, 2, 3, 0, 1));
    let sum = f32x4.extract_lane(two, 0) + f32x4.extract_lane(two, 1);
    for (; z < last; z += 4, y += 4) {
      sum += f32x4.extract_lane(term(kind, v128.load32_splat(z), v128.load32_splat(y), a), 0);
    }
    store<f32>(address(p, 0) + (<usize>i << 2), scale * sum);
  }
}

// @ts-ignore: decorator
@inline function backward(kind: i32, p: usize, thread: i32, threads: i32): void {
  const size = int(p, 5);
  const a = f32x4.splat(float(p, 7));
  const end = shareStart(int(p, 4), 1, thread + 1, threads);
  for (let i = shareStart(int(p, 4), 1, thread, threads); i < end; i++) {
    const factor = f32x4.splat(load<f32>(address(p, 1) + (<usize>i << 2)) * float(p, 6));
    const row = <usize>(i * size) << 2;
    let d = address(p, 0) + row;
    let z = address(p, 2) + row;
    let y = address(p, 3) + row;
    const last = d + (<usize>size << 2);
    for (; d + 16 <= last; d += 16, z += 16, y += 16) {
      v128.store(d, f32x4.mul(factor, slope(kind, v128.load(z), v128.load(y), a)));
    }
    for (; d < last; d += 4, z += 4, y += 4) {
      v128.store32_lane(d, f32x4.mul(factor, slope(kind, v128.load32_splat(z), v128.load32_splat(y), a)), 0);
    }
  }
}
