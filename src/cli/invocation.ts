import type { Command, Option } from "commander";

/** A command as it was called. */
export interface Invocation {
  /** neurone's. */
  readonly version: string;
  readonly command: Command;
}

/** An option's value in one word; undefined where it has none. */
export interface Given {
  readonly flag: string;
  /** What the command's options call it. */
  readonly name: string;
  readonly value: string | undefined;
  readonly isDefault: boolean;
}

/** What of a training's options decides nothing of what it learns. */
const KEEPING = ["save", "checkpoint", "checkpointEvery", "resume", "report", "json"];

/** Each option once, in the order of the help. */
export function optionValues(command: Command): Given[] {
  return command.options
    .filter(({ negate }) => !negate)
    .map((option) => {
      const value: unknown = command.getOptionValue(option.attributeName());
      return {
        flag: option.long ?? option.flags,
        name: option.attributeName(),
        value: value === undefined ? undefined : shown(toWord(value)),
        isDefault: !isGiven(command, option),
      };
    });
}

/** A line for a shell that trains the same, from the beginning to the end, and keeps nothing. */
export function commandLine(command: Command): string {
  const options = command.options
    .filter((option) => isGiven(command, option) && !KEEPING.includes(option.attributeName()))
    .flatMap((option) => {
      const value: unknown = command.getOptionValue(option.attributeName());
      if (option.required) return [option.long as string, quote(toWord(value))];
      return value === !option.negate ? [option.long as string] : [];
    });
  const names = command.args.map(quote);
  // A name that looks like an option is one, but for what says that no more are to come.
  const tail = names.some((name) => name.startsWith("-")) ? [...options, "--", ...names] : [...names, ...options];
  return ["npx neurone", command.name(), ...tail].join(" ");
}

function isGiven(command: Command, option: Option): boolean {
  return command.getOptionValueSource(option.attributeName()) === "cli";
}

/** As the option takes it, `128,10`, `0.1`, `30seconds`; `yes` or `no` where it takes nothing. */
function toWord(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "object" || value === null || Array.isArray(value)) return `${value}`;
  return Object.entries(value)
    .map(([unit, count]) => `${count}${unit}`)
    .join("");
}

/** As it is or, where a page cannot show it so, as a shell takes it. */
function shown(word: string): string {
  return /\p{C}/u.test(word) ? quote(word) : word;
}

/** A word of a POSIX shell; `$'\t'` where it holds characters that no page can show. */
function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (!/\p{C}/u.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  return `$'${word.replace(/['\\]/g, "\\$&").replace(/\p{C}/gu, escaped)}'`;
}

/** Byte by byte in octal digits: other ways depend on the shell or its locale. */
function escaped(character: string): string {
  if (character === "\t") return "\\t";
  return Array.from(Buffer.from(character), (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}
