import { FormatError } from "../../base/errors.js";
import { isJsonObject, type Json } from "../../base/json.js";
import type { Settings } from "./parts.js";

/**
 * Reads values of a model file, naming the place where one is not what it should be. As in Keras, null is nothing said.
 */
export class SettingsReader {
  /** Such as `model.json: layer "dense"`. */
  readonly what: string;
  readonly values: Settings;

  constructor(what: string, values: Json | undefined) {
    if (!isJsonObject(values)) throw new FormatError(`${what}: an object expected, got ${brief(values)}`);
    this.what = what;
    this.values = values;
  }

  error(key: string, expected: string): FormatError {
    return new FormatError(`${this.what}: ${key}: ${expected} expected, got ${brief(this.values[key])}`);
  }

  has(key: string): boolean {
    return this.values[key] !== undefined && this.values[key] !== null;
  }

  object(key: string): SettingsReader {
    return new SettingsReader(`${this.what}: ${key}`, this.values[key]);
  }

  list(key: string): readonly Json[] {
    const list = this.values[key];
    if (!Array.isArray(list)) throw this.error(key, "a list");
    return list;
  }

  text(key: string, otherwise?: string): string {
    const text = this.has(key) ? this.values[key] : otherwise;
    if (typeof text !== "string" || text === "") throw this.error(key, "a text");
    return text;
  }

  flag(key: string, otherwise: boolean): boolean {
    const flag = this.has(key) ? this.values[key] : otherwise;
    if (typeof flag !== "boolean") throw this.error(key, "true or false");
    return flag;
  }

  number(key: string, otherwise?: number): number {
    const number = this.has(key) ? this.values[key] : otherwise;
    if (typeof number !== "number" || !Number.isFinite(number)) throw this.error(key, "a number");
    return number;
  }

  integer(key: string, otherwise?: number): number {
    const number = this.number(key, otherwise);
    if (!Number.isSafeInteger(number)) throw this.error(key, "a whole number");
    return number;
  }
}

/** The value with all keys in Keras's spelling: TensorFlow.js reads `batchInputShape` as `batch_input_shape`. */
export function inKerasSpelling(value: Json, what: string): Json {
  if (Array.isArray(value)) return value.map((one: Json) => inKerasSpelling(one, what));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, one]): [string, Json] => {
    return [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), inKerasSpelling(one, what)];
  });
  const keys = new Set(entries.map(([key]) => key));
  if (keys.size < entries.length) throw new FormatError(`${what}: an object has a key in two spellings`);
  return Object.fromEntries(entries);
}

/** The beginning of a value's JSON, for messages. */
export function brief(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
