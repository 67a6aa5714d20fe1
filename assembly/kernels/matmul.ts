import { activate, activateBackward } from "../activate";
import { COLUMNS, DEPTH, LAID_COLUMNS, ROWS } from "../blocks";
import { interleave } from "../layout";
import { address, float, int, shareStart } from "../simd";
import { tall } from "../tall";
import { tile1x32, tile1x8, tile1xN, tile2x8N, tile3x8N, tile4x8, tile6x8, tile6xN } from "../tiles";

/**
 * out[m, n] = bias[n] + sum over k of A(m, k) * B(k, n).
 *
 * Operands: out [M, N], a, b, bias [N] or 0, M, N, K, aRow, aColumn, bRow, bColumn, layA, layB, room, roomBytes.
 * A(m, k) is the f32 at a + 4 * (m * aRow + k * aColumn) and B(k, n) that at b + 4 * (k * bRow + n * bColumn), so each
 * matrix is taken as it is or transposed. layA and layB (0 or 1) say whether A's blocks and B's panels are laid out for the
 * tiles first: layB must be 1 where bColumn is not. The layouts take `room`, of which each thread has roomBytes.
 *
 * The terms of a sum are cut into equal runs of at most DEPTH. Each run is added up in order from 0, and the runs in order
 * onto the bias.
 *
 * What follows is done to a block as soon as it is complete, while it lies in the cache. Further operands: follow, kind,
 * to, saved, a, b. follow 0: nothing. 1: to = f(out), f being the activation `kind` of activation-formulas.ts. 2: to = out * f'
 * at `saved`. to [M, N] may be out; a f32 and b f32 are the constants of f.
 *
 * An element is computed by itself, so that its bits depend neither on its tile nor on the number of threads.
 */
export function matmul(p: usize, step: i32, thread: i32, threads: i32): void {
  const M = int(p, 4);
  const N = int(p, 5);
  // Shares are bands of rows or of columns, whichever gives more of them.
  if ((M + 3) >> 2 > (N + 7) >> 3) {
    const end = shareStart(M, 4, thread + 1, threads);
    band(p, thread, shareStart(M, 4, thread, threads), end, 0, N);
  } else {
    const end = shareStart(N, COLUMNS, thread + 1, threads);
    band(p, thread, 0, M, shareStart(N, COLUMNS, thread, threads), end);
  }
}

/** Rows m0 to m1 of columns n0 to n1. */
function band(p: usize, thread: i32, m0: i32, m1: i32, n0: i32, n1: i32): void {
  const K = int(p, 6);
  let run = K;
  if (K > DEPTH) {
    const runs = (K + DEPTH - 1) / DEPTH;
    run = (K + runs - 1) / runs;
  }
  for (let m = m0; m < m1; m += ROWS) {
    let k = 0;
    do {
      block(p, thread, m, min(ROWS, m1 - m), n0, n1, k, min(run, K - k));
      k += run;
    } while (k < K);
    if (int(p, 15)) follow(p, m, min(ROWS, m1 - m), n0, n1);
  }
}

/** What is done to the complete rows of columns n0 to n1. */
function follow(p: usize, m: i32, rows: i32, n0: i32, n1: i32): void {
  const N = int(p, 5);
  // Whole rows are one strip.
  const strips = n1 - n0 == N ? 1 : rows;
  const bytes = <usize>(strips == 1 ? rows * N : n1 - n0) << 2;
  const a = float(p, 19);
  const b = float(p, 20);
  let at = ((<usize>m * N + n0) << 2);
  for (let strip = 0; strip < strips; strip++, at += <usize>N << 2) {
    const out = address(p, 0) + at;
    const to = address(p, 17) + at;
    if (int(p, 15) == 1) activate(int(p, 16), to, out, bytes, a, b);
    else activateBackward(int(p, 16), to, out, address(p, 18) + at, bytes, a, b);
  }
}

/** `rows` rows from the m-th on of columns n0 to n1: `depth` terms of each sum from the k-th on. */
function block(p: usize, thread: i32, m: i32, rows: i32, n0: i32, n1: i32, k: i32, depth: i32): void {
  const stride = <usize>int(p, 5) << 2;
  const aRow = <usize>int(p, 7) << 2;
  const aColumn = <usize>int(p, 8) << 2;
  const bRow = <usize>int(p, 9) << 2;
  const bColumn = <usize>int(p, 10) << 2;
  const layB = int(p, 12);
  const panels = address(p, 13) + <usize>thread * <usize>int(p, 14);
  const panelBytes = (<usize>depth * COLUMNS) << 2;
  const tiles = panels + <usize>(LAID_COLUMNS / COLUMNS) * panelBytes;
  const a = address(p, 1) + <usize>m * aRow + <usize>k * aColumn;
  const laid = int(p, 11) != 0 && n1 - n0 >= COLUMNS;
  if (laid) layTiles(tiles, a, aRow, aColumn, rows, depth);

  let laidTo = n0;
  let panel = panels;
  for (let n = n0, width = 0; n < n1; n += width) {
    width = widthOf(n1 - n, rows, layB);
    const out = address(p, 0) + <usize>m * stride + (<usize>n << 2);
    let b = address(p, 2) + <usize>k * bRow + <usize>n * bColumn;
    let step = bRow;
    if (layB) {
      if (n == laidTo) {
        laidTo = min(n + LAID_COLUMNS, n1);
        layPanels(panels, b, bRow, bColumn, laidTo - n, depth);
        panel = panels;
      }
      b = panel;
      step = COLUMNS * 4;
      panel += width == COLUMNS ? panelBytes : <usize>width << 2;
    }
    const bias = address(p, 3);
    // The first run goes onto the bias, the others onto what came before.
    const from = k ? out : bias ? bias + (<usize>n << 2) : 0;
    const fromRow = k ? stride : 0;
    switch (width) {
      case 32: tile1x32(out, a, aColumn, b, step, depth, from); break;
      case COLUMNS: {
        if (laid) laidRows(out, stride, tiles, b, step, rows, depth, from, fromRow);
        else if (aRow == 4) transposedRows(out, stride, a, aColumn, b, step, rows, depth, from, fromRow);
        else stridedRows(out, stride, a, aRow, aColumn, b, step, rows, depth, from, fromRow);
        break;
      }
      case 12: wide4(out, stride, a, aRow, aColumn, b, step, rows, depth, from, fromRow); break;
      case 10: wide2(out, stride, a, aRow, aColumn, b, step, rows, depth, from, fromRow); break;
      case 9: wide1(out, stride, a, aRow, aColumn, b, step, rows, depth, from, fromRow); break;
      case 4: narrow4(out, stride, a, aRow, aColumn, b, step, rows, depth, from, fromRow); break;
      case 2: narrow2(out, stride, a, aRow, aColumn, b, step, rows, depth, from, fromRow); break;
      default: narrow1(out, stride, a, aRow, aColumn, b, step, rows, depth, from, fromRow);
    }
  }
}

/** How many of the `left` columns the next tiles take. */
// @ts-ignore: decorator
@inline function widthOf(left: i32, rows: i32, layB: i32): i32 {
  if (!layB) {
    if (left >= 32 && rows == 1) return 32;
    if (left == 12 || left == 10 || left == 9) return left;
  }
  return left >= COLUMNS ? COLUMNS : left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

/** B's columns panel by panel. A last panel of fewer columns has as many steps as the others. */
function layPanels(to: usize, b: usize, bRow: usize, bColumn: usize, columns: i32, depth: i32): void {
  for (; columns > 0; columns -= COLUMNS, to += (<usize>depth * COLUMNS) << 2, b += <usize>COLUMNS * bColumn) {
    interleave(to, COLUMNS * 4, b, bColumn, bRow, min(columns, COLUMNS), depth);
  }
}

/** How many tiles of 6 rows come first: as many as leave a multiple of 4 rows, or one more. */
// @ts-ignore: decorator
@inline function sixes(rows: i32): i32 {
  // Without fused multiply-add the products need registers too, and tiles of 4 rows are the best.
  if (!RELAXED || !tall) return 0;
  let count = rows / 6;
  while (count > 0 && ((rows - 6 * count) & 3) != (rows & 1)) count--;
  return count;
}

/** A's rows tile by tile, the k-th numbers of a tile's rows side by side. The rows beyond whole tiles are a tile too. */
function layTiles(to: usize, a: usize, aRow: usize, aColumn: usize, rows: i32, depth: i32): void {
  for (let left = rows, six = sixes(rows); left > 0; six--) {
    const count = six > 0 ? 6 : min(left, 4);
    interleave(to, <usize>count << 2, a, aRow, aColumn, count, depth);
    to += (<usize>count * depth) << 2;
    a += <usize>count * aRow;
    left -= count;
  }
}

/** 8 columns, with A(m, k) and A(m + 1, k) side by side: in `layTiles`'s tiles, or in A itself where that is transposed. */
// @ts-ignore: decorator
@inline function unitRows(
  laid: bool, out: usize, stride: usize, a: usize, aColumn: usize, b: usize, bRow: usize, rows: i32, depth: i32,
  from: usize, fromRow: usize,
): void {
  let left = rows;
  if (RELAXED) {
    for (let six = sixes(rows); six > 0; six--) {
      tile6x8(out, stride, a, laid ? 24 : aColumn, b, bRow, depth, from, fromRow);
      a += laid ? 24 * <usize>depth : 24;
      out += stride * 6;
      from += fromRow * 6;
      left -= 6;
    }
  }
  for (; left >= 4; left -= 4) {
    tile4x8(true, out, stride, a, 4, laid ? 16 : aColumn, b, bRow, depth, from, fromRow);
    a += laid ? 16 * <usize>depth : 16;
    out += stride * 4;
    from += fromRow * 4;
  }
  const step = laid ? <usize>left << 2 : aColumn;
  for (; left > 0; left--, a += 4, out += stride, from += fromRow) tile1x8(out, a, step, b, bRow, depth, from);
}

/** 8 columns, A as `layTiles` left it. */
function laidRows(
  out: usize, stride: usize, a: usize, b: usize, bRow: usize, rows: i32, depth: i32, from: usize, fromRow: usize,
): void {
  unitRows(true, out, stride, a, 0, b, bRow, rows, depth, from, fromRow);
}

/** 8 columns, A transposed. */
function transposedRows(
  out: usize, stride: usize, a: usize, aColumn: usize, b: usize, bRow: usize, rows: i32, depth: i32,
  from: usize, fromRow: usize,
): void {
  unitRows(false, out, stride, a, aColumn, b, bRow, rows, depth, from, fromRow);
}

/** 8 columns, A's rows anywhere. */
function stridedRows(
  out: usize, stride: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, rows: i32, depth: i32,
  from: usize, fromRow: usize,
): void {
  for (; rows >= 4; rows -= 4) {
    tile4x8(false, out, stride, a, aRow, aColumn, b, bRow, depth, from, fromRow);
    a += aRow * 4;
    out += stride * 4;
    from += fromRow * 4;
  }
  for (; rows > 0; rows--, a += aRow, out += stride, from += fromRow) tile1x8(out, a, aColumn, b, bRow, depth, from);
}

/** 8 and 1, 2 or 4 columns, A's rows anywhere. */
// @ts-ignore: decorator
@inline function wideRows(
  width: i32, out: usize, stride: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, rows: i32, depth: i32,
  from: usize, fromRow: usize,
): void {
  if (RELAXED) {
    for (; rows == 3 || rows > 4; rows -= 3) {
      tile3x8N(width, out, stride, a, aRow, aColumn, b, bRow, depth, from, fromRow);
      a += aRow * 3;
      out += stride * 3;
      from += fromRow * 3;
    }
  }
  for (; rows >= 2; rows -= 2) {
    tile2x8N(width, out, stride, a, aRow, aColumn, b, bRow, depth, from, fromRow);
    a += aRow * 2;
    out += stride * 2;
    from += fromRow * 2;
  }
  if (rows) {
    tile1x8(out, a, aColumn, b, bRow, depth, from);
    tile1xN(width, out + 32, a, aColumn, b + 32, bRow, depth, from ? from + 32 : 0);
  }
}

function wide4(
  out: usize, stride: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, rows: i32, depth: i32,
  from: usize, fromRow: usize,
): void {
  wideRows(4, out, stride, a, aRow, aColumn, b, bRow, rows, depth, from, fromRow);
}

function wide2(
  out: usize, stride: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, rows: i32, depth: i32,
  from: usize, fromRow: usize,
): void {
  wideRows(2, out, stride, a, aRow, aColumn, b, bRow, rows, depth, from, fromRow);
}

function wide1(
  out: usize, stride: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, rows: i32, depth: i32,
  from: usize, fromRow: usize,
): void {
  wideRows(1, out, stride, a, aRow, aColumn, b, bRow, rows, depth, from, fromRow);
}

/** 4 columns or fewer, A's rows anywhere. */
// @ts-ignore: decorator
@inline function narrowRows(
  width: i32, out: usize, stride: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, rows: i32, depth: i32,
  from: usize, fromRow: usize,
): void {
  for (; rows >= 6; rows -= 6) {
    tile6xN(width, out, stride, a, aRow, aColumn, b, bRow, depth, from, fromRow);
    a += aRow * 6;
    out += stride * 6;
    from += fromRow * 6;
  }
  for (; rows > 0; rows--, a += aRow, out += stride, from += fromRow) {
    tile1xN(width, out, a, aColumn, b, bRow, depth, from);
  }
}

function narrow4(
  out: usize, stride: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, rows: i32, depth: i32,
  from: usize, fromRow: usize,
): void {
  narrowRows(4, out, stride, a, aRow, aColumn, b, bRow, rows, depth, from, fromRow);
}

function narrow2(
  out: usize, stride: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, rows: i32, depth: i32,
  from: usize, fromRow: usize,
): void {
  narrowRows(2, out, stride, a, aRow, aColumn, b, bRow, rows, depth, from, fromRow);
}

function narrow1(
  out: usize, stride: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, rows: i32, depth: i32,
  from: usize, fromRow: usize,
): void {
  narrowRows(1, out, stride, a, aRow, aColumn, b, bRow, rows, depth, from, fromRow);
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
