import type fc from "fast-check";

/** Files by name, the first of them the one that names the others. */
export type Files = readonly { readonly name: string; readonly bytes: Uint8Array }[];

/** A reader under attack. */
export interface Target {
  /** Files without any damage: all of them are read. */
  readonly valid: readonly Files[];
  /** Files that are valid, or were before they were damaged. */
  readonly cases: fc.Arbitrary<Files>;
  /** Reads them. Throws what the reader throws, and an `Error` where it returns what cannot be. */
  read(files: Files): void | Promise<void>;
}

/** Throws an `Error` unless what a reader returned is as its format says. */
export function check(isSound: boolean, what: string): void {
  if (!isSound) throw new Error(`read, but ${what}`);
}
