import { FormatError } from "./errors.js";

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** How deep arrays and objects may lie in each other: what neurone writes needs a dozen. */
const DEEPEST = 64;
/** How many values: `JSON.parse` makes some 50 bytes of each, and two characters are one. Of tensors in a file's header, 131 072. */
const MOST_VALUES = 2 ** 20;

/**
 * The value of a JSON text of UTF-8 bytes. Stricter than JSON.parse, which lets the last of two equal keys win.
 * @throws FormatError, naming `what`, for bytes that are no UTF-8, text that is no JSON, an object with a key twice or the key
 * `__proto__`, for nesting deeper than 64 and for more than 2^20 values
 */
export function parseJson(bytes: Uint8Array, what: string): Json {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError(`${what}: UTF-8 text expected, got bytes that are none`, { cause });
  }
  return parseJsonText(text, what);
}

/** The same of a text. */
export function parseJsonText(text: string, what: string): Json {
  checkSize(text, what);
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (cause) {
    throw new FormatError(`${what}: JSON expected, ${(cause as Error).message}`, { cause });
  }
  checkKeys(text, what);
  return value;
}

/** Whether `value` is an object, with properties by name. */
export function isJsonObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Counts what a text that may be no JSON would become, before any of it is made. */
function checkSize(text: string, what: string): void {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      at = endOfString(text, at) - 1;
    } else if (character === "{" || character === "[") {
      if (++depth > DEEPEST) throw new FormatError(`${what}: JSON nested at most ${DEEPEST} deep expected`);
      values++;
    } else if (character === "}" || character === "]") {
      depth--;
    } else if (character === ",") {
      values++;
    }
    if (values > MOST_VALUES) throw new FormatError(`${what}: JSON of at most ${MOST_VALUES} values expected`);
  }
}

/** Looks at the keys of a text that is known to be JSON, object by object. */
function checkKeys(text: string, what: string): void {
  const open: (Set<string> | undefined)[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at] as string;
    if (character === '"') {
      const end = endOfString(text, at);
      if (isKey(text, end)) {
        const key = JSON.parse(text.slice(at, end)) as string;
        const keys = open.at(-1) as Set<string>;
        if (key === "__proto__") throw new FormatError(`${what}: an object has the key "__proto__"`);
        if (keys.has(key)) throw new FormatError(`${what}: an object has the key ${JSON.stringify(key)} twice`);
        keys.add(key);
      }
      at = end;
      continue;
    }
    if (character === "{" || character === "[") {
      open.push(character === "{" ? new Set() : undefined);
    } else if (character === "}" || character === "]") {
      open.pop();
    }
    at++;
  }
}

/** Where the string that begins at `start` ends: behind its closing quote, or where the text does. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function isKey(text: string, from: number): boolean {
  let at = from;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at++;
  return text[at] === ":";
}

/** Where two values first differ, and how, as a text for people; undefined where they are equal. */
export function firstDifference(expected: Json | undefined, got: Json | undefined, place: string): string | undefined {
  const keys = (value: Json | undefined) =>
    typeof value === "object" && value !== null ? Object.keys(value) : undefined;
  const [mine, others] = [keys(expected), keys(got)];
  if (!mine || !others || Array.isArray(expected) !== Array.isArray(got)) {
    const [wanted, found] = [expected, got].map((value) => JSON.stringify(value) ?? "nothing");
    return wanted === found ? undefined : `${place}: ${wanted} expected, got ${found}`;
  }
  for (const key of new Set([...mine, ...others])) {
    const at = (value: Json | undefined) => (value as { readonly [key: string]: Json })[key];
    const inside = Array.isArray(expected) ? `${place}[${key}]` : `${place}.${key}`;
    const difference = firstDifference(at(expected), at(got), inside);
    if (difference !== undefined) return difference;
  }
  return undefined;
}
