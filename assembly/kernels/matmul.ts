import { address, int, madd, shareStart } from "../simd";

/**
 * out[m, n] = bias[n] + sum over k, in order, of A(m, k) * b[k, n].
 *
 * Operands: out [M, N], a, b [K, N], bias [N] or 0, M, N, K, aRow, aColumn. A(m, k) is the f32 at
 * a + 4 * (m * aRow + k * aColumn), so that the same kernel takes A as it is or transposed. An output element is
 * summed over k from 0 to K - 1 by itself, whatever tile it lies in: one order for every size and thread count.
 */
export function matmul(p: usize, step: i32, thread: i32, threads: i32): void {
  const out = address(p, 0);
  const a = address(p, 1);
  const b = address(p, 2);
  const bias = address(p, 3);
  const M = int(p, 4);
  const N = int(p, 5);
  const K = int(p, 6);
  const aRow = (<usize>int(p, 7)) << 2;
  const aColumn = (<usize>int(p, 8)) << 2;
  const end = shareStart(M, 4, thread + 1, threads);
  let m = shareStart(M, 4, thread, threads);
  for (; m + 4 <= end; m += 4) rows4(out + ((<usize>m * N) << 2), a + <usize>m * aRow, b, bias, N, K, aRow, aColumn);
  for (; m < end; m++) rows1(out + ((<usize>m * N) << 2), a + <usize>m * aRow, b, bias, N, K, aColumn);
}

/** Four rows: tiles of 4 x 8, then columns one by one. */
function rows4(out: usize, a: usize, b: usize, bias: usize, N: i32, K: i32, aRow: usize, aColumn: usize): void {
  const stride = (<usize>N) << 2;
  const row1 = aRow;
  const row2 = aRow * 2;
  const row3 = aRow * 3;
  let n = 0;
  for (; n + 8 <= N; n += 8) {
    const column = (<usize>n) << 2;
    let c00 = bias ? v128.load(bias + column) : f32x4.splat(0);
    let c01 = bias ? v128.load(bias + column, 16) : f32x4.splat(0);
    let c10 = c00,
      c11 = c01,
      c20 = c00,
      c21 = c01,
      c30 = c00,
      c31 = c01;
    let ap = a;
    let bp = b + column;
    for (let k = 0; k < K; k++) {
      const b0 = v128.load(bp);
      const b1 = v128.load(bp, 16);
      let x = v128.load32_splat(ap);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      x = v128.load32_splat(ap + row1);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      x = v128.load32_splat(ap + row2);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      x = v128.load32_splat(ap + row3);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      ap += aColumn;
      bp += stride;
    }
    let o = out + column;
    v128.store(o, c00);
    v128.store(o, c01, 16);
    o += stride;
    v128.store(o, c10);
    v128.store(o, c11, 16);
    o += stride;
    v128.store(o, c20);
    v128.store(o, c21, 16);
    o += stride;
    v128.store(o, c30);
    v128.store(o, c31, 16);
  }
  for (; n < N; n++) {
    const column = (<usize>n) << 2;
    let c0 = bias ? v128.load32_zero(bias + column) : f32x4.splat(0);
    let c1 = c0,
      c2 = c0,
      c3 = c0;
    let ap = a;
    let bp = b + column;
    for (let k = 0; k < K; k++) {
      const x = v128.load32_zero(bp);
      c0 = madd(v128.load32_zero(ap), x, c0);
      c1 = madd(v128.load32_zero(ap + row1), x, c1);
      c2 = madd(v128.load32_zero(ap + row2), x, c2);
      c3 = madd(v128.load32_zero(ap + row3), x, c3);
      ap += aColumn;
      bp += stride;
    }
    let o = out + column;
    v128.store32_lane(o, c0, 0);
    o += stride;
    v128.store32_lane(o, c1, 0);
    o += stride;
    v128.store32_lane(o, c2, 0);
    o += stride;
    v128.store32_lane(o, c3, 0);
  }
}

/** One row: runs of 8 columns, then columns one by one. */
function rows1(out: usize, a: usize, b: usize, bias: usize, N: i32, K: i32, aColumn: usize): void {
  const stride = (<usize>N) << 2;
  let n = 0;
  for (; n + 8 <= N; n += 8) {
    const column = (<usize>n) << 2;
    let c0 = bias ? v128.load(bias + column) : f32x4.splat(0);
    let c1 = bias ? v128.load(bias + column, 16) : f32x4.splat(0);
    let ap = a;
    let bp = b + column;
    for (let k = 0; k < K; k++) {
      const x = v128.load32_splat(ap);
      c0 = madd(x, v128.load(bp), c0);
      c1 = madd(x, v128.load(bp, 16), c1);
      ap += aColumn;
      bp += stride;
    }
    v128.store(out + column, c0);
    v128.store(out + column, c1, 16);
  }
  for (; n < N; n++) {
    const column = (<usize>n) << 2;
    let c = bias ? v128.load32_zero(bias + column) : f32x4.splat(0);
    let ap = a;
    let bp = b + column;
    for (let k = 0; k < K; k++) {
      c = madd(v128.load32_zero(ap), v128.load32_zero(bp), c);
      ap += aColumn;
      bp += stride;
    }
    v128.store32_lane(out + column, c, 0);
  }
}

/** out [columns, rows] = in [rows, columns] transposed. Operands: out, in, rows, columns. */
export function transpose(p: usize, step: i32, thread: i32, threads: i32): void {
  const rows = int(p, 2);
  const columns = int(p, 3);
  const stride = (<usize>columns) << 2;
  const end = shareStart(columns, 1, thread + 1, threads);
  for (let c = shareStart(columns, 1, thread, threads); c < end; c++) {
    let o = address(p, 0) + ((<usize>c * rows) << 2);
    let i = address(p, 1) + ((<usize>c) << 2);
    for (let r = 0; r < rows; r++, o += 4, i += stride) store<u32>(o, load<u32>(i));
  }
}

/** Rows that are added up before they join the total: what one chain of additions rounds away grows with its length. */
const BLOCK = 256;

/**
 * out [columns] = the sum over rows of in [rows, columns], by blocks of 256 rows: the error is below
 * (256 + rows / 256) 2^-24 of the sum of |in|. Operands: out, in, rows, columns.
 */
export function columnSum(p: usize, step: i32, thread: i32, threads: i32): void {
  const rows = int(p, 2);
  const columns = int(p, 3);
  const stride = (<usize>columns) << 2;
  const end = shareStart(columns, 4, thread + 1, threads);
  let c = shareStart(columns, 4, thread, threads);
  for (; c + 4 <= end; c += 4) {
    let total = f32x4.splat(0);
    let i = address(p, 1) + ((<usize>c) << 2);
    for (let r = 0; r < rows; ) {
      let sum = f32x4.splat(0);
      for (const last = min(r + BLOCK, rows); r < last; r++, i += stride) sum = f32x4.add(sum, v128.load(i));
      total = f32x4.add(total, sum);
    }
    v128.store(address(p, 0) + ((<usize>c) << 2), total);
  }
  for (; c < end; c++) {
    let total: f32 = 0;
    let i = address(p, 1) + ((<usize>c) << 2);
    for (let r = 0; r < rows; ) {
      let sum: f32 = 0;
      for (const last = min(r + BLOCK, rows); r < last; r++, i += stride) sum += load<f32>(i);
      total += sum;
    }
    store<f32>(address(p, 0) + ((<usize>c) << 2), total);
  }
}
