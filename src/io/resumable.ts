import { ConfigError, FormatError } from "../base/errors.js";
import { firstDifference, type Json } from "../base/json.js";
import { formatShape, type Shape, sameShape } from "../base/tensor.js";
import type { OpenedCheckpoint } from "./checkpoints.js";
import type { ModelData, WeightData } from "./model-data.js";

/** What a training is that shall go on from a checkpoint. */
export interface Resuming {
  readonly model: Omit<ModelData, "weights">;
  /** What must be as it was: settings by what errors call them. */
  readonly settings: Readonly<Record<keyof ReturnType<typeof settingsOf>, number | boolean>>;
  readonly logNames: readonly string[];
  /** How many epochs it shall have. */
  readonly epochs: number;
  readonly weights: readonly Place[];
  /** Those that the optimizer changes, and how many numbers it keeps for each of theirs. */
  readonly trained: readonly Place[];
  readonly slots: number;
  /** Steps an epoch, and how many sums it keeps. */
  readonly steps: number;
  readonly totals: number;
  /** How many numbers of an epoch's beginning it wants to know; 0 for none. */
  readonly theta: number;
}

interface Place {
  readonly name: string;
  readonly shape: Shape;
}

/**
 * Whether `checkpoint` is of this training, and whole. Throws `ConfigError`, saying where they differ, or `FormatError`.
 */
export function checkResumable({ path, model, run }: OpenedCheckpoint, resuming: Resuming): void {
  checkSameModel(path, model, resuming.model);
  for (const [what, kept] of Object.entries(settingsOf(run))) {
    const got = resuming.settings[what as keyof Resuming["settings"]];
    if (got !== kept) throw new ConfigError(`resume: ${path} was kept with ${what} ${kept}, this training has ${got}`);
  }
  const { epoch, step, history, slots, totals, theta, logNames } = run;
  const [kept, got] = [logNames, resuming.logNames].map((list) => list.join(", "));
  if (kept !== got) throw new ConfigError(`resume: ${path} was kept with the logs ${kept}; this training has ${got}`);
  const least = totals ? epoch + 1 : epoch;
  if (resuming.epochs < least) {
    throw new ConfigError(
      `resume: ${path} is in epoch ${least}: epochs of at least ${least} expected, got ${resuming.epochs}`,
    );
  }
  checkTensors(path, model.weights, resuming.weights);
  for (const slot of slots) checkTensors(path, slot, resuming.trained);
  const isWhole =
    slots.length === resuming.slots &&
    (epoch === 0 ? [] : logNames).join() === [...history.keys()].join() &&
    [...history.values()].every(({ length }) => length === epoch) &&
    step <= (totals ? resuming.steps : 0) &&
    (totals === undefined || totals.length === resuming.totals) &&
    (theta?.length ?? 0) === (totals ? resuming.theta : 0);
  if (!isWhole) throw new FormatError(`${path}: the state of the training is not whole`);
}

function settingsOf({ rows, batchSize, shuffle, callbacks }: OpenedCheckpoint["run"]) {
  return { examples: rows, batchSize, shuffle, "stateful callbacks": callbacks.length };
}

function checkSameModel(path: string, kept: ModelData, model: Resuming["model"]): void {
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as Json;
  const difference = firstDifference(plain(kept.architecture), plain(model.architecture), "architecture");
  if (difference !== undefined) throw new ConfigError(`resume: ${path} is of another model: ${difference}`);
  const names = firstDifference(plain(kept.metadata), plain(model.metadata), "metadata");
  if (names !== undefined) throw new ConfigError(`resume: ${path} is of other data: ${names}`);
  const other = firstDifference(kept.compile, model.compile && plain(model.compile), "compile");
  if (other !== undefined) throw new ConfigError(`resume: ${path} is of another training: ${other}`);
}

function checkTensors(path: string, weights: readonly WeightData[], places: readonly Place[]): void {
  const found = new Map(weights.map(({ name, shape }) => [name, shape]));
  for (const { name, shape } of places) {
    const got = found.get(name);
    if (got && sameShape(got, shape)) continue;
    throw new FormatError(`${path}: ${name} ${formatShape(shape)} expected, got ${got ? formatShape(got) : "nothing"}`);
  }
  if (found.size !== places.length)
    throw new FormatError(`${path}: ${places.length} tensors expected, got ${found.size}`);
}
