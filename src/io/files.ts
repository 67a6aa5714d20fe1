import { ConfigError, StorageError } from "../base/errors.js";
import { isNode, nodeModule } from "../base/node.js";

/*
 * Files, written so that each is there whole or not at all, whenever the process dies. Nothing else writes any.
 */

/** What is asked of a file system: Node's (fs/promises), or one that fails on purpose. Spelt out, so that a page needs no types of Node's. */
export interface FileSystem {
  mkdir(path: string, options: { readonly recursive: true }): Promise<string | undefined>;
  open(path: string, flags: string, mode?: number): Promise<FileHandle>;
  readdir(path: string): Promise<string[]>;
  readlink(path: string): Promise<string>;
  realpath(path: string): Promise<string>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { readonly force: true }): Promise<void>;
  stat(path: string): Promise<{ readonly mode: number; isFile(): boolean }>;
}

interface FileHandle {
  stat(): Promise<{ readonly size: number }>;
  read(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number | null,
  ): Promise<{ readonly bytesRead: number }>;
  writeFile(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Bytes read at a time: Node reads no more than 2 GiB at once. */
const PIECE = 2 ** 30;
/** And of what has no size. */
const CHUNK = 2 ** 16;

/** A file that is being written is called as it will be, with the number of its process and some letters of its own. */
const TEMPORARY = /^(.+)\.(\d+)-[0-9a-f]{8}\.tmp$/;

/** Those that this process is writing. */
const writing = new Set<string>();

/** What a file system answers that does not bring folders to the disk: it does so by itself, or not at all. */
const NO_SYNC = ["EINVAL", "ENOTSUP", "ENOSYS", "EISDIR", "EPERM", "EACCES"];

/** The host's files. Throws `ConfigError` outside Node. */
export async function hostFiles(): Promise<FileSystem> {
  if (!isNode) {
    throw new ConfigError('checkpoints are files, which takes Node; elsewhere, keep models: save("indexeddb://name")');
  }
  return nodeModule("fs/promises", "neurone");
}

/** Throws `ConfigError` for a file that cannot be read. */
export async function readFile(fs: FileSystem, path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const file = await fs.open(path, "r");
    try {
      const { size } = await file.stat();
      // Pipes, and what systems make up, have no size.
      if (size === 0) return await readToEnd(file);
      const bytes = new Uint8Array(size);
      for (let at = 0; at < bytes.length; ) {
        const { bytesRead } = await file.read(bytes, at, Math.min(PIECE, bytes.length - at), at);
        if (bytesRead === 0) throw new Error("it became shorter meanwhile");
        at += bytesRead;
      }
      return bytes;
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new ConfigError(`the file ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

async function readToEnd(file: FileHandle): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (;;) {
    const piece = new Uint8Array(CHUNK);
    const { bytesRead } = await file.read(piece, 0, CHUNK, null);
    if (bytesRead === 0) return new Uint8Array(await new Blob(pieces).arrayBuffer());
    pieces.push(piece.subarray(0, bytesRead));
  }
}

/**
 * Where a file or folder is, or would be, that is called by `path`: links are followed, also to what is not there yet.
 * @throws StorageError for links in a circle, which lead nowhere
 */
export async function followLinks(fs: FileSystem, path: string): Promise<string> {
  const { dirname, resolve } = await nodeModule("path", "neurone");
  try {
    return await fs.realpath(path);
  } catch (cause) {
    if (codeOf(cause) === "ELOOP") throw new StorageError(`${path}: its links lead in a circle`, { cause });
  }
  const link = await fs.readlink(path).catch(() => undefined);
  return link === undefined ? path : followLinks(fs, resolve(await fs.realpath(dirname(path)), link));
}

/**
 * Writes a file that is there whole or, whatever fails, as it was before: written under another name beside its place, brought to
 * the disk, renamed, and the folder's new entry brought to the disk. A link stays one: the file that it
 * leads to is written. The mode of what was there stays, as far as the umask lets it.
 * @throws StorageError where a step failed; the file is then the old one or the new one
 */
export async function writeFile(fs: FileSystem, path: string, bytes: Uint8Array): Promise<void> {
  const { dirname } = await nodeModule("path", "neurone");
  const target = await followLinks(fs, path);
  const temporary = `${target}.${process.pid}-${crypto.randomUUID().slice(0, 8)}.tmp`;
  writing.add(temporary);
  try {
    const found = await fs.stat(target).catch(() => undefined);
    // A device or a pipe would be a file afterwards.
    if (found && !found.isFile()) throw new Error("a file expected, it is something else");
    const mode = found ? found.mode & 0o777 : 0o666;
    await writeThrough(fs, temporary, bytes, mode);
    await fs.rename(temporary, target);
    await syncFolder(fs, dirname(target));
  } catch (cause) {
    // What is left of it is no harm, and what went wrong is told already.
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    const why = codeOf(cause) === "ENOENT" ? `there is no folder ${dirname(temporary)}` : (cause as Error).message;
    throw new StorageError(`the file ${path} cannot be written: ${why}`, { cause });
  } finally {
    writing.delete(temporary);
  }
}

/** Makes a folder where it is missing, and brings its name to the disk. Throws what the file system does. */
export async function makeFolder(fs: FileSystem, path: string): Promise<void> {
  const { dirname } = await nodeModule("path", "neurone");
  const first = await fs.mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(fs, dirname(made));
}

/**
 * The name of the file that a process was writing when it died, by that of what it left; undefined for other names, and while the
 * process may still be writing it.
 */
export function unfinished(path: string): string | undefined {
  const [, name, id] = TEMPORARY.exec(path) ?? [];
  if (name === undefined || writing.has(path)) return undefined;
  return Number(id) === process.pid || !isAlive(Number(id)) ? name : undefined;
}

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    // There is one, of somebody else.
    return codeOf(error) === "EPERM";
  }
}

async function writeThrough(fs: FileSystem, path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const file = await fs.open(path, "wx", mode);
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
  try {
    const folder = await fs.open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (!NO_SYNC.includes(codeOf(error) ?? "")) throw error;
  }
}

/** What a file system calls what went wrong. */
function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
