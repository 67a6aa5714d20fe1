import { ConfigError, StorageError } from "../base/errors.js";
import { isNode, nodeModule } from "../base/node.js";

/*
 * The one place that touches a file system. What it writes is there whole or not at all, whenever the process dies.
 */

/** What is asked of a file system: Node's, or one that fails on purpose. */
export type FileSystem = Pick<
  typeof import("node:fs/promises"),
  "mkdir" | "open" | "readdir" | "readFile" | "rename" | "rm"
>;

/** The host's files. Throws `ConfigError` outside Node. */
export async function hostFiles(): Promise<FileSystem> {
  if (!isNode)
    throw new ConfigError('checkpoints are files, which takes Node; elsewhere, keep models: save("indexeddb://name")');
  return nodeModule("fs/promises", "neurone");
}

/** Throws `ConfigError` for a file that cannot be read. */
export async function readFile(fs: FileSystem, path: string): Promise<Uint8Array> {
  try {
    const { buffer, byteOffset, length } = await fs.readFile(path);
    // Not as a Buffer, whose slice() is another one.
    return new Uint8Array(buffer, byteOffset, length);
  } catch (cause) {
    throw new ConfigError(`the file ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Writes a file that is there whole or, whatever fails, as it was before: written under another name beside its place, brought to
 * the disk, renamed, and the folder's new entry brought to the disk.
 * @throws StorageError where a step failed; the file is then the old one or the new one
 */
export async function writeFile(fs: FileSystem, path: string, bytes: Uint8Array): Promise<void> {
  const { dirname } = await nodeModule("path", "neurone");
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeThrough(fs, temporary, bytes);
    await fs.rename(temporary, path);
    await syncFolder(fs, dirname(path));
  } catch (cause) {
    // What is left of it is no harm, and what went wrong is told already.
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    throw new StorageError(`the file ${path} cannot be written: ${(cause as Error).message}`, { cause });
  }
}

async function writeThrough(fs: FileSystem, path: string, bytes: Uint8Array): Promise<void> {
  const file = await fs.open(path, "w");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Windows keeps folders by itself, and does not open them. */
async function syncFolder(fs: FileSystem, path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await fs.open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
