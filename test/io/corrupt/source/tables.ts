import { idxBytes } from "../../../data/bytes.js";
import { changed, type FilesByName, flipped, join, text } from "./bytes.js";
import { gzip, member } from "./gzip.js";

const rows = idxBytes(8, [2, 3], [0, 1, 2, 3, 254, 255]);
const packed = gzip(rows);

/** IDX files, plain and compressed. */
export const idx: FilesByName = {
  empty: new Uint8Array(),
  "magic-cut": rows.subarray(0, 3),
  "magic-other": changed(rows, 0, 0x50, 0x4b),
  "type-unknown": changed(rows, 2, 10),
  "type-0": changed(rows, 2, 0),
  "type-wider": changed(rows, 2, 14),
  "rank-0": changed(rows, 3, 0),
  "rank-255": changed(rows, 3, 255),
  "rank-larger": changed(rows, 3, 3),
  "size-0": idxBytes(8, [2, 0]),
  "size-2^32-1": idxBytes(8, [2 ** 32 - 1], [0]),
  "size-product-2^32": idxBytes(8, [2 ** 16, 2 ** 16]),
  "size-product-2^64": idxBytes(14, [2 ** 31, 2 ** 30]),
  "size-little-endian": changed(rows, 4, 2, 0, 0, 0),
  "data-cut": rows.subarray(0, -1),
  "data-behind": join(rows, [0]),
  "number-beyond-f32": idxBytes(14, [1], [0x7f, 0xef, 0, 0, 0, 0, 0, 0]),
  "gzip-cut-in-head": packed.subarray(0, 9),
  "gzip-cut-in-data": packed.subarray(0, 20),
  "gzip-cut-in-checksum": packed.subarray(0, -5),
  "gzip-cut-by-one": packed.subarray(0, -1),
  "gzip-checksum": flipped(packed, -8),
  "gzip-length": flipped(packed, -4),
  "gzip-method": changed(packed, 2, 9),
  "gzip-reserved-flag": changed(packed, 3, 0xe0),
  "gzip-two-members": join(gzip(rows.subarray(0, 9)), gzip(rows.subarray(9))),
  "gzip-whole-file-twice": join(packed, packed),
  "gzip-garbage-behind": join(packed, [1, 2, 3]),
  "gzip-zeros-behind": join(packed, new Uint8Array(16)),
  "gzip-in-gzip": gzip(packed),
  "gzip-of-nothing": gzip(new Uint8Array()),
  "gzip-distance-too-far": member([0x4b, 0x04, 0x12, 0x00], rows),
  "gzip-bomb": gzip(join(rows, new Uint8Array(2 ** 21))),
};

/** CSV texts. */
export const csv: FilesByName = {
  empty: text(""),
  "line-ends": text("\n\r\n\r\n"),
  "bom-alone": text("\ufeff"),
  "header-alone": text("width,height\n"),
  "quote-open": text('1,"2\n3,4\n'),
  "quote-open-at-end": text('1,2\n3,"'),
  "quote-in-cell": text('1,2\n3,4"5\n'),
  "quote-then-text": text('1,2\n"3"4,5\n'),
  "quotes-odd": text('1,"""2\n3,4\n'),
  "ragged-short": text("1,2,3\n4,5\n"),
  "ragged-long": text("1,2\n3,4,5\n"),
  "one-column": text("1\n2\n"),
  "nul-bytes": text("1,2\n3\u0000,4\n"),
  "nul-alone": text("\u0000"),
  "word-among-numbers": text("1,0\nx,1\n"),
  "number-1e39": text("1e39,0\n1,1\n"),
  "number-hexadecimal": text("0x10,0\n1,1\n"),
  "number-infinity": text("Infinity,0\n1,1\n"),
  "cell-empty": text("1,0\n,1\n"),
  "label-empty": text("1,0\n2,\n"),
  binary: join([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], [0xff, 0xfe, 0, 0x2c, 0x80]),
};
