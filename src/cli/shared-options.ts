import { type Command, InvalidArgumentError, Option } from "commander";
import type { Interval } from "../index.js";
import type { CsvSettings } from "./csv.js";

/** What decides how the engine computes. */
export interface EngineSettings {
  readonly threads: number | "auto";
  readonly numerics: "fast" | "reproducible";
}

/** `--label`, `--header` and `--delimiter`, for commands that read a labelled .csv file. */
export function addCsvOptions(command: Command): Command {
  command.option(
    "--label <column>",
    "the label's column in a .csv file: its name, or its number from 0 (default: the last)",
  );
  return addTableOptions(command);
}

/** The same without the label. */
export function addTableOptions(command: Command): Command {
  return command
    .option("--header", "a .csv file's first row names the columns (default: where it looks so)")
    .option("--no-header", "a .csv file's first row is an example")
    .option("--delimiter <text>", 'what separates the cells of a .csv file, "tab" among others (default: ",")');
}

export function threadsOption(): Option {
  return new Option("--threads <n>", 'threads that share a step, 1 to 128, or "auto": as many as are fastest')
    .argParser(threads)
    .default("auto");
}

export function numericsOption(): Option {
  return new Option("--numerics <kind>", "fast, or reproducible: the same bits on every engine")
    .choices(["fast", "reproducible"])
    .default("fast");
}

export function jsonOption(): Option {
  return new Option("--json", "print the result as one JSON object on the last line of standard output");
}

/** The name of the first of the options for .csv files that was given, for those who have no use for it. */
export function givenCsvOption(settings: CsvSettings): string | undefined {
  if (settings.label !== undefined) return "--label";
  if (settings.header !== undefined) return settings.header ? "--header" : "--no-header";
  return settings.delimiter === undefined ? undefined : "--delimiter";
}

export function units(text: string): readonly number[] {
  return text
    .split(",")
    .map((part) => parse(part, /^[1-9]\d*$/, () => true, "Whole numbers of at least 1, like 128,10, are"));
}

export function count(text: string): number {
  return parse(text, /^\d+$/, (value) => value >= 1, "A whole number of at least 1 is");
}

export function wholeNumber(text: string): number {
  return parse(text, /^\d+$/, () => true, "A whole number of at least 0 is");
}

export function positive(text: string): number {
  return parse(text, DECIMAL, (value) => value > 0, "A number above 0 is");
}

export function notNegative(text: string): number {
  return parse(text, DECIMAL, () => true, "A number of at least 0 is");
}

export function rate(text: string): number {
  return parse(text, DECIMAL, (value) => value < 1, "A number from 0 to below 1 is");
}

export function fraction(text: string): number {
  return parse(text, DECIMAL, (value) => value > 0 && value < 1, "A number between 0 and 1 is");
}

/** A length of training: `500steps`, `2 epochs`, `30s`. */
export function interval(text: string): Interval {
  const [, digits = "", unit = ""] = /^([\d.]+) *(step|epoch|second|s)s?$/.exec(text) ?? [];
  if (unit === "step") return { steps: count(digits) };
  if (unit === "epoch") return { epochs: count(digits) };
  if (unit === "") throw new InvalidArgumentError("A length like 500steps, 2epochs or 30s is expected.");
  return { seconds: positive(digits) };
}

function threads(text: string): number | "auto" {
  return text === "auto"
    ? text
    : parse(text, /^\d+$/, (value) => value >= 1 && value <= 128, 'A whole number from 1 to 128, or "auto", is');
}

const DECIMAL = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Number() alone would take "", "0x10" and " 1". */
function parse(text: string, form: RegExp, fits: (value: number) => boolean, wanted: string): number {
  const value = Number(text);
  const isKept = form === DECIMAL ? Number.isFinite(value) : Number.isSafeInteger(value);
  if (!form.test(text) || !isKept || !fits(value)) throw new InvalidArgumentError(`${wanted} expected.`);
  return value;
}
