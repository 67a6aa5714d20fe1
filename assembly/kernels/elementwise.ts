import { address, int, shareStart } from "../simd";

/** out = a + b, elementwise; out may be a or b. Operands: out [n], a, b, n. Shares are runs of 4. */
export function sum(p: usize, step: i32, thread: i32, threads: i32): void {
  const n = int(p, 3);
  const end = shareStart(n, 4, thread + 1, threads);
  let i = shareStart(n, 4, thread, threads);
  for (; i + 4 <= end; i += 4) {
    const at = (<usize>i) << 2;
    v128.store(address(p, 0) + at, f32x4.add(v128.load(address(p, 1) + at), v128.load(address(p, 2) + at)));
  }
  for (; i < end; i++) {
    const at = (<usize>i) << 2;
    store<f32>(address(p, 0) + at, load<f32>(address(p, 1) + at) + load<f32>(address(p, 2) + at));
  }
}

/**
 * Copies a stretch of each row: out[r * outStride + outOffset + c] = in[r * inStride + inOffset + c].
 *
 * Operands: out, outStride, outOffset, in, inStride, inOffset, rows, columns, all in elements of 4 bytes. Shares over rows.
 */
export function copyRows(p: usize, step: i32, thread: i32, threads: i32): void {
  const rows = int(p, 6);
  const bytes = (<usize>int(p, 7)) << 2;
  const end = shareStart(rows, 1, thread + 1, threads);
  for (let r = shareStart(rows, 1, thread, threads); r < end; r++) {
    const out = address(p, 0) + ((<usize>(r * int(p, 1) + int(p, 2))) << 2);
    memory.copy(out, address(p, 3) + ((<usize>(r * int(p, 4) + int(p, 5))) << 2), bytes);
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
  const end = shareStart(rows, 1, thread + 1, threads);
  for (let r = shareStart(rows, 1, thread, threads); r < end; r++) {
    const out = address(p, 0) + ((<usize>(r * columns)) << 2);
    const x = address(p, 1) + ((<usize>(r * columns)) << 2);
    let c = 0;
    for (; c + 4 <= columns; c += 4) {
      const at = (<usize>c) << 2;
      let y = f32x4.mul(v128.load(x + at), v128.load(scale + at));
      if (offset) y = f32x4.add(y, v128.load(offset + at));
      v128.store(out + at, y);
    }
    for (; c < columns; c++) {
      const at = (<usize>c) << 2;
      let y = load<f32>(x + at) * load<f32>(scale + at);
      if (offset) y += load<f32>(offset + at);
      store<f32>(out + at, y);
    }
  }
}
