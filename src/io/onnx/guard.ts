import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { WireType } from "@bufbuild/protobuf/wire";
import { FormatError } from "../../base/errors.js";

/** How deep messages may lie in each other: a graph is two levels, and each graph in a node's attribute three more. */
const DEEPEST = 32;

/**
 * Bytes of memory that decoded messages may take: what a graph of some ten thousand nodes needs, and, for the numbers
 * that are no raw data, this much for each byte of the file.
 */
const MEMORY = 2 ** 26;
const MEMORY_PER_BYTE = 8;

/** What things take on a 64-bit JavaScript engine, at most: an object, a choice of fields, a list with its first elements. */
const OBJECT = 64;
const CHOICE = 64;
const LIST = 192;
/** A value in a message, or in a list with the room that it has to spare for more. */
const NUMBER = 16;
const BIGINT = 48;
const VIEW = 160;
const TEXT = 64;

/** How a field lies in a file, and what one more of it takes in memory. */
interface Field {
  readonly name: string;
  readonly wire: WireType;
  /** Numbers in a list may also lie packed: one length, then one after the other. */
  readonly packed: boolean;
  readonly bytes: number;
  readonly text: boolean;
  readonly message: DescMessage | undefined;
}

/** A type of messages: what one takes in memory, and its fields by their numbers. */
interface Table {
  readonly bytes: number;
  readonly fields: ReadonlyMap<number, Field>;
}

const tables = new WeakMap<DescMessage, Table>();

/**
 * Walks over the bytes of a protobuf message of type `desc` before anything is made of them. What it lets pass is whole,
 * nested at most 32 deep, holds UTF-8 where text belongs, and takes no more memory, decoded, than the file vouches for:
 * one byte can stand for an object or a BigInt.
 * Source: protobuf.dev, "Encoding".
 * @throws FormatError, naming `file`, for anything else
 */
export function guard(bytes: Uint8Array, desc: DescMessage, file: string): void {
  new Walk(bytes, file).message(desc, bytes.length, 1);
}

class Walk {
  readonly #bytes: Uint8Array;
  readonly #file: string;
  readonly #utf8 = new TextDecoder("utf-8", { fatal: true });
  #at = 0;
  #memory: number;

  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#file = file;
    this.#memory = MEMORY + MEMORY_PER_BYTE * bytes.length;
  }

  message(desc: DescMessage, end: number, depth: number): void {
    if (depth > DEEPEST) throw this.#error(`messages nested at most ${DEEPEST} deep expected`);
    const { bytes, fields } = tableOf(desc);
    this.#take(bytes);
    while (this.#at < end) {
      const tag = this.#varint(end);
      const [number, wire] = [Math.floor(tag / 8), tag % 8];
      if (tag >= 2 ** 32 || number === 0) throw this.#error("a field number from 1 to 2^29 - 1 expected");
      const field = fields.get(number);
      if (field) this.#field(field, wire, end, depth);
      else this.#value(wire, end);
    }
  }

  #field(field: Field, wire: WireType, end: number, depth: number): void {
    if (field.packed && wire === WireType.LengthDelimited) {
      const close = this.#length(end);
      while (this.#at < close) {
        this.#value(field.wire, close);
        this.#take(field.bytes);
      }
      return;
    }
    if (wire !== field.wire) throw this.#error(`${field.name} of wire type ${field.wire} expected, got ${wire}`);
    this.#take(field.bytes);
    if (field.message) this.message(field.message, this.#length(end), depth + 1);
    else if (field.text) this.#text(field, end);
    else this.#value(wire, end);
  }

  /** Passes over a value whose contents do not matter. Groups (3 and 4) are older than ONNX. */
  #value(wire: WireType, end: number): void {
    if (wire === WireType.Varint) this.#varint(end);
    else if (wire === WireType.Bit64) this.#at = this.#within(this.#at + 8, end);
    else if (wire === WireType.Bit32) this.#at = this.#within(this.#at + 4, end);
    else if (wire === WireType.LengthDelimited) this.#at = this.#length(end);
    else throw this.#error(`a wire type of 0, 1, 2 or 5 expected, got ${wire}`);
  }

  #text(field: Field, end: number): void {
    const close = this.#length(end);
    try {
      this.#utf8.decode(this.#bytes.subarray(this.#at, close));
    } catch (cause) {
      throw this.#error(`${field.name} of UTF-8 text expected, got bytes that are none`, { cause });
    }
    this.#at = close;
  }

  /** The end of what begins with its length. */
  #length(end: number): number {
    const length = this.#varint(end);
    return this.#within(this.#at + length, end);
  }

  /** A number of 7 bits a byte, lowest first; rounded where it is above 2^53, which no tag and no length is. */
  #varint(end: number): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 70 && this.#at < end; scale *= 128) {
      const byte = this.#bytes[this.#at++] as number;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw this.#error("a number of at most 10 bytes expected");
  }

  #within(at: number, end: number): number {
    if (at > end) throw this.#error(`at most ${end - this.#at} bytes expected, got ${at - this.#at}`);
    return at;
  }

  #take(bytes: number): void {
    this.#memory -= bytes;
    if (this.#memory < 0) {
      const limit = `${MEMORY_PER_BYTE} bytes of memory a byte of the file and ${MEMORY} more`;
      throw this.#error(`messages that need at most ${limit} expected`);
    }
  }

  #error(expected: string, options?: ErrorOptions): FormatError {
    return new FormatError(`${this.#file}: ${expected} at offset ${this.#at}`, options);
  }
}

function tableOf(desc: DescMessage): Table {
  let table = tables.get(desc);
  if (!table) {
    const lists = desc.fields.filter((field) => field.fieldKind === "list");
    table = {
      bytes: OBJECT + CHOICE * desc.oneofs.length + LIST * lists.length,
      fields: new Map(desc.fields.map((field) => [field.number, toField(field)])),
    };
    tables.set(desc, table);
  }
  return table;
}

function toField(field: DescField): Field {
  const scalar = field.scalar ?? ScalarType.INT32;
  const wire = field.message ? WireType.LengthDelimited : wireTypeOf(scalar);
  return {
    name: `${field.parent.name}.${field.name}`,
    wire,
    packed: field.fieldKind === "list" && wire !== WireType.LengthDelimited,
    bytes: field.message ? NUMBER : bytesOf(scalar),
    text: scalar === ScalarType.STRING,
    message: field.message,
  };
}

function wireTypeOf(scalar: ScalarType): WireType {
  if (scalar === ScalarType.STRING || scalar === ScalarType.BYTES) return WireType.LengthDelimited;
  if (scalar === ScalarType.FLOAT || scalar === ScalarType.FIXED32 || scalar === ScalarType.SFIXED32) {
    return WireType.Bit32;
  }
  if (scalar === ScalarType.DOUBLE || scalar === ScalarType.FIXED64 || scalar === ScalarType.SFIXED64) {
    return WireType.Bit64;
  }
  return WireType.Varint;
}

function bytesOf(scalar: ScalarType): number {
  if (scalar === ScalarType.STRING) return TEXT;
  if (scalar === ScalarType.BYTES) return VIEW;
  return scalar === ScalarType.INT64 || scalar === ScalarType.UINT64 ? BIGINT : NUMBER;
}
