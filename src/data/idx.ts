import { checkInteger, checkSettings, show } from "../base/check.js";
import { ConfigError, FormatError } from "../base/errors.js";
import { formatShape, type Tensor } from "../base/tensor.js";
import { gunzip, isGzip } from "./gzip.js";

export type IdxData = Uint8Array | Int32Array | Float32Array;

export interface IdxOptions {
  /** What error messages call the file. Default "IDX data". */
  readonly file?: string;
  /** The most bytes that the file, decompressed, may have. Default 2^30. */
  readonly maxBytes?: number;
}

interface Header {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly bytes: number;
  /** Bytes of the whole file, as the header announces it. */
  readonly total: number;
}

interface ElementType {
  readonly name: string;
  readonly bytes: number;
  read(view: DataView, count: number, file: string): IdxData;
}

/** The format's element types by their code, and how each is read (big-endian). */
const TYPES: Readonly<Record<number, ElementType>> = {
  8: { name: "u8", bytes: 1, read: (view, n) => new Uint8Array(view.buffer, view.byteOffset, n).slice() },
  9: { name: "i8", bytes: 1, read: (view, n) => Int32Array.from({ length: n }, (_, i) => view.getInt8(i)) },
  11: { name: "i16", bytes: 2, read: (view, n) => Int32Array.from({ length: n }, (_, i) => view.getInt16(2 * i)) },
  12: { name: "i32", bytes: 4, read: (view, n) => Int32Array.from({ length: n }, (_, i) => view.getInt32(4 * i)) },
  13: { name: "f32", bytes: 4, read: (view, n) => Float32Array.from({ length: n }, (_, i) => view.getFloat32(4 * i)) },
  14: { name: "f64", bytes: 8, read: readF64 },
};

/**
 * Reads an IDX file (LeCun's format of MNIST), plain or compressed by gzip.
 * u8 stays `Uint8Array`; i8, i16 and i32 become `Int32Array`; f32 and, rounded, f64 become `Float32Array`.
 * Nothing is allocated that the file's own length does not vouch for; compressed data is read no
 * further than its header announces.
 * @throws FormatError for bytes that are no IDX file, too few or too many, saying at which offset
 * @throws ConfigError for `bytes` that are no Uint8Array
 */
export async function idx(bytes: Uint8Array, options: IdxOptions = {}): Promise<Tensor<IdxData>> {
  checkSettings("idx", options, ["file", "maxBytes"]);
  const file = options.file ?? "IDX data";
  const maxBytes = checkInteger("maxBytes", options.maxBytes ?? 2 ** 30, 4);
  if (!(bytes instanceof Uint8Array)) throw new ConfigError(`bytes must be a Uint8Array, got ${show(bytes)}`);
  const plain = isGzip(bytes) ? await decompress(bytes, file, maxBytes) : bytes;
  const header = readHeader(plain, file, maxBytes);
  if (plain.length !== header.total) {
    throw new FormatError(`${file}: ${describe(header)}, so ${header.total} bytes expected, got ${plain.length}`);
  }
  const view = new DataView(plain.buffer, plain.byteOffset + header.bytes, header.total - header.bytes);
  return { data: header.type.read(view, view.byteLength / header.type.bytes, file), shape: header.shape };
}

/** The decompressed file; it is left off one chunk past the length that its own header announces. */
async function decompress(bytes: Uint8Array, file: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let header: Header | undefined;
  for await (const chunk of gunzip(bytes, file)) {
    chunks.push(chunk);
    length += chunk.length;
    if (header === undefined && length >= 4 + 4 * 255) header = readHeader(join(chunks, length), file, maxBytes);
    if (header !== undefined && length > header.total) {
      throw new FormatError(`${file}: ${describe(header)}, so ${header.total} bytes expected, more came`);
    }
  }
  return join(chunks, length);
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.length;
  }
  return joined;
}

function readHeader(bytes: Uint8Array, file: string, maxBytes: number): Header {
  const [zero0, zero1, code, rank] = bytes;
  if (zero0 === undefined || zero1 === undefined || code === undefined || rank === undefined) {
    throw new FormatError(
      `${file}: a magic number of 4 bytes expected at offset 0, the file has ${bytes.length} bytes`,
    );
  }
  if (zero0 !== 0 || zero1 !== 0) {
    throw new FormatError(`${file}: magic number 00 00 expected at offset 0, got ${hex(zero0)} ${hex(zero1)}`);
  }
  const type = TYPES[code];
  if (type === undefined) {
    const known = Object.entries(TYPES).map(([key, { name }]) => `${hex(Number(key))} (${name})`);
    throw new FormatError(`${file}: element type ${known.join(", ")} expected at offset 2, got ${hex(code)}`);
  }
  if (rank === 0) throw new FormatError(`${file}: at least 1 dimension expected at offset 3, got 0`);
  const headerBytes = 4 + 4 * rank;
  if (bytes.length < headerBytes) {
    throw new FormatError(
      `${file}: ${rank} sizes expected up to offset ${headerBytes}, the file has ${bytes.length} bytes`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const shape: number[] = [];
  let total = type.bytes;
  for (let offset = 4; offset < headerBytes; offset += 4) {
    const size = view.getUint32(offset);
    if (size === 0) throw new FormatError(`${file}: a size of at least 1 expected at offset ${offset}, got 0`);
    shape.push(size);
    total *= size;
  }
  const header = { type, shape, bytes: headerBytes, total: headerBytes + total };
  if (header.total > maxBytes) {
    throw new FormatError(
      `${file}: ${describe(header)}, ${header.total} bytes; at most ${maxBytes} (maxBytes) expected`,
    );
  }
  return header;
}

function readF64(view: DataView, count: number, file: string): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const value = view.getFloat64(8 * i);
    if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) {
      throw new FormatError(`${file}: a number in f32's range expected as element ${i}, got ${value}`);
    }
    return value;
  });
}

function describe(header: Header): string {
  const shape = header.shape.length > 8 ? `${header.shape.length} dimensions` : formatShape(header.shape);
  return `the header announces ${header.type.name} ${shape}`;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
