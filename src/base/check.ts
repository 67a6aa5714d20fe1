import { ConfigError } from "./errors.js";

/** The number itself when it is finite and within [`min`, `max`]; `ConfigError` that names `what` otherwise. */
export function checkNumber(what: string, value: unknown, min = -Infinity, max = Infinity): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < min || value > max) {
    throw new ConfigError(`${what} must be a number${range(min, max)}, got ${show(value)}`);
  }
  // The core computes in f32, where 1e39 would be infinite and 1e-46 nothing.
  const single = Math.fround(value);
  if (!Number.isFinite(single) || (single === 0 && value !== 0)) {
    throw new ConfigError(`${what} must be a number that f32 can hold, got ${show(value)}`);
  }
  return value;
}

/** The number itself when it is above 0. */
export function checkPositive(what: string, value: unknown): number {
  if (checkNumber(what, value, 0) === 0) throw new ConfigError(`${what} must be above 0, got 0`);
  return value as number;
}

export function checkBoolean(what: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw new ConfigError(`${what} must be true or false, got ${show(value)}`);
  return value;
}

/** The same for a whole number. */
export function checkInteger(what: string, value: unknown, min = 0, max = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < min || value > max) {
    throw new ConfigError(`${what} must be a whole number${range(min, max)}, got ${show(value)}`);
  }
  return value;
}

function range(min: number, max: number): string {
  if (max === Infinity || max === Number.MAX_SAFE_INTEGER) return min === -Infinity ? "" : ` of at least ${min}`;
  return min === -Infinity ? ` of at most ${max}` : ` from ${min} to ${max}`;
}

/** A value as an error message shows it: short, and never throwing. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) {
    if (Array.isArray(value)) return `an array of ${value.length}`;
    const kind = value.constructor?.name ?? "object";
    const article = /^[AEIOU]/i.test(kind) && !/^U/.test(kind) ? "an" : "a";
    return ArrayBuffer.isView(value) ? `${article} ${kind} of ${(value as Uint8Array).length}` : `${article} ${kind}`;
  }
  return String(value);
}

/**
 * `table[name]`, or a `ConfigError` that lists the names and, where one is close, suggests it.
 * Only own keys count, so "constructor" is no name.
 */
export function lookUp<T>(what: string, name: unknown, table: Readonly<Record<string, T>>): T {
  if (typeof name === "string" && Object.hasOwn(table, name)) return table[name] as T;
  const names = Object.keys(table);
  const nearest = typeof name === "string" ? (alias(name, names) ?? nearestName(name, names)) : undefined;
  const hint = nearest === undefined ? "." : `; did you mean "${nearest}"?`;
  throw new ConfigError(`${what} ${show(name)} is unknown${hint} Known: ${names.join(", ")}`);
}

/** `given` when it is an object with no other keys than `known`: a misspelt setting must not be ignored. */
export function checkSettings<T extends object>(what: string, given: T, known: readonly string[]): T {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new ConfigError(`${what}: settings must be an object, got ${show(given)}`);
  }
  const table = Object.fromEntries(known.map((key) => [key, true]));
  for (const key of Object.keys(given)) lookUp(`${what}: setting`, key, table);
  return given;
}

/** What other libraries call things; only ever a hint, so that everything has one name. */
const ALIASES: Readonly<Record<string, string>> = {
  acc: "accuracy",
  bce: "binaryCrossentropy",
  lr: "learningRate",
  mae: "meanAbsoluteError",
  mse: "meanSquaredError",
  swish: "silu",
};

function alias(name: string, names: readonly string[]): string | undefined {
  const key = name.toLowerCase();
  const meant = Object.hasOwn(ALIASES, key) ? ALIASES[key] : undefined;
  return meant !== undefined && names.includes(meant) ? meant : undefined;
}

/** The known name nearest to `name` by edit distance, if it is within a third of its length (at least 2). */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of names) {
    // No nearer than their lengths are; and a name from a file may be long.
    if (Math.abs(name.length - candidate.length) >= bestDistance) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein's distance by rows. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current[j] = Math.min(substitution, (previous[j] as number) + 1, (current[j - 1] as number) + 1);
    }
    previous = current;
  }
  return previous[b.length] as number;
}
