import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { sizeOf } from "../../src/base/tensor.js";
import { csv } from "../../src/data/csv.js";
import { idx } from "../../src/data/idx.js";
import { idxBytes } from "../data/bytes.js";
import { type ByteEdit, byteEdit, editBytes, few } from "./bytes.js";
import { check, type Files, type Target } from "./target.js";

const ELEMENT_BYTES: Readonly<Record<number, number>> = { 8: 1, 9: 1, 11: 2, 12: 4, 13: 4, 14: 8 };

const idxFile = fc
  .record({
    code: fc.constantFrom(...Object.keys(ELEMENT_BYTES).map(Number)),
    shape: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
    // As any of the types, these are numbers in f32's range.
    byte: fc.nat(63),
  })
  .map(({ code, shape, byte }) => {
    return idxBytes(code, shape, new Uint8Array(sizeOf(shape) * (ELEMENT_BYTES[code] as number)).fill(byte));
  });

const damaged = (bytes: Uint8Array, edits: readonly ByteEdit[]) =>
  edits.reduce((result, edit) => editBytes(result, edit, bytes), bytes);

/** IDX files; some are compressed, and damaged before that, after it, or both. */
export async function idxFiles(): Promise<Target> {
  const edits = few(byteEdit);
  const plain = fc.tuple(idxFile, edits).map(([bytes, list]) => damaged(bytes, list));
  const compressed = fc.tuple(plain, edits, fc.nat(9)).map(([bytes, list, level]) => {
    return damaged(new Uint8Array(gzipSync(bytes, { level })), list);
  });
  const either = fc.oneof({ weight: 4, arbitrary: plain }, { weight: 1, arbitrary: compressed });
  const named = (bytes: Uint8Array): Files => [{ name: "digits.idx", bytes }];
  return {
    valid: fc
      .sample(idxFile, { numRuns: 50, seed: 7 })
      .flatMap((bytes) => [named(bytes), named(new Uint8Array(gzipSync(bytes)))]),
    cases: either.map(named),
    async read([file]) {
      const { data, shape } = await idx((file as Files[number]).bytes, { maxBytes: 2 ** 20 });
      check(data.length === sizeOf(shape), `${data.length} numbers of shape ${shape}`);
    },
  };
}

const cell = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom("0", "1", "2", "-1.5", "3e4", "7", "12") },
  { weight: 2, arbitrary: fc.constantFrom("a", "ä", '"x"', '"a,b"', '"a\nb"', '"say ""hi"""', " 4 ", "") },
  {
    weight: 1,
    arbitrary: fc.constantFrom("1e39", "NaN", "Infinity", "0x1", "__proto__", "1e-400", "🙂", '"', "\u0000"),
  },
);
const LINE_ENDS = ["\n", "\r\n", "\r"];

const table = fc
  .record({
    width: fc.integer({ min: 1, max: 4 }),
    cells: fc.array(cell, { minLength: 2, maxLength: 16 }),
    header: fc.boolean(),
    end: fc.constantFrom(...LINE_ENDS),
    bom: fc.boolean(),
  })
  .map(({ width, cells, header, end, bom }) => {
    const rows = header ? [Array.from({ length: width }, (_, i) => `column ${i}`).join()] : [];
    for (let at = 0; at + width <= cells.length; at += width) rows.push(cells.slice(at, at + width).join());
    return `${bom ? "\ufeff" : ""}${rows.join(end)}${end}`;
  });

const textEdit = fc.record({
  at: fc.nat(),
  remove: fc.nat(4),
  insert: fc.oneof(
    fc.constantFrom('"', '""', ",", "\n", "\r", "\r\n", "\u0000", "\ufeff", ";", " ", "\t", "\ud800"),
    fc.string({ maxLength: 4 }),
  ),
});

const OPTIONS = [
  {},
  {},
  { header: true },
  { header: false },
  { label: null },
  { label: 0 },
  { task: "regression" },
] as const;

/** CSV texts, damaged in their quotes, commas and line ends above all, and read in all ways. */
export async function csvFiles(): Promise<Target> {
  const named = (text: string, option: number): Files => [
    { name: `option-${option}.csv`, bytes: new TextEncoder().encode(text) },
  ];
  const cases = fc.tuple(table, few(textEdit), fc.constantFrom(...OPTIONS.keys())).map(([text, edits, option]) => {
    const edited = edits.reduce((result, { at, remove, insert }) => {
      const place = at % (result.length + 1);
      return result.slice(0, place) + insert + result.slice(place + remove);
    }, text);
    return named(edited, option);
  });
  return {
    valid: ["1,2\n3,4\n", "a,b\r\n1,2\r\n", '\ufeff"a,b","c"\n1,"2"'].map((text) => named(text, 0)),
    cases,
    read([file]) {
      const { name, bytes } = file as Files[number];
      const options = OPTIONS[Number(/\d+/.exec(name)?.[0])] ?? {};
      const table = csv(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), options);
      const { x } = table;
      check(x.data.length === sizeOf(x.shape), `${x.data.length} numbers of shape ${x.shape}`);
      check(x.data.every(Number.isFinite), "a number is none");
      if (!("y" in table)) return;
      const { data, shape } = table.y;
      check(data.length === sizeOf(shape) && shape[0] === x.shape[0], `${data.length} labels of shape ${shape}`);
    },
  };
}
