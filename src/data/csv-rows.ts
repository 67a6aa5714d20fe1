import { show } from "../base/check.js";
import { FormatError } from "../base/errors.js";

export interface Rows {
  readonly rows: string[][];
  /** The line on which each row ends. */
  readonly lines: number[];
}

/*
 * Splitting is a library's work elsewhere. Those that there are take misplaced quotes without a word, or do not say which cells had
 * quotes, or bring a Buffer along: checking before and after them takes more code than this.
 */

/** What stands before a quote or a line end: in most rows, all of it. */
const UNQUOTED = /[^"\r\n]*/y;
const LINE_END = /\r\n?|\n/y;

/**
 * The cells of a CSV text, trimmed outside of their quotes, without empty lines. Lines end with "\n", "\r\n" or "\r".
 * @throws FormatError with line and column for a quote within a cell that does not begin with one, text behind a closing
 * quote, a quote that is not closed, and rows of unequal length
 */
export function readRows(text: string, { file, delimiter }: { file: string; delimiter: string }): Rows {
  const rows: string[][] = [];
  const lines: number[] = [];
  let line = 1;
  let at = text.startsWith("\ufeff") ? 1 : 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const taken = pattern.exec(text)?.[0] ?? "";
    at += taken.length;
    return taken;
  };
  const fail = (column: number, message: string) =>
    new FormatError(`${file}, line ${line}, column ${column}: ${message}`);
  while (at < text.length) {
    const cells = take(UNQUOTED).split(delimiter);
    for (let i = 0; i < cells.length; i++) cells[i] = (cells[i] as string).trim();
    const isEmpty = cells.length === 1 && cells[0] === "" && text[at] !== '"';
    while (text[at] === '"') {
      const column = cells.length;
      const before = cells.pop();
      if (before !== "") throw fail(column, `quotes around the whole cell or none expected, got ${show(`${before}"`)}`);
      const end = closing(text, at);
      if (end < 0) throw fail(column, "a closing quote expected, the text ends without one");
      const cell = text.slice(at + 1, end);
      at = end + 1;
      line += cell.match(/\r\n?|\n/g)?.length ?? 0;
      const after = take(UNQUOTED).split(delimiter);
      if (after[0]?.trim() !== "" || (after.length === 1 && text[at] === '"')) {
        throw fail(column, `a delimiter or a line end expected behind a closing quote, got ${show(after[0])}`);
      }
      cells.push(cell.replaceAll('""', '"'));
      for (let i = 1; i < after.length; i++) cells.push((after[i] as string).trim());
    }
    if (!isEmpty) {
      const width = rows[0]?.length ?? cells.length;
      if (cells.length !== width) {
        throw fail(
          cells.length + 1,
          `${width} ${width === 1 ? "cell" : "cells"} expected, as in the first row, got ${cells.length}`,
        );
      }
      rows.push(cells);
      lines.push(line);
    }
    if (take(LINE_END) !== "") line++;
  }
  return { rows, lines };
}

/** Where the quote at `opening` is closed, -1 if nowhere: quotes written twice stand for one. */
function closing(text: string, opening: number): number {
  let at = text.indexOf('"', opening + 1);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}
