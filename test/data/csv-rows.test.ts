import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError } from "../../src/base/errors.js";
import { readRows } from "../../src/data/csv-rows.js";

describe("the rows of a CSV text", () => {
  const read = (text: string, delimiter = ",") => readRows(text, { file: "t.csv", delimiter });

  it.each<{ text: string; delimiter?: string; rows: string[][]; lines?: number[] }>([
    { text: "", rows: [] },
    { text: "a", rows: [["a"]] },
    { text: ",", rows: [["", ""]] },
    { text: " a\t, b c ", rows: [["a", "b c"]] },
    { text: '" a\t"," b"', rows: [[" a\t", " b"]] },
    { text: '1, "a, b" ,3', rows: [["1", "a, b", "3"]] },
    { text: ' "a" \n\t"b"', rows: [["a"], ["b"]] },
    { text: '"",""', rows: [["", ""]] },
    { text: '"""",""""""', rows: [['"', '""']] },
    { text: '"""a","b"""', rows: [['"a', 'b"']] },
    {
      text: '"a\n""b""\nc",d\ne,f',
      rows: [
        ['a\n"b"\nc', "d"],
        ["e", "f"],
      ],
      lines: [3, 4],
    },
    {
      text: '"\n","\r\n"\r\n"\r",x',
      rows: [
        ["\n", "\r\n"],
        ["\r", "x"],
      ],
      lines: [3, 5],
    },
    { text: "a\rb\r\rc\r", rows: [["a"], ["b"], ["c"]], lines: [1, 2, 4] },
    { text: "a\nb\r\nc\rd", rows: [["a"], ["b"], ["c"], ["d"]] },
    { text: '"a"\r\n"b"\r"c"\n', rows: [["a"], ["b"], ["c"]] },
    { text: '\n \n"a"\n\t\n\n"b"\n\n', rows: [["a"], ["b"]], lines: [3, 6] },
    { text: 'a\n""\nb', rows: [["a"], [""], ["b"]] },
    {
      text: "a,b\n,\n",
      rows: [
        ["a", "b"],
        ["", ""],
      ],
    },
    { text: '\ufeff"a",b', rows: [["a", "b"]] },
    { text: '\ufeff "a"', rows: [["a"]] },
    { text: "__proto__,constructor", rows: [["__proto__", "constructor"]] },
    { text: "#a,b", rows: [["#a", "b"]] },
    { text: "a::b:c:::d", delimiter: "::", rows: [["a", "b:c", ":d"]] },
    { text: '"a::b":: "c"', delimiter: "::", rows: [["a::b", "c"]] },
    { text: '"a" "b"', delimiter: " ", rows: [["a", "b"]] },
    { text: '"a"\t \t"b"', delimiter: "\t", rows: [["a", "", "b"]] },
    { text: '"a", "b"', delimiter: ", ", rows: [["a", "b"]] },
    { text: '"a"|b.c', delimiter: "|", rows: [["a", "b.c"]] },
    { text: "a.b", delimiter: ".", rows: [["a", "b"]] },
  ])("$text apart by $delimiter", ({ text, delimiter, rows, lines = rows.map((_, index) => index + 1) }) => {
    expect(read(text, delimiter)).toEqual({ rows, lines });
  });

  const within = "quotes around the whole cell or none expected, got";
  const behind = "a delimiter or a line end expected behind a closing quote, got";
  const open = "a closing quote expected, the text ends without one";

  it.each<{ text: string; delimiter?: string; message: string }>([
    { text: '"', message: `line 1, column 1: ${open}` },
    { text: '"""', message: `line 1, column 1: ${open}` },
    { text: '"a""', message: `line 1, column 1: ${open}` },
    { text: 'a,b\n"c\nd",e\n\nf,"g\n\n', message: `line 5, column 2: ${open}` },
    { text: 'a"', message: `line 1, column 1: ${within} "a\\""` },
    { text: '\n\na b "c",d', message: `line 3, column 1: ${within} "a b\\""` },
    { text: '"a\nb", "c" ,d "e"', message: `line 2, column 3: ${within} "d\\""` },
    { text: '"a\nb"c', message: `line 2, column 1: ${behind} "c"` },
    { text: '"a" "b"', message: `line 1, column 1: ${behind} " "` },
    { text: '"" ""', message: `line 1, column 1: ${behind} " "` },
    { text: 'a,"b"\nc,"d" e,f', message: `line 2, column 2: ${behind} " e"` },
    { text: 'a::":"::::"b":"c"', delimiter: "::", message: `line 1, column 4: ${behind} ":"` },
    { text: 'a:::"b"', delimiter: "::", message: `line 1, column 2: ${within} ":\\""` },
    { text: '"a","b"\n"c\nd"\n', message: "line 3, column 2: 2 cells expected, as in the first row, got 1" },
    { text: 'a,b\n""', message: "line 2, column 2: 2 cells expected, as in the first row, got 1" },
  ])("not $text apart by $delimiter", ({ text, delimiter, message }) => {
    expect(() => read(text, delimiter)).toThrow(new FormatError(`t.csv, ${message}`));
  });

  it("come back as written, in whatever quotes, spaces and line ends", () => {
    const space = fc.constantFrom("", " ", "\f ");
    const lineEnd = fc.constantFrom("\n", "\r\n", "\r");
    const part = fc.constantFrom("a", "1.5", " ", '"', ",", ";", "::", "\n", "\r\n", "\r", "é", "\ufeff");
    const cell = fc.array(part, { maxLength: 5 }).map((parts) => parts.join(""));
    const row = (width: number) => fc.array(fc.tuple(cell, space, space), { minLength: width, maxLength: width });
    const table = fc.integer({ min: 1, max: 4 }).chain((width) => fc.array(fc.tuple(row(width), lineEnd, lineEnd)));
    fc.assert(
      fc.property(table, fc.constantFrom(",", ";", "::"), fc.boolean(), (written, delimiter, hasEmpties) => {
        const write = ([value, left, right]: readonly [string, string, string]) => {
          const isPlain = value !== "" && value === value.trim() && !/["\r\n,;:]/.test(value);
          return `${left}${isPlain ? value : `"${value.replaceAll('"', '""')}"`}${right}`;
        };
        let text = "";
        const lines: number[] = [];
        for (const [cells, end, empty] of written) {
          text += cells.map(write).join(delimiter);
          lines.push(text.split(/\r\n?|\n/).length);
          text += hasEmpties ? `${end} ${empty}` : end;
        }
        expect(read(text, delimiter)).toEqual({ rows: written.map(([cells]) => cells.map(([value]) => value)), lines });
      }),
    );
  });

  it("are rows, or a FormatError, whatever the text", () => {
    const part = fc.constantFrom(
      '"',
      '"',
      ",",
      ",",
      "\n",
      "\r\n",
      "\r",
      " ",
      "\t",
      "a",
      "\ufeff",
      "\0",
      "\ud800",
      "😀",
    );
    const text = fc.array(part, { maxLength: 40 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, fc.constantFrom(",", "\t", " ", "a", ", "), (given, delimiter) => {
        try {
          const { rows, lines } = read(given, delimiter);
          expect(lines).toHaveLength(rows.length);
          expect(new Set(rows.map((cells) => cells.length)).size).toBeLessThan(2);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
    );
  });

  // Each takes a moment when time goes with length, and hours when it goes with its square.
  const n = 500_000;
  it.each<{ what: string; text: string; rows?: number; message?: string }>([
    { what: "quotes alone", text: '"'.repeat(n), rows: 1 },
    { what: "quotes alone, one not closed", text: '"'.repeat(n + 1), message: `line 1, column 1: ${open}` },
    { what: "a quote not closed at the start", text: `"${"1,2\n".repeat(n)}`, message: `line 1, column 1: ${open}` },
    { what: "a quote not closed at the end", text: `${"1\n".repeat(n)}"`, message: `line ${n + 1}, column 1: ${open}` },
    { what: "one cell", text: "1".repeat(10 * n), rows: 1 },
    { what: "one quoted cell", text: `"${"1\n".repeat(n)}"`, rows: 1 },
    { what: "one row", text: ",".repeat(n), rows: 1 },
    { what: "one row of quoted cells", text: '"",'.repeat(n), rows: 1 },
    { what: "line ends alone", text: "\r".repeat(n), rows: 0 },
    { what: "spaces around a quoted cell", text: `${" ".repeat(n)}"a"${" ".repeat(n)}`, rows: 1 },
    { what: "spaces in every row", text: `"a"${" ".repeat(1000)}\n`.repeat(n / 1000), rows: n / 1000 },
    {
      what: "quotes behind closing ones and spaces",
      text: `${'"x'.repeat(n)}${" ".repeat(n)},`,
      message: `line 1, column 1: ${behind} "x"`,
    },
  ])("take no long time: $what", ({ text, rows, message = "" }) => {
    if (rows === undefined) expect(() => read(text)).toThrow(new FormatError(`t.csv, ${message}`));
    else expect(read(text).rows).toHaveLength(rows);
  });
});
