import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { FormatError } from "../../src/base/errors.js";
import { memoryOf } from "./memory.js";
import type { Files, Target } from "./target.js";

/** What a case may add to the memory: files are tiny, and readers have limits of their own below. */
const MOST_BYTES = 2 ** 27;
/** The host frees what was dropped in turns of its own. */
const CASES_A_TURN = 32;

export interface Settings {
  readonly cases: number;
  readonly seed: number;
  /** How long reading a case may take. Default: as long as it likes. */
  readonly mostMilliseconds?: number;
  /** Before files are read, also those that are tried to make a failure's smaller. */
  readonly beforeReading?: (files: Files) => void;
}

export interface Failure {
  readonly error: Error;
  /** The smallest files found that fail alike. */
  readonly files: Files;
  readonly path: string;
}

export interface Report {
  readonly seed: number;
  readonly accepted: number;
  readonly refused: number;
  readonly slowest: number;
  /** The most bytes that one case added to the heap and to the buffers outside it. */
  readonly largest: number;
  /** One of each kind. */
  readonly failures: readonly Failure[];
}

/** Reads so many cases of `target`, and makes the files of each kind of failure as small as it can. */
export async function run(target: Target, settings: Settings): Promise<Report> {
  const { cases, seed } = settings;
  const counts = { accepted: 0, refused: 0, slowest: 0, largest: 0 };
  const failed = new Map<string, Failure>();
  let number = 0;
  const everyCase = fc.asyncProperty(target.cases, async (files) => {
    const { outcome, milliseconds, bytes } = await attempt(target, files, settings);
    counts.slowest = Math.max(counts.slowest, milliseconds);
    counts.largest = Math.max(counts.largest, bytes);
    if (outcome === "accepted" || outcome === "refused") counts[outcome]++;
    else if (!failed.has(kindOf(outcome))) failed.set(kindOf(outcome), { error: outcome, files, path: `${number}` });
    if (++number % CASES_A_TURN === 0) await setImmediate();
  });
  await fc.check(everyCase, { numRuns: cases, seed });
  const failures: Failure[] = [];
  for (const failure of failed.values()) failures.push(await shrink(target, settings, failure));
  return { seed, ...counts, failures };
}

/** A report's failures as text. */
export function describeFailures({ seed, failures }: Report): string {
  return failures
    .map(({ error, files, path }) => {
      const bytes = files.map((file) => `${file.name}: ${Buffer.from(file.bytes).toString("hex")}`);
      // A module that was bundled on the fly is its own address.
      const stack = error.stack?.replace(/data:[\w/]+;base64,[\w+/=]+/g, "bundle");
      return [`seed ${seed}, case ${path}: ${stack}`, ...bytes].join("\n");
    })
    .join("\n\n");
}

interface Attempt {
  readonly outcome: "accepted" | "refused" | Error;
  readonly milliseconds: number;
  readonly bytes: number;
}

async function attempt(target: Target, files: Files, settings: Settings): Promise<Attempt> {
  const { mostMilliseconds = Infinity, beforeReading } = settings;
  beforeReading?.(files);
  const start = performance.now();
  let outcome: Attempt["outcome"] = "accepted";
  const bytes = await memoryOf(async () => {
    try {
      await target.read(files);
    } catch (error) {
      outcome = error instanceof FormatError ? "refused" : (error as Error);
    }
  });
  const milliseconds = performance.now() - start;
  if (milliseconds > mostMilliseconds) outcome = new Error(`took ${Math.round(milliseconds)} ms`);
  if (bytes > MOST_BYTES) outcome = new Error(`took ${bytes} bytes of memory`);
  return { outcome, milliseconds, bytes };
}

/** Failures of one kind come of one place in the source. */
function kindOf({ name, message, stack = "" }: Error): string {
  const [, place = message] = /\n\s+at ([^\n]*)/.exec(stack) ?? [];
  return `${name} ${name === "Error" ? message.replace(/\d+/g, "n") : place}`;
}

/** The failure with smaller files, where there are some that fail alike. */
async function shrink(target: Target, settings: Settings, failure: Failure): Promise<Failure> {
  const { seed } = settings;
  const { path } = failure;
  const kind = kindOf(failure.error);
  let smallest = failure;
  const sameFailure = fc.asyncProperty(target.cases, async (files) => {
    const { outcome } = await attempt(target, files, settings);
    if (!(outcome instanceof Error) || kindOf(outcome) !== kind) return true;
    smallest = { error: outcome, files, path };
    return false;
  });
  const { counterexamplePath } = await fc.check(sameFailure, { seed, path, numRuns: Number(path) + 1 });
  return { ...smallest, path: counterexamplePath ?? path };
}
