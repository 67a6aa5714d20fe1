import { checkInteger } from "./check.js";
import { log } from "./math.js";

/** What random numbers are drawn for. Draws for one purpose never move those for another. */
export const streams = { initialization: 1, shuffle: 2, split: 3, dataset: 4 } as const;

/** Four 32-bit words: a counter, or the block of random numbers that Philox makes of it. */
export type Block = readonly [number, number, number, number];

const ROUNDS = 10;
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const TWO_32 = 2 ** 32;

/**
 * Philox4x32-10: a keyed bijection of 128-bit counters whose values pass for random.
 * Integer arithmetic only, so every engine computes the same bits.
 * Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
 */
export function philox4x32(counter: Block, key: readonly [number, number]): Block {
  const out = new Uint32Array(4);
  fillBlock(out, ...counter, ...key);
  return [...out] as unknown as Block;
}

/** The same into `out`: drawing a million numbers makes no million arrays. */
function fillBlock(out: Uint32Array, c0: number, c1: number, c2: number, c3: number, k0: number, k1: number): void {
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** The upper 32 bits of the 64-bit product of two unsigned words, by 16-bit halves: no step exceeds 2^53. */
function multiplyHigh(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return aHigh * bHigh + (middle >>> 16) + (carry >>> 16);
}

/**
 * A sequence of random numbers that its seed, stream and substream decide: the same on every engine.
 * Sequences of different (seed, stream, substream) never overlap; each repeats after 2^66 words.
 */
export class Random {
  readonly #key: readonly [number, number];
  readonly #stream: number;
  #substream: number;
  #blocks = 0;
  readonly #block = new Uint32Array(4);
  /** Words of `#block` already handed out. */
  #used = 4;
  #spareNormal: number | undefined;

  /**
   * @param seed a whole number from 0 to 2^53 - 1
   * @param stream what the numbers are for, one of `streams`
   * @param substream which of them: a parameter's number, an epoch
   * @throws ConfigError for anything but whole numbers in range
   */
  constructor(seed: number, stream: number, substream = 0) {
    checkInteger("seed", seed);
    this.#stream = checkInteger("stream", stream, 0, TWO_32 - 1);
    this.#substream = checkInteger("substream", substream, 0, TWO_32 - 1);
    this.#key = [seed >>> 0, Math.floor(seed / TWO_32)];
  }

  /** Begins another sequence of the same seed and stream. Throws as the constructor does. */
  restart(substream: number): void {
    this.#substream = checkInteger("substream", substream, 0, TWO_32 - 1);
    this.#blocks = 0;
    this.#used = 4;
    this.#spareNormal = undefined;
  }

  /** A whole number from 0 to 2^32 - 1. */
  nextUint32(): number {
    if (this.#used === 4) {
      const [low, high] = [this.#blocks >>> 0, Math.floor(this.#blocks / TWO_32)];
      fillBlock(this.#block, low, this.#substream, this.#stream, high, this.#key[0], this.#key[1]);
      this.#blocks++;
      this.#used = 0;
    }
    return this.#block[this.#used++] as number;
  }

  /** A number in [0, 1): a multiple of 2^-24, so that an f32 holds it exactly. */
  uniform(): number {
    return (this.nextUint32() >>> 8) * 2 ** -24;
  }

  /**
   * A whole number from 0 to `n - 1`, each equally likely: words past the last whole multiple of `n` are drawn again.
   * @throws ConfigError unless `n` is a whole number from 1 to 2^32
   */
  below(n: number): number {
    checkInteger("n", n, 1, TWO_32);
    const limit = TWO_32 - (TWO_32 % n);
    let word = this.nextUint32();
    while (word >= limit) word = this.nextUint32();
    return word % n;
  }

  /** A draw of the standard normal distribution, in f64, by Marsaglia's polar method (1964), which makes two at a time. */
  normal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const x = this.#symmetric();
      const y = this.#symmetric();
      const square = x * x + y * y;
      if (square >= 1) continue;
      const factor = Math.sqrt((-2 * log(square)) / square);
      this.#spareNormal = y * factor;
      return x * factor;
    }
  }

  /**
   * Shuffles in place, every order equally likely (Fisher and Yates; Durstenfeld's form). `from` and `to` do a part of
   * it, to be followed by the part below `from`: a shuffle of many in slices.
   */
  shuffle(indices: Uint32Array | Int32Array, from = 1, to = indices.length): void {
    for (let last = to - 1; last >= from; last--) {
      const other = this.below(last + 1);
      const value = indices[last] as number;
      indices[last] = indices[other] as number;
      indices[other] = value;
    }
  }

  /** A number in (-1, 1), symmetric about 0 and never 0. */
  #symmetric(): number {
    return (this.nextUint32() + 0.5) * 2 ** -31 - 1;
  }
}
