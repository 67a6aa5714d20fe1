import { FormatError } from "../base/errors.js";
import { isJsonObject, type Json } from "../base/json.js";
import type { Shape } from "../base/tensor.js";

/** The most axes an example may have. */
const MOST_AXES = 32;
const LARGEST = 2 ** 31 - 1;

/** Reads parts of JSON: each method throws `FormatError`, naming the place, where one is not what it should be. */
export class JsonReader {
  readonly #what: string;

  constructor(what: string) {
    this.#what = what;
  }

  error(place: string, expected: string, got: Json | undefined): FormatError {
    const text = got === undefined ? "nothing" : JSON.stringify(got);
    return new FormatError(`${this.#what}: ${place}: ${expected} expected, got ${text.slice(0, 60)}`);
  }

  object(place: string, data: Json | undefined, known?: readonly string[]): { readonly [key: string]: Json } {
    if (!isJsonObject(data)) throw this.error(place, "an object", data);
    const unknown = known && Object.keys(data).find((key) => !known.includes(key));
    if (unknown !== undefined) throw this.error(place, `no other keys than ${known?.join(", ")}`, unknown);
    return data;
  }

  list(place: string, data: Json | undefined): readonly Json[] {
    if (!Array.isArray(data)) throw this.error(place, "a list", data);
    return data;
  }

  text(place: string, data: Json | undefined): string {
    if (typeof data !== "string" || data === "") throw this.error(place, "a text", data);
    return data;
  }

  boolean(place: string, data: Json | undefined): boolean {
    if (typeof data !== "boolean") throw this.error(place, "true or false", data);
    return data;
  }

  /** A whole number from `least` to `most`. */
  number(place: string, data: Json | undefined, most: number, least = 0): number {
    if (typeof data !== "number" || !Number.isSafeInteger(data) || data < least || data > most) {
      throw this.error(place, `a whole number from ${least} to ${most}`, data);
    }
    return data;
  }

  numbers(place: string, data: Json | undefined, most: number): readonly number[] {
    const list = this.list(place, data);
    if (list.length === 0) throw this.error(place, "at least one number", data);
    return list.map((one, i) => this.number(`${place}[${i}]`, one, most));
  }

  shape(place: string, data: Json | undefined): Shape {
    const list = this.list(place, data);
    if (list.length > MOST_AXES) throw this.error(place, `at most ${MOST_AXES} axes`, list.length);
    return list.map((size, axis) => this.number(`${place}[${axis}]`, size, LARGEST, 1));
  }
}
