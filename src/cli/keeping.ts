import { mkdtemp, rm, stat } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { type Callback, ConfigError, callbacks, checkpoints, type FitOptions, type Model } from "../index.js";
import { followLinks } from "./files.js";
import type { TrainOptions } from "./options.js";
import { printable } from "./printable.js";
import { formatCount } from "./progress.js";

/** How a training ended. */
export type Status = "completed" | "interrupted" | "diverged";

/** Where a training goes on, and how it is kept. */
export interface Resumption {
  /** Steps that were done in earlier runs. */
  readonly steps: number;
  readonly resume: Pick<FitOptions, "resume">;
  readonly checkpointers: readonly Callback[];
}

/**
 * What `--checkpoint`, `--checkpoint-every` and `--resume` come to; says where the training begins.
 * @throws ConfigError for options that do not go together
 */
export async function prepareResumption(options: TrainOptions, say: (text: string) => void): Promise<Resumption> {
  const { checkpoint, checkpointEvery: every, resume } = options;
  if (checkpoint !== undefined && resume !== undefined) {
    throw new ConfigError("--checkpoint and --resume: give one of them; --resume keeps the training where it found it");
  }
  const [newest] = resume === undefined ? [] : await checkpoints(resume);
  const path = checkpoint ?? (newest ? dirname(newest.path) : resume);
  if (path === undefined && every !== undefined) {
    throw new ConfigError("--checkpoint-every needs a folder: --checkpoint or --resume");
  }
  if (newest) say(`resuming from ${printable(newest.path)}, after ${formatCount(newest.steps, "step")}`);
  else if (resume !== undefined) say(`no checkpoint in ${printable(resume)} yet: training starts from the beginning`);
  return {
    steps: newest?.steps ?? 0,
    resume: newest ? { resume: newest.path } : {},
    checkpointers: path === undefined ? [] : [callbacks.checkpoint({ path, ...(every ? { every } : {}) })],
  };
}

/**
 * Whether `net` can be saved as `target`, found out before hours of training.
 * @throws ConfigError where its folder cannot be written to, or its format cannot be or cannot say this model
 */
export function checkTarget(net: Model, target: string): Promise<void> {
  return tryBeside("--save", target, (folder) => net.save(join(folder, basename(target))));
}

/**
 * Lets `write` try a folder of its own, where `target` shall be a file.
 * @throws ConfigError, naming `option`, where `target` is no file, or beside it nothing can be written
 */
export async function tryBeside(
  option: string,
  target: string,
  write: (folder: string) => Promise<void>,
): Promise<void> {
  if (target === "" || target.endsWith("/") || target.endsWith(sep)) {
    throw new ConfigError(`${option}: the name of a file expected, got ${JSON.stringify(target)}`);
  }
  const folder = dirname(await followLinks(target));
  const found = await stat(target).catch(() => undefined);
  if (found && !found.isFile()) {
    const kind = found.isDirectory() ? "a folder" : "no file";
    throw new ConfigError(`${option}: the name of a file expected, ${target} is ${kind}`);
  }
  let trial: string;
  try {
    trial = await mkdtemp(join(folder, ".neurone-"));
  } catch (cause) {
    throw new ConfigError(`${option}: ${folder} is no folder that can be written to`, { cause });
  }
  try {
    await write(trial);
  } finally {
    await rm(trial, { recursive: true });
  }
}

/** Saves what a training came to, unless it did not come to its end: a model that was there before may be a better one. */
export async function saveResult(net: Model, target: string, status: Status, say: (text: string) => void) {
  if (status !== "completed") {
    say(`not saved: the training ${status === "diverged" ? status : `was ${status}`}`);
    return {};
  }
  await net.save(target);
  say(`saved: ${printable(target)}`);
  return { saved: target };
}
