import { copyWords } from "../copy";
import { address, float, int, madd, shareStart } from "../simd";

/*
 * A mini-batch from a data set that stays where it is.
 *
 * Operands: out [rows, size], data [examples, size], indices i32 [examples], first, rows, size.
 * first is the address of an i32: the position in `indices` of the first row of this call's first step.
 */

/** Where the indices of this step's rows begin. */
// @ts-ignore: decorator
@inline function stepIndices(p: usize, step: i32): usize {
  return address(p, 2) + (<usize>(load<i32>(address(p, 3)) + step * int(p, 4)) << 2);
}

/** Rows of 32-bit numbers, f32 or i32, as they are. */
export function gather32(p: usize, step: i32, thread: i32, threads: i32): void {
  const out = address(p, 0);
  const data = address(p, 1);
  const indices = stepIndices(p, step);
  const rows = int(p, 4);
  const bytes = <usize>int(p, 5) << 2;
  const end = shareStart(rows, 1, thread + 1, threads);
  for (let i = shareStart(rows, 1, thread, threads); i < end; i++) {
    copyWords(out + <usize>i * bytes, data + <usize>load<u32>(indices + (<usize>i << 2)) * bytes, bytes);
  }
}

/** u8 rows, each element x converted to f32 and scaled: a x + b. Further operands: a f32, b f32. */
export function gatherU8(p: usize, step: i32, thread: i32, threads: i32): void {
  const data = address(p, 1);
  const indices = stepIndices(p, step);
  const rows = int(p, 4);
  const size = <usize>int(p, 5);
  const a = f32x4.splat(float(p, 6));
  const b = f32x4.splat(float(p, 7));
  const end = shareStart(rows, 1, thread + 1, threads);
  let i = shareStart(rows, 1, thread, threads);
  let out = address(p, 0) + ((<usize>i * size) << 2);
  for (; i < end; i++) {
    let source = data + <usize>load<u32>(indices + (<usize>i << 2)) * size;
    const last = source + size;
    for (; source + 8 <= last; source += 8, out += 32) {
      const halves = v128.load8x8_u(source);
      v128.store(out, madd(a, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(halves)), b));
      v128.store(out, madd(a, f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(halves)), b), 16);
    }
    for (; source < last; source++, out += 4) {
      v128.store32_lane(out, madd(a, f32x4.splat(<f32>load<u8>(source)), b), 0);
    }
  }
}
