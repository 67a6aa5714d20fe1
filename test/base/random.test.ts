import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/base/errors.js";
import { philox4x32, Random, streams } from "../../src/base/random.js";

const ONES = 0xffffffff;

describe("philox4x32", () => {
  // Random123's tests/kat_vectors: philox4x32, 10 rounds.
  it.each([
    { counter: [0, 0, 0, 0], key: [0, 0], block: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
    { counter: [ONES, ONES, ONES, ONES], key: [ONES, ONES], block: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd] },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      block: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    },
  ] as const)("computes the known answer for key $key", ({ counter, key, block }) => {
    expect(philox4x32(counter, key)).toEqual(block);
  });
});

describe("Random", () => {
  it("hands out Philox's blocks, keyed by both halves of the seed", () => {
    const random = new Random(5 * 2 ** 32 + 7, streams.shuffle, 9);
    const words = Array.from({ length: 8 }, () => random.nextUint32());
    expect(words).toEqual([...philox4x32([0, 9, 2, 0], [7, 5]), ...philox4x32([1, 9, 2, 0], [7, 5])]);
  });

  it("differs between seeds, streams and substreams", () => {
    const first = (seed: number, stream: number, substream: number) => new Random(seed, stream, substream).nextUint32();
    const draws = [first(0, 1, 0), first(1, 1, 0), first(2 ** 32, 1, 0), first(0, 2, 0), first(0, 1, 1)];
    expect(new Set(draws).size).toBe(draws.length);
  });

  it("refuses a seed that is no safe whole number", () => {
    for (const seed of [-1, 0.5, 2 ** 53, Number.NaN]) {
      expect(() => new Random(seed, streams.split)).toThrow(ConfigError);
    }
    expect(() => new Random(2 ** 53 - 1, streams.split)).not.toThrow();
    expect(() => new Random(0, 1, 2 ** 32)).toThrow(/substream/);
  });

  it("draws uniform numbers that f32 holds, with mean 1/2 and variance 1/12", () => {
    const random = new Random(1, streams.initialization);
    let sum = 0;
    let squares = 0;
    const n = 100_000;
    for (let i = 0; i < n; i++) {
      const value = random.uniform();
      if (value < 0 || value >= 1 || Math.fround(value) !== value) expect.fail(`${value}`);
      sum += value;
      squares += value * value;
    }
    const mean = sum / n;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.005);
    expect(Math.abs(squares / n - mean * mean - 1 / 12)).toBeLessThan(0.002);
  });

  it("draws below n without bias", () => {
    const random = new Random(3, streams.shuffle);
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i++) counts[random.below(6)]!++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(20.5); // 5 degrees of freedom, p = 0.001
    // With plain modulo the lower half would come twice as often as the upper.
    const n = 3 * 2 ** 30;
    let low = 0;
    for (let i = 0; i < 30_000; i++) if (random.below(n) < 2 ** 30) low++;
    expect(Math.abs(low / 30_000 - 1 / 3)).toBeLessThan(0.015);
    expect(() => random.below(0)).toThrow(ConfigError);
  });

  it("draws normal numbers with the distribution's moments", () => {
    const random = new Random(4, streams.initialization);
    const n = 200_000;
    let [sum, squares, cubes, fourths] = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const value = random.normal();
      sum += value;
      squares += value ** 2;
      cubes += value ** 3;
      fourths += value ** 4;
    }
    expect(Math.abs(sum / n)).toBeLessThan(0.01);
    expect(Math.abs(squares / n - 1)).toBeLessThan(0.02);
    expect(Math.abs(cubes / n)).toBeLessThan(0.05);
    expect(Math.abs(fourths / n - 3)).toBeLessThan(0.15);
  });

  it("shuffles to a permutation that only the seed decides", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(200), (seed, length) => {
        const a = Uint32Array.from({ length }, (_, i) => i);
        const b = Int32Array.from(a);
        new Random(seed, streams.shuffle).shuffle(a);
        new Random(seed, streams.shuffle).shuffle(b);
        expect([...a]).toEqual([...b]);
        expect([...a].sort((x, y) => x - y)).toEqual(Array.from({ length }, (_, i) => i));
      }),
    );
  });

  it("shuffles to every order equally often", () => {
    const random = new Random(8, streams.shuffle);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = Uint32Array.of(0, 1, 2, 3);
      random.shuffle(order);
      counts.set(order.join(), (counts.get(order.join()) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(49.7); // 23 degrees of freedom, p = 0.001
  });
});
