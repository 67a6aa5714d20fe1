import { show } from "../base/check.js";
import { ConfigError, FormatError, StorageError } from "../base/errors.js";
import { nodeModule } from "../base/node.js";
import { type FileSystem, hostFiles, readFile, writeFile } from "./files.js";
import type { ModelData } from "./model-data.js";
import { readCheckpoint, writeCheckpoint } from "./native.js";
import type { RunState } from "./run-state.js";

/** A checkpoint's name says how many steps came before it, with zeros in front, so that names sort as numbers do. */
const NAME = /^checkpoint-(\d{12})\.safetensors$/;
/** What a process that died may have left of one. */
const UNFINISHED = /^checkpoint-\d{12}\.safetensors\.\d+\.tmp$/;

/** A checkpoint as it was read. */
export interface OpenedCheckpoint {
  readonly path: string;
  readonly model: ModelData;
  readonly run: RunState;
}

/** A folder of checkpoints, the newest `keep` of them. */
export class CheckpointFolder {
  readonly #fs: FileSystem;
  readonly #path: string;
  readonly #keep: number;

  constructor(fs: FileSystem, path: string, keep: number) {
    this.#fs = fs;
    this.#path = path;
    this.#keep = keep;
  }

  /**
   * Makes the folder where it is missing, and clears what a process that died left unfinished. Throws `ConfigError` where `fresh`, a
   * training from its beginning, would mix with the checkpoints of another, and `StorageError` for a folder that cannot be used.
   */
  async begin(fresh: boolean): Promise<void> {
    const { join } = await nodeModule("path", "checkpoints");
    let names: string[];
    try {
      await this.#fs.mkdir(this.#path, { recursive: true });
      names = await this.#fs.readdir(this.#path);
      for (const name of names) if (UNFINISHED.test(name)) await this.#fs.rm(join(this.#path, name), { force: true });
    } catch (cause) {
      throw new StorageError(`the folder ${this.#path} cannot be used: ${(cause as Error).message}`, { cause });
    }
    if (fresh && names.some((name) => NAME.test(name))) {
      throw new ConfigError(
        `${this.#path} holds the checkpoints of an earlier training: resume it, or choose another folder`,
      );
    }
  }

  /** Keeps a checkpoint, and then takes away those that are too many. Throws `StorageError`. */
  async write(model: ModelData, run: RunState): Promise<void> {
    const { join } = await nodeModule("path", "checkpoints");
    const name = `checkpoint-${String(run.state.steps).padStart(12, "0")}.safetensors`;
    await writeFile(this.#fs, join(this.#path, name), await writeCheckpoint(model, run));
    // What could not be taken away is no loss: the next time tries again.
    const names = await namesIn(this.#fs, this.#path).catch(() => []);
    for (const old of names.slice(this.#keep)) {
      await this.#fs.rm(join(this.#path, old), { force: true }).catch(() => undefined);
    }
  }
}

/** The folder on this host's disk. */
export async function openCheckpointFolder(path: string, keep: number): Promise<CheckpointFolder> {
  return new CheckpointFolder(await hostFiles(), path, keep);
}

/** A checkpoint in a folder, not opened. */
export interface CheckpointFile {
  readonly path: string;
  /** Steps of training since `compile`. */
  readonly steps: number;
}

/** The checkpoints of a folder, or the one that is the file `path`; the newest first. Throws `ConfigError` for a folder that cannot be read. */
export async function listCheckpoints(path: string): Promise<CheckpointFile[]> {
  const { folder, chosen, names, join } = await look(await hostFiles(), path);
  const shown = chosen === undefined ? names : names.filter((name) => name === chosen);
  return shown.map((name) => ({ path: join(folder, name), steps: Number(NAME.exec(name)?.[1]) }));
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
  const chosen = NAME.test(basename(path)) ? basename(path) : undefined;
  const folder = chosen === undefined ? path : dirname(path);
  const names = await namesIn(fs, folder);
  if (chosen !== undefined && !names.includes(chosen)) throw new ConfigError(`there is no checkpoint ${path}`);
  return { folder, chosen, names, join };
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
