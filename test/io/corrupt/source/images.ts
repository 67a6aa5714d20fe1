import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { deflateSync } from "node:zlib";
import { chunk, header, type PngSettings, pngBytes, pngOf } from "../../../cli/image-bytes.js";
import { changed, type FilesByName, flipped, join } from "./bytes.js";

const grey: PngSettings = { width: 3, height: 2, depth: 8, colourType: 0, samples: [0, 1, 2, 3, 4, 5] };
const sound = pngBytes(grey);
const pixels = (bytes: Uint8Array) => chunk("IDAT", new Uint8Array(deflateSync(bytes, { level: 9 })));
/** Pixels of zeros under a header that says something else. */
const png = (settings: Partial<PngSettings>, bytes: number) =>
  pngOf(header({ ...grey, ...settings }), pixels(new Uint8Array(bytes)));
const rows = pixels(new Uint8Array(8));
const palette = { ...grey, colourType: 3, depth: 8 };

/** PNG images that are none, or that are more than they seem. */
export const pngs: FilesByName = {
  "signature-alone": sound.subarray(0, 8),
  "header-cut": sound.subarray(0, 20),
  "cut-in-pixels": sound.subarray(0, 50),
  "end-missing": sound.subarray(0, -12),
  "end-cut": sound.subarray(0, -1),
  "header-missing": pngOf(rows),
  "header-second": pngOf(rows, header(grey)),
  "header-twice": pngOf(header(grey), header(grey), rows),
  "header-long": pngOf(chunk("IHDR", new Uint8Array(14)), rows),
  "header-short": pngOf(chunk("IHDR", new Uint8Array(12)), rows),
  "checksum-of-header": flipped(sound, 29),
  "checksum-of-pixels": flipped(sound, -13),
  "length-2^32-1": changed(sound, 33, 255, 255, 255, 255),
  "length-2^31": changed(sound, 33, 128, 0, 0, 0),
  "length-longer": changed(sound, 36, 200),
  "width-0": png({ width: 0 }, 8),
  "width-2^32-1": png({ width: 2 ** 32 - 1, height: 1 }, 8),
  "size-bomb": png({ width: 4096, height: 4096 }, 8),
  "size-beyond": png({ width: 65535, height: 65535 }, 8),
  "side-beyond": png({ width: 1, height: 65536 }, 8),
  "depth-3": png({ depth: 3 }, 8),
  "depth-of-other-colour": png({ colourType: 2, depth: 4 }, 8),
  "colour-type-7": png({ colourType: 7 }, 8),
  "compression-1": pngOf(flippedIn(header(grey), 18), rows),
  "filter-method-1": pngOf(flippedIn(header(grey), 19), rows),
  "pixels-missing": pngOf(header(grey)),
  "pixels-empty": pngOf(header(grey), chunk("IDAT")),
  "pixels-few": png({}, 7),
  "pixels-many": png({}, 9),
  "pixels-bomb": png({}, 2 ** 21),
  "pixels-bomb-interlaced": png({ interlaced: true }, 2 ** 21),
  "pixels-no-zlib": pngOf(header(grey), chunk("IDAT", new Uint8Array(20).fill(7))),
  "pixels-checksum": pngOf(header(grey), chunk("IDAT", flipped(new Uint8Array(deflateSync(new Uint8Array(8))), -1))),
  "pixels-cut": pngOf(header(grey), chunk("IDAT", new Uint8Array(deflateSync(new Uint8Array(8))).subarray(0, 8))),
  "filter-5": pngOf(header(grey), pixels(Uint8Array.of(5, 0, 0, 0, 0, 0, 0, 0))),
  "palette-missing": png(palette, 8),
  "palette-twice": pngOf(header(palette), chunk("PLTE", new Uint8Array(3)), chunk("PLTE", new Uint8Array(3)), rows),
  "palette-long": pngOf(header(palette), chunk("PLTE", new Uint8Array(771)), rows),
  "palette-of-fewer-colours": pngOf(
    header(palette),
    chunk("PLTE", new Uint8Array(3)),
    pixels(Uint8Array.of(0, 9, 9, 9, 0, 9, 9, 9)),
  ),
  "transparency-long": pngOf(
    header(palette),
    chunk("PLTE", new Uint8Array(3)),
    chunk("tRNS", new Uint8Array(257)),
    rows,
  ),
  "critical-chunk-unknown": pngOf(header(grey), chunk("ABCD"), rows),
};

/** The chunk with one bit of its contents turned, under a checksum that is right. */
function flippedIn(bytes: Uint8Array, at: number): Uint8Array {
  return chunk("IHDR", flipped(bytes.subarray(8, 21), at - 8));
}

const photos = fileURLToPath(new URL("../../../fixtures/images/", import.meta.url));
const photo = (name: string) => new Uint8Array(readFileSync(`${photos}${name}.jpg`));
const jpeg = photo("grey");
const progressive = photo("progressive");
const placeOf = (bytes: Uint8Array, marker: number) =>
  bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === marker);
const [frame, tables, scan] = [placeOf(jpeg, 0xc0), placeOf(jpeg, 0xc4), placeOf(jpeg, 0xda)];
const quantization = placeOf(jpeg, 0xdb);
/** The file with another segment before its first one. */
const inserted = (segment: readonly number[]) => join(jpeg.subarray(0, 2), segment, jpeg.subarray(2));
/** The first scan, data and all, again and again. */
const scans = (count: number) => {
  const start = placeOf(progressive, 0xda);
  const length = 2 + (((progressive[start + 2] as number) << 8) | (progressive[start + 3] as number));
  const again = new Array<Uint8Array>(count).fill(join(progressive.subarray(start, start + length), [0]));
  return join(progressive.subarray(0, start), ...again, [0xff, 0xd9]);
};

/** JPEG images that are none, or that are more than they seem. */
export const jpegs: FilesByName = {
  "start-alone": jpeg.subarray(0, 3),
  "cut-in-tables": jpeg.subarray(0, tables + 10),
  "cut-in-scan": jpeg.subarray(0, -5),
  "end-missing": jpeg.subarray(0, -2),
  "frame-missing": join(jpeg.subarray(0, frame), jpeg.subarray(tables)),
  "frame-twice": join(jpeg.subarray(0, tables), jpeg.subarray(frame)),
  "frame-huge": changed(jpeg, frame + 5, 0xff, 0xff, 0xff, 0xff),
  "frame-larger-than-data": changed(jpeg, frame + 5, 0x10, 0, 0x10, 0),
  "frame-width-0": changed(jpeg, frame + 7, 0, 0),
  "frame-12-bits": changed(jpeg, frame + 4, 12),
  "frame-lossless": changed(jpeg, frame + 1, 0xc3),
  "frame-arithmetic": photo("arithmetic"),
  "frame-no-components": changed(jpeg, frame + 9, 0),
  "frame-200-components": changed(jpeg, frame + 9, 200),
  "frame-sampling-0": changed(jpeg, frame + 11, 0),
  "frame-sampling-15": changed(jpeg, frame + 11, 0xff),
  "frame-table-9": changed(jpeg, frame + 12, 9),
  "scan-missing": join(jpeg.subarray(0, scan), [0xff, 0xd9]),
  "scan-of-other-component": changed(jpeg, scan + 5, 77),
  "scan-without-tables": join(jpeg.subarray(0, tables), jpeg.subarray(scan)),
  "scan-table-15": changed(jpeg, scan + 6, 0xff),
  "scan-no-components": changed(jpeg, scan + 4, 0),
  "scan-data-missing": join(jpeg.subarray(0, scan + 10), [0xff, 0xd9]),
  "scans-200": scans(200),
  "scan-band-backwards": changed(progressive, placeOf(progressive, 0xda) + 11, 63, 0),
  "huffman-counts-255": changed(jpeg, tables + 5, ...new Array(16).fill(255)),
  "huffman-counts-beyond-segment": changed(jpeg, tables + 5, 200),
  "huffman-codes-too-many": changed(jpeg, tables + 5, 3),
  "huffman-no-codes": changed(jpeg, tables + 5, ...new Array(16).fill(0)),
  "huffman-run-255": inserted([0xff, 0xc4, 0, 20, 0, 1, ...new Array(15).fill(0), 0xff]),
  "quantization-missing": join(jpeg.subarray(0, quantization), jpeg.subarray(frame)),
  "quantization-cut": changed(jpeg, quantization + 3, 66),
  "quantization-precision-15": changed(jpeg, quantization + 4, 0xf0),
  "segment-length-0": inserted([0xff, 0xfe, 0, 0]),
  "segment-length-1": inserted([0xff, 0xfe, 0, 1]),
  "segment-beyond-file": inserted([0xff, 0xfe, 0xff, 0xff]),
  "segment-unknown": inserted([0xff, 0xb7, 0, 2]),
  "restart-length-3": inserted([0xff, 0xdd, 0, 3, 1]),
  "start-twice": inserted([0xff, 0xd8]),
  zeros: join(jpeg.subarray(0, 2), [0xff], new Uint8Array(300)),
  "markers-without-end": join(jpeg.subarray(0, 2), new Uint8Array(3000).fill(0xff)),
};
