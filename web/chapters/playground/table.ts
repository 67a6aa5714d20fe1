import { ConfigError, data, FormatError } from "neurone";
import { type Example, MOST_EXAMPLES, MOST_LABELS, short } from "./data-sets.js";

/** A column of a table: its name, and whether all its cells are numbers. */
export interface Column {
  readonly name: string;
  readonly numeric: boolean;
}

/** Which columns, by their numbers from 0, are the two axes and the label. */
export interface TableChoice {
  readonly x1: number;
  readonly x2: number;
  readonly label: number;
}

/** A table's points. Without classes its labels are numbers to predict. */
export interface TablePoints {
  readonly examples: readonly Example[];
  readonly classNames: readonly string[] | undefined;
}

/** More columns are not offered. */
const MOST_COLUMNS = 40;

const delimiterOf = (text: string) => {
  const [first = ""] = text.split(/\r?\n/, 1);
  const unquoted = first.replace(/"[^"]*"/g, "");
  const counts = [",", ";", "\t"].map((sign) => ({ sign, count: unquoted.split(sign).length }));
  return counts.reduce((most, one) => (one.count > most.count ? one : most)).sign;
};

/**
 * The columns of a table whose cells commas, semicolons or tabs part. Throws neurone's `FormatError` where none is of numbers: what the text
 * has instead, and where.
 */
export function columnsOf(text: string): readonly Column[] {
  const delimiter = delimiterOf(text);
  const columns: { numeric: boolean; named: boolean }[] = [];
  let problem: unknown;
  while (columns.length < MOST_COLUMNS) {
    try {
      const { featureNames } = data.csv(text, { delimiter, label: null, columns: [columns.length] });
      columns.push({ numeric: true, named: featureNames !== undefined });
    } catch (error) {
      // There is no such column: these were all.
      if (error instanceof ConfigError) break;
      if (!(error instanceof FormatError)) throw error;
      problem ??= error;
      columns.push({ numeric: false, named: false });
    }
  }
  const hasNames = columns.some(({ named }) => named);
  if (!columns.some(({ numeric }) => numeric)) throw problem;
  return columns.map(({ numeric }, i) => ({ name: hasNames ? nameOf(text, delimiter, i) : `${i + 1}`, numeric }));
}

/** A name in the header: read as the label of a row that has a number before it. */
function nameOf(text: string, delimiter: string, column: number): string {
  const [header = ""] = text.replace(/^\ufeff/, "").split(/\r?\n/, 1);
  const options = { delimiter, header: false, columns: [0], label: column + 1, task: "classification" } as const;
  return data.csv(`0${delimiter}${header}`, options).classNames?.[0] ?? `${column + 1}`;
}

/** The points of a table: of many rows some, evenly spread. Throws as neurone's reader does. */
export function readTable(text: string, { x1, x2, label }: TableChoice): TablePoints {
  const { x, y, classNames } = data.csv(text, { delimiter: delimiterOf(text), columns: [x1, x2], label });
  const labels = Array.from(y.data);
  const values = [...new Set(labels)].sort((a, b) => a - b);
  if (classNames && classNames.length > MOST_LABELS) {
    throw new FormatError(`CSV: at most ${MOST_LABELS} classes expected, got ${classNames.length} different labels`);
  }
  // A few different numbers are classes, whatever they are.
  const isMeasured = values.length > MOST_LABELS;
  const ids = new Map(values.map((value, id) => [value, id]));
  const taken = Math.min(labels.length, MOST_EXAMPLES);
  const examples = Array.from({ length: taken }, (_, i) => {
    const row = Math.floor((i * labels.length) / taken);
    const value = labels[row] as number;
    const at = (column: number) => short(x.data[2 * row + column] as number);
    return { x1: at(0), x2: at(1), y: isMeasured ? short(value) : (ids.get(value) as number) };
  });
  return { examples, classNames: isMeasured ? undefined : (classNames ?? values.map(String)) };
}
