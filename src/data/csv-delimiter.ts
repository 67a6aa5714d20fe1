import { show } from "../base/check.js";
import { ConfigError, FormatError } from "../base/errors.js";
import { readRows } from "./csv-rows.js";
import { isDecimalComma } from "./csv-table.js";

/** What separates the cells of most files. */
const COMMON = [",", ";", "\t", "|", " "];

/**
 * What was thrown when `text` was read with `delimiter`; where another one would give a regular table, with that one named.
 * An error that has nothing to do with delimiters is returned as it is.
 */
export function withDelimiterHint(error: unknown, text: string, delimiter: string): unknown {
  if (!(error instanceof FormatError || error instanceof ConfigError)) return error;
  // A look at the first line spares most texts another reading.
  const [line = ""] = /[^\r\n]+/.exec(text) ?? [];
  const [meant] = COMMON.filter((other) => other !== delimiter)
    .map((other) => ({ other, cells: line.split(other) }))
    .filter(({ cells }) => cells.length > 1 && cells.every((cell) => isWhole(cell, delimiter)))
    .map(({ other }) => ({ other, columns: countColumns(text, other) }))
    .filter(({ columns }) => columns > 1)
    .sort((a, b) => b.columns - a.columns);
  if (!meant) return error;
  // Of a table of several columns, options may be wrong for reasons of their own.
  if (error instanceof ConfigError && countColumns(text, delimiter) !== 1) return error;
  const { other, columns } = meant;
  const found = `${show(delimiter)} expected between cells, but ${show(other)} gives ${columns} in every row`;
  const message = `${error.message}; ${found}: set delimiter: ${show(other)}`;
  const Kind = error instanceof FormatError ? FormatError : ConfigError;
  return new Kind(message, { cause: error });
}

/** How many cells each row has; 0 where they have not as many. */
function countColumns(text: string, delimiter: string): number {
  try {
    return readRows(text, { file: "", delimiter }).rows[0]?.length ?? 0;
  } catch (error) {
    if (error instanceof FormatError) return 0;
    throw error;
  }
}

/** Whether `delimiter` has no part in a cell; the comma is the point of numbers in many languages. */
function isWhole(cell: string, delimiter: string): boolean {
  return !cell.includes(delimiter) || isDecimalComma(cell.trim());
}
