import { FormatError } from "../base/errors.js";

/** Bytes fed to the decompressor at a time: deflate makes at most 1032 bytes of one, so no piece becomes more than 17 MB. */
const PIECE = 16 * 1024;

/** Whether `bytes` begin with gzip's magic number. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The decompressed bytes, a chunk at a time, made only as they are asked for: who stops reading stops the work.
 * One member only, as browsers have it: Node would also read the members after it, and skip zeros.
 * @throws FormatError where the compressed data is damaged, cut short or goes on after its end
 */
export async function* gunzip(bytes: Uint8Array, file: string): AsyncGenerator<Uint8Array, void, undefined> {
  let offset = 0;
  let length = 0;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (offset >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(offset, offset + PIECE));
      offset += PIECE;
    },
  });
  const reader = source.pipeThrough(new DecompressionStream("gzip")).getReader();
  try {
    for (;;) {
      const { done, value } = await readChunk(reader, file);
      if (done) break;
      length += value.length;
      yield value;
    }
  } finally {
    // The reader of a failed stream refuses to cancel; that failure has been reported already.
    await reader.cancel().catch(() => undefined);
  }
  // A member ends with its length, and the stream has checked that of the last one.
  const last = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4).getUint32(0, true);
  if (last !== length % 2 ** 32) throw new FormatError(`${file}: nothing expected after the first member of gzip data`);
}

async function readChunk(reader: ReadableStreamDefaultReader<Uint8Array>, file: string) {
  try {
    return await reader.read();
  } catch (cause) {
    throw new FormatError(`${file}: gzip data expected, but it is damaged, cut short or goes on after its end`, {
      cause,
    });
  }
}
