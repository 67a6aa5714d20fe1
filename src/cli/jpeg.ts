import { FormatError } from "../index.js";
import { checkSize, MOST_PIXELS, type RgbaImage } from "./rgba.js";

/** What the walk through a file has found so far. */
interface Findings {
  /** What the decoder needs of the file, and nothing else. */
  readonly parts: Uint8Array[];
  /** Width times height, once the frame was there. */
  pixels?: number;
  /** 0: the three channels are red, green and blue, not luminance and colour differences (Adobe's APP14). */
  transform?: number;
  scans: number;
  /** Bytes of entropy-coded data. */
  coded: number;
  quantizationTables: number;
}

/** Markers by their second byte (ITU-T T.81, table B.1). */
const Marker = {
  SOF0: 0xc0,
  SOF2: 0xc2,
  DHT: 0xc4,
  SOI: 0xd8,
  EOI: 0xd9,
  SOS: 0xda,
  DQT: 0xdb,
  DRI: 0xdd,
  APP0: 0xe0,
  APP14: 0xee,
  APP15: 0xef,
  COM: 0xfe,
} as const;
const ADOBE = [0x41, 0x64, 0x6f, 0x62, 0x65];
/** A progressive image of 16 million pixels has 16 scans at most, a smaller one more: each passes over all pixels. */
const MOST_SCANNED = 16 * MOST_PIXELS;
const MOST_SCANS = 256;
/** Four are in use at a time. */
const MOST_QUANTIZATION_TABLES = 16;
const MOST_MEGABYTES = 512;

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === Marker.SOI && bytes[2] === 0xff;
}

/**
 * Decodes a JPEG image: baseline, extended or progressive Huffman-coded, 8 bits a sample.
 *
 * The decoder reads past the ends of segments and of the file, takes up again wherever it finds a marker, and scans as
 * often as it is told to. So it gets segments only whose lengths fit what they hold, a scan's data up to the next
 * marker, and an end.
 * @throws FormatError for anything else
 */
export async function decodeJpeg(bytes: Uint8Array, file: string): Promise<RgbaImage> {
  const { parts, transform } = walk(bytes, file);
  const { decode } = await import("jpeg-js");
  try {
    const { width, height, data } = decode(Buffer.concat(parts), {
      useTArray: true,
      formatAsRGBA: true,
      tolerantDecoding: false,
      maxResolutionInMP: MOST_PIXELS / 1e6,
      maxMemoryUsageInMB: MOST_MEGABYTES,
      ...(transform === 0 ? { colorTransform: false } : {}),
    });
    return { width, height, data };
  } catch (cause) {
    throw new FormatError(`${file}: a JPEG image expected, but it is damaged or of a rare kind`, { cause });
  }
}

function walk(bytes: Uint8Array, file: string): Findings {
  const found: Findings = { parts: [bytes.subarray(0, 2)], scans: 0, coded: 0, quantizationTables: 0 };
  for (let offset = 2; ; ) {
    if (bytes[offset] !== 0xff) throw cutOrNot(bytes, offset, file);
    // Any number of them may fill the room before a marker.
    while (bytes[offset + 1] === 0xff) offset++;
    const marker = bytes[offset + 1];
    if (marker === Marker.EOI) {
      found.parts.push(bytes.subarray(offset, offset + 2));
      checkFindings(found, file);
      return found;
    }
    const length = ((bytes[offset + 2] as number) << 8) | (bytes[offset + 3] as number);
    const end = offset + 2 + length;
    if (marker === undefined || end > bytes.length || offset + 4 > bytes.length) throw cutOrNot(bytes, offset, file);
    if (length < 2 || !takeSegment(marker, bytes.subarray(offset, end), found, file)) {
      throw new FormatError(`${file}: a known JPEG segment expected at offset ${offset}, got ff ${hex(marker)}`);
    }
    offset = end;
    if (marker === Marker.SOS) {
      offset = endOfScan(bytes, end);
      found.parts.push(bytes.subarray(end, offset));
      found.coded += offset - end;
    }
  }
}

/** Where a scan's data ends: at the next marker that is none of those within it, ff 00 and the restarts. */
function endOfScan(bytes: Uint8Array, start: number): number {
  let offset = start;
  for (;;) {
    offset = bytes.indexOf(0xff, offset);
    if (offset < 0) return bytes.length;
    const next = bytes[offset + 1] as number;
    if (next !== 0 && (next < 0xd0 || next > 0xd7)) return offset;
    offset += 2;
  }
}

/** Notes what a segment says, and keeps it where pixels depend on it. False where it is of a form that is not decoded. */
function takeSegment(marker: number, segment: Uint8Array, found: Findings, file: string): boolean {
  const content = segment.subarray(4);
  const isMetadata = (marker >= Marker.APP0 && marker <= Marker.APP15) || marker === Marker.COM;
  if (isMetadata && !isAdobe(marker, content)) return true;
  if (isMetadata) found.transform = content[11] as number;
  else if (!isSound(marker, content, found, file)) return false;
  found.parts.push(segment);
  return true;
}

function isAdobe(marker: number, content: Uint8Array): boolean {
  return marker === Marker.APP14 && content.length === 12 && ADOBE.every((byte, i) => content[i] === byte);
}

function isSound(marker: number, content: Uint8Array, found: Findings, file: string): boolean {
  if (marker >= Marker.SOF0 && marker <= Marker.SOF2) return takeFrame(content, found, file);
  if (marker === Marker.DHT) return areHuffmanTables(content);
  if (marker === Marker.DQT) return takeQuantizationTables(content, found);
  if (marker === Marker.SOS) return takeScan(content, found, file);
  return marker === Marker.DRI && content.length === 2;
}

/** Precision, height, width, number of components; then three bytes each (T.81, B.2.2). */
function takeFrame(content: Uint8Array, found: Findings, file: string): boolean {
  if (content.length < 6 || content[0] !== 8 || found.pixels !== undefined) return false;
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const height = view.getUint16(1);
  const width = view.getUint16(3);
  checkSize(width, height, file);
  found.pixels = width * height;
  const components = content[5] as number;
  if (![1, 3, 4].includes(components) || content.length !== 6 + 3 * components) return false;
  const samplings = Array.from({ length: components }, (_, i) => content[7 + 3 * i] as number);
  return samplings.every((sampling) => isFactor(sampling >> 4) && isFactor(sampling & 15));
}

function isFactor(value: number): boolean {
  return value >= 1 && value <= 4;
}

/** Tables of a byte, 16 counts, and as many values (T.81, B.2.4.2). No 8-bit image has a run of 15 before 15 bits. */
function areHuffmanTables(content: Uint8Array): boolean {
  let offset = 0;
  while (offset < content.length) {
    const counts = content.subarray(offset + 1, offset + 17);
    const values = counts.reduce((sum, count) => sum + count, 0);
    if (counts.length < 16 || values > 256) return false;
    if (content.subarray(offset + 17, offset + 17 + values).includes(0xff)) return false;
    offset += 17 + values;
  }
  return offset === content.length;
}

/** Tables of a byte and 64 numbers of one or two bytes (T.81, B.2.4.1). */
function takeQuantizationTables(content: Uint8Array, found: Findings): boolean {
  let offset = 0;
  while (offset < content.length) {
    const precision = (content[offset] as number) >> 4;
    if (precision > 1) return false;
    offset += 1 + 64 * (1 + precision);
    found.quantizationTables++;
  }
  return offset === content.length && found.quantizationTables <= MOST_QUANTIZATION_TABLES;
}

/** Number of components, two bytes each, then the first and last coefficient and the bits of them (T.81, B.2.3). */
function takeScan(content: Uint8Array, found: Findings, file: string): boolean {
  const components = content[0] as number;
  if (components < 1 || components > 4 || content.length !== 4 + 2 * components) return false;
  const [first, last] = content.subarray(1 + 2 * components) as unknown as [number, number];
  if (found.pixels === undefined || first > last || last > 63) return false;
  found.scans++;
  if (found.scans <= Math.min(MOST_SCANS, MOST_SCANNED / found.pixels)) return true;
  throw new FormatError(`${file}: a JPEG image of fewer than ${found.scans} scans expected`);
}

/** Each block of 64 pixels takes at least a bit. */
function checkFindings({ pixels = 0, coded, scans }: Findings, file: string): void {
  if (scans > 0 && 8 * coded >= pixels / 64) return;
  const expected = `data of ${Math.ceil(pixels / 512)} bytes or more`;
  throw new FormatError(`${file}: a JPEG image with ${expected} expected, got ${coded} in ${scans} scans`);
}

function cutOrNot(bytes: Uint8Array, offset: number, file: string): FormatError {
  const got = offset + 4 > bytes.length ? "the end of the file" : `${hex(bytes[offset] as number)}`;
  return new FormatError(`${file}: a JPEG marker and its segment expected at offset ${offset}, got ${got}`);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
