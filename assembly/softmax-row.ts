import { exp } from "./math";
import { firstLanes, loadUpTo4, storeUpTo4, total } from "./simd";

/*
 * One row of softmax, of `bytes` bytes: what softmax and the cross entropy of logits share. The sum is that of four interleaved
 * lanes, of which the last 1 to 3 columns fill the first.
 */

/** The largest of a row. A NaN need not come out: its own exponential takes it to the sum. */
export function largest(row: usize, bytes: usize): f32 {
  let most = v128.load32_splat(row);
  if (bytes < 16) {
    for (let at: usize = 4; at < bytes; at += 4) most = f32x4.pmax(most, v128.load32_splat(row + at));
    return f32x4.extract_lane(most, 0);
  }
  const last = row + bytes - 16;
  for (let at = row; at < last; at += 16) most = f32x4.pmax(most, v128.load(at));
  most = f32x4.pmax(most, v128.load(last));
  most = f32x4.pmax(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmax(most, v128.shuffle<i32>(most, most, 1, 0, 3, 2)), 0);
}

/** The sum of e^(x - most) over a row. Where out is not 0 it gets the powers; out may be the row. */
export function sumOfPowers(out: usize, row: usize, bytes: usize, most: f32): f32 {
  const shift = f32x4.splat(most);
  let sum = i32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const count = <i32>((bytes - at) >> 2);
    let power = exp(f32x4.sub(loadUpTo4(row + at, count), shift));
    if (out) storeUpTo4(out + at, power, count);
    if (count < 4) power = firstLanes(power, count);
    sum = f32x4.add(sum, power);
  }
  return total(sum);
}
