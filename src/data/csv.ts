import { checkSettings, show } from "../base/check.js";
import { ConfigError, DataError, FormatError } from "../base/errors.js";
import type { Tensor } from "../base/tensor.js";
import { withDelimiterHint } from "./csv-delimiter.js";
import {
  type Column,
  cellAt,
  checkTableOptions,
  columnIndex,
  isNumber,
  numberAt,
  placeOf,
  readTable,
  type Table,
} from "./csv-table.js";
import type { Dataset, Features } from "./dataset.js";

export interface CsvOptions {
  /** Whether the first row names the columns. Default: it does when it holds no number and the row below holds one. */
  readonly header?: boolean;
  /** What separates the cells. Default ",". */
  readonly delimiter?: string;
  /** The columns that become `x`, in this order. Default: all but the label's. */
  readonly columns?: readonly Column[];
  /** The label's column; several for one-hot labels; null for none. Default: the last column. */
  readonly label?: Column | readonly Column[] | null;
  /**
   * What labels are. "classification": names, or one-hot columns. "regression": numbers, in one column or more.
   * Default: regression when the only column holds a fraction or a negative number, else classification.
   */
  readonly task?: "classification" | "regression";
  /** What error messages call the text. Default "CSV". */
  readonly file?: string;
}

export interface CsvFeatures extends Features {
  readonly x: Tensor<Float32Array>;
}

export interface CsvDataset extends Dataset {
  readonly x: Tensor<Float32Array>;
  readonly y: Tensor<Int32Array | Float32Array>;
}

type Labels = Pick<CsvDataset, "y" | "classNames">;

/**
 * Reads a CSV text. `x` is `[n, features]`. `y` is, by what the label's column holds:
 * - whole numbers from 0: these class ids, `[n]`;
 * - text: ids `[n]` of the sorted `classNames`; with task "classification" numbers too are names, sorted by value;
 * - other numbers: regression targets `[n, 1]`;
 * - several columns: one-hot rows `[n, k]` with the columns as `classNames`, or the targets of task "regression".
 * @throws FormatError with file, line and column for text where a number belongs, rows of unequal length, no rows; where another
 * delimiter would give a regular table it names that one
 * @throws DataError for one-hot columns without exactly one 1; ConfigError for options that cannot be, as a column that is missing
 */
export function csv(text: string, options: CsvOptions & { readonly label: null }): CsvFeatures;
export function csv(text: string, options?: CsvOptions & { readonly label?: Column | readonly Column[] }): CsvDataset;
export function csv(text: string, options?: CsvOptions): CsvDataset | CsvFeatures;
export function csv(text: string, options: CsvOptions = {}): CsvDataset | CsvFeatures {
  if (typeof text !== "string") throw new ConfigError(`text must be a string, got ${show(text)}`);
  checkSettings("csv", options, ["header", "delimiter", "columns", "label", "task", "file"]);
  const { delimiter = ",", header } = options;
  checkTableOptions(delimiter, header);
  try {
    return readDataset(text, delimiter, options);
  } catch (error) {
    throw withDelimiterHint(error, text, delimiter);
  }
}

function readDataset(text: string, delimiter: string, options: CsvOptions): CsvDataset | CsvFeatures {
  const table = readTable(text, options.file ?? "CSV", delimiter, options.header);
  const labelColumns = findLabels(table, options.label);
  const featureColumns = findFeatures(table, options.columns, labelColumns);
  const features: CsvFeatures = {
    x: readNumbers(table, featureColumns),
    ...(table.names === undefined ? {} : { featureNames: namesOf(table, featureColumns) }),
  };
  return labelColumns.length === 0 ? features : { ...features, ...readLabels(table, labelColumns, options.task) };
}

function findLabels(table: Table, label: CsvOptions["label"] = table.width - 1): readonly number[] {
  if (label === null) return [];
  return findColumns(table, "label", Array.isArray(label) ? label : [label]);
}

function findFeatures(table: Table, columns: CsvOptions["columns"], labels: readonly number[]): readonly number[] {
  if (columns === undefined) {
    const all = Array.from({ length: table.width }, (_, index) => index);
    const others = all.filter((index) => !labels.includes(index));
    if (others.length > 0) return others;
    throw new FormatError(`${table.file}: at least one column besides the label expected, there is none`);
  }
  const indices = findColumns(table, "columns", columns);
  const leak = indices.find((index) => labels.includes(index));
  if (leak !== undefined) throw new ConfigError(`columns must leave out the label, which is column ${leak}`);
  return indices;
}

function findColumns(table: Table, what: string, columns: readonly Column[]): readonly number[] {
  if (!Array.isArray(columns) || columns.length === 0) {
    throw new ConfigError(`${what} must be a list of at least one column, got ${show(columns)}`);
  }
  const indices = columns.map((column) => columnIndex(table, what, column));
  if (new Set(indices).size < indices.length) throw new ConfigError(`${what} must name each column once`);
  return indices;
}

function readNumbers(table: Table, columns: readonly number[]): Tensor<Float32Array> {
  const data = new Float32Array(table.rows.length * columns.length);
  let place = 0;
  for (let row = 0; row < table.rows.length; row++) {
    for (const column of columns) data[place++] = numberAt(table, row, column);
  }
  return { data, shape: [table.rows.length, columns.length] };
}

function readLabels(table: Table, columns: readonly number[], task: CsvOptions["task"]): Labels {
  if (task !== undefined && task !== "classification" && task !== "regression") {
    throw new ConfigError(`task must be "classification" or "regression", got ${show(task)}`);
  }
  if (task === "regression") return { y: readNumbers(table, columns) };
  const [column, second] = columns as [number, ...number[]];
  if (second !== undefined) return readOneHot(table, columns);
  const cells = table.rows.map((_, row) => cellAt(table, row, column));
  const empty = cells.indexOf("");
  if (empty >= 0) throw new FormatError(`${placeOf(table, empty, column)}: a label expected, got an empty cell`);
  const isNumeric = cells.every(isNumber);
  if (isNumeric && cells.every(isClassId))
    return { y: { data: Int32Array.from(cells, Number), shape: [cells.length] } };
  if (isNumeric && task === undefined) return { y: readNumbers(table, columns) };
  // "1" and "1.0" are one class.
  return readNames(isNumeric ? cells.map((cell) => `${Number(cell)}`) : cells, isNumeric);
}

function isClassId(cell: string): boolean {
  const value = Number(cell);
  return Number.isInteger(value) && value >= 0 && value < 2 ** 31;
}

function readNames(cells: readonly string[], isNumeric: boolean): Labels {
  // Sorted by code units, not by the reader's language: the same file must give the same ids everywhere.
  const classNames = [...new Set(cells)].sort(isNumeric ? (a, b) => Number(a) - Number(b) : undefined);
  const ids = new Map(classNames.map((name, id) => [name, id]));
  return { y: { data: Int32Array.from(cells, (cell) => ids.get(cell) as number), shape: [cells.length] }, classNames };
}

function readOneHot(table: Table, columns: readonly number[]): Labels {
  const y = readNumbers(table, columns);
  for (let row = 0; row < table.rows.length; row++) {
    const values = y.data.subarray(row * columns.length, (row + 1) * columns.length);
    const one = values.indexOf(1);
    const wrong = values.findIndex((value, i) => value !== 0 && i !== one);
    if (one >= 0 && wrong < 0) continue;
    const place = placeOf(table, row, columns[Math.max(0, wrong)] as number);
    throw new DataError(`${place}: one-hot columns with one 1 and else 0 expected, got ${values.join(", ")}`);
  }
  return { y, ...(table.names === undefined ? {} : { classNames: namesOf(table, columns) }) };
}

function namesOf(table: Table, columns: readonly number[]): readonly string[] {
  return columns.map((column) => table.names?.[column] as string);
}
