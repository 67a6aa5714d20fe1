import { FormatError } from "../base/errors.js";

/*
 * A checkpoint's header begins with its checksum: the SHA-256 of the whole file with these 64 digits as zeros. So every byte
 * counts, and the file is still safetensors to everyone.
 */

const BEFORE = new TextEncoder().encode('{"__metadata__":{"checksum":"');
/** Where the digits lie: behind the header's length and its first words. */
const START = 8 + BEFORE.length;
const DIGITS = 64;
const ZERO = 0x30;

/** The file that `write` makes, called with room for the checksum, with the checksum in it. */
export async function withChecksum(write: (room: string) => Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const file = write("0".repeat(DIGITS));
  file.set(new TextEncoder().encode(await digest(file)), START);
  return file;
}

/** Whether a file says what its checksum is. */
export function hasChecksum(bytes: Uint8Array): boolean {
  return bytes.length >= START + DIGITS && BEFORE.every((byte, i) => bytes[8 + i] === byte);
}

/** Throws `FormatError`, naming `file`, where it has no checksum or another than its bytes have. */
export async function verifyChecksum(bytes: Uint8Array, file: string): Promise<void> {
  if (!hasChecksum(bytes))
    throw new FormatError(`${file}: no checkpoint, or its beginning is damaged: a checksum expected`);
  const copy = new Uint8Array(bytes);
  const digits = new TextDecoder().decode(copy.subarray(START, START + DIGITS));
  copy.fill(ZERO, START, START + DIGITS);
  const found = await digest(copy);
  if (digits !== found) throw new FormatError(`${file}: damaged: a checksum of ${found} expected, got ${digits}`);
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
