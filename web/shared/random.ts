/** Random numbers in [0, 1) and of the normal distribution, which `seed` decides. */
export interface Random {
  uniform(): number;
  normal(): number;
}

/**
 * The page's own random numbers, for what it invents: points. A Weyl sequence whose words are mixed by the finalizer of MurmurHash3
 * (Austin Appleby, 2011): integers only, so that every browser draws the same. What a network draws comes from the engine.
 */
export function makeRandom(seed: number): Random {
  let state = Math.imul(seed + 1, 0x85ebca6b);
  const uniform = () => {
    state = (state + 0x9e3779b9) | 0;
    let word = state;
    word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return ((word ^ (word >>> 16)) >>> 0) / 2 ** 32;
  };
  return {
    uniform,
    /** Twelve uniform numbers have variance 1 together: near enough to normal, without a logarithm. */
    normal() {
      let sum = -6;
      for (let i = 0; i < 12; i++) sum += uniform();
      return sum;
    },
  };
}
