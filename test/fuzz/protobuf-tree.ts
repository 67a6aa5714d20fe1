import type { DescMessage } from "@bufbuild/protobuf";
import fc from "fast-check";

/** A protobuf message by its fields, as they lie in the file. */
export interface Field {
  number: number;
  wire: number;
  value: bigint | Uint8Array | Field[];
  /** The length that is said is so much more than the field has. */
  longer: number;
  /** Bytes of 0x80 that make a varint longer than it need be. */
  padding: number;
}

const VARINT = 0;
const BIT64 = 1;
const LENGTH = 2;
const BIT32 = 5;

const NUMBERS = [
  ...[0n, 1n, 2n, 7n, 11n, 17n, 127n, 128n, 2n ** 20n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n],
  ...[2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 64n - 2n],
];
const TEXTS = ["", "x", "constructor", "__proto__", "Relu", "ai.onnx", "neurone", "axis", "../x"];

/** One change of a message. Places are taken modulo how many there are. */
export interface FieldEdit {
  readonly kind:
    | "number"
    | "text"
    | "bytes"
    | "remove"
    | "repeat"
    | "swap"
    | "copy"
    | "renumber"
    | "rewire"
    | "length"
    | "pad";
  readonly at: number;
  readonly other: number;
  readonly number: bigint;
  readonly text: string;
  readonly bytes: Uint8Array;
}

export const fieldEdit: fc.Arbitrary<FieldEdit> = fc.record({
  kind: fc.constantFrom(
    ...(["number", "number", "number", "text", "bytes", "remove", "repeat", "swap", "copy"] as const),
    ...(["renumber", "rewire", "length", "pad"] as const),
  ),
  at: fc.nat(),
  other: fc.nat(),
  number: fc.constantFrom(...NUMBERS),
  text: fc.constantFrom(...TEXTS),
  bytes: fc.uint8Array({ maxLength: 16 }),
});

/** The fields of a valid message of type `desc`. */
export function parse(bytes: Uint8Array, desc: DescMessage): Field[] {
  const fields: Field[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = BigInt(bytes[at++] as number);
      value |= (byte & 127n) << shift;
      if (byte < 128n) return value;
    }
  };
  while (at < view.byteLength) {
    const tag = Number(varint());
    const [number, wire] = [tag >> 3, tag & 7];
    const known = desc.fields.find((field) => field.number === number);
    const field = (value: Field["value"]) => fields.push({ number, wire, value, longer: 0, padding: 0 });
    if (wire === VARINT) {
      field(varint());
      continue;
    }
    const length = wire === LENGTH ? Number(varint()) : wire === BIT64 ? 8 : 4;
    const content = bytes.subarray(at, at + length);
    at += length;
    field(known?.message ? parse(content, known.message) : content);
  }
  return fields;
}

export function encode(fields: readonly Field[]): Uint8Array {
  const bytes: number[] = [];
  put(fields, bytes);
  return Uint8Array.from(bytes);
}

function put(fields: readonly Field[], bytes: number[]): void {
  for (const { number, wire, value, longer, padding } of fields) {
    putVarint(BigInt(number) * 8n + BigInt(wire), bytes, 0);
    if (typeof value === "bigint") {
      if (wire === VARINT) putVarint(value, bytes, padding);
      else for (let i = 0n; i < (wire === BIT32 ? 4n : 8n); i++) bytes.push(Number((value >> (8n * i)) & 255n));
      continue;
    }
    const content: number[] = [];
    if (value instanceof Uint8Array) content.push(...value);
    else put(value, content);
    if (wire === LENGTH) putVarint(BigInt(content.length + longer), bytes, padding);
    for (const byte of content) bytes.push(byte);
  }
}

function putVarint(value: bigint, bytes: number[], padding: number): void {
  let rest = BigInt.asUintN(64, value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest) | (padding > 0 ? 128 : 0));
  for (let i = padding; i > 0; i--) bytes.push(i > 1 ? 128 : 0);
}

export function copy(fields: readonly Field[]): Field[] {
  return fields.map((field) => ({ ...field, value: Array.isArray(field.value) ? copy(field.value) : field.value }));
}

/** Where a field lies: in which message. */
interface Place {
  readonly list: Field[];
  readonly index: number;
}

/** Changes `root` itself. Fields to copy come of `donor`. */
export function editFields(root: Field[], edit: FieldEdit, donor: readonly Field[]): void {
  const places = placesIn(root, edit.kind);
  const place = places[edit.at % places.length];
  if (!place) return;
  const { list, index } = place;
  const field = list[index] as Field;
  switch (edit.kind) {
    case "number":
      field.value = edit.number;
      return;
    case "text":
      field.value = new TextEncoder().encode(edit.text);
      return;
    case "bytes":
      field.value = edit.bytes;
      return;
    case "remove":
      list.splice(index, 1);
      return;
    case "repeat":
      list.splice(index, 0, ...copy(new Array<Field>(1 + (edit.other % 3)).fill(field)));
      return;
    case "swap": {
      const other = places[edit.other % places.length] as Place;
      const theirs = copy([other.list[other.index] as Field])[0] as Field;
      other.list[other.index] = copy([field])[0] as Field;
      list[index] = theirs;
      return;
    }
    case "copy": {
      const all = placesIn(donor as Field[], "copy");
      const other = all[edit.other % all.length];
      if (other) list.splice(index, edit.other % 2, ...copy([other.list[other.index] as Field]));
      return;
    }
    case "renumber":
      field.number = [0, 1, field.number + 1, 2 ** 29 - 1, edit.other % 40][edit.other % 5] as number;
      return;
    case "rewire":
      field.wire = edit.other % 8;
      return;
    case "length":
      field.longer = [-1, 1, 5, 2 ** 31, 2 ** 40][edit.other % 5] as number;
      return;
    case "pad":
      field.padding = 1 + (edit.other % 10);
  }
}

/** The fields that an edit of this kind may change. */
function placesIn(root: Field[], kind: FieldEdit["kind"]): Place[] {
  const places: Place[] = [];
  const visit = (list: Field[]) => {
    list.forEach(({ value }, index) => {
      const fits = kind === "number" ? typeof value === "bigint" : kind !== "text" || value instanceof Uint8Array;
      if (fits) places.push({ list, index });
      if (Array.isArray(value)) visit(value);
    });
  };
  visit(root);
  return places;
}
