import { address, float, int, shareStart } from "../simd";

/*
 * Inverted dropout (Srivastava et al., 2014). The mask is a function of the seed, the layer, the step and the element,
 * so backward computes it again and no split of the work changes it.
 *
 * Operands: out [n], in [n], n, rate f32 in [0, 1), seedLow, seedHigh, layer, firstStep.
 * firstStep is the address of a u32: the number of this call's first step since training began.
 * Element i is kept when word i % 4 of the Philox block of counter (i / 4, firstStep + step, layer, 0xD0) and key
 * (seedLow, seedHigh) is at least rate * 2^32, and is then scaled by 1 / (1 - rate). out may be in.
 */

const PURPOSE = 0xd0;

/** Philox4x32's multipliers for words 0 and 2, and what it adds to its two key words after each round. */
const PHILOX = memory.data<u32>([0xd2511f53, 0xcd9e8d57, 0x9e3779b9, 0xbb67ae85]);

/** out = in where kept, scaled; 0 elsewhere. Forward on x, backward on dy. */
export function dropout(p: usize, step: i32, thread: i32, threads: i32): void {
  const n = int(p, 2);
  const rate = float(p, 3);
  const counter = load<i32>(address(p, 7)) + step;
  // The product is exact in f64, so a word is at least the ceiling exactly when it is at least the product.
  const threshold = i32x4.splat(<i32>(<u32>Math.ceil(<f64>rate * 4294967296.0)));
  const scale = f32x4.splat(1 / (1 - rate));
  const words = i32x4(0, int(p, 6), 0, int(p, 6));
  const others = i32x4(counter, PURPOSE, counter, PURPOSE);
  const key = i32x4(int(p, 4), int(p, 5), int(p, 4), int(p, 5));
  const multipliers = v128.load64_splat(PHILOX);
  const weyl = v128.load64_splat(PHILOX, 8);
  const to = address(p, 0);
  const from = address(p, 1);
  const end = shareStart(n, 8, thread + 1, threads);
  for (let i = shareStart(n, 8, thread, threads); i < end; i += 8) {
    // Two blocks at once: `even` holds words 0 and 2 of both, `odd` words 1 and 3.
    let even = i32x4.replace_lane(i32x4.replace_lane(words, 0, i >> 2), 2, (i >> 2) + 1);
    let odd = others;
    let k = key;
    for (let round = 0; round < 10; round++) {
      const first = i64x2.extmul_low_i32x4_u(even, multipliers);
      const second = i64x2.extmul_high_i32x4_u(even, multipliers);
      const high = v128.shuffle<i32>(first, second, 3, 1, 7, 5);
      even = v128.xor(v128.xor(high, odd), k);
      odd = v128.shuffle<i32>(first, second, 2, 0, 6, 4);
      k = i32x4.add(k, weyl);
    }
    const keep0 = i32x4.ge_u(v128.shuffle<i32>(even, odd, 0, 4, 1, 5), threshold);
    const keep1 = i32x4.ge_u(v128.shuffle<i32>(even, odd, 2, 6, 3, 7), threshold);
    const at = <usize>i << 2;
    const out = to + at;
    const x = from + at;
    if (i + 8 <= n) {
      v128.store(out, v128.and(keep0, f32x4.mul(v128.load(x), scale)));
      v128.store(out, v128.and(keep1, f32x4.mul(v128.load(x, 16), scale)), 16);
    } else {
      tail(out, x, n - i, keep0, keep1, scale);
    }
  }
}

/** The last `count` < 8 elements. */
function tail(out: usize, x: usize, count: i32, keep0: v128, keep1: v128, scale: v128): void {
  let keep = keep0;
  for (let i = 0; i < count; i++, out += 4, x += 4) {
    if (i == 4) keep = keep1;
    v128.store32_lane(out, v128.and(keep, f32x4.mul(v128.load32_zero(x), scale)), 0);
    keep = v128.shuffle<i32>(keep, keep, 1, 2, 3, 0);
  }
}
