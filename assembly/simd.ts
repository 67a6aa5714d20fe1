/*
 * What every kernel shares. The suppression above each inlined function, here and in the kernels, is for editors:
 * TypeScript knows no decorators on functions, AssemblyScript does.
 */

/** a * b + c: one rounding in the relaxed build, two in the baseline build. RELAXED is a constant of the build. */
// @ts-ignore: decorator
@inline export function madd(a: v128, b: v128, c: v128): v128 {
  return RELAXED ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** Operand `i` of the instruction at `p`, as an integer. */
// @ts-ignore: decorator
@inline export function int(p: usize, i: i32): i32 {
  return load<i32>(p + (<usize>i << 2));
}

/** Operand `i` as a byte address. */
// @ts-ignore: decorator
@inline export function address(p: usize, i: i32): usize {
  return <usize>load<u32>(p + (<usize>i << 2));
}

/** Operand `i` as an f32 constant. */
// @ts-ignore: decorator
@inline export function float(p: usize, i: i32): f32 {
  return load<f32>(p + (<usize>i << 2));
}

/** Where the share of `thread` begins when `n` items are dealt in runs of multiples of `unit`; that of `thread + 1` is its end. */
// @ts-ignore: decorator
@inline export function shareStart(n: i32, unit: i32, thread: i32, threads: i32): i32 {
  // The usual case costs no division: small steps feel those.
  return threads == 1 ? (thread ? n : 0) : dealt(n, unit, thread, threads);
}

function dealt(n: i32, unit: i32, thread: i32, threads: i32): i32 {
  const units = (n + unit - 1) / unit;
  const start = <i32>((<i64>units * thread) / threads) * unit;
  return start < n ? start : n;
}

/** The first `count` (1 or more) of the 4 f32 at `from`, 0 in the other lanes; nothing beyond them is read. */
// @ts-ignore: decorator
@inline export function loadUpTo4(from: usize, count: i32): v128 {
  if (count >= 4) return v128.load(from);
  if (count == 1) return v128.load32_zero(from);
  const two = v128.load64_zero(from);
  return count == 2 ? two : v128.load32_lane(from, two, 2, 8);
}

/** Stores the first `count` (1 or more) of the 4 lanes. */
// @ts-ignore: decorator
@inline export function storeUpTo4(to: usize, value: v128, count: i32): void {
  if (count >= 4) {
    v128.store(to, value);
  } else if (count == 1) {
    v128.store32_lane(to, value, 0);
  } else {
    v128.store64_lane(to, value, 0);
    if (count == 3) v128.store32_lane(to, value, 2, 8);
  }
}

const MASKS = memory.data<i32>([0, 0, 0, -1, -1, -1, -1, 0, 0, 0]);

/** `value` with 0 in the lanes from `count` (1 to 4) on. */
// @ts-ignore: decorator
@inline export function firstLanes(value: v128, count: i32): v128 {
  return v128.and(value, v128.load(MASKS + (<usize>(7 - count) << 2)));
}

/** `value` with 0 in the lanes of its first `bytes` (0 to 12) bytes. */
// @ts-ignore: decorator
@inline export function lastLanes(value: v128, bytes: usize): v128 {
  return v128.and(value, v128.load(MASKS + 12 - bytes));
}

/** (0 + 2) + (1 + 3) of the lanes. */
// @ts-ignore: decorator
@inline export function total(lanes: v128): f32 {
  const two = f32x4.add(lanes, v128.shuffle<i32>(lanes, lanes, 2, 3, 0, 1));
  return f32x4.extract_lane(two, 0) + f32x4.extract_lane(two, 1);
}
