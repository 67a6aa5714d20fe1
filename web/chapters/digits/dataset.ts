import { SIDE } from "./normalize.js";

/** The digits that the page trains and tests on: images of 28 x 28 bytes and a digit for each. */
export interface Digits {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

const SIZE = SIDE * SIDE;

/**
 * The file of digits, as scripts/web-digits.mjs writes it (little-endian):
 *
 *     "digits"            magic
 *     u8                  version, 1
 *     u8                  bits a pixel, 4
 *     u32, u32            n and m, images to train on and to test on
 *     (n + m) x 392       two pixels a byte, the first in the upper half; 0 black, 15 white
 *     (n + m)             the digits
 *
 * Throws an `Error` for any other bytes, saying what is wrong.
 */
export function readDigits(bytes: Uint8Array): { readonly train: Digits; readonly test: Digits } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = 16;
  const magic = String.fromCharCode(...bytes.subarray(0, 6));
  if (magic !== "digits" || bytes.length < header) throw new Error("digits: this is no file of digits");
  const [version, bits] = [bytes[6], bytes[7]];
  if (version !== 1 || bits !== 4) {
    throw new Error(`digits: version 1 with 4 bits a pixel expected, got version ${version} with ${bits}`);
  }
  const [n, m] = [view.getUint32(8, true), view.getUint32(12, true)];
  const packed = ((n + m) * SIZE) / 2;
  const expected = header + packed + n + m;
  if (bytes.length !== expected) {
    throw new Error(`digits: ${n} + ${m} images take ${expected} bytes, the file has ${bytes.length}`);
  }
  const labels = bytes.slice(header + packed);
  const wrong = labels.findIndex((label) => label > 9);
  if (wrong >= 0) throw new Error(`digits: labels are digits, image ${wrong} has ${labels[wrong]}`);
  const images = new Uint8Array((n + m) * SIZE);
  for (let i = 0; i < packed; i++) {
    const pair = bytes[header + i] as number;
    images[2 * i] = 17 * (pair >> 4);
    images[2 * i + 1] = 17 * (pair & 15);
  }
  return {
    train: { images: images.subarray(0, n * SIZE), labels: labels.subarray(0, n) },
    test: { images: images.subarray(n * SIZE), labels: labels.subarray(n) },
  };
}

/** Fetches the file and reads it. Hosts that say so have unpacked it on its way here. */
export async function fetchDigits(address: URL) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`digits: the server answered ${response.status} for ${address.pathname}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return readDigits(bytes[0] === 0x1f && bytes[1] === 0x8b ? await gunzip(bytes) : bytes);
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}
