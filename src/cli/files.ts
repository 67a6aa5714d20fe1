import { readFile, readlink, realpath, rename, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
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

/** Where a file is, or would be, that is called by `path`: links are followed, to files that are not there yet, too. */
export async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    // Links in a circle lead nowhere.
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") return path;
  }
  const link = await readlink(path).catch(() => undefined);
  return link === undefined ? path : followLinks(resolve(await realpath(dirname(path)), link));
}

/**
 * Writes a text as a file that is there whole or, whatever fails, as it was before. Of a link to a file that file is written.
 * @throws StorageError where it cannot be written
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
