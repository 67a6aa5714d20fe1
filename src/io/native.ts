import { ConfigError, FormatError } from "../base/errors.js";
import { isJsonObject, type Json, parseJsonText } from "../base/json.js";
import { readArchitecture, readMetadata } from "./architecture.js";
import { hasChecksum, verifyChecksum, withChecksum } from "./checksum.js";
import type { ModelData, WeightData } from "./model-data.js";
import { type RunState, readRunState, writeRunState } from "./run-state.js";
import {
  fromFloat32,
  type RawTensor,
  readSafetensors,
  type Safetensors,
  toFloat32,
  writeSafetensors,
} from "./safetensors.js";

import { TRAINING } from "./training-data.js";

/*
 * neurone's own file: safetensors whose weights have their own names and whose metadata has an entry `neurone`, JSON. A
 * checkpoint is such a file with more tensors, an entry `training` in the JSON, and a checksum. docs/formats.md has it byte by byte.
 */

const FLOATS = ["F32", "F64", "F16", "BF16"];

/** Grows when an older neurone would read a file wrongly. */
const VERSION = 1;

/** The file of a model. Throws `ConfigError` for a layer name that the format keeps for itself. */
export function writeNative(model: ModelData): Uint8Array<ArrayBuffer> {
  return writeSafetensors(model.weights.map(weightTensor), { neurone: describe(model) });
}

/** The file of a checkpoint, with a checksum. */
export function writeCheckpoint(model: ModelData, run: RunState): Promise<Uint8Array<ArrayBuffer>> {
  const { state, tensors } = writeRunState(run);
  // Numbers of 8 bytes lie first, so that all lie aligned.
  const sorted = [...tensors].sort((a, b) => Number(b.dtype === "F64") - Number(a.dtype === "F64"));
  return withChecksum((checksum) =>
    writeSafetensors([...sorted, ...model.weights.map(weightTensor)], { checksum, neurone: describe(model, state) }),
  );
}

/**
 * The model in a file of neurone's own, a checkpoint too.
 * @throws FormatError, naming `file`, for bytes that are none, for a newer version, and for a checkpoint that is damaged
 */
export async function readNative(bytes: Uint8Array, file: string): Promise<ModelData> {
  const isSigned = hasChecksum(bytes);
  if (isSigned) await verifyChecksum(bytes, file);
  const safetensors = readSafetensors(bytes, file);
  // A checkpoint without a checksum is damaged where that stood.
  if (!isSigned && readEntry(safetensors, file)["training"] !== undefined) await verifyChecksum(bytes, file);
  return readModel(safetensors, file);
}

/** Model and training state in a checkpoint. Throws `FormatError` as `readNative` does, and for a file that is no checkpoint. */
export async function readCheckpoint(bytes: Uint8Array, file: string): Promise<{ model: ModelData; run: RunState }> {
  await verifyChecksum(bytes, file);
  const safetensors = readSafetensors(bytes, file);
  const { training: state } = readEntry(safetensors, file);
  if (state === undefined) throw new FormatError(`${file}: the state of a training expected, got a model only`);
  const tensors = safetensors.tensors.filter(({ name }) => name.startsWith(TRAINING));
  return { model: readModel(safetensors, file), run: readRunState({ state, tensors }, file) };
}

/** The model that parsed safetensors hold. */
function readModel(safetensors: Safetensors, file: string): ModelData {
  const { architecture, compile, metadata } = readEntry(safetensors, file);
  const weights = safetensors.tensors
    .filter(({ name }) => !name.startsWith(TRAINING))
    .map((tensor) => readWeight(tensor, file));
  return {
    architecture: readArchitecture(architecture, file),
    weights,
    ...(compile === undefined ? {} : { compile }),
    metadata: readMetadata(metadata, file),
  };
}

/** A weight; other programs may have made F16 or F64 of it. */
function readWeight(tensor: RawTensor, file: string): WeightData {
  const { name, dtype, shape } = tensor;
  if (!FLOATS.includes(dtype)) {
    throw new FormatError(`${file}: tensor ${JSON.stringify(name)}: F32, F64, F16 or BF16 expected, got ${dtype}`);
  }
  return { name, shape, data: toFloat32(tensor, file) };
}

function weightTensor({ name, shape, data }: WeightData): RawTensor {
  if (name.startsWith(TRAINING)) {
    throw new ConfigError(
      `the name of a layer must not begin with "${TRAINING}" where a file shall hold it, got ${name}`,
    );
  }
  return fromFloat32(name, shape, data);
}

function describe({ architecture, compile, metadata }: ModelData, training?: Json): string {
  return JSON.stringify({ version: VERSION, architecture, compile, metadata, training });
}

function readEntry({ metadata }: Safetensors, file: string): { readonly [key: string]: Json } {
  if (!Object.hasOwn(metadata, "neurone")) {
    throw new FormatError(
      `${file}: tensors without a network; load them with loadWeights and give them to a model by setWeights`,
    );
  }
  const entry = parseJsonText(metadata["neurone"] as string, `${file}: metadata of neurone`);
  if (!isJsonObject(entry)) throw new FormatError(`${file}: metadata of neurone: an object expected`);
  const { version } = entry;
  if (version !== VERSION) {
    const newer = typeof version === "number" && version > VERSION ? "; a newer neurone wrote it" : "";
    throw new FormatError(`${file}: version ${VERSION} of the format expected, got ${JSON.stringify(version)}${newer}`);
  }
  const known = ["version", "architecture", "compile", "metadata", "training"];
  const unknown = Object.keys(entry).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new FormatError(`${file}: metadata of neurone: unknown entry ${JSON.stringify(unknown)}`);
  return entry;
}
