import { exp } from "../math";
import { address, int, shareStart } from "../simd";

/*
 * Softmax over the rows of [rows, columns]. Shares over rows; a row's sum is that of four interleaved lanes, then
 * (0 + 2) + (1 + 3), whatever the thread count. The last 1 to 3 columns of a row fill lanes 0 to 2.
 */

/**
 * out_ij = e^(x_ij - m_i) / sum over j of e^(x_ij - m_i), m_i the largest of the row, so nothing overflows. Each output
 * is in [0, 1]. out may be x.
 *
 * Operands: out [rows, columns], x, rows, columns.
 */
export function softmaxForward(p: usize, step: i32, thread: i32, threads: i32): void {
  const columns = int(p, 3);
  const stride = <usize>columns << 2;
  const end = shareStart(int(p, 2), 1, thread + 1, threads);
  for (let i = shareStart(int(p, 2), 1, thread, threads); i < end; i++) {
    const row = address(p, 1) + <usize>i * stride;
    const out = address(p, 0) + <usize>i * stride;
    const count = columns & 3;
    const whole = stride & ~15;

    // A NaN need not reach the maximum: its own exponential takes it to the sum.
    let most = v128.load32_splat(row);
    for (let at: usize = 0; at < whole; at += 16) most = f32x4.pmax(most, v128.load(row + at));
    for (let at = whole; at < stride; at += 4) most = f32x4.pmax(most, v128.load32_splat(row + at));
    most = f32x4.pmax(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1));
    most = f32x4.pmax(most, v128.shuffle<i32>(most, most, 1, 0, 3, 2));

    let sum = i32x4.splat(0);
    for (let at: usize = 0; at < whole; at += 16) {
      const power = exp(f32x4.sub(v128.load(row + at), most));
      v128.store(out + at, power);
      sum = f32x4.add(sum, power);
    }
    if (count) {
      const power = exp(f32x4.sub(loadPart(row + whole, count), most));
      storePart(out + whole, power, count);
      sum = f32x4.add(sum, firstLanes(power, count));
    }
    const scale = f32x4.splat(1 / total(sum));
    for (let at: usize = 0; at < whole; at += 16) v128.store(out + at, f32x4.mul(v128.load(out + at), scale));
    if (count) storePart(out + whole, f32x4.mul(loadPart(out + whole, count), scale), count);
  }
}

/**
 * dx_ij = y_ij (dy_ij - sum over j of dy_ij y_ij). dx may be dy.
 *
 * Operands: dx [rows, columns], dy, y (what softmaxForward wrote), rows, columns.
 */
export function softmaxBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  const columns = int(p, 4);
  const stride = <usize>columns << 2;
  const end = shareStart(int(p, 3), 1, thread + 1, threads);
  for (let i = shareStart(int(p, 3), 1, thread, threads); i < end; i++) {
    const dx = address(p, 0) + <usize>i * stride;
    const dy = address(p, 1) + <usize>i * stride;
    const y = address(p, 2) + <usize>i * stride;
    const count = columns & 3;
    const whole = stride & ~15;

    let sum = i32x4.splat(0);
    for (let at: usize = 0; at < whole; at += 16) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(dy + at), v128.load(y + at)));
    }
    // The lanes beyond the row are 0 and stay so.
    if (count) sum = f32x4.add(sum, f32x4.mul(loadPart(dy + whole, count), loadPart(y + whole, count)));
    const mean = f32x4.splat(total(sum));
    for (let at: usize = 0; at < whole; at += 16) {
      v128.store(dx + at, f32x4.mul(v128.load(y + at), f32x4.sub(v128.load(dy + at), mean)));
    }
    if (count) {
      const part = f32x4.mul(loadPart(y + whole, count), f32x4.sub(loadPart(dy + whole, count), mean));
      storePart(dx + whole, part, count);
    }
  }
}

// @ts-ignore: decorator
@inline function total(sum: v128): f32 {
  const two = f32x4.add(sum, v128.shuffle<i32>(sum, sum, 2, 3, 0, 1));
  return f32x4.extract_lane(two, 0) + f32x4.extract_lane(two, 1);
}

/** `count` elements (1 to 3) in the first lanes, 0 in the others. */
// @ts-ignore: decorator
@inline function loadPart(from: usize, count: i32): v128 {
  if (count == 1) return v128.load32_zero(from);
  const two = v128.load64_zero(from);
  return count == 2 ? two : v128.load32_lane(from, two, 2, 8);
}

// @ts-ignore: decorator
@inline function storePart(to: usize, value: v128, count: i32): void {
  if (count == 1) {
    v128.store32_lane(to, value, 0);
    return;
  }
  v128.store64_lane(to, value, 0);
  if (count == 3) v128.store32_lane(to, value, 2, 8);
}

/** `value` with 0 in the lanes from `count` (1 to 3) on. */
// @ts-ignore: decorator
@inline function firstLanes(value: v128, count: i32): v128 {
  return v128.and(value, i32x4.gt_s(i32x4.splat(count), i32x4(0, 1, 2, 3)));
}
