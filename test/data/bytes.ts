import { gzipSync } from "node:zlib";

/** An IDX file: two zeros, the element type's code, the number of sizes, the sizes big-endian, the elements' bytes. */
export function idxBytes(code: number, sizes: readonly number[], elements: Iterable<number> = []): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * sizes.length));
  header.setUint8(2, code);
  header.setUint8(3, sizes.length);
  for (const [axis, size] of sizes.entries()) header.setUint32(4 + 4 * axis, size);
  return concat(new Uint8Array(header.buffer), Uint8Array.from(elements));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export function gzip(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(gzipSync(bytes));
}
