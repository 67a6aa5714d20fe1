import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { crc32, deflateSync, inflateSync } from "node:zlib";
import fc from "fast-check";
import { encode } from "jpeg-js";
import { decodeImage } from "../../src/cli/images.js";
import { type PngSettings, pngBytes } from "../cli/image-bytes.js";
import { type ByteEdit, byteEdit, editBytes, few, join, seldom } from "./bytes.js";
import { check, type Files, type Target } from "./target.js";

/** A file cut at its own seams: a PNG's signature and chunks, a JPEG's segments and scans. */
type Pieces = readonly Uint8Array[];

interface PieceEdit {
  readonly kind: "bytes" | "remove" | "repeat" | "swap" | "donate";
  readonly at: number;
  readonly other: number;
  readonly edit: ByteEdit;
}

const pieceEdit: fc.Arbitrary<PieceEdit> = fc.record({
  kind: fc.constantFrom("bytes", "bytes", "bytes", "remove", "repeat", "swap", "donate"),
  at: fc.nat(),
  other: fc.nat(),
  edit: byteEdit,
});

function editPieces(pieces: Pieces, { kind, at, other, edit }: PieceEdit, donor: Pieces): Pieces {
  const [i, j] = [at % pieces.length, other % pieces.length];
  const piece = pieces[i] as Uint8Array;
  if (kind === "bytes") return pieces.with(i, editBytes(piece, edit, pieces[j] as Uint8Array));
  if (kind === "remove") return pieces.filter((_, place) => place !== i);
  if (kind === "repeat") return pieces.toSpliced(i, 0, ...new Array<Uint8Array>(1 + (other % 3)).fill(piece));
  if (kind === "swap") return pieces.with(i, pieces[j] as Uint8Array).with(j, piece);
  return pieces.toSpliced(i, other % 2, donor[other % donor.length] as Uint8Array);
}

function named(bytes: Uint8Array): Files {
  return [{ name: "image", bytes }];
}

async function decode([file]: Files): Promise<void> {
  const { width, height, data } = await decodeImage((file as Files[number]).bytes, "file");
  check(data.length === 4 * width * height, `${data.length} bytes of ${width} x ${height} pixels`);
}

const pngSettings: fc.Arbitrary<PngSettings> = fc
  .record({
    width: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 9 }),
    kind: fc.constantFrom([0, 1], [0, 4], [0, 8], [0, 16], [2, 8], [2, 16], [3, 2], [3, 8], [4, 8], [6, 8], [6, 16]),
    interlaced: fc.boolean(),
    byte: fc.nat(3),
  })
  .map(({ width, height, kind: [colourType, depth], interlaced, byte }) => ({
    ...{ width, height, interlaced, colourType: colourType as number, depth: depth as number },
    samples: new Uint8Array(width * height * 4).fill(Math.min(byte, 2 ** (depth as number) - 1)),
    ...(colourType === 3 ? { palette: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], transparency: [0, 9] } : {}),
  }));

/** PNG files whose chunks are damaged, most of them under a checksum that is right; pixels also before they are compressed. */
export async function png(): Promise<Target> {
  const valid = fc.sample(pngSettings, { numRuns: 200, seed: 6 }).map(pngBytes);
  const files = valid.map(chunksOf);
  const cases = fc
    .record({
      at: fc.nat(),
      donor: fc.nat(),
      edits: few(pieceEdit),
      pixels: seldom(byteEdit),
      raw: seldom(byteEdit),
    })
    .map(({ at, donor, edits, pixels, raw }): Files => {
      let chunks: Pieces = files[at % files.length] as Pieces;
      for (const edit of edits) chunks = editPieces(chunks, edit, files[donor % files.length] as Pieces);
      if (pixels) chunks = chunks.map((chunk) => withPixels(chunk, pixels));
      const bytes = join(SIGNATURE, ...chunks.map(toChunk));
      return named(raw ? editBytes(bytes, raw, bytes) : bytes);
    });
  return { valid: valid.map(named), cases, read: decode };
}

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);

/** Types and contents, without lengths and checksums. */
function chunksOf(bytes: Uint8Array): Pieces {
  const chunks: Uint8Array[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at < bytes.length; at += 12 + view.getUint32(at)) {
    chunks.push(bytes.subarray(at + 4, at + 8 + view.getUint32(at)));
  }
  return chunks;
}

function toChunk(body: Uint8Array): Uint8Array {
  const ends = new DataView(new ArrayBuffer(8));
  ends.setUint32(0, Math.max(0, body.length - 4));
  ends.setUint32(4, crc32(body));
  return join(new Uint8Array(ends.buffer, 0, 4), body, new Uint8Array(ends.buffer, 4, 4));
}

function withPixels(chunk: Uint8Array, edit: ByteEdit): Uint8Array {
  if (!new TextDecoder().decode(chunk).startsWith("IDAT")) return chunk;
  try {
    const pixels = new Uint8Array(inflateSync(chunk.subarray(4)));
    return join(chunk.subarray(0, 4), new Uint8Array(deflateSync(editBytes(pixels, edit, pixels))));
  } catch {
    // It is damaged already.
    return chunk;
  }
}

const photos = fileURLToPath(new URL("../fixtures/images/", import.meta.url));

/** JPEG files whose segments and scans are damaged, moved and repeated. */
export async function jpeg(): Promise<Target> {
  const others = ["grey", "progressive", "restarts", "rgb"].map((name) => readFileSync(`${photos}${name}.jpg`));
  const own = [1, 8, 17].map((side) => {
    const data = Uint8Array.from({ length: side * side * 4 }, (_, i) => (i * 37) % 256);
    return encode({ width: side, height: side, data }, 60).data;
  });
  const valid = [...others, ...own].map((bytes) => new Uint8Array(bytes));
  const files = valid.map(segmentsOf);
  const cases = fc
    .record({
      at: fc.nat(),
      donor: fc.nat(),
      edits: few(pieceEdit),
      raw: seldom(byteEdit),
    })
    .map(({ at, donor, edits, raw }): Files => {
      let segments: Pieces = files[at % files.length] as Pieces;
      for (const edit of edits) segments = editPieces(segments, edit, files[donor % files.length] as Pieces);
      const bytes = join(...segments);
      return named(raw ? editBytes(bytes, raw, bytes) : bytes);
    });
  return { valid: valid.map(named), cases, read: decode };
}

/** From one marker to the next; a scan's data are a piece of their own. */
function segmentsOf(bytes: Uint8Array): Pieces {
  const starts = [0];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at < bytes.length - 2; ) {
    starts.push(at);
    const isScan = bytes[at + 1] === 0xda;
    at += 2 + view.getUint16(at + 2);
    if (!isScan) continue;
    starts.push(at);
    while (bytes[at] !== 0xff || bytes[at + 1] === 0 || ((bytes[at + 1] as number) & 0xf8) === 0xd0) at++;
  }
  starts.push(bytes.length - 2);
  return starts.map((start, i) => bytes.subarray(start, starts[i + 1]));
}
