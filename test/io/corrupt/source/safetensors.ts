import { type FilesByName, join, text } from "./bytes.js";

/** A file of this header, whatever it says, and of data. */
export function file(header: string | Uint8Array, data: Uint8Array = new Uint8Array(), length?: bigint): Uint8Array {
  const bytes = typeof header === "string" ? text(header) : header;
  const head = new DataView(new ArrayBuffer(8));
  head.setBigUint64(0, length ?? BigInt(bytes.length), true);
  return join(new Uint8Array(head.buffer), bytes, data);
}

const zeros = (length: number) => new Uint8Array(length);
const entry = (dtype: unknown, shape: unknown, offsets: unknown) =>
  JSON.stringify({ dtype, shape, data_offsets: offsets });
/** A file of the tensors `a` and `b`; entries are JSON. */
const two = (a: string, b: string, bytes: number) => file(`{"a":${a},"b":${b}}`, zeros(bytes));
const one = (dtype: unknown, shape: unknown, offsets: unknown, bytes = 8) =>
  file(`{"a":${entry(dtype, shape, offsets)}}`, zeros(bytes));
const good = entry("F32", [2], [0, 8]);
const nested = (depth: number) => `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;

/** What breaks a rule of safetensors. */
export const safetensors: FilesByName = {
  empty: zeros(0),
  "length-cut": zeros(7),
  "length-beyond-file": file(`{"a":${good}}`, zeros(8), 1000n),
  "length-beyond-header": file(`{"a":${good}}`, zeros(8), 60n),
  "length-2^63": file(`{"a":${good}}`, zeros(8), 2n ** 63n),
  "length-2^64-1": file(`{"a":${good}}`, zeros(8), 2n ** 64n - 1n),
  "length-0": file("", zeros(8)),
  "header-cut": file(`{"a":${good}}`).subarray(0, 40),
  "header-no-json": file(`{"a":}`),
  "header-list": file(`[${good}]`, zeros(8)),
  "header-space-first": file(` {"a":${good}}`, zeros(8)),
  "header-text-behind": file(`{"a":${good}} x`, zeros(8)),
  "header-nul-padding": file(`{"a":${good}}\0\0\0`, zeros(8)),
  "header-two-objects": file(`{"a":${good}}{}`, zeros(8)),
  "header-bom": file(`\ufeff{"a":${good}}`, zeros(8)),
  "header-no-utf8": file(join(text('{"'), [0xc3, 0x28], text(`":${good}}`)), zeros(8)),
  "header-utf16": file(join([0x7b, 0, 0x7d, 0])),
  "header-surrogate-bytes": file(join(text('{"'), [0xed, 0xa0, 0x80], text(`":${good}}`)), zeros(8)),
  "header-nan": file('{"a":NaN}'),
  "header-comment": file(`{"a":${good}/**/}`, zeros(8)),
  "key-twice": two(good, entry("F32", [2], [8, 16]), 16).map((byte) => (byte === 0x62 ? 0x61 : byte)),
  "key-twice-escaped": file(`{"a":${good},"\\u0061":${entry("F32", [2], [8, 16])}}`, zeros(16)),
  "key-twice-in-entry": file('{"a":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}', zeros(8)),
  "key-proto": file(`{"__proto__":${good}}`, zeros(8)),
  "key-proto-escaped": file(`{"\\u005f_proto__":${good}}`, zeros(8)),
  "nested-64-deep": file(nested(64)),
  "nested-1500-deep": file(nested(1500)),
  overlap: two(good, entry("F32", [2], [4, 12]), 12),
  "same-place": two(good, good, 8),
  hole: two(good, entry("F32", [1], [12, 16]), 16),
  "hole-first": one("F32", [1], [4, 8]),
  "data-behind": one("F32", [1], [0, 4]),
  "data-cut": one("F32", [2], [0, 8], 7),
  "end-before-begin": one("F32", [2], [8, 0]),
  "end-beyond-file": one("F32", [3], [0, 12]),
  "end-2^53": one("F32", [2], [0, 2 ** 53]),
  "begin-negative": one("F32", [2], [-8, 0]),
  "shape-larger": one("F32", [3], [0, 8]),
  "shape-smaller": one("F32", [1], [0, 8]),
  "shape-0-with-bytes": one("F32", [2, 0], [0, 8]),
  "shape-overflow-64": one("F32", [2 ** 32, 2 ** 32], [0, 0], 0),
  "shape-overflow-double": one("U8", new Array(32).fill(2 ** 53 - 1), [0, 8]),
  "shape-33-axes": one("F32", [2, ...new Array(32).fill(1)], [0, 8]),
  "shape-negative": one("F32", [-1, -2], [0, 8]),
  "shape-fraction": one("F32", [0.5, 4], [0, 8]),
  "shape-1e300": one("F32", [1e300], [0, 8]),
  "shape-2^53": one("F32", [2 ** 53], [0, 8]),
  "shape-text": one("F32", ["2"], [0, 8]),
  "shape-number": one("F32", 2, [0, 8]),
  "shape-null": one("F32", null, [0, 8]),
  "offsets-three": one("F32", [2], [0, 4, 8]),
  "offsets-one": one("F32", [2], [8]),
  "offsets-fraction": one("F32", [2], [0.5, 8.5], 9),
  "offsets-text": one("F32", [2], ["0", "8"]),
  "dtype-unknown": one("F31", [2], [0, 8]),
  "dtype-constructor": one("constructor", [2], [0, 8]),
  "dtype-number": one(32, [2], [0, 8]),
  "dtype-half-bytes": one("F4", [3], [0, 2], 2),
  "entry-null": file('{"a":null}'),
  "entry-list": file('{"a":[]}'),
  "entry-key-missing": file('{"a":{"dtype":"F32","shape":[]}}'),
  "entry-key-more": file('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"code":"x"}}', zeros(8)),
  "metadata-number": file('{"__metadata__":{"a":1}}'),
  "metadata-list": file('{"__metadata__":[]}'),
  "metadata-null": file('{"__metadata__":null}'),
  "metadata-nested": file('{"__metadata__":{"a":{"b":"c"}}}'),
};

/** Sound safetensors whose numbers are no weights. */
export const weights: FilesByName = {
  complex: one("C64", [1], [0, 8]),
  "small-floats": one("F8_E4M3", [8], [0, 8]),
};
