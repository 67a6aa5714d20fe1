/** Above this, the call out of wasm that memory.copy is costs less than what its copying gains. */
const SHORT: usize = 256;

/** Copies `bytes`, a multiple of 4, between places that do not overlap. */
// @ts-ignore: decorator
@inline export function copyWords(to: usize, from: usize, bytes: usize): void {
  if (bytes > SHORT) {
    memory.copy(to, from, bytes);
    return;
  }
  const whole = bytes & ~15;
  let at: usize = 0;
  for (; at < whole; at += 16) v128.store(to + at, v128.load(from + at));
  for (; at < bytes; at += 4) store<i32>(to + at, load<i32>(from + at));
}
