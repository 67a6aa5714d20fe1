import { checkInteger, checkPositive, checkSettings, show } from "../base/check.js";
import { ConfigError } from "../base/errors.js";
import type { CheckpointFolder, RunState } from "../io/index.js";
import type { ModelData } from "../io/model-data.js";

/** How often: every so many steps, epochs or seconds; one of them. */
export type Interval = { readonly steps: number } | { readonly epochs: number } | { readonly seconds: number };

export interface CheckpointConfig {
  /** A folder; it is made where it is missing. */
  readonly path: string;
  /** Default `{ epochs: 1 }`. */
  readonly every?: Interval;
  /** How many checkpoints are kept, the newest ones. Default 3. */
  readonly keep?: number;
}

/** What `fit` asks, between steps, whether the run shall be kept, and gives it to. */
export interface Checkpointer {
  /** Before the first step, with what is to be kept as it is then; `from` is the checkpoint where the run goes on. May refuse. */
  begin(model: ModelData, run: RunState, from: string | undefined): Promise<void>;
  /** How many more steps may pass before it is asked whether a checkpoint is due. */
  stepsLeft(steps: number): number;
  /** After `steps` steps since `compile`; at the end of an epoch `epochs` are over. */
  isDue(steps: number, epochs?: number): boolean;
  keep(model: ModelData, run: RunState): Promise<void>;
}

/** Keeps runs in a folder. Throws `ConfigError` for settings that cannot be used. */
export function folderCheckpointer(config: CheckpointConfig): Checkpointer {
  const { path, every = { epochs: 1 }, keep = 3 } = checkSettings("checkpoint", config, ["path", "every", "keep"]);
  if (typeof path !== "string" || path === "") {
    throw new ConfigError(`checkpoint: path must be the path of a folder, got ${show(path)}`);
  }
  checkInteger("checkpoint: keep", keep, 1);
  const { steps, epochs, seconds } = checkInterval(every);
  let folder: CheckpointFolder | undefined;
  let keptAt = 0;
  return {
    async begin(model, run, from) {
      folder = await (await import("../io/index.js")).openCheckpointFolder(path, keep);
      await folder.begin(model, run, from);
      keptAt = performance.now();
    },
    stepsLeft: (done) => (steps === undefined ? Infinity : steps - (done % steps)),
    isDue(done, over) {
      if (steps !== undefined) return done % steps === 0;
      if (seconds !== undefined) return performance.now() - keptAt >= seconds * 1000;
      return over !== undefined && over % (epochs as number) === 0;
    },
    async keep(model, run) {
      await folder?.write(model, run);
      keptAt = performance.now();
    },
  };
}

function checkInterval(every: Interval): { steps?: number; epochs?: number; seconds?: number } {
  const { steps, epochs, seconds }: { steps?: number; epochs?: number; seconds?: number } = checkSettings(
    "checkpoint: every",
    every,
    ["steps", "epochs", "seconds"],
  );
  const given = [steps, epochs, seconds].filter((length) => length !== undefined);
  if (given.length !== 1)
    throw new ConfigError("checkpoint: every must be { steps }, { epochs } or { seconds }, one of them");
  if (steps !== undefined) return { steps: checkInteger("checkpoint: every.steps", steps, 1) };
  if (epochs !== undefined) return { epochs: checkInteger("checkpoint: every.epochs", epochs, 1) };
  return { seconds: checkPositive("checkpoint: every.seconds", seconds) };
}
