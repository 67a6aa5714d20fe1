import { crc32, gzipSync } from "node:zlib";
import { join } from "./bytes.js";

export function gzip(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(gzipSync(bytes, { level: 9 }));
}

/** A member whose compressed data are these bytes, whatever they are, of a file of `bytes`. */
export function member(compressed: readonly number[], bytes: Uint8Array): Uint8Array {
  const end = new DataView(new ArrayBuffer(8));
  end.setUint32(0, crc32(bytes), true);
  end.setUint32(4, bytes.length, true);
  return join([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], compressed, new Uint8Array(end.buffer));
}
