import { nearestName, show } from "../base/check.js";
import { ConfigError, FormatError } from "../base/errors.js";
import { readRows } from "./csv-rows.js";

/** A column by its name in the header, or by its index from 0. */
export type Column = string | number;

/** A CSV file's cells, with what it takes to say where each of them is. */
export interface Table {
  readonly file: string;
  readonly names?: readonly string[];
  readonly width: number;
  readonly rows: readonly (readonly string[])[];
  /** The line on which each row ends. */
  readonly lines: readonly number[];
}

// Each character has one way to match, so that a long cell takes no longer than it is.
const DECIMAL_COMMA = /^[+-]?\d+,\d+$/;
/** What tables hold where a number is not known. */
const MISSING = /^(|n\/?a|nan|null|none|\?|-)$/i;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** Throws `ConfigError` for a delimiter or header that cannot be one. */
export function checkTableOptions(delimiter: unknown, header: unknown): void {
  if (typeof delimiter !== "string" || !/^[^"\r\n]+$/.test(delimiter)) {
    throw new ConfigError(`delimiter must be a text without quotes and line ends, got ${show(delimiter)}`);
  }
  if (header !== undefined && typeof header !== "boolean") {
    throw new ConfigError(`header must be true, false or undefined, got ${show(header)}`);
  }
}

/**
 * The cells of `text`, trimmed, without empty lines.
 * `header` undefined: the first row is one where it looks so.
 * @throws FormatError with line and column for broken quotes, rows of unequal length, or no rows
 */
export function readTable(text: string, file: string, delimiter: string, header: boolean | undefined): Table {
  const { rows, lines } = readRows(text, { file, delimiter });
  const [first, second] = rows;
  if (first === undefined) throw new FormatError(`${file}: rows expected, the text has none`);
  const isHeader = header ?? looksLikeHeader(first, second);
  if (!isHeader) return { file, width: first.length, rows, lines };
  if (second === undefined) throw new FormatError(`${file}: rows expected below the header, the text has none`);
  return { file, names: first, width: first.length, rows: rows.slice(1), lines: lines.slice(1) };
}

/** Whether none of a row's cells is a number and one of the row below it is, or several have no row below them. */
function looksLikeHeader(row: readonly string[], below: readonly string[] | undefined): boolean {
  const hasNumber = (cells: readonly string[]) => cells.some((cell) => isNumber(cell) || isDecimalComma(cell));
  return !hasNumber(row) && (below ? hasNumber(below) : row.length > 1);
}

/** Whether a cell holds a decimal number; "", "NaN", "Infinity" and "0x10" are none. */
export function isNumber(cell: string): boolean {
  return NUMBER.test(cell);
}

/** Whether a cell holds a number as many languages write it: `1,5`. */
export function isDecimalComma(cell: string): boolean {
  return DECIMAL_COMMA.test(cell);
}

/** A cell as a number that f32 can hold. @throws FormatError with file, line and column for any other cell */
export function numberAt(table: Table, row: number, column: number): number {
  const cell = cellAt(table, row, column);
  if (isNumber(cell)) {
    const value = Math.fround(Number(cell));
    if (Number.isFinite(value)) return value;
    throw new FormatError(`${placeOf(table, row, column)}: a number in f32's range expected, got ${show(cell)}`);
  }
  throw new FormatError(
    `${placeOf(table, row, column)}: a number expected, got ${show(cell)}${hintOn(table, row, column)}`,
  );
}

/** What may be meant by a cell that is no number. */
function hintOn(table: Table, row: number, column: number): string {
  const cell = cellAt(table, row, column);
  if (MISSING.test(cell)) return " (not known? fill it in, or leave out the row)";
  if (isDecimalComma(cell)) return " (a decimal comma? numbers take a point)";
  const isFirst = row === 0 && table.names === undefined;
  if (isFirst && table.rows.length > 1 && isNumber(cellAt(table, 1, column))) {
    return " (a header? then set header: true)";
  }
  const isOfWords =
    table.width > 1 && /\p{L}/u.test(cell) && !table.rows.some((cells) => isNumber(cells[column] as string));
  return isOfWords ? " (its column holds no numbers: set label or columns to leave it out)" : "";
}

export function cellAt(table: Table, row: number, column: number): string {
  return (table.rows[row] as readonly string[])[column] as string;
}

/** `iris.csv, line 3, column 2 ("width")`: columns count from 1 here, as editors do. */
export function placeOf(table: Table, row: number, column: number): string {
  const name = table.names === undefined ? "" : ` (${show(table.names[column])})`;
  return `${table.file}, line ${table.lines[row]}, column ${column + 1}${name}`;
}

/** The index of a column. @throws ConfigError, naming `what`, where the table has no such column or two of them */
export function columnIndex(table: Table, what: string, column: Column): number {
  if (typeof column === "number") {
    if (Number.isInteger(column) && column >= 0 && column < table.width) return column;
    throw new ConfigError(`${what} must be a column from 0 to ${table.width - 1} of ${table.file}, got ${column}`);
  }
  if (typeof column !== "string") {
    throw new ConfigError(`${what} must be the name or the index of a column, got ${show(column)}`);
  }
  if (table.names === undefined) {
    throw new ConfigError(`${what} ${show(column)} names a column, but ${table.file} has no header; use its index`);
  }
  const index = table.names.indexOf(column);
  if (index < 0) {
    const nearest = nearestName(column, table.names);
    const hint = nearest === undefined ? `Columns: ${table.names.join(", ")}` : `did you mean ${show(nearest)}?`;
    throw new ConfigError(`${what} ${show(column)} is no column of ${table.file}; ${hint}`);
  }
  if (table.names.lastIndexOf(column) !== index) {
    throw new ConfigError(`${what} ${show(column)} names several columns of ${table.file}; use an index`);
  }
  return index;
}
