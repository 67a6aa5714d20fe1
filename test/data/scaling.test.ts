import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { minMax, type Scaling, standardize } from "../../src/data/scaling.js";
import { DataError, layers, type NeuroneError, ShapeError, sequential, type TensorLike } from "../../src/index.js";

type Rows = readonly (readonly number[])[];

/** `x * scale + offset` in f64, as columns. */
function scaledColumns({ scale, offset }: Scaling, rows: Rows): number[][] {
  return Array.from(scale, (factor, i) => rows.map((row) => (row[i] as number) * factor + (offset[i] as number)));
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const meanOf = (values: readonly number[]) => sumOf(values) / values.length;
const varianceOf = (values: readonly number[]) => meanOf(values.map((value) => (value - meanOf(values)) ** 2));

/** Rows of whole numbers, whose sums f64 holds exactly. */
const wholeRows = fc
  .integer({ min: 1, max: 4 })
  .chain((width) => fc.array(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: width, maxLength: width })))
  .filter((rows) => rows.length > 0);

/** What rounding the scale and the offset to f32 may move any scaled value of feature `i` by. */
function roundingError({ scale }: Scaling, rows: Rows, i: number): number {
  return 2 ** -23 * (scale[i] as number) * Math.max(...rows.map((row) => Math.abs(row[i] as number))) * (1 + 1e-6);
}

const isConstant = (rows: Rows, i: number) => rows.every((row) => row[i] === rows[0]?.[i]);

describe("data.standardize", () => {
  it.each([
    { values: [1, 2, 3, 4], scale: 0.8944271909999159, offset: -2.23606797749979 },
    { values: [-1, 1], scale: 1, offset: 0 },
    { values: [0, 0, 0, 8], scale: 0.2886751345948129, offset: -0.5773502691896258 },
    { values: [2 ** 23, 2 ** 23 + 2], scale: 1, offset: -(2 ** 23 + 1) },
    { values: [2 ** 100, 3 * 2 ** 100], scale: 2 ** -100, offset: -2 },
    { values: [2 ** -100, 3 * 2 ** -100], scale: 2 ** 100, offset: -2 },
  ])("of $values is its value in f64, rounded once", ({ values, scale, offset }) => {
    const scaling = standardize(values.map((value) => [value]));
    expect([...scaling.scale]).toEqual([Math.fround(scale)]);
    expect([...scaling.offset]).toEqual([Math.fround(offset)]);
  });

  it("gives each feature mean 0 and the population's variance 1, a constant one variance 0", () => {
    fc.assert(
      fc.property(wholeRows, (rows) => {
        const scaling = standardize(rows);
        for (const [i, column] of scaledColumns(scaling, rows).entries()) {
          expect(Math.abs(meanOf(column))).toBeLessThanOrEqual(roundingError(scaling, rows, i));
          expect(Math.abs(varianceOf(column) - (isConstant(rows, i) ? 0 : 1))).toBeLessThanOrEqual(2 ** -22);
        }
      }),
    );
  });

  it("keeps its digits where the mean is a million deviations away", () => {
    const rows = Array.from({ length: 1000 }, (_, i) => [2 ** 20 + (i % 2) * 2]);
    expect([...standardize(rows).scale]).toEqual([1]);
  });
});

describe("data.minMax", () => {
  it.each([
    { values: [1, 2, 5], scale: 0.25, offset: -0.25 },
    { values: [0, 3], scale: 1 / 3, offset: 0 },
    { values: [-3, 7], scale: 0.1, offset: 0.3 },
    { values: [-(2 ** 127), 2 ** 127], scale: 2 ** -128, offset: 0.5 },
  ])("of $values is its value in f64, rounded once", ({ values, scale, offset }) => {
    const scaling = minMax(values.map((value) => [value]));
    expect([...scaling.scale]).toEqual([Math.fround(scale)]);
    expect([...scaling.offset]).toEqual([Math.fround(offset)]);
  });

  it("brings each feature to 0 and 1, a constant one to 0", () => {
    fc.assert(
      fc.property(wholeRows, (rows) => {
        const scaling = minMax(rows);
        for (const [i, column] of scaledColumns(scaling, rows).entries()) {
          const error = roundingError(scaling, rows, i);
          expect(Math.abs(Math.min(...column))).toBeLessThanOrEqual(error);
          expect(Math.abs(Math.max(...column) - (isConstant(rows, i) ? 0 : 1))).toBeLessThanOrEqual(error);
        }
      }),
    );
  });
});

describe.each([
  { name: "data.standardize", scalingOf: standardize },
  { name: "data.minMax", scalingOf: minMax },
])("$name", ({ scalingOf }) => {
  it.each([0, 7, -0.1, 1e30, 1e-42])("brings a constant %d to 0 by a scale of 1", (value) => {
    const scaling = scalingOf(new Array<number[]>(7).fill([value]));
    expect([...scaling.scale]).toEqual([1]);
    expect([...scaling.offset]).toEqual([0 - Math.fround(value)]);
  });

  it("takes a range whose inverse f32 cannot hold as constant", () => {
    expect([...scalingOf([[0], [1e-42]]).scale]).toEqual([1]);
  });

  it("takes one row", () => {
    expect(scalingOf([[3, -4]])).toEqual({ scale: Float32Array.of(1, 1), offset: Float32Array.of(-3, 4) });
  });

  it.each<{ form: string; x: TensorLike; features: number }>([
    {
      form: "pixels of images",
      x: { data: Uint8Array.from({ length: 24 }, (_, i) => i), shape: [2, 3, 4] },
      features: 12,
    },
    { form: "whole numbers", x: { data: Int32Array.of(1, 2, 3, 4), shape: [2, 2] }, features: 2 },
    { form: "one feature without an axis of its own", x: Float32Array.of(1, 2, 3), features: 1 },
    { form: "no features", x: [[], []], features: 0 },
  ])("takes $form", ({ x, features }) => {
    const { scale, offset } = scalingOf(x);
    expect([scale.length, offset.length]).toEqual([features, features]);
  });

  it.each<{ what: string; x: unknown; error: typeof NeuroneError; message: string }>([
    { what: "no rows", x: [], error: DataError, message: "x must have at least one row" },
    {
      what: "NaN",
      x: [
        [1, 2],
        [3, Number.NaN],
      ],
      error: DataError,
      message: "got NaN in row 1, feature 1",
    },
    { what: "infinity", x: [[-Infinity], [0]], error: DataError, message: "got -Infinity in row 0, feature 0" },
    { what: "numbers past f32's range", x: [[0], [1e39]], error: DataError, message: "got Infinity in row 1" },
    { what: "ragged rows", x: [[1], [2, 3]], error: ShapeError, message: "x[1] is ragged: an array of 1 expected" },
    { what: "words", x: ["1"], error: DataError, message: 'x[0] must be a number, got "1"' },
    { what: "a dataset", x: { x: [1], y: [1] }, error: DataError, message: "x must be a Float32Array" },
    {
      what: "another size of data",
      x: { data: Float32Array.of(1, 2, 3), shape: [2, 2] },
      error: ShapeError,
      message: "x: shape [2, 2] holds 4 numbers, its data 3",
    },
  ])("refuses $what", ({ x, error, message }) => {
    const attempt = () => scalingOf(x as TensorLike);
    expect(attempt).toThrow(error);
    expect(attempt).toThrow(message);
  });

  it("travels with the model: fitted on the training part, it is what new data meets", async () => {
    const train = [
      [0, 10],
      [4, 10],
      [8, 70],
    ];
    const scaling = scalingOf(train);
    const net = sequential({ layers: [layers.normalization({ inputShape: [2], ...scaling })] });
    const rows = [...train, [-100, 1000]];
    const { data } = await net.predict(rows);
    const wanted = scaledColumns(scaling, rows);
    for (const [row, i] of rows.flatMap((_, row) => [[row, 0] as const, [row, 1] as const])) {
      const value = wanted[i]?.[row] as number;
      expect(Math.abs((data[2 * row + i] as number) - value)).toBeLessThanOrEqual(
        2 ** -22 * Math.max(1, Math.abs(value)),
      );
    }
    expect(net.getWeights().map((weight) => [...weight.data])).toEqual([[...scaling.scale], [...scaling.offset]]);
  });
});
