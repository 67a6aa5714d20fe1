import { readFile, readlink, realpath, rename, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { addAbortSignal, type Readable } from "node:stream";
import { ConfigError, FormatError, StorageError } from "../index.js";

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

/** The text that a file's bytes are. @throws FormatError for another encoding than UTF-8 */
export function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError(`${file}: a text in UTF-8 expected, it is in another encoding`, { cause });
  }
}

/** All that a stream brings. @throws FormatError past 2^30 bytes; the signal's reason once it is aborted */
export async function readStream(stream: Readable, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of addAbortSignal(signal, stream)) {
      chunks.push(Buffer.from(chunk));
      length += chunk.length;
      if (length > MOST_INPUT) throw new FormatError(`standard input: at most ${MOST_INPUT} bytes expected, more came`);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
  return Buffer.concat(chunks);
}

/**
 * Where a file is, or would be, that is called by `path`: links are followed, to files that are not there yet, too.
 * @throws ConfigError for links in a circle, which lead nowhere
 */
export async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ELOOP") {
      throw new ConfigError(`${path}: its links lead in a circle`, { cause });
    }
  }
  const link = await readlink(path).catch(() => undefined);
  return link === undefined ? path : followLinks(resolve(await realpath(dirname(path)), link));
}

/**
 * Writes a text as a file that is there whole or, whatever fails, as it was before. A link stays one: the file
 * that it leads to is written.
 * @throws StorageError where it cannot be written; ConfigError as `followLinks`
 */
export async function writeText(path: string, text: string): Promise<void> {
  const target = await followLinks(path);
  const temporary = `${target}.${process.pid}-${crypto.randomUUID().slice(0, 8)}.tmp`;
  try {
    await writeFile(temporary, text, { flag: "wx" });
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new StorageError(`the file ${path} cannot be written: ${(cause as Error).message}`, { cause });
  }
}
