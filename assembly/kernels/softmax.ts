import { address, int, loadUpTo4, shareStart, storeUpTo4, total } from "../simd";
import { largest, sumOfPowers } from "../softmax-row";

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
  const rows = int(p, 2);
  const columns = int(p, 3);
  const stride = <usize>columns << 2;
  const whole = stride & ~15;
  const count = columns & 3;
  const end = shareStart(rows, 1, thread + 1, threads);
  let i = shareStart(rows, 1, thread, threads);
  let out = address(p, 0) + <usize>i * stride;
  let x = address(p, 1) + <usize>i * stride;
  for (; i < end; i++, out += stride, x += stride) {
    const scale = f32x4.splat(1 / sumOfPowers(out, x, stride, largest(x, stride)));
    for (let at: usize = 0; at < whole; at += 16) v128.store(out + at, f32x4.mul(v128.load(out + at), scale));
    if (count) storeUpTo4(out + whole, f32x4.mul(loadUpTo4(out + whole, count), scale), count);
  }
}

/**
 * dx_ij = y_ij (dy_ij - sum over j of dy_ij y_ij). dx may be dy.
 *
 * Operands: dx [rows, columns], dy, y (what softmaxForward wrote), rows, columns.
 */
export function softmaxBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  const rows = int(p, 3);
  const columns = int(p, 4);
  const stride = <usize>columns << 2;
  const whole = stride & ~15;
  const count = columns & 3;
  const end = shareStart(rows, 1, thread + 1, threads);
  let i = shareStart(rows, 1, thread, threads);
  let dx = address(p, 0) + <usize>i * stride;
  let dy = address(p, 1) + <usize>i * stride;
  let y = address(p, 2) + <usize>i * stride;
  for (; i < end; i++, dx += stride, dy += stride, y += stride) {
    let sum = i32x4.splat(0);
    for (let at: usize = 0; at < whole; at += 16) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(dy + at), v128.load(y + at)));
    }
    // The lanes beyond the row are 0 and stay so.
    if (count) sum = f32x4.add(sum, f32x4.mul(loadUpTo4(dy + whole, count), loadUpTo4(y + whole, count)));
    const mean = f32x4.splat(total(sum));
    for (let at: usize = 0; at < whole; at += 16) {
      v128.store(dx + at, f32x4.mul(v128.load(y + at), f32x4.sub(v128.load(dy + at), mean)));
    }
    if (count) {
      const part = f32x4.mul(loadUpTo4(y + whole, count), f32x4.sub(loadUpTo4(dy + whole, count), mean));
      storeUpTo4(dx + whole, part, count);
    }
  }
}
