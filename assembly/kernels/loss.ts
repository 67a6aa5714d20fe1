import { exp, log, log1p, sigmoid } from "../math";
import { limited } from "../probability";
import { address, firstLanes, float, int, lastLanes, loadUpTo4, shareStart, storeUpTo4, total } from "../simd";

/*
 * Losses that add up over an example's outputs. Shares over rows; a row's sum is that of four interleaved lanes, then
 * (0 + 2) + (1 + 3), whatever the thread count. Where 1 to 3 outputs are left, the last 4 are computed, some a second time.
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

// Constants in memory, for the reason given in math.ts.
const CONSTANTS = memory.data<f32>([1, 0.5, -2, -0.0]);
const ONE = 0;
const HALF = 1;
const MINUS_TWO = 2;
const SIGN = 3;

// @ts-ignore: decorator
@inline function constant(index: i32): v128 {
  return v128.load32_splat(CONSTANTS + (<usize>index << 2));
}

/**
 * f(z, y). Inlined with a constant kind, a loop keeps its own branch only. pmin and pmax return their first operand when it is
 * NaN.
 */
// @ts-ignore: decorator
@inline function term(kind: i32, z: v128, y: v128, a: v128): v128 {
  const zero = i32x4.splat(0);
  const one = constant(ONE);
  if (kind == SQUARED_ERROR) {
    const r = f32x4.sub(z, y);
    return f32x4.mul(r, r);
  }
  if (kind == ABSOLUTE_ERROR) return f32x4.abs(f32x4.sub(z, y));
  if (kind == HUBER) {
    const r = f32x4.abs(f32x4.sub(z, y));
    // m (r - m / 2) with m = min(r, a) is both branches.
    const m = f32x4.pmin(r, a);
    return f32x4.mul(m, f32x4.sub(r, f32x4.mul(m, constant(HALF))));
  }
  if (kind == HINGE) return f32x4.pmax(f32x4.sub(one, f32x4.mul(y, z)), zero);
  if (kind == SQUARED_HINGE) {
    const h = f32x4.pmax(f32x4.sub(one, f32x4.mul(y, z)), zero);
    return f32x4.mul(h, h);
  }
  if (kind == PERCEPTRON) return f32x4.pmax(f32x4.neg(f32x4.mul(y, z)), zero);
  if (kind == CROSSENTROPY) {
    const q = limited(z);
    const no = f32x4.mul(f32x4.sub(one, y), log(f32x4.sub(one, q)));
    return f32x4.neg(f32x4.add(f32x4.mul(y, log(q)), no));
  }
  const soft = log1p(exp(v128.or(z, constant(SIGN))));
  return f32x4.add(f32x4.sub(f32x4.pmax(z, zero), f32x4.mul(y, z)), soft);
}

/** df/dz. */
// @ts-ignore: decorator
@inline function slope(kind: i32, z: v128, y: v128, a: v128): v128 {
  const zero = i32x4.splat(0);
  const one = constant(ONE);
  if (kind == SQUARED_ERROR) {
    const r = f32x4.sub(z, y);
    return f32x4.add(r, r);
  }
  if (kind == ABSOLUTE_ERROR) {
    const sign = f32x4.sub(v128.and(f32x4.gt(z, y), one), v128.and(f32x4.lt(z, y), one));
    return orNaN(sign, f32x4.sub(z, y));
  }
  if (kind == HUBER) return f32x4.pmax(f32x4.pmin(f32x4.sub(z, y), a), f32x4.neg(a));
  if (kind == HINGE) {
    const margin = f32x4.mul(y, z);
    return orNaN(v128.and(f32x4.lt(margin, one), f32x4.neg(y)), margin);
  }
  if (kind == SQUARED_HINGE) {
    const h = f32x4.pmax(f32x4.sub(one, f32x4.mul(y, z)), zero);
    return f32x4.mul(f32x4.mul(constant(MINUS_TWO), y), h);
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

// @ts-ignore: decorator
@inline function forward(kind: i32, p: usize, thread: i32, threads: i32): void {
  const rows = int(p, 3);
  const stride = <usize>int(p, 4) << 2;
  const end = shareStart(rows, 1, thread + 1, threads);
  let i = shareStart(rows, 1, thread, threads);
  if (stride < 16) return narrowForward(kind, p, i, end);
  const scale = float(p, 5);
  const a = f32x4.splat(float(p, 6));
  const loss = address(p, 0);
  const last = stride - 16;
  let z = address(p, 1) + <usize>i * stride;
  let y = address(p, 2) + <usize>i * stride;
  for (; i < end; i++, z += stride, y += stride) {
    let sum = i32x4.splat(0);
    // Bytes of a vector that the one before it has counted.
    let counted: usize = 0;
    for (let at: usize = 0; at < stride; at += 16) {
      if (at > last) {
        counted = at - last;
        at = last;
      }
      sum = f32x4.add(sum, lastLanes(term(kind, v128.load(z + at), v128.load(y + at), a), counted));
    }
    store<f32>(loss + (<usize>i << 2), scale * total(sum));
  }
}

// @ts-ignore: decorator
@inline function backward(kind: i32, p: usize, thread: i32, threads: i32): void {
  const rows = int(p, 4);
  const stride = <usize>int(p, 5) << 2;
  const end = shareStart(rows, 1, thread + 1, threads);
  let i = shareStart(rows, 1, thread, threads);
  if (stride < 16) return narrowBackward(kind, p, i, end);
  const scale = float(p, 6);
  const a = f32x4.splat(float(p, 7));
  const dloss = address(p, 1);
  const last = stride - 16;
  let d = address(p, 0) + <usize>i * stride;
  let z = address(p, 2) + <usize>i * stride;
  let y = address(p, 3) + <usize>i * stride;
  for (; i < end; i++, d += stride, z += stride, y += stride) {
    const factor = f32x4.splat(load<f32>(dloss + (<usize>i << 2)) * scale);
    let at: usize = 0;
    for (; at <= last; at += 16) {
      v128.store(d + at, f32x4.mul(factor, slope(kind, v128.load(z + at), v128.load(y + at), a)));
    }
    if (at < stride) v128.store(d + last, f32x4.mul(factor, slope(kind, v128.load(z + last), v128.load(y + last), a)));
  }
}

/** Rows of 1 to 3 outputs; those of 1 are a column, of which four go at once. One function for all kinds. */
function narrowForward(kind: i32, p: usize, start: i32, end: i32): void {
  const size = int(p, 4);
  const scale = f32x4.splat(float(p, 5));
  const a = f32x4.splat(float(p, 6));
  const loss = address(p, 0);
  const z = address(p, 1);
  const y = address(p, 2);
  const zero = i32x4.splat(0);
  const rows = size == 1 ? 4 : 1;
  for (let i = start; i < end; i += rows) {
    const count = size == 1 ? end - i : size;
    const at = <usize>(i * size) << 2;
    const four = term(kind, loadUpTo4(z + at, count), loadUpTo4(y + at, count), a);
    const sum = size == 1 ? f32x4.add(zero, four) : f32x4.splat(total(f32x4.add(zero, firstLanes(four, count))));
    storeUpTo4(loss + (<usize>i << 2), f32x4.mul(scale, sum), size == 1 ? count : 1);
  }
}

function narrowBackward(kind: i32, p: usize, start: i32, end: i32): void {
  const size = int(p, 5);
  const scale = f32x4.splat(float(p, 6));
  const a = f32x4.splat(float(p, 7));
  const d = address(p, 0);
  const dloss = address(p, 1);
  const z = address(p, 2);
  const y = address(p, 3);
  const rows = size == 1 ? 4 : 1;
  for (let i = start; i < end; i += rows) {
    const count = size == 1 ? end - i : size;
    const at = <usize>(i * size) << 2;
    const from = dloss + (<usize>i << 2);
    const factor = f32x4.mul(size == 1 ? loadUpTo4(from, count) : v128.load32_splat(from), scale);
    const four = slope(kind, loadUpTo4(z + at, count), loadUpTo4(y + at, count), a);
    storeUpTo4(d + at, f32x4.mul(factor, four), count);
  }
}
