/*
 * Operands of matrix products copied to where a tile reads them in one stream. All distances are bytes.
 */

/**
 * Lays `rows` rows side by side: out(k, r) = in(r, k), k < depth, where in(r, k) is the f32 at from + r * row + k * column and
 * out(k, r) that at to + k * step + r * 4.
 */
export function interleave(
  to: usize, step: usize, from: usize, row: usize, column: usize, rows: i32, depth: i32,
): void {
  if (row == 4) {
    for (; rows >= 8; rows -= 8, to += 32, from += 32) copy8(to, step, from, column, depth);
    for (; rows >= 4; rows -= 4, to += 16, from += 16) copy4(to, step, from, column, depth);
  } else if (column == 4 && depth >= 4) {
    for (; rows >= 4; rows -= 4, to += 16, from += row * 4) transpose4(to, step, from, row, depth);
  }
  for (; rows > 0; rows--, to += 4, from += row) {
    let o = to;
    let i = from;
    for (let k = 0; k < depth; k++, o += step, i += column) store<u32>(o, load<u32>(i));
  }
}

// @ts-ignore: decorator
@inline function copy8(to: usize, step: usize, from: usize, column: usize, depth: i32): void {
  for (let k = 0; k < depth; k++, to += step, from += column) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
  }
}

// @ts-ignore: decorator
@inline function copy4(to: usize, step: usize, from: usize, column: usize, depth: i32): void {
  for (let k = 0; k < depth; k++, to += step, from += column) v128.store(to, v128.load(from));
}

/** Four rows whose numbers are neighbours: 4 x 4 at a time change places. The last 4 x 4 may overlap those before. */
// @ts-ignore: decorator
@inline function transpose4(to: usize, step: usize, from: usize, row: usize, depth: i32): void {
  for (let k = 0; k < depth; k += 4) {
    const at = min(k, depth - 4);
    const source = from + (<usize>at << 2);
    const target = to + <usize>at * step;
    const r0 = v128.load(source);
    const r1 = v128.load(source + row);
    const r2 = v128.load(source + row * 2);
    const r3 = v128.load(source + row * 3);
    const a = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
    const b = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
    const c = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
    const d = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
    v128.store(target, v128.shuffle<i64>(a, b, 0, 2));
    v128.store(target + step, v128.shuffle<i64>(a, b, 1, 3));
    v128.store(target + step * 2, v128.shuffle<i64>(c, d, 0, 2));
    v128.store(target + step * 3, v128.shuffle<i64>(c, d, 1, 3));
  }
}
