import { lookUp, show } from "../base/check.js";
import { ConfigError, FormatError } from "../base/errors.js";
import { hasChecksum, verifyChecksum } from "./checksum.js";
import type { FileInfo, ModelData, WeightData } from "./model-data.js";
import { readNative, writeNative } from "./native.js";
import { readSafetensors, toFloat32 } from "./safetensors.js";
import { baseName, keep, type NamedBytes, type OpenedFile, open, type Source } from "./storage.js";
import { TRAINING } from "./training-data.js";

/** How a file says a model: neurone's own safetensors, ONNX, or a layers model of TensorFlow.js. */
export type Format = "safetensors" | "onnx" | "tfjs";

export interface LoadOptions {
  /** Default: what the name's extension or the first bytes say. */
  readonly format?: Format;
  /** Gives up fetching an address: `load` rejects with its reason. */
  readonly signal?: AbortSignal;
}

export interface WriteOptions extends Pick<LoadOptions, "format"> {
  /** ONNX only: an output `class` more, the id of the greatest score. Default false. */
  readonly classOutput?: boolean;
}

const FORMATS: Readonly<Record<Format, Format>> = { safetensors: "safetensors", onnx: "onnx", tfjs: "tfjs" };
const EXTENSIONS: Readonly<Record<string, Format>> = { safetensors: "safetensors", onnx: "onnx", json: "tfjs" };
const MODEL_JSON = "model.json";
/** What ONNX files begin with: the field of their version. */
const IR_VERSION = 0x08;

/** Writes `model` to `target`, whole or not at all. Throws `ConfigError` or `StorageError`. */
export async function writeModel(model: ModelData, target: string | URL, options: WriteOptions): Promise<void> {
  const name = baseName(String(target));
  await keep(target, await encode(model, options.format ?? formatOfName(name), name, options));
}

/** The bytes of `model`: one file's, or for TensorFlow.js those of each file by its name. */
export async function modelBytes(
  model: ModelData,
  options: WriteOptions,
): Promise<Uint8Array<ArrayBuffer> | NamedBytes> {
  const format = options.format ?? "safetensors";
  const files = await encode(model, format, MODEL_JSON, options);
  if (format === "tfjs") return Object.fromEntries(files.map(({ name, bytes }) => [name, bytes]));
  return files[0]?.bytes as Uint8Array<ArrayBuffer>;
}

/** Reads a model, and tells what errors call its file. Throws `FormatError` or `ConfigError`. */
export async function readModelFrom(source: Source, options: LoadOptions): Promise<{ model: ModelData; file: string }> {
  const opened = await open(source, options.signal);
  const file = baseName(opened.name);
  return { model: await decode(opened, formatOf(opened, options), file), file };
}

/** The tensors of a file of safetensors, as f32, whatever it is a file of. Throws `FormatError` or `ConfigError`. */
export async function readTensors(source: Source): Promise<WeightData[]> {
  const { name, bytes } = await open(source);
  const file = baseName(name);
  if (hasChecksum(bytes)) await verifyChecksum(bytes, file);
  const weights = readSafetensors(bytes, file).tensors.filter((tensor) => !tensor.name.startsWith(TRAINING));
  return weights.map((tensor) => ({ name: tensor.name, shape: tensor.shape, data: toFloat32(tensor, file) }));
}

/** What a file holds, and the model that it says, or why it says none. */
export interface LookedInto {
  readonly file: string;
  readonly info: FileInfo;
  readonly model?: ModelData;
}

/** What a file holds, also one that neurone cannot make a model of. Throws `FormatError` or `ConfigError`. */
export async function lookInto(source: Source, options: LoadOptions): Promise<LookedInto> {
  const opened = await open(source, options.signal);
  const file = baseName(opened.name);
  const format = formatOf(opened, options);
  const info = await look(opened.bytes, format, file);
  // Tensors alone, as other programs write them, are no network that went wrong.
  if (format === "safetensors" && !Object.hasOwn(info.metadata, "neurone")) return { file, info };
  try {
    return { file, info, model: await decode(opened, format, file) };
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof ConfigError)) throw error;
    return { file, info: { ...info, unsupported: error.message } };
  }
}

async function look(bytes: Uint8Array, format: Format, file: string): Promise<FileInfo> {
  if (format === "onnx") return (await import("./onnx/index.js")).inspectOnnx(bytes, file);
  if (format === "tfjs") return (await import("./tfjs/index.js")).inspectTfjs(bytes, file);
  const { metadata, tensors } = readSafetensors(bytes, file);
  return { format, tensors: tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape })), metadata };
}

async function decode({ bytes, sibling }: OpenedFile, format: Format, file: string): Promise<ModelData> {
  if (format === "onnx") return (await import("./onnx/index.js")).readOnnx(bytes, file);
  if (format === "tfjs") return (await import("./tfjs/index.js")).readTfjs(bytes, sibling, file);
  return readNative(bytes, file);
}

async function encode(model: ModelData, format: Format, name: string, options: WriteOptions) {
  const { classOutput } = options;
  lookUp("format", format, FORMATS);
  if (classOutput && format !== "onnx")
    throw new ConfigError(`save: classOutput is for the format onnx, got ${format}`);
  if (format === "onnx") {
    const { writeOnnx } = await import("./onnx/index.js");
    return [{ name, bytes: writeOnnx(model, classOutput ? { classOutput } : {}) }];
  }
  if (format === "tfjs") return (await import("./tfjs/index.js")).writeTfjs(model, name);
  return [{ name, bytes: writeNative(model) }];
}

function formatOf({ name, bytes }: OpenedFile, { format }: LoadOptions): Format {
  if (format !== undefined) return lookUp("format", format, FORMATS);
  const extension = extensionOf(name.replace(/[?#].*$/, ""));
  if (extension !== undefined && Object.hasOwn(EXTENSIONS, extension)) return EXTENSIONS[extension] as Format;
  // JSON begins with its brace, safetensors with a length and then a brace, and protobuf with a field.
  if (bytes[0] === 0x7b) return "tfjs";
  if (bytes[8] === 0x7b) return "safetensors";
  if (bytes[0] === IR_VERSION) return "onnx";
  const begin = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const got = bytes.length === 0 ? "no bytes" : `${bytes.length} bytes that begin with ${begin}`;
  throw new FormatError(`${baseName(name)}: a file of safetensors, ONNX or TensorFlow.js expected, got ${got}`);
}

/** The format to write under this name: neurone's own where it says none. */
function formatOfName(name: string): Format {
  const extension = extensionOf(name);
  if (extension === undefined) return "safetensors";
  if (Object.hasOwn(EXTENSIONS, extension)) return EXTENSIONS[extension] as Format;
  const known = Object.keys(EXTENSIONS).map((one) => `.${one}`);
  throw new ConfigError(`save: a name that ends with ${known.join(", ")}, or a format, expected, got ${show(name)}`);
}

function extensionOf(name: string): string | undefined {
  return /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase();
}
