import { copyWords } from "../copy";
import { address, int, loadUpTo4, shareStart, storeUpTo4 } from "../simd";

/** out = a + b, elementwise; out may be a or b. Operands: out [n], a, b, n. Shares are runs of 4. */
export function sum(p: usize, step: i32, thread: i32, threads: i32): void {
  const out = address(p, 0);
  const a = address(p, 1);
  const b = address(p, 2);
  const n = int(p, 3);
  const end = <usize>shareStart(n, 4, thread + 1, threads) << 2;
  const whole = end & ~15;
  let at = <usize>shareStart(n, 4, thread, threads) << 2;
  for (; at < whole; at += 16) v128.store(out + at, f32x4.add(v128.load(a + at), v128.load(b + at)));
  if (at < end) {
    const count = n & 3;
    storeUpTo4(out + at, f32x4.add(loadUpTo4(a + at, count), loadUpTo4(b + at, count)), count);
  }
}

/**
 * Copies a stretch of each row: out[r * outStride + outOffset + c] = in[r * inStride + inOffset + c].
 *
 * Operands: out, outStride, outOffset, in, inStride, inOffset, rows, columns, all in elements of 4 bytes. Shares over rows.
 */
export function copyRows(p: usize, step: i32, thread: i32, threads: i32): void {
  const out = address(p, 0) + (<usize>int(p, 2) << 2);
  const outStride = <usize>int(p, 1) << 2;
  const source = address(p, 3) + (<usize>int(p, 5) << 2);
  const sourceStride = <usize>int(p, 4) << 2;
  const rows = int(p, 6);
  const bytes = <usize>int(p, 7) << 2;
  const end = shareStart(rows, 1, thread + 1, threads);
  for (let r = shareStart(rows, 1, thread, threads); r < end; r++) {
    copyWords(out + <usize>r * outStride, source + <usize>r * sourceStride, bytes);
  }
}

/**
 * out = x * scale + offset, column by column; out may be x.
 *
 * Operands: out [rows, columns], x, scale [columns], offset [columns], rows, columns. Shares over rows.
 */
export function scaleColumns(p: usize, step: i32, thread: i32, threads: i32): void {
  scaleRows(p, address(p, 3), int(p, 4), int(p, 5), thread, threads);
}

/** dx = dy * scale, column by column; dx may be dy. Operands: dx [rows, columns], dy, scale [columns], rows, columns. */
export function scaleColumnsBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  scaleRows(p, 0, int(p, 3), int(p, 4), thread, threads);
}

function scaleRows(p: usize, offset: usize, rows: i32, columns: i32, thread: i32, threads: i32): void {
  const scale = address(p, 2);
  const stride = <usize>columns << 2;
  const whole = stride & ~15;
  const count = columns & 3;
  const end = shareStart(rows, 1, thread + 1, threads);
  let r = shareStart(rows, 1, thread, threads);
  let out = address(p, 0) + <usize>r * stride;
  let x = address(p, 1) + <usize>r * stride;
  for (; r < end; r++, out += stride, x += stride) {
    let at: usize = 0;
    for (; at < whole; at += 16) {
      let y = f32x4.mul(v128.load(x + at), v128.load(scale + at));
      if (offset) y = f32x4.add(y, v128.load(offset + at));
      v128.store(out + at, y);
    }
    if (count) {
      let y = f32x4.mul(loadUpTo4(x + at, count), loadUpTo4(scale + at, count));
      if (offset) y = f32x4.add(y, loadUpTo4(offset + at, count));
      storeUpTo4(out + at, y, count);
    }
  }
}
