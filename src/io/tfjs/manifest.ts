import { FormatError } from "../../base/errors.js";
import type { Json } from "../../base/json.js";
import { type Shape, sizeOf } from "../../base/tensor.js";
import type { WeightData } from "../model-data.js";
import { toFloat32 } from "../safetensors.js";
import { brief, SettingsReader } from "./settings.js";

/**
 * Bytes of an element by type, in tfjs-core 4.22, io/types.ts. Texts, whose lengths lie among the data, are no weights.
 */
const BYTES: Readonly<Record<string, number>> = {
  ...{ float32: 4, float16: 2, int32: 4, uint16: 2, uint8: 1, bool: 1, complex64: 8 },
};

/** With these no product of sizes passes what a number can hold. */
const MOST_AXES = 32;
const LARGEST_SIZE = 2 ** 31 - 1;

/** What a path may hold beside letters: nothing that a URL, or any system's path, takes for more than a name. */
const UNSAFE = /[\\:*?"<>|#%\p{Cc}]/u;

/** A weight as the manifest announces it. */
export interface StoredWeight {
  readonly name: string;
  readonly shape: Shape;
  /** Of its numbers, and of those that are stored for them. */
  readonly dtype: string;
  readonly storedDtype: string;
  /** How whole numbers that are stored become its own. */
  readonly scale: number;
  readonly min: number;
  readonly bytes: number;
  /** It belongs to an optimizer. */
  readonly isOptimizers: boolean;
}

/** Files that hold weights, one after the other. */
export interface WeightsGroup {
  readonly paths: readonly string[];
  readonly weights: readonly StoredWeight[];
}

/**
 * The groups of a model file's `weightsManifest`.
 * @throws FormatError, naming `file`, for anything else, and for paths that are no plain relative ones
 */
export function readManifest(data: Json | undefined, file: string): readonly WeightsGroup[] {
  const root = new SettingsReader(file, { weightsManifest: data ?? [] });
  const groups = root.list("weightsManifest").map((entry, i): WeightsGroup => {
    const what = `${file}: weightsManifest[${i}]`;
    const group = new SettingsReader(what, entry);
    const paths = group.list("paths").map((path) => readPath(path, what));
    return { paths, weights: group.list("weights").map((weight, j) => readWeight(weight, `${what}.weights[${j}]`)) };
  });
  checkDifferent(
    groups.flatMap(({ paths }) => paths),
    `${file}: file`,
  );
  checkDifferent(
    groups.flatMap(({ weights }) => weights.filter(({ isOptimizers }) => !isOptimizers).map(({ name }) => name)),
    `${file}: weight`,
  );
  return groups;
}

/**
 * The weights of the groups, an optimizer's left out. `readShard` is given paths relative to the model file.
 * @throws FormatError, naming `file`, where files hold more or fewer bytes than the manifest announces
 */
export async function readWeights(
  groups: readonly WeightsGroup[],
  readShard: (path: string) => Promise<Uint8Array>,
  file: string,
): Promise<readonly WeightData[]> {
  const all: WeightData[] = [];
  for (const { paths, weights } of groups) {
    const expected = weights.reduce((sum, { bytes }) => sum + bytes, 0);
    const data = await readShards(paths, expected, readShard, file);
    let at = 0;
    for (const weight of weights) {
      const { name, shape, bytes, isOptimizers } = weight;
      if (!isOptimizers) all.push({ name, shape, data: decode(weight, data.subarray(at, at + bytes), file) });
      at += bytes;
    }
  }
  return all;
}

async function readShards(
  paths: readonly string[],
  expected: number,
  readShard: (path: string) => Promise<Uint8Array>,
  file: string,
): Promise<Uint8Array> {
  const shards: Uint8Array[] = [];
  let got = 0;
  for (const path of paths) {
    const shard = await readShard(path);
    shards.push(shard);
    got += shard.length;
    if (got > expected) break;
  }
  if (got !== expected) {
    const files = paths.length > 3 ? `${paths.slice(0, 3).join(", ")}, ...` : paths.join(", ");
    throw new FormatError(
      `${file}: ${expected} bytes of weights expected in [${files}], got ${got > expected ? "more" : got}`,
    );
  }
  if (shards.length === 1) return shards[0] as Uint8Array;
  const joined = new Uint8Array(got);
  let at = 0;
  for (const shard of shards) {
    joined.set(shard, at);
    at += shard.length;
  }
  return joined;
}

/** A path without `./` before it. */
function readPath(path: Json, what: string): string {
  const plain = typeof path === "string" ? path.replace(/^\.\//, "") : "";
  const segments = plain.split("/");
  if (UNSAFE.test(plain) || segments.some((segment) => /^[. ]*$/.test(segment))) {
    throw new FormatError(`${what}: paths of files beside the model file or below expected, got ${brief(path)}`);
  }
  return plain;
}

function readWeight(entry: Json, what: string): StoredWeight {
  const reader = new SettingsReader(what, entry);
  const name = reader.text("name");
  const dtype = reader.text("dtype");
  const sizes = reader.list("shape");
  if (
    sizes.length > MOST_AXES ||
    !sizes.every((n) => Number.isInteger(n) && (n as number) >= 0 && (n as number) <= LARGEST_SIZE)
  ) {
    throw reader.error("shape", `at most ${MOST_AXES} whole sizes`);
  }
  const shape = sizes as Shape;
  const quantization = reader.has("quantization") ? reader.object("quantization") : undefined;
  const storedDtype = quantization?.text("dtype") ?? dtype;
  const elementBytes = Object.hasOwn(BYTES, storedDtype) ? BYTES[storedDtype] : undefined;
  if (elementBytes === undefined) {
    throw (quantization ?? reader).error("dtype", `a type of ${Object.keys(BYTES).join(", ")}`);
  }
  const isWhole = quantization !== undefined && /^uint/.test(storedDtype);
  return {
    name,
    shape,
    dtype,
    storedDtype,
    scale: isWhole ? quantization.number("scale") : 1,
    min: isWhole ? quantization.number("min") : 0,
    bytes: sizeOf(shape) * elementBytes,
    isOptimizers: reader.values["group"] === "optimizer",
  };
}

/** The numbers, as tfjs-core 4.22 decodes them: io/io_utils.ts, `decodeWeight`. */
function decode(weight: StoredWeight, bytes: Uint8Array, file: string): Float32Array {
  const { name, shape, dtype, storedDtype, scale, min } = weight;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = (count: number, at: (i: number) => number) =>
    Float32Array.from({ length: count }, (_, i) => at(i) * scale + min);
  if (dtype === "float32") {
    if (storedDtype === "float32") return toFloat32({ name, dtype: "F32", shape, bytes }, file);
    if (storedDtype === "float16") return toFloat32({ name, dtype: "F16", shape, bytes }, file);
    if (storedDtype === "uint8") return numbers(bytes.length, (i) => view.getUint8(i));
    if (storedDtype === "uint16") return numbers(bytes.length / 2, (i) => view.getUint16(2 * i, true));
  }
  const got = storedDtype === dtype ? dtype : `${dtype} stored as ${storedDtype}`;
  throw new FormatError(
    `${file}: weight ${brief(name)}: float32, stored as it is or as float16, uint8 or uint16, expected, got ${got}`,
  );
}

function checkDifferent(names: readonly string[], what: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new FormatError(`${what} ${brief(name)} expected once, got twice`);
    seen.add(name);
  }
}
