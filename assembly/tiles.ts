import { madd } from "./simd";

/*
 * The innermost loops of matrix products: one tile of the output each, its sums in registers. A tile takes `depth` terms of each
 * sum in order, then adds what stands at `from` (bias or earlier terms, its rows `fromRow` bytes apart) unless that is 0.
 *
 * V8 starts an iteration with all of its loads: besides the sums, every number that a tile reads in an iteration and one
 * product need a register of the 15 there are.
 *
 * A(m, k) is the f32 at a + m * aRow + k * aColumn, and B(k, 0) that at b + k * bRow; all distances are bytes. Where
 * the rows of A are side by side (`unit`) they are offsets of the loads.
 */

/** 4 rows of 8 columns: the most where multiply-add is not fused. */
// @ts-ignore: decorator
@inline export function tile4x8(
  unit: bool, out: usize, stride: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, depth: i32, from: usize,
  fromRow: usize,
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (const end = b + <usize>depth * bRow; b != end; a += aColumn, b += bRow) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const x0 = v128.load32_splat(a);
    c00 = madd(x0, b0, c00);
    c01 = madd(x0, b1, c01);
    const x1 = unit ? v128.load32_splat(a, 4) : v128.load32_splat(a + aRow);
    c10 = madd(x1, b0, c10);
    c11 = madd(x1, b1, c11);
    const x2 = unit ? v128.load32_splat(a, 8) : v128.load32_splat(a + aRow * 2);
    c20 = madd(x2, b0, c20);
    c21 = madd(x2, b1, c21);
    const x3 = unit ? v128.load32_splat(a, 12) : v128.load32_splat(a + aRow * 3);
    c30 = madd(x3, b0, c30);
    c31 = madd(x3, b1, c31);
  }
  if (from) {
    c00 = f32x4.add(c00, v128.load(from));
    c01 = f32x4.add(c01, v128.load(from, 16));
    from += fromRow;
    c10 = f32x4.add(c10, v128.load(from));
    c11 = f32x4.add(c11, v128.load(from, 16));
    from += fromRow;
    c20 = f32x4.add(c20, v128.load(from));
    c21 = f32x4.add(c21, v128.load(from, 16));
    from += fromRow;
    c30 = f32x4.add(c30, v128.load(from));
    c31 = f32x4.add(c31, v128.load(from, 16));
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
  out += stride;
  v128.store(out, c10);
  v128.store(out, c11, 16);
  out += stride;
  v128.store(out, c20);
  v128.store(out, c21, 16);
  out += stride;
  v128.store(out, c30);
  v128.store(out, c31, 16);
}

/** 6 rows of 8 columns, for builds with fused multiply-add. The rows of A are side by side. */
// @ts-ignore: decorator
@inline export function tile6x8(
  out: usize, stride: usize, a: usize, aColumn: usize, b: usize, bRow: usize, depth: i32, from: usize,
  fromRow: usize,
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00, c40 = c00, c41 = c00,
    c50 = c00, c51 = c00;
  for (const end = b + <usize>depth * bRow; b != end; a += aColumn, b += bRow) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const x0 = v128.load32_splat(a);
    c00 = madd(x0, b0, c00);
    c01 = madd(x0, b1, c01);
    const x1 = v128.load32_splat(a, 4);
    c10 = madd(x1, b0, c10);
    c11 = madd(x1, b1, c11);
    const x2 = v128.load32_splat(a, 8);
    c20 = madd(x2, b0, c20);
    c21 = madd(x2, b1, c21);
    const x3 = v128.load32_splat(a, 12);
    c30 = madd(x3, b0, c30);
    c31 = madd(x3, b1, c31);
    const x4 = v128.load32_splat(a, 16);
    c40 = madd(x4, b0, c40);
    c41 = madd(x4, b1, c41);
    const x5 = v128.load32_splat(a, 20);
    c50 = madd(x5, b0, c50);
    c51 = madd(x5, b1, c51);
  }
  if (from) {
    c00 = f32x4.add(c00, v128.load(from));
    c01 = f32x4.add(c01, v128.load(from, 16));
    from += fromRow;
    c10 = f32x4.add(c10, v128.load(from));
    c11 = f32x4.add(c11, v128.load(from, 16));
    from += fromRow;
    c20 = f32x4.add(c20, v128.load(from));
    c21 = f32x4.add(c21, v128.load(from, 16));
    from += fromRow;
    c30 = f32x4.add(c30, v128.load(from));
    c31 = f32x4.add(c31, v128.load(from, 16));
    from += fromRow;
    c40 = f32x4.add(c40, v128.load(from));
    c41 = f32x4.add(c41, v128.load(from, 16));
    from += fromRow;
    c50 = f32x4.add(c50, v128.load(from));
    c51 = f32x4.add(c51, v128.load(from, 16));
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
  out += stride;
  v128.store(out, c10);
  v128.store(out, c11, 16);
  out += stride;
  v128.store(out, c20);
  v128.store(out, c21, 16);
  out += stride;
  v128.store(out, c30);
  v128.store(out, c31, 16);
  out += stride;
  v128.store(out, c40);
  v128.store(out, c41, 16);
  out += stride;
  v128.store(out, c50);
  v128.store(out, c51, 16);
}

/** 3 rows of 8 columns and `width` (1, 2 or 4, a constant) more, for builds with fused multiply-add. */
// @ts-ignore: decorator
@inline export function tile3x8N(
  width: i32, out: usize, stride: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, depth: i32, from: usize,
  fromRow: usize,
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00, c02 = c00, c10 = c00, c11 = c00, c12 = c00, c20 = c00, c21 = c00, c22 = c00;
  for (const end = b + <usize>depth * bRow; b != end; a += aColumn, b += bRow) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = loadPart(width, b + 32);
    const x0 = v128.load32_splat(a);
    c00 = madd(x0, b0, c00);
    c01 = madd(x0, b1, c01);
    c02 = madd(x0, b2, c02);
    const x1 = v128.load32_splat(a + aRow);
    c10 = madd(x1, b0, c10);
    c11 = madd(x1, b1, c11);
    c12 = madd(x1, b2, c12);
    const x2 = v128.load32_splat(a + aRow * 2);
    c20 = madd(x2, b0, c20);
    c21 = madd(x2, b1, c21);
    c22 = madd(x2, b2, c22);
  }
  if (from) {
    c00 = f32x4.add(c00, v128.load(from));
    c01 = f32x4.add(c01, v128.load(from, 16));
    c02 = f32x4.add(c02, loadPart(width, from + 32));
    from += fromRow;
    c10 = f32x4.add(c10, v128.load(from));
    c11 = f32x4.add(c11, v128.load(from, 16));
    c12 = f32x4.add(c12, loadPart(width, from + 32));
    from += fromRow;
    c20 = f32x4.add(c20, v128.load(from));
    c21 = f32x4.add(c21, v128.load(from, 16));
    c22 = f32x4.add(c22, loadPart(width, from + 32));
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
  storePart(width, out + 32, c02);
  out += stride;
  v128.store(out, c10);
  v128.store(out, c11, 16);
  storePart(width, out + 32, c12);
  out += stride;
  v128.store(out, c20);
  v128.store(out, c21, 16);
  storePart(width, out + 32, c22);
}

/** 2 rows of the same. */
// @ts-ignore: decorator
@inline export function tile2x8N(
  width: i32, out: usize, stride: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, depth: i32, from: usize,
  fromRow: usize,
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00, c02 = c00, c10 = c00, c11 = c00, c12 = c00;
  for (const end = b + <usize>depth * bRow; b != end; a += aColumn, b += bRow) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = loadPart(width, b + 32);
    const x0 = v128.load32_splat(a);
    c00 = madd(x0, b0, c00);
    c01 = madd(x0, b1, c01);
    c02 = madd(x0, b2, c02);
    const x1 = v128.load32_splat(a + aRow);
    c10 = madd(x1, b0, c10);
    c11 = madd(x1, b1, c11);
    c12 = madd(x1, b2, c12);
  }
  if (from) {
    c00 = f32x4.add(c00, v128.load(from));
    c01 = f32x4.add(c01, v128.load(from, 16));
    c02 = f32x4.add(c02, loadPart(width, from + 32));
    from += fromRow;
    c10 = f32x4.add(c10, v128.load(from));
    c11 = f32x4.add(c11, v128.load(from, 16));
    c12 = f32x4.add(c12, loadPart(width, from + 32));
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
  storePart(width, out + 32, c02);
  out += stride;
  v128.store(out, c10);
  v128.store(out, c11, 16);
  storePart(width, out + 32, c12);
}

/** 6 rows of `width` (1, 2 or 4, a constant) columns. */
// @ts-ignore: decorator
@inline export function tile6xN(
  width: i32, out: usize, stride: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, depth: i32, from: usize,
  fromRow: usize,
): void {
  let c00 = f32x4.splat(0);
  let c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00;
  for (const end = b + <usize>depth * bRow; b != end; a += aColumn, b += bRow) {
    const b0 = loadPart(width, b);
    const x0 = v128.load32_splat(a);
    c00 = madd(x0, b0, c00);
    const x1 = v128.load32_splat(a + aRow);
    c10 = madd(x1, b0, c10);
    const x2 = v128.load32_splat(a + aRow * 2);
    c20 = madd(x2, b0, c20);
    const x3 = v128.load32_splat(a + aRow * 3);
    c30 = madd(x3, b0, c30);
    const x4 = v128.load32_splat(a + aRow * 4);
    c40 = madd(x4, b0, c40);
    const x5 = v128.load32_splat(a + aRow * 5);
    c50 = madd(x5, b0, c50);
  }
  if (from) {
    c00 = f32x4.add(c00, loadPart(width, from));
    from += fromRow;
    c10 = f32x4.add(c10, loadPart(width, from));
    from += fromRow;
    c20 = f32x4.add(c20, loadPart(width, from));
    from += fromRow;
    c30 = f32x4.add(c30, loadPart(width, from));
    from += fromRow;
    c40 = f32x4.add(c40, loadPart(width, from));
    from += fromRow;
    c50 = f32x4.add(c50, loadPart(width, from));
  }
  storePart(width, out, c00);
  out += stride;
  storePart(width, out, c10);
  out += stride;
  storePart(width, out, c20);
  out += stride;
  storePart(width, out, c30);
  out += stride;
  storePart(width, out, c40);
  out += stride;
  storePart(width, out, c50);
}

/** 1 row of 32 columns: a vector times a matrix reads the matrix once, two cache lines at a time. */
// @ts-ignore: decorator
@inline export function tile1x32(
  out: usize, a: usize, aColumn: usize, b: usize, bRow: usize, depth: i32, from: usize,
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00, c02 = c00, c03 = c00, c04 = c00, c05 = c00, c06 = c00, c07 = c00;
  for (const end = b + <usize>depth * bRow; b != end; a += aColumn, b += bRow) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(b, 32);
    const b3 = v128.load(b, 48);
    const b4 = v128.load(b, 64);
    const b5 = v128.load(b, 80);
    const b6 = v128.load(b, 96);
    const b7 = v128.load(b, 112);
    const x0 = v128.load32_splat(a);
    c00 = madd(x0, b0, c00);
    c01 = madd(x0, b1, c01);
    c02 = madd(x0, b2, c02);
    c03 = madd(x0, b3, c03);
    c04 = madd(x0, b4, c04);
    c05 = madd(x0, b5, c05);
    c06 = madd(x0, b6, c06);
    c07 = madd(x0, b7, c07);
  }
  if (from) {
    c00 = f32x4.add(c00, v128.load(from));
    c01 = f32x4.add(c01, v128.load(from, 16));
    c02 = f32x4.add(c02, v128.load(from, 32));
    c03 = f32x4.add(c03, v128.load(from, 48));
    c04 = f32x4.add(c04, v128.load(from, 64));
    c05 = f32x4.add(c05, v128.load(from, 80));
    c06 = f32x4.add(c06, v128.load(from, 96));
    c07 = f32x4.add(c07, v128.load(from, 112));
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
  v128.store(out, c02, 32);
  v128.store(out, c03, 48);
  v128.store(out, c04, 64);
  v128.store(out, c05, 80);
  v128.store(out, c06, 96);
  v128.store(out, c07, 112);
}

/** 1 row of 8 columns. */
// @ts-ignore: decorator
@inline export function tile1x8(
  out: usize, a: usize, aColumn: usize, b: usize, bRow: usize, depth: i32, from: usize,
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  for (const end = b + <usize>depth * bRow; b != end; a += aColumn, b += bRow) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const x0 = v128.load32_splat(a);
    c00 = madd(x0, b0, c00);
    c01 = madd(x0, b1, c01);
  }
  if (from) {
    c00 = f32x4.add(c00, v128.load(from));
    c01 = f32x4.add(c01, v128.load(from, 16));
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
}

/** 1 row of `width` (1, 2 or 4, a constant) columns. */
// @ts-ignore: decorator
@inline export function tile1xN(
  width: i32, out: usize, a: usize, aColumn: usize, b: usize, bRow: usize, depth: i32, from: usize,
): void {
  let c00 = f32x4.splat(0);
  for (const end = b + <usize>depth * bRow; b != end; a += aColumn, b += bRow) {
    const b0 = loadPart(width, b);
    const x0 = v128.load32_splat(a);
    c00 = madd(x0, b0, c00);
  }
  if (from) {
    c00 = f32x4.add(c00, loadPart(width, from));
  }
  storePart(width, out, c00);
}

/** `width` numbers in the first lanes. */
// @ts-ignore: decorator
@inline function loadPart(width: i32, from: usize): v128 {
  if (width == 4) return v128.load(from);
  return width == 2 ? v128.load64_zero(from) : v128.load32_zero(from);
}

// @ts-ignore: decorator
@inline function storePart(width: i32, out: usize, numbers: v128): void {
  if (width == 4) v128.store(out, numbers);
  else if (width == 2) v128.store64_lane(out, numbers, 0);
  else v128.store32_lane(out, numbers, 0);
}
