import { inflateSync } from "node:zlib";
import { FormatError } from "../index.js";
import { checkSize, type RgbaImage } from "./rgba.js";

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** With length, type and checksum. */
  readonly bytes: Uint8Array;
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly bitsPerPixel: number;
  readonly interlaced: boolean;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Channels and bit depths by colour type (PNG specification, 11.2.1). */
const COLOUR_TYPES: Readonly<Record<number, { readonly channels: number; readonly depths: readonly number[] }>> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};
/** Adam7's passes: first column and row, and the steps from one to the next (PNG specification, 8.1). */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
/** The chunks that a decoder must know (PNG specification, 11.2). */
const CRITICAL = ["IHDR", "PLTE", "IDAT", "IEND"];
const MOST_COLOURS = 256;
/** Deflate makes no more bytes of one (RFC 1951 by way of https://www.zlib.net/zlib_tech.html). */
const BEST_RATIO = 1032;

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/**
 * Decodes a PNG image of any colour type and depth, interlaced or not; 16 bits become 8.
 *
 * The decoder takes what it inflates for pixels even where that fails, knows no limit for interlaced images, and keeps
 * whatever chunks there are. So it gets an image of the chunks that count, whose pixels are known to be all there.
 * @throws FormatError for anything else
 */
export async function decodePng(bytes: Uint8Array, file: string): Promise<RgbaImage> {
  const chunks = readChunks(bytes, file);
  const header = readHeader(chunks[0] as Chunk, file);
  checkSize(header.width, header.height, file);
  checkPixels(
    chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data),
    header,
    file,
  );
  const { PNG } = await import("pngjs");
  try {
    const kept = [Uint8Array.from(SIGNATURE), ...chunks.map((chunk) => chunk.bytes)];
    const { width, height, data } = PNG.sync.read(Buffer.concat(kept));
    return { width, height, data };
  } catch (cause) {
    throw new FormatError(`${file}: a PNG image expected, but it is damaged or of a rare kind`, { cause });
  }
}

/** The chunks that a decoder must heed, IHDR first and IEND last. Whatever follows the image is left out. */
function readChunks(bytes: Uint8Array, file: string): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: Chunk[] = [];
  for (let offset = SIGNATURE.length; ; ) {
    const left = bytes.length - offset;
    const length = left < 12 ? 0 : view.getUint32(offset);
    if (left < 12 + length) {
      throw new FormatError(`${file}: a PNG chunk of ${12 + length} bytes expected at offset ${offset}, got ${left}`);
    }
    const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
    const data = bytes.subarray(offset + 8, offset + 8 + length);
    if (chunks.length === 0 && type !== "IHDR") {
      throw new FormatError(`${file}: a PNG header expected at offset ${offset}, got a chunk ${JSON.stringify(type)}`);
    }
    // A small first letter marks what a decoder need not know; of these only transparency changes the pixels.
    if (type === "tRNS" || /^[^a-z]/.test(type)) {
      if (type !== "tRNS" && !CRITICAL.includes(type)) {
        const expected = `a PNG chunk of ${CRITICAL.join(", ")} expected`;
        throw new FormatError(`${file}: ${expected}, got ${JSON.stringify(type)} at offset ${offset}`);
      }
      checkChunk(type, length, chunks, file);
      chunks.push({ type, data, bytes: bytes.subarray(offset, offset + 12 + length) });
    }
    if (type === "IEND") return chunks;
    offset += 12 + length;
  }
}

function checkChunk(type: string, length: number, before: readonly Chunk[], file: string): void {
  if (type !== "IDAT" && before.some((chunk) => chunk.type === type)) {
    throw new FormatError(`${file}: one PNG chunk ${JSON.stringify(type)} expected, got two`);
  }
  const most: Readonly<Record<string, number>> = { PLTE: 3 * MOST_COLOURS, tRNS: MOST_COLOURS };
  if (length > (most[type] ?? Infinity)) {
    throw new FormatError(`${file}: a PNG chunk ${type} of at most ${most[type]} bytes expected, got ${length}`);
  }
}

function readHeader({ data }: Chunk, file: string): Header {
  if (data.length !== 13) throw new FormatError(`${file}: a PNG header of 13 bytes expected, got ${data.length}`);
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const depth = view.getUint8(8);
  const code = view.getUint8(9);
  const colourType = COLOUR_TYPES[code];
  if (!colourType?.depths.includes(depth)) {
    throw new FormatError(`${file}: a PNG colour type with its bit depth expected, got type ${code}, ${depth} bits`);
  }
  return {
    width: view.getUint32(0),
    height: view.getUint32(4),
    bitsPerPixel: colourType.channels * depth,
    interlaced: view.getUint8(12) !== 0,
  };
}

/** Whether the compressed parts hold all pixels and no more. */
function checkPixels(parts: readonly Uint8Array[], header: Header, file: string): void {
  const expected = bytesOfPixels(header);
  const compressed = Buffer.concat(parts);
  const what = `${file}: ${expected} bytes of PNG pixels expected`;
  if (compressed.length * BEST_RATIO < expected) {
    throw new FormatError(`${what}, got ${compressed.length} compressed ones, which cannot be so many`);
  }
  let length: number;
  try {
    length = inflateSync(compressed, { maxOutputLength: expected }).length;
  } catch (cause) {
    throw new FormatError(`${what}, but the compressed data is damaged, cut short or holds more`, { cause });
  }
  if (length !== expected) throw new FormatError(`${what}, got ${length}`);
}

/** The pixels' bytes before compression: each row is filled up to whole bytes and begins with its filter's number. */
function bytesOfPixels({ width, height, bitsPerPixel, interlaced }: Header): number {
  const passes = interlaced ? PASSES : ([[0, 0, 1, 1]] as const);
  return passes.reduce((sum, [left, top, across, down]) => {
    const columns = Math.ceil((width - left) / across);
    const rows = Math.ceil((height - top) / down);
    return columns <= 0 || rows <= 0 ? sum : sum + rows * (1 + Math.ceil((columns * bitsPerPixel) / 8));
  }, 0);
}
