import type { Readable } from "node:stream";

/** Where text for people goes: a terminal, or a file or pipe. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** What the program reads and writes besides files. */
export interface Io {
  readonly stdin: Readable;
  /** Results for programs. */
  readonly stdout: Output;
  /** Text for people. */
  readonly stderr: Output;
  /** Interrupts a training after its current step. */
  readonly signal: AbortSignal;
}
