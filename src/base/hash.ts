/** Offset basis and prime of FNV-1a with 64 bits, the prime being 2^40 + 0x1b3 (http://www.isthe.com/chongo/tech/comp/fnv/). */
const BASIS_HIGH = 0xcbf29ce4;
const BASIS_LOW = 0x84222325;
const PRIME_LOW = 0x1b3;

/** FNV-1a, 64 bits, of the parts' bytes one after another, as 16 hexadecimal digits. */
export function hashBytes(parts: readonly Uint8Array[]): string {
  let high = BASIS_HIGH;
  let low = BASIS_LOW;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) {
      low = (low ^ (part[i] as number)) >>> 0;
      // (high 2^32 + low) (2^40 + 0x1b3) modulo 2^64; every product of a word and 0x1b3 is exact in f64.
      const product = low * PRIME_LOW;
      const carry = Math.floor(product / 2 ** 32);
      high = (Math.imul(high, PRIME_LOW) + carry + (low << 8)) >>> 0;
      low = product >>> 0;
    }
  }
  return [high, low].map((word) => word.toString(16).padStart(8, "0")).join("");
}
