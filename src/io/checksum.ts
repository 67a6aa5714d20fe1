import { ConfigError, FormatError } from "../base/errors.js";

/*
 * A checkpoint's header begins with its checksum: the SHA-256 of the whole file with these 64 digits as zeros. So every byte
 * counts, and the file is still safetensors to everyone.
 */

const BEFORE = new TextEncoder().encode('{"__metadata__":{"checksum":"');
/** Where the digits lie: behind the header's length and its first words. */
const START = 8 + BEFORE.length;
const DIGITS = 64;
const END = START + DIGITS;
const ROOM = "0".repeat(DIGITS);

/** The file that `write` makes, called with room for the checksum, with the checksum in it. */
export async function withChecksum(write: (room: string) => Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const file = write(ROOM);
  file.set(new TextEncoder().encode(await digest(file)), START);
  return file;
}

/** Whether a file says what its checksum is. */
export function hasChecksum(bytes: Uint8Array): boolean {
  return bytes.length >= END && BEFORE.every((byte, i) => bytes[8 + i] === byte);
}

/** Throws `FormatError`, naming `file`, where it has no checksum or another than its bytes have. */
export async function verifyChecksum(bytes: Uint8Array, file: string): Promise<void> {
  if (!hasChecksum(bytes)) {
    throw new FormatError(
      `${file}: a checkpoint expected, got a file without a checksum: a model, or one that is damaged`,
    );
  }
  const digits = new TextDecoder().decode(bytes.subarray(START, END));
  const found = await digest(bytes);
  if (digits !== found)
    throw new FormatError(`${file}: damaged: its checksum is ${digits}, that of its bytes ${found}`);
}

/** The SHA-256 of a file, its own digits as zeros. */
async function digest(file: Uint8Array): Promise<string> {
  const parts = [file.subarray(0, START), new TextEncoder().encode(ROOM), file.subarray(END)];
  // Node's needs no copy of the whole.
  const node = globalThis.process?.getBuiltinModule?.("node:crypto");
  if (node) {
    const hash = node.createHash("sha256");
    for (const part of parts) hash.update(part);
    return hash.digest("hex");
  }
  if (!globalThis.crypto?.subtle) {
    throw new ConfigError("checkpoints have checksums, which a page can verify that came by https or from localhost");
  }
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await new Blob(parts as BlobPart[]).arrayBuffer()));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
