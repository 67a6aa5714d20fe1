import { readFile } from "node:fs/promises";
import { ConfigError, FormatError } from "../index.js";

/** What standard input may bring, in bytes: it has no size that could be looked at. */
const MOST_INPUT = 2 ** 30;

/** @throws ConfigError where there is no file that can be read */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new ConfigError(`the file ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** All that a stream brings. @throws FormatError past 2^30 bytes */
export async function readStream(stream: AsyncIterable<Uint8Array | string>): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk));
    length += chunk.length;
    if (length > MOST_INPUT) throw new FormatError(`standard input: at most ${MOST_INPUT} bytes expected, more came`);
  }
  return Buffer.concat(chunks);
}
