import { ConfigError, FormatError } from "../base/errors.js";
import { isJsonObject, type Json, parseJson } from "../base/json.js";
import { formatShape, type Shape } from "../base/tensor.js";

/*
 * safetensors (https://github.com/huggingface/safetensors): the header's length as u64, little-endian; the header, JSON, padded with
 * spaces; the tensors' bytes, one after the other without holes.
 */

/** Bits of an element by type, as the format names them. */
const BITS: Readonly<Record<string, number>> = {
  ...{ BOOL: 8, U8: 8, I8: 8, F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8, F4: 4, F6_E2M3: 6, F6_E3M2: 6 },
  ...{ U16: 16, I16: 16, F16: 16, BF16: 16, U32: 32, I32: 32, F32: 32, U64: 64, I64: 64, F64: 64, C64: 64 },
};
/** A header of this many bytes names some hundred thousand tensors; the format itself allows 100 MB. */
const LONGEST_HEADER = 2 ** 24;
const MOST_TENSORS = 2 ** 16;
const MOST_AXES = 32;
/** Headers end at a multiple of this, so that every tensor may lie aligned. */
const ALIGNMENT = 8;

/** How numbers of other types than F32 are read. */
const READERS: Readonly<Record<string, (view: DataView, offset: number) => number>> = {
  F64: (view, at) => view.getFloat64(at, true),
  F16: (view, at) => half(view.getUint16(at, true)),
  BF16: (view, at) => brain(view.getUint16(at, true)),
  BOOL: (view, at) => view.getUint8(at),
  U8: (view, at) => view.getUint8(at),
  I8: (view, at) => view.getInt8(at),
  U16: (view, at) => view.getUint16(at, true),
  I16: (view, at) => view.getInt16(at, true),
  U32: (view, at) => view.getUint32(at, true),
  I32: (view, at) => view.getInt32(at, true),
  U64: (view, at) => Number(view.getBigUint64(at, true)),
  I64: (view, at) => Number(view.getBigInt64(at, true)),
};

/** A tensor as the file holds it. */
export interface RawTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: Shape;
  /** A view of the file's bytes, little-endian and row-major. */
  readonly bytes: Uint8Array;
}

export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>;
  /** In the order of their bytes. */
  readonly tensors: readonly RawTensor[];
}

/**
 * Reads a file of safetensors. Nothing is copied: tensors are views of `bytes`.
 * @throws FormatError, naming `file`, for bytes that break a rule of the format
 */
export function readSafetensors(bytes: Uint8Array, file: string): Safetensors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) {
    throw new FormatError(`${file}: the length of the header, 8 bytes, expected, the file has ${bytes.length} bytes`);
  }
  const announced = view.getBigUint64(0, true);
  const most = Math.min(LONGEST_HEADER, bytes.length - 8);
  if (announced > BigInt(most)) {
    throw new FormatError(`${file}: a header of at most ${most} bytes expected, ${announced} announced`);
  }
  const start = 8 + Number(announced);
  const header = bytes.subarray(8, start);
  if (header[0] !== 0x7b) throw new FormatError(`${file}: a header that begins with { expected at offset 8`);
  const parsed = parseJson(header, `${file}: header`) as { readonly [name: string]: Json };
  const { __metadata__: metadata, ...entries } = parsed;
  const names = Object.keys(entries);
  if (names.length > MOST_TENSORS) {
    throw new FormatError(`${file}: at most ${MOST_TENSORS} tensors expected, got ${names.length}`);
  }
  const data = bytes.subarray(start);
  const places = names.map((name) => readEntry(name, entries[name], data.length, file));
  places.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const place of places) {
    if (place.begin !== end) {
      throw new FormatError(
        `${file}: tensor ${quote(place.name)}: data from offset ${end} on expected, got ${place.begin}`,
      );
    }
    end = place.end;
  }
  if (end !== data.length) {
    throw new FormatError(`${file}: the tensors end at offset ${end} of the data, which has ${data.length} bytes`);
  }
  const tensors = places.map(({ begin, end, ...tensor }) => ({ ...tensor, bytes: data.subarray(begin, end) }));
  return { metadata: readTexts(metadata, file), tensors };
}

/**
 * The file of `tensors`, their bytes in this order, with texts about them. Throws `ConfigError` for what no file can say, so that what is
 * written can be read.
 */
export function writeSafetensors(
  tensors: readonly RawTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const names = new Set(tensors.map(({ name }) => name));
  const isUnique = names.size === tensors.length && !names.has("__metadata__") && !names.has("__proto__");
  if (!isUnique || tensors.length > MOST_TENSORS) {
    throw new ConfigError(
      `a file holds at most ${MOST_TENSORS} tensors with names of their own, got ${tensors.length}`,
    );
  }
  let end = 0;
  const entries = tensors.map(({ name, dtype, shape, bytes }): [string, Json] => {
    if (shape.length > MOST_AXES) {
      throw new ConfigError(`tensor ${quote(name)}: at most ${MOST_AXES} axes expected, got ${shape.length}`);
    }
    const begin = end;
    end += bytes.length;
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries([["__metadata__", metadata], ...entries])));
  const padded = Math.ceil(header.length / ALIGNMENT) * ALIGNMENT;
  if (padded > LONGEST_HEADER) {
    throw new ConfigError(`what a file says of its tensors takes at most ${LONGEST_HEADER} bytes, got ${padded}`);
  }
  const file = new Uint8Array(8 + padded + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.fill(0x20, 8 + header.length, 8 + padded);
  file.set(header, 8);
  let at = 8 + padded;
  for (const { bytes } of tensors) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

/**
 * A tensor's numbers as f32: F64 and integers rounded, F16 and BF16 exactly.
 * @throws FormatError, naming `file`, for types of less than 8 bits, 8-bit floats and complex numbers
 */
export function toFloat32(tensor: RawTensor, file: string): Float32Array<ArrayBuffer> {
  const { name, dtype, bytes } = tensor;
  // A copy: the file's numbers need not be aligned.
  if (dtype === "F32") return new Float32Array(new Uint8Array(bytes).buffer);
  const read = Object.hasOwn(READERS, dtype) ? READERS[dtype] : undefined;
  if (!read) {
    const known = ["F32", ...Object.keys(READERS)].join(", ");
    throw new FormatError(`${file}: tensor ${quote(name)}: a type of ${known} expected, got ${dtype}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = (BITS[dtype] as number) / 8;
  return Float32Array.from({ length: bytes.length / size }, (_, i) => read(view, i * size));
}

/** A tensor of f32 numbers. */
export function fromFloat32(name: string, shape: Shape, data: Float32Array): RawTensor {
  return { name, dtype: "F32", shape, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

interface Place extends Omit<RawTensor, "bytes"> {
  readonly begin: number;
  readonly end: number;
}

function readEntry(name: string, entry: Json | undefined, length: number, file: string): Place {
  const what = `${file}: tensor ${quote(name)}`;
  const keys = isJsonObject(entry) ? Object.keys(entry).sort().join() : undefined;
  if (!isJsonObject(entry) || keys !== "data_offsets,dtype,shape") {
    throw new FormatError(`${what}: an object with dtype, shape and data_offsets expected`);
  }
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== "string" || !Object.hasOwn(BITS, dtype)) {
    throw new FormatError(`${what}: a type of ${Object.keys(BITS).join(", ")} expected, got ${JSON.stringify(dtype)}`);
  }
  if (!isCounts(shape) || shape.length > MOST_AXES) {
    throw new FormatError(`${what}: a shape of at most ${MOST_AXES} whole numbers expected`);
  }
  if (!isCounts(offsets) || offsets.length !== 2) throw new FormatError(`${what}: two data_offsets expected`);
  const [begin, end] = offsets as readonly [number, number];
  if (begin > end || end > length) {
    throw new FormatError(`${what}: data_offsets within the ${length} bytes of data expected, got ${begin} to ${end}`);
  }
  // With BigInt, since a product of sizes may pass what a number counts exactly.
  const bits = shape.reduce((product, size) => product * BigInt(size), BigInt(BITS[dtype] as number));
  if (bits !== BigInt(end - begin) * 8n) {
    throw new FormatError(`${what}: ${dtype} ${formatShape(shape)} does not take ${end - begin} bytes`);
  }
  return { name, dtype, shape, begin, end };
}

function isCounts(value: Json | undefined): value is readonly number[] {
  return Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && (count as number) >= 0);
}

function readTexts(metadata: Json | undefined, file: string): Readonly<Record<string, string>> {
  if (metadata === undefined) return {};
  if (!isJsonObject(metadata) || !Object.values(metadata).every((text) => typeof text === "string")) {
    throw new FormatError(`${file}: __metadata__: an object of texts expected`);
  }
  return metadata as Readonly<Record<string, string>>;
}

/** IEEE 754's 16-bit number of these bits: sign, 5 bits of exponent, 10 of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const single = new DataView(new ArrayBuffer(4));

/** The f32 number of which these are the upper 16 bits. */
function brain(bits: number): number {
  single.setUint32(0, bits << 16);
  return single.getFloat32(0);
}

function quote(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 57)}...` : name);
}
