// @ts-nocheck: this is AssemblyScript, compiled by lib/limits.mjs.
/*
 * What the machine can do at most: multiply-adds of 4 lanes that stay in registers, and loads and stores that compute as
 * good as nothing. RELAXED is a constant of the build, as in the core.
 */

/** Floating-point operations of one round of `multiplyAdds`. */
export const OPERATIONS: i32 = (RELAXED ? 12 : 14) * 4 * 2;

/** `half` is 0.5, which the compiler does not know. The result depends on all that was computed. */
export function multiplyAdds(rounds: i32, half: f32): f32 {
  return RELAXED ? fused(rounds, half) : separate(rounds, half);
}

/** 12 accumulators: more than two multiply-adds a cycle are under way at once. */
function fused(rounds: i32, half: f32): f32 {
  const x = f32x4.splat(half);
  const y = f32x4.splat(half + 1);
  let s0 = f32x4.splat(half + 2);
  let s1 = f32x4.splat(half + 3);
  let s2 = f32x4.splat(half + 4);
  let s3 = f32x4.splat(half + 5);
  let s4 = f32x4.splat(half + 6);
  let s5 = f32x4.splat(half + 7);
  let s6 = f32x4.splat(half + 8);
  let s7 = f32x4.splat(half + 9);
  let s8 = f32x4.splat(half + 10);
  let s9 = f32x4.splat(half + 11);
  let s10 = f32x4.splat(half + 12);
  let s11 = f32x4.splat(half + 13);
  for (let i = 0; i < rounds; i++) {
    s0 = f32x4.relaxed_madd(x, y, s0);
    s1 = f32x4.relaxed_madd(x, y, s1);
    s2 = f32x4.relaxed_madd(x, y, s2);
    s3 = f32x4.relaxed_madd(x, y, s3);
    s4 = f32x4.relaxed_madd(x, y, s4);
    s5 = f32x4.relaxed_madd(x, y, s5);
    s6 = f32x4.relaxed_madd(x, y, s6);
    s7 = f32x4.relaxed_madd(x, y, s7);
    s8 = f32x4.relaxed_madd(x, y, s8);
    s9 = f32x4.relaxed_madd(x, y, s9);
    s10 = f32x4.relaxed_madd(x, y, s10);
    s11 = f32x4.relaxed_madd(x, y, s11);
  }
  const first = f32x4.add(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)), f32x4.add(s4, s5));
  const last = f32x4.add(f32x4.add(f32x4.add(s6, s7), f32x4.add(s8, s9)), f32x4.add(s10, s11));
  return f32x4.extract_lane(f32x4.add(first, last), 0);
}

/**
 * 7 chains of products and 7 of sums: as many as have registers, and enough for two of each a cycle. A product is the
 * square of the one before, so that none was there already: numbers below 1 that soon are 0. The loop's body stands
 * twice, which halves what the loop costs.
 */
function separate(rounds: i32, half: f32): f32 {
  let p0 = f32x4.splat(half);
  let s0 = f32x4.splat(half);
  let p1 = f32x4.splat(half / 2);
  let s1 = f32x4.splat(half + 1);
  let p2 = f32x4.splat(half / 3);
  let s2 = f32x4.splat(half + 2);
  let p3 = f32x4.splat(half / 4);
  let s3 = f32x4.splat(half + 3);
  let p4 = f32x4.splat(half / 5);
  let s4 = f32x4.splat(half + 4);
  let p5 = f32x4.splat(half / 6);
  let s5 = f32x4.splat(half + 5);
  let p6 = f32x4.splat(half / 7);
  let s6 = f32x4.splat(half + 6);
  for (let i = 0; i < rounds; i++) {
    p0 = f32x4.mul(p0, p0);
    s0 = f32x4.add(s0, p0);
    p1 = f32x4.mul(p1, p1);
    s1 = f32x4.add(s1, p1);
    p2 = f32x4.mul(p2, p2);
    s2 = f32x4.add(s2, p2);
    p3 = f32x4.mul(p3, p3);
    s3 = f32x4.add(s3, p3);
    p4 = f32x4.mul(p4, p4);
    s4 = f32x4.add(s4, p4);
    p5 = f32x4.mul(p5, p5);
    s5 = f32x4.add(s5, p5);
    p6 = f32x4.mul(p6, p6);
    s6 = f32x4.add(s6, p6);
    p0 = f32x4.mul(p0, p0);
    s0 = f32x4.add(s0, p0);
    p1 = f32x4.mul(p1, p1);
    s1 = f32x4.add(s1, p1);
    p2 = f32x4.mul(p2, p2);
    s2 = f32x4.add(s2, p2);
    p3 = f32x4.mul(p3, p3);
    s3 = f32x4.add(s3, p3);
    p4 = f32x4.mul(p4, p4);
    s4 = f32x4.add(s4, p4);
    p5 = f32x4.mul(p5, p5);
    s5 = f32x4.add(s5, p5);
    p6 = f32x4.mul(p6, p6);
    s6 = f32x4.add(s6, p6);
  }
  const first = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  return f32x4.extract_lane(f32x4.add(first, f32x4.add(f32x4.add(s4, s5), s6)), 0);
}

/*
 * Streams, `times` times over arrays of `bytes` bytes, a multiple of 64. `out` may be `a`.
 */

/** Loads only. */
export function read(times: i32, a: usize, bytes: usize): i32 {
  let s0 = i32x4.splat(0);
  let s1 = i32x4.splat(0);
  let s2 = i32x4.splat(0);
  let s3 = i32x4.splat(0);
  for (let t = 0; t < times; t++) {
    for (let i: usize = 0; i < bytes; i += 64) {
      s0 = v128.xor(s0, v128.load(a + i));
      s1 = v128.xor(s1, v128.load(a + i, 16));
      s2 = v128.xor(s2, v128.load(a + i, 32));
      s3 = v128.xor(s3, v128.load(a + i, 48));
    }
  }
  return i32x4.extract_lane(v128.xor(v128.xor(s0, s1), v128.xor(s2, s3)), 0);
}

/** 1 load, 1 store. */
export function copy(times: i32, out: usize, a: usize, bytes: usize): void {
  for (let t = 0; t < times; t++) {
    for (let i: usize = 0; i < bytes; i += 64) {
      v128.store(out + i, v128.load(a + i));
      v128.store(out + i, v128.load(a + i, 16), 16);
      v128.store(out + i, v128.load(a + i, 32), 32);
      v128.store(out + i, v128.load(a + i, 48), 48);
    }
  }
}

/** 2 loads, 1 store. */
export function combine(times: i32, out: usize, a: usize, b: usize, bytes: usize): void {
  for (let t = 0; t < times; t++) {
    for (let i: usize = 0; i < bytes; i += 64) {
      v128.store(out + i, v128.xor(v128.load(a + i), v128.load(b + i)));
      v128.store(out + i, v128.xor(v128.load(a + i, 16), v128.load(b + i, 16)), 16);
      v128.store(out + i, v128.xor(v128.load(a + i, 32), v128.load(b + i, 32)), 32);
      v128.store(out + i, v128.xor(v128.load(a + i, 48), v128.load(b + i, 48)), 48);
    }
  }
}

/** 3 loads, 2 stores in the places of the first two. */
export function update2(times: i32, a: usize, b: usize, c: usize, bytes: usize): void {
  for (let t = 0; t < times; t++) {
    for (let i: usize = 0; i < bytes; i += 32) {
      const low = v128.load(c + i);
      const high = v128.load(c + i, 16);
      v128.store(a + i, v128.xor(v128.load(a + i), low));
      v128.store(b + i, v128.xor(v128.load(b + i), low));
      v128.store(a + i, v128.xor(v128.load(a + i, 16), high), 16);
      v128.store(b + i, v128.xor(v128.load(b + i, 16), high), 16);
    }
  }
}

/** 4 loads, 3 stores in the places of the first three. */
export function update3(times: i32, a: usize, b: usize, c: usize, d: usize, bytes: usize): void {
  for (let t = 0; t < times; t++) {
    for (let i: usize = 0; i < bytes; i += 32) {
      const low = v128.load(d + i);
      const high = v128.load(d + i, 16);
      v128.store(a + i, v128.xor(v128.load(a + i), low));
      v128.store(b + i, v128.xor(v128.load(b + i), low));
      v128.store(c + i, v128.xor(v128.load(c + i), low));
      v128.store(a + i, v128.xor(v128.load(a + i, 16), high), 16);
      v128.store(b + i, v128.xor(v128.load(b + i, 16), high), 16);
      v128.store(c + i, v128.xor(v128.load(c + i, 16), high), 16);
    }
  }
}

/** `bytes` bytes are loaded, 4 times as many stored: bytes that become numbers. */
export function widen(out: usize, a: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const sixteen = v128.load(a + i);
    const to = out + (i << 2);
    v128.store(to, sixteen);
    v128.store(to, sixteen, 16);
    v128.store(to, sixteen, 32);
    v128.store(to, sixteen, 48);
  }
}
