import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError, DataError, FormatError } from "../../src/base/errors.js";
import { type CsvOptions, csv } from "../../src/data/csv.js";

const flowers = "width,length,species\n1,2,rose\n3,4.5,iris\n-5,6e-1,rose\n";
const f32 = (...values: number[]) => Float32Array.from(values);
const i32 = (...values: number[]) => Int32Array.from(values);
const column = (...values: number[]) => ({ data: f32(...values), shape: [values.length, 1] });
const ids = (...values: number[]) => ({ data: i32(...values), shape: [values.length] });

describe("data.csv reads", () => {
  it("features, their names, and sorted classes", () => {
    expect(csv(flowers)).toEqual({
      x: { data: f32(1, 2, 3, 4.5, -5, 0.6), shape: [3, 2] },
      featureNames: ["width", "length"],
      y: ids(1, 0, 1),
      classNames: ["iris", "rose"],
    });
  });

  it.each<{ what: string; text: string; options?: CsvOptions; names?: readonly string[]; rows: number }>([
    { what: "words above a number as a header", text: "a,b\n1,2\n3,4", names: ["a"], rows: 2 },
    { what: "a number among words as data", text: "1,b\n1,c", rows: 2 },
    { what: "numbers as a header when told so", text: "1,2\n3,4", options: { header: true }, names: ["1"], rows: 1 },
    { what: "words as data when told so", text: "a,1\nb,2", options: { header: false, label: 0 }, rows: 2 },
    { what: "a header of empty names", text: ",\n1,2", names: [""], rows: 1 },
    { what: "past a byte order mark and empty lines", text: "\ufeff\n \n a , b \n1,2\n\n3,4", names: ["a"], rows: 2 },
    { what: "Windows' line ends", text: "a,b\r\n1,2\r\n3,4\r\n", names: ["a"], rows: 2 },
    { what: "quotes", text: '"a ""b"", c",d\n"1","2"', names: ['a "b", c'], rows: 1 },
  ])("$what", ({ text, options, names, rows }) => {
    const { x, featureNames } = csv(text, options);
    expect(featureNames).toEqual(names);
    expect(x.shape).toEqual([rows, 1]);
  });

  it.each([";", "\t", " ", "|", "::"])("cells apart by %j", (delimiter) => {
    const text = ["a,b,c", "1,-2,3", "4,5e1,.5"].join("\n").replaceAll(",", delimiter);
    const { x, featureNames } = csv(text, { delimiter, label: null });
    expect(featureNames).toEqual(["a", "b", "c"]);
    expect(x).toEqual({ data: f32(1, -2, 3, 4, 50, 0.5), shape: [2, 3] });
  });

  it.each([
    { cell: "+7", value: 7 },
    { cell: "7.", value: 7 },
    { cell: "-.25", value: -0.25 },
    { cell: " 25E-2 ", value: 0.25 },
    { cell: "0.1", value: Math.fround(0.1) },
    { cell: "1e-400", value: 0 },
    { cell: "3.4028234663852886e38", value: 3.4028234663852886e38 },
  ])("$cell as $value", ({ cell, value }) => {
    expect([...csv(`0,${cell}`, { label: null }).x.data]).toEqual([0, value]);
  });

  it.each<{ what: string; options: CsvOptions; x: readonly number[]; y: unknown; names: readonly string[] }>([
    { what: "a label by name", options: { label: "a" }, x: [2, 3, 5, 6], y: ids(1, 4), names: ["b", "c"] },
    { what: "a label by index", options: { label: 1 }, x: [1, 3, 4, 6], y: ids(2, 5), names: ["a", "c"] },
    { what: "the last column", options: {}, x: [1, 2, 4, 5], y: ids(3, 6), names: ["a", "b"] },
    { what: "columns in order", options: { columns: ["b", 0] }, x: [2, 1, 5, 4], y: ids(3, 6), names: ["b", "a"] },
    { what: "no label", options: { label: null }, x: [1, 2, 3, 4, 5, 6], y: undefined, names: ["a", "b", "c"] },
    { what: "some columns", options: { label: null, columns: ["c"] }, x: [3, 6], y: undefined, names: ["c"] },
  ])("$what", ({ options, x, y, names }) => {
    const dataset = csv("a,b,c\n1,2,3\n4,5,6", options);
    expect([...dataset.x.data]).toEqual(x);
    expect(dataset.x.shape).toEqual([2, names.length]);
    expect(dataset.featureNames).toEqual(names);
    expect("y" in dataset ? dataset.y : undefined).toEqual(y);
  });

  it.each<{ labels: string; task?: CsvOptions["task"]; y: unknown; classNames?: readonly string[] }>([
    { labels: "0 2 1", y: ids(0, 2, 1) },
    { labels: "7.0 1e1 2147483647", y: ids(7, 10, 2147483647) },
    { labels: "0 2 1", task: "classification", y: ids(0, 2, 1) },
    { labels: "0 2 1", task: "regression", y: column(0, 2, 1) },
    { labels: "0 -2 1", y: column(0, -2, 1) },
    { labels: "0.5 2 1", y: column(0.5, 2, 1) },
    { labels: "1 2 2147483648", y: column(1, 2, 2147483648) },
    { labels: "10 -2 9.5", task: "classification", y: ids(2, 0, 1), classNames: ["-2", "9.5", "10"] },
    { labels: "-1 -1.0 -10e-1", task: "classification", y: ids(0, 0, 0), classNames: ["-1"] },
    { labels: "b a b", y: ids(1, 0, 1), classNames: ["a", "b"] },
    { labels: "a B ä", y: ids(1, 0, 2), classNames: ["B", "a", "ä"] },
    { labels: "1 one 10", y: ids(0, 2, 1), classNames: ["1", "10", "one"] },
    { labels: "NaN Infinity 0x1", y: ids(2, 1, 0), classNames: ["0x1", "Infinity", "NaN"] },
    { labels: "__proto__ constructor x", y: ids(0, 1, 2), classNames: ["__proto__", "constructor", "x"] },
  ])("labels $labels (task $task)", ({ labels, task, y, classNames }) => {
    const text = labels.split(" ").map((label) => `1,${label}`);
    const dataset = csv(text.join("\n"), { header: false, ...(task === undefined ? {} : { task }) });
    expect(dataset.y).toEqual(y);
    expect(dataset.classNames).toEqual(classNames);
  });

  const oneHot = "red,x,green,blue\n0,7,0,1\n1,8,0,0\n0,9,1.0,0\n";

  it("one-hot labels with their columns as classes", () => {
    expect(csv(oneHot, { label: ["red", "green", "blue"] })).toEqual({
      x: column(7, 8, 9),
      featureNames: ["x"],
      y: { data: f32(0, 0, 1, 1, 0, 0, 0, 1, 0), shape: [3, 3] },
      classNames: ["red", "green", "blue"],
    });
  });

  it("one-hot labels without a header, by index and in the order asked for", () => {
    const dataset = csv(oneHot.slice(oneHot.indexOf("\n")), { label: [3, 0, 2] });
    expect([...dataset.y.data]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(dataset.classNames).toBeUndefined();
  });

  it("several targets of a regression", () => {
    const { y, classNames } = csv(oneHot, { label: ["x", "blue"], task: "regression" });
    expect(y).toEqual({ data: f32(7, 1, 8, 0, 9, 0), shape: [3, 2] });
    expect(classNames).toBeUndefined();
  });

  it("back every number and label that was written", () => {
    const cell = fc.float({ noNaN: true, noDefaultInfinity: true }).map(Math.fround);
    const label = fc.string({ minLength: 1, unit: "grapheme" }).map((text) => `<${text}>`);
    const table = fc.integer({ min: 1, max: 5 }).chain((width) => {
      const row = fc.tuple(fc.array(cell, { minLength: width, maxLength: width }), label);
      return fc.array(row, { minLength: 1, maxLength: 20 });
    });
    const written = (value: number) => (Object.is(value, -0) ? "-0" : String(value));
    const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(table, fc.constantFrom(",", ";", "\t"), fc.constantFrom("\n", "\r\n"), (rows, delimiter, end) => {
        const text = rows.map(([cells, name]) => [...cells.map(written), quote(name)].join(delimiter)).join(end);
        const { x, y, classNames } = csv(text, { delimiter, header: false });
        expect(x).toEqual({
          data: Float32Array.from(rows.flatMap(([cells]) => cells)),
          shape: [rows.length, rows[0]?.[0].length],
        });
        expect([...y.data].map((id) => classNames?.[id])).toEqual(rows.map(([, name]) => name));
        expect(classNames).toEqual([...new Set(rows.map(([, name]) => name))].sort());
      }),
    );
  });
});

describe("data.csv refuses broken text, saying where", () => {
  it.each<{ what: string; text: string; options?: CsvOptions; message: string | RegExp }>([
    { what: "no text", text: "", message: "t.csv: rows expected, the text has none" },
    { what: "empty lines alone", text: "\n  \r\n", message: "t.csv: rows expected, the text has none" },
    {
      what: "a header alone",
      text: "a,b\n",
      options: { header: true },
      message: "t.csv: rows expected below the header, the text has none",
    },
    {
      what: "a word",
      text: "a,b,c\n1,2,x\n3,word,y\n",
      message: 't.csv, line 3, column 2 ("b"): a number expected, got "word"',
    },
    {
      what: "a word past empty lines and a cell of two lines",
      text: 'a,b\n\n1,"x\ny"\n\nword,z\n',
      message: 't.csv, line 6, column 1 ("a"): a number expected, got "word"',
    },
    {
      what: "an unannounced header",
      text: "a,b\n1,2\n",
      options: { header: false },
      message: 't.csv, line 1, column 1: a number expected, got "a" (a header? then set header: true)',
    },
    {
      what: "a header alone, told or not",
      text: "a,b\n",
      message: "t.csv: rows expected below the header, the text has none",
    },
    {
      what: "a column of words",
      text: "1,a,x\n2,b,y\n",
      message:
        /column 2: a number expected, got "a" \(its column holds no numbers: set label or columns to leave it out\)$/,
    },
    {
      what: "a word above a number, told to be no header",
      text: "1,2\n3,x\n4,5\n",
      options: { label: 0 },
      message: /got "x"$/,
    },
    ...["", "NaN", "n/a", "NA", "?"].map((cell) => ({
      what: `a cell that is not known, ${JSON.stringify(cell)}`,
      text: `1,2\n${cell},4\n`,
      message: `t.csv, line 2, column 1: a number expected, got "${cell}" (not known? fill it in, or leave out the row)`,
    })),
    { what: "infinity", text: "1,2\n-Infinity,4\n", message: /line 2, column 1: a number expected, got "-Infinity"/ },
    { what: "hexadecimal digits", text: "1,2\n0x10,4\n", message: /line 2, column 1: a number expected, got "0x10"/ },
    {
      what: "a decimal comma",
      text: '1,2\n"1,5",4\n',
      message: 't.csv, line 2, column 1: a number expected, got "1,5" (a decimal comma? numbers take a point)',
    },
    {
      what: "decimal commas below a header",
      text: "a;b\n1,5;x\n",
      options: { delimiter: ";" },
      message: 't.csv, line 2, column 1 ("a"): a number expected, got "1,5" (a decimal comma? numbers take a point)',
    },
    { what: "two points", text: "1,2\n1.2.3,4\n", message: /line 2, column 1: a number expected, got "1\.2\.3"/ },
    { what: "half an exponent", text: "1,2\n1e,4\n", message: /line 2, column 1: a number expected, got "1e"/ },
    {
      what: "a number past f32's range",
      text: "1e39,2\n",
      message: 't.csv, line 1, column 1: a number in f32\'s range expected, got "1e39"',
    },
    { what: "digits without end and a letter", text: `${"1".repeat(500_000)}x,2\n`, message: /column 1: a number/ },
    {
      what: "a shorter row",
      text: "1,2,3\n4,5\n",
      message: "t.csv, line 2, column 3: 3 cells expected, as in the first row, got 2",
    },
    {
      what: "a longer row",
      text: "1,2\n3,4\n5,6,7\n",
      message: "t.csv, line 3, column 4: 2 cells expected, as in the first row, got 3",
    },
    {
      what: "an open quote",
      text: '1,2\n"3,4\n',
      message: "t.csv, line 2, column 1: a closing quote expected, the text ends without one",
    },
    {
      what: "a quote within a cell",
      text: '1,2\n3,4"5\n',
      message: 't.csv, line 2, column 2: quotes around the whole cell or none expected, got "4\\""',
    },
    {
      what: "text after a quote",
      text: '1,2\n3,"4"5\n',
      message: 't.csv, line 2, column 2: a delimiter or a line end expected behind a closing quote, got "5"',
    },
    { what: "an empty label", text: "a,b\n1,x\n2,\n", message: /^t\.csv, line 3, column 2 \("b"\): a label expected/ },
    {
      what: "a word among a regression's targets",
      text: "1,2\n3,x\n",
      options: { task: "regression" },
      message: 't.csv, line 2, column 2: a number expected, got "x"',
    },
    {
      what: "a label alone",
      text: "1\n2\n",
      message: "t.csv: at least one column besides the label expected, there is none",
    },
    { what: "labels alone", text: "1,0\n0,1\n", options: { label: [0, 1] }, message: /at least one column besides/ },
  ])("$what", ({ text, options, message }) => {
    const read = () => csv(text, { file: "t.csv", ...options });
    expect(read).toThrow(FormatError);
    expect(read).toThrow(message);
  });

  const meant = (delimiter: string, columns: number, given = ",") => {
    const [expected, got] = [given, delimiter].map((text) => JSON.stringify(text));
    return `; ${expected} expected between cells, but ${got} gives ${columns} in every row: set delimiter: ${got}`;
  };

  it.each<{ what: string; text: string; options?: CsvOptions; message: string }>([
    ...[";", "\t", "|", " "].map((delimiter) => ({
      what: `${JSON.stringify(delimiter)}, a column in all`,
      text: flowers.replaceAll(",", delimiter),
      message: `t.csv: at least one column besides the label expected, there is none${meant(delimiter, 3)}`,
    })),
    {
      what: "a comma where another was told",
      text: flowers,
      options: { delimiter: ";" },
      message: `t.csv: at least one column besides the label expected, there is none${meant(",", 3, ";")}`,
    },
    {
      what: "numbers with a decimal comma below a header",
      text: "a;b;c\n1,5;2,5;rose\n3;4;iris\n",
      message: `t.csv, line 2, column 4: 1 cell expected, as in the first row, got 3${meant(";", 3)}`,
    },
    {
      what: "numbers with a decimal comma without one",
      text: "1,5;2,5;rose\n3,5;4,5;iris\n",
      message: `t.csv, line 1, column 2: a number expected, got "5;2"${meant(";", 3)}`,
    },
    {
      what: "a comma in a name",
      text: 'a;b\n1;"x, y"\n2;"z"\n',
      message: `t.csv, line 2, column 1: quotes around the whole cell or none expected, got "1;\\""${meant(";", 2)}`,
    },
    {
      what: "no label",
      text: "a;b\n1;2\n",
      options: { label: null },
      message: `t.csv, line 1, column 1: a number expected, got "a;b"${meant(";", 2)}`,
    },
    {
      what: "two that give a table: that of more columns",
      text: "x y;b;c\nz u;2;3\n",
      message: `t.csv: at least one column besides the label expected, there is none${meant(";", 3)}`,
    },
  ])("other delimiters: $what", ({ text, options, message }) => {
    expect(() => csv(text, { file: "t.csv", ...options })).toThrow(new FormatError(message));
  });

  it.each<{ what: string; options: CsvOptions; message: string }>([
    {
      what: "name",
      options: { label: "c" },
      message: 'label "c" names a column, but t.csv has no header; use its index',
    },
    { what: "index", options: { label: 2 }, message: "label must be a column from 0 to 0 of t.csv, got 2" },
  ])("other delimiters: a label by $what", ({ options, message }) => {
    const read = () => csv("a;b;c\n1;2;x\n", { file: "t.csv", ...options });
    expect(read).toThrow(new ConfigError(message + meant(";", 3)));
  });

  it.each<{ what: string; text: string; options?: CsvOptions; message: string }>([
    {
      what: "a column alone",
      text: "1\n2\n",
      message: "at least one column besides the label expected, there is none",
    },
    {
      what: "a text in which each row holds another one",
      text: "1,2,a|b\n3,word,c|d\n",
      message: 'line 2, column 2: a number expected, got "word"',
    },
    {
      what: "commas and tabs",
      text: "1,\t2\n3,\t4,5\n",
      message: "line 2, column 4: 2 cells expected, as in the first row, got 3",
    },
    {
      what: "no table at all",
      text: "a;b\n1;2;3\n",
      message: "at least one column besides the label expected, there is none",
    },
    {
      what: "a label that is not there",
      text: "a,b\n1,2\n",
      options: { label: "name" },
      message: 'label "name" is no column of t.csv; Columns: a, b',
    },
  ])("and no other delimiter is offered for $what", ({ text, options, message }) => {
    const offered = () => csv(text, { file: "t.csv", ...options });
    expect(offered).toThrow(message);
    expect(offered).not.toThrow("set delimiter");
  });

  it.each([
    { what: "two ones", row: "1,0,1", message: "line 3, column 3: one-hot columns with one 1 and else 0 expected" },
    { what: "no one", row: "0,0,0", message: "line 3, column 1: one-hot columns with one 1 and else 0 expected" },
    { what: "another number", row: "0,2,0", message: "line 3, column 2: one-hot columns with one 1 and else 0" },
    { what: "a part of one", row: "1,0,0.5", message: "line 3, column 3: one-hot columns with one 1 and else 0" },
  ])("one-hot labels with $what", ({ row, message }) => {
    const read = () => csv(`0,0,1,5\n1,0,0,5\n${row},5\n`, { label: [0, 1, 2] });
    expect(read).toThrow(DataError);
    expect(read).toThrow(`CSV, ${message}`);
  });
});

describe("data.csv refuses options that cannot be", () => {
  it.each<{ options: object; text?: string; message: string }>([
    { options: { label: "colour" }, message: 'label "colour" is no column of CSV; Columns: width, length, species' },
    { options: { label: "specie" }, message: 'label "specie" is no column of CSV; did you mean "species"?' },
    { options: { label: 3 }, message: "label must be a column from 0 to 2 of CSV, got 3" },
    { options: { label: -1 }, message: "label must be a column from 0 to 2 of CSV, got -1" },
    { options: { label: 0.5 }, message: "label must be a column from 0 to 2 of CSV, got 0.5" },
    { options: { label: true }, message: "label must be the name or the index of a column, got true" },
    { options: { label: [] }, message: "label must be a list of at least one column, got an array of 0" },
    { options: { label: ["width", 0] }, message: "label must name each column once" },
    { options: { label: "a" }, text: "1,2", message: 'label "a" names a column, but CSV has no header; use its index' },
    { options: { label: "a" }, text: "a,a\n1,2", message: 'label "a" names several columns of CSV; use an index' },
    { options: { columns: [] }, message: "columns must be a list of at least one column, got an array of 0" },
    { options: { columns: "width" }, message: 'columns must be a list of at least one column, got "width"' },
    { options: { columns: ["depth"] }, message: 'columns "depth" is no column of CSV' },
    { options: { columns: [0, "width"] }, message: "columns must name each column once" },
    { options: { columns: ["species"] }, message: "columns must leave out the label, which is column 2" },
    { options: { task: "clustering" }, message: 'task must be "classification" or "regression", got "clustering"' },
    { options: { delimiter: "" }, message: 'delimiter must be a text without quotes and line ends, got ""' },
    { options: { delimiter: '"' }, message: "delimiter must be a text without quotes and line ends" },
    { options: { delimiter: "\n" }, message: "delimiter must be a text without quotes and line ends" },
    { options: { delimiter: [";"] }, message: "delimiter must be a text without quotes and line ends, got an array" },
    { options: { header: "no" }, message: 'header must be true, false or undefined, got "no"' },
  ])("$options", ({ options, text = flowers, message }) => {
    const read = () => csv(text, options);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(message);
  });

  it.each([undefined, null, 5, new Uint8Array(3)])("%s in place of text", (text) => {
    const read = () => csv(text as unknown as string);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/^text must be a string, got /);
  });
});
