import { show } from "../base/check.js";
import { ConfigError, FormatError, StorageError } from "../base/errors.js";
import { nodeModule } from "../base/node.js";
import { type FileSystem, followLinks, hostFiles, makeFolder, readFile, unfinished, writeFile } from "./files.js";
import type { ModelData } from "./model-data.js";
import { readCheckpoint, writeCheckpoint } from "./native.js";
import type { RunState } from "./run-state.js";

/** A checkpoint's name says how many steps came before it, with zeros in front, so that names sort as numbers do. */
const NAME = /^checkpoint-(\d{12})\.safetensors$/;
/** A checkpoint as it was read. */
export interface OpenedCheckpoint {
  readonly path: string;
  readonly model: ModelData;
  readonly run: RunState;
}

/** A folder of checkpoints, the newest `keep` of them. It is one training's. */
export class CheckpointFolder {
  readonly #fs: FileSystem;
  readonly #path: string;
  readonly #keep: number;

  /** `path`: from the root on, whatever the working directory will be. */
  constructor(fs: FileSystem, path: string, keep: number) {
    this.#fs = fs;
    this.#path = path;
    this.#keep = keep;
  }

  /**
   * Makes the folder where it is missing, and clears what a process that died left unfinished. Throws `ConfigError` for a model or a run
   * that no checkpoint can hold, and for a folder with the checkpoints of another training than the one that goes on `from` one of
   * them; `StorageError` for a folder that cannot be used.
   */
  async begin(model: ModelData, run: RunState, from: string | undefined): Promise<void> {
    const { dirname, join, resolve } = await nodeModule("path", "checkpoints");
    await writeCheckpoint(model, run);
    const isOwn = from !== undefined && (await this.#isAt(resolve(dirname(from))));
    if (!isOwn && (await namesIn(this.#fs, this.#path)).length > 0) {
      throw new ConfigError(
        `${this.#path} holds the checkpoints of an earlier training: resume it, or choose another folder`,
      );
    }
    try {
      await makeFolder(this.#fs, this.#path);
      for (const name of await this.#fs.readdir(this.#path)) {
        const path = join(this.#path, name);
        if (NAME.test(unfinished(path)?.slice(this.#path.length + 1) ?? "")) await this.#fs.rm(path, { force: true });
      }
    } catch (cause) {
      throw new StorageError(`the folder ${this.#path} cannot be used: ${(cause as Error).message}`, { cause });
    }
  }

  /** Keeps a checkpoint, and then takes away those before it that are too many. Throws `StorageError`. */
  async write(model: ModelData, run: RunState): Promise<void> {
    const { join } = await nodeModule("path", "checkpoints");
    const name = `checkpoint-${String(run.state.steps).padStart(12, "0")}.safetensors`;
    await writeFile(this.#fs, join(this.#path, name), await writeCheckpoint(model, run));
    // Those behind it are of a way that was left for an older one. What could not be taken away is no loss: the next time tries again.
    const names = await namesIn(this.#fs, this.#path).catch(() => []);
    const older = names.filter((other) => other < name);
    for (const old of older.slice(this.#keep - 1)) {
      await this.#fs.rm(join(this.#path, old), { force: true }).catch(() => undefined);
    }
  }

  /** Whether `path` is this folder, by whatever links. */
  async #isAt(path: string): Promise<boolean> {
    return (await followLinks(this.#fs, path)) === (await followLinks(this.#fs, this.#path));
  }
}

/** The folder on this host's disk. */
export async function openCheckpointFolder(path: string, keep: number): Promise<CheckpointFolder> {
  const fs = await hostFiles();
  const { resolve } = await nodeModule("path", "checkpoints");
  return new CheckpointFolder(fs, await followLinks(fs, resolve(path)), keep);
}

/** A checkpoint in a folder, not opened. */
export interface CheckpointFile {
  readonly path: string;
  /** Steps of training since `compile`. */
  readonly steps: number;
}

/** The checkpoints of a folder, or the one that is the file `path`; the newest first. Throws `ConfigError` for a folder that cannot be read, `FormatError` for a file that is none. */
export async function listCheckpoints(path: string): Promise<CheckpointFile[]> {
  const fs = await hostFiles();
  const { folder, chosen, names, join } = await look(fs, path);
  // A file that was given another name says itself where it stands.
  if (chosen !== undefined) return [{ path, steps: (await read(fs, path)).run.state.steps }];
  return names.map((name) => ({ path: join(folder, name), steps: Number(NAME.exec(name)?.[1]) }));
}

/**
 * The newest checkpoint of the folder `path`, or the one that is the file `path`; undefined where the folder is missing or holds none.
 * @throws FormatError for a damaged one, naming the newest good one before it
 */
export async function openCheckpoint(path: string, fs?: FileSystem): Promise<OpenedCheckpoint | undefined> {
  const files = fs ?? (await hostFiles());
  const { folder, chosen: named, names, join } = await look(files, path);
  const chosen = named ?? names[0];
  if (chosen === undefined) return undefined;
  try {
    return await read(files, join(folder, chosen));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const older = await firstGood(files, folder, names.slice(names.indexOf(chosen) + 1));
    const offer = older === undefined ? "no older one is good" : `the next older good one is ${older}`;
    throw new FormatError(`${error.message}; ${offer}`, { cause: error });
  }
}

/** What lies in the folder `path`, or beside the file `path`, which is then the one that was `chosen`. */
async function look(fs: FileSystem, path: string) {
  if (typeof path !== "string" || path === "") {
    throw new ConfigError(`the path of a folder of checkpoints expected, got ${show(path)}`);
  }
  const { basename, dirname, join } = await nodeModule("path", "checkpoints");
  const found = await fs.stat(path).catch(() => undefined);
  if (!found && /\.safetensors$/.test(path)) throw new ConfigError(`there is no checkpoint ${path}`);
  const isFile = found?.isFile() ?? false;
  const folder = isFile ? dirname(path) : path;
  return { folder, chosen: isFile ? basename(path) : undefined, names: await namesIn(fs, folder), join };
}

async function firstGood(fs: FileSystem, folder: string, names: readonly string[]): Promise<string | undefined> {
  const { join } = await nodeModule("path", "checkpoints");
  for (const name of names) {
    const path = join(folder, name);
    const isGood = await read(fs, path).then(
      () => true,
      () => false,
    );
    if (isGood) return path;
  }
  return undefined;
}

async function read(fs: FileSystem, path: string): Promise<OpenedCheckpoint> {
  return { path, ...(await readCheckpoint(await readFile(fs, path), path)) };
}

/** The checkpoints of a folder, the newest first; none where it does not exist. */
async function namesIn(fs: FileSystem, folder: string): Promise<string[]> {
  let names: string[];
  try {
    names = await fs.readdir(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new ConfigError(`the folder ${folder} cannot be read: ${(cause as Error).message}`, { cause });
  }
  return names
    .filter((name) => NAME.test(name))
    .sort()
    .reverse();
}
