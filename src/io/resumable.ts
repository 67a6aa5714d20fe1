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
  const { epoch, step, history, slots, totals, theta } = run;
  const { logNames } = resuming;
  const names = epoch === 0 ? logNames : [...history.keys()];
  if (names.join() !== logNames.join()) {
    const [kept, got] = [names, logNames].map((list) => list.join(", "));
    throw new ConfigError(`resume: ${path} was kept with the logs ${kept}; this training has ${got}`);
  }
  checkTensors(path, model.weights, resuming.weights);
  for (const slot of slots) checkTensors(path, slot, resuming.trained);
  const isWhole =
    slots.length === resuming.slots &&
    [...history.values()].every(({ length }) => length === epoch) &&
    step < resuming.steps &&
    (totals?.length ?? 0) === (step > 0 ? resuming.totals : 0) &&
    (theta?.length ?? 0) === (step > 0 ? resuming.theta : 0);
  if (!isWhole) throw new FormatError(`${path}: the state of the training is not whole`);
}

function settingsOf({ rows, batchSize, shuffle, callbacks }: OpenedCheckpoint["run"]) {
  return { examples: rows, batchSize, shuffle, "callbacks with a state": callbacks.length };
}

function checkSameModel(path: string, kept: ModelData, model: Resuming["model"]): void {
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as Json;
  const difference = firstDifference(plain(kept.architecture), plain(model.architecture), "architecture");
  if (difference !== undefined) throw new ConfigError(`resume: ${path} is of another model: ${difference}`);
  if (model.compile === undefined || kept.compile === undefined) return;
  const other = firstDifference(kept.compile, plain(model.compile), "compile");
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
