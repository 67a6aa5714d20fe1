import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError, DataError, type NeuroneError, ShapeError } from "../../src/base/errors.js";
import { type DatasetLike, type SplitOptions, shuffle, split } from "../../src/data/dataset.js";

/** Examples that say which they are: row i is [i, i + 0.5]. */
function examples(classes: readonly number[]) {
  return {
    x: { data: Float32Array.from(classes.flatMap((_, i) => [i, i + 0.5])), shape: [classes.length, 2] },
    y: { data: Int32Array.from(classes), shape: [classes.length] },
    featureNames: ["a", "b"],
    classNames: ["none", "one", "two"],
  };
}

type Examples = ReturnType<typeof examples>;

const rowsOf = ({ x }: Examples) => Array.from({ length: x.shape[0] as number }, (_, row) => x.data[2 * row] as number);
const ascending = (rows: readonly number[]) => [...rows].sort((a, b) => a - b);
const countOf = (values: Iterable<number>, wanted: number) => [...values].filter((value) => value === wanted).length;

/** Each row of `part` is one of `whole`, with the label that it has there. */
function expectWholeRows(part: Examples, whole: Examples) {
  for (const [place, row] of rowsOf(part).entries()) {
    expect(part.x.data[2 * place + 1]).toBe(row + 0.5);
    expect(part.y.data[place]).toBe(whole.y.data[row]);
  }
}

const seeds = fc.maxSafeNat();
const fractions = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const labels = (minLength: number) => fc.array(fc.nat(2), { minLength, maxLength: 60 });

describe("data.shuffle", () => {
  it("keeps every example, with its label", () => {
    fc.assert(
      fc.property(labels(0), seeds, (classes, seed) => {
        const whole = examples(classes);
        const shuffled = shuffle(whole, seed);
        expect(ascending(rowsOf(shuffled))).toEqual(rowsOf(whole));
        expectWholeRows(shuffled, whole);
      }),
    );
  });

  it("is decided by the seed alone", () => {
    const whole = examples(Array.from({ length: 50 }, (_, i) => i % 3));
    const orders = [1, 1, 2].map((seed) => rowsOf(shuffle(whole, seed)));
    expect(orders[1]).toEqual(orders[0]);
    expect(orders[2]).not.toEqual(orders[0]);
    expect(rowsOf(whole)).toEqual(ascending(rowsOf(whole)));
  });

  it("keeps names, types and the shape of an example", () => {
    const dataset = {
      x: { data: Uint8Array.from({ length: 24 }, (_, i) => i), shape: [2, 3, 4] },
      y: { data: Float32Array.of(1, 0, 0, 1), shape: [2, 2] },
      classNames: ["left", "right"],
    };
    const { x, y, ...rest } = shuffle(dataset, 3);
    expect(x.data).toBeInstanceOf(Uint8Array);
    expect(x.shape).toEqual([2, 3, 4]);
    expect(y.data).toBeInstanceOf(Float32Array);
    expect(x.data[0] === 0 ? [...y.data] : [...y.data].reverse()).toEqual([1, 0, 0, 1]);
    expect(rest).toEqual({ classNames: ["left", "right"] });
  });
});

describe("data.split", () => {
  it("is a partition, of the fraction asked for", () => {
    fc.assert(
      fc.property(labels(2), fractions, seeds, (classes, test, seed) => {
        const whole = examples(classes);
        const parts = split(whole, { test, seed });
        expect(ascending([...rowsOf(parts.train), ...rowsOf(parts.test)])).toEqual(rowsOf(whole));
        expectWholeRows(parts.train, whole);
        expectWholeRows(parts.test, whole);
        const wanted = Math.min(classes.length - 1, Math.max(1, Math.round(test * classes.length)));
        expect(parts.test.y.shape).toEqual([wanted]);
      }),
    );
  });

  it("with stratify has each class's fraction, within one example, and some of it on either side", () => {
    const twice = labels(0).map((classes) => [...classes, ...classes, 0, 0]);
    fc.assert(
      fc.property(twice, fractions, seeds, fc.boolean(), (classes, test, seed, isOneHot) => {
        const whole = examples(classes);
        const oneHot = Float32Array.from(classes.flatMap((id) => [0, 1, 2].map((other) => +(other === id))));
        const given = isOneHot ? { ...whole, y: { data: oneHot, shape: [classes.length, 3] } } : whole;
        const parts = split(given, { test, seed, stratify: true });
        const sides = [parts.train, parts.test].map(({ x }) =>
          Array.from({ length: x.shape[0] as number }, (_, row) => x.data[2 * row] as number),
        );
        expect(ascending(sides.flat())).toEqual(rowsOf(whole));
        for (const id of new Set(classes)) {
          const [train = 0, tested = 0] = sides.map((rows) => rows.filter((row) => classes[row] === id).length);
          expect(Math.abs(tested - test * countOf(classes, id))).toBeLessThan(1);
          expect(Math.min(train, tested)).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("without stratify may leave a class out", () => {
    const whole = examples([...new Array<number>(20).fill(0), 1]);
    const sides = Array.from({ length: 20 }, (_, seed) => countOf(split(whole, { test: 0.5, seed }).test.y.data, 1));
    expect(new Set(sides)).toEqual(new Set([0, 1]));
  });

  it("is decided by the seed alone, which is 0 by default", () => {
    const whole = examples(Array.from({ length: 50 }, (_, i) => i % 3));
    const tested = (options: Omit<SplitOptions, "test">) => rowsOf(split(whole, { test: 0.3, ...options }).test);
    expect(tested({})).toEqual(tested({ seed: 0 }));
    expect(tested({ seed: 7 })).not.toEqual(tested({ seed: 8 }));
    expect(tested({ seed: 7, stratify: true })).toEqual(tested({ seed: 7, stratify: true }));
  });

  it("draws other random numbers than data.shuffle of the same seed", () => {
    const whole = examples(new Array<number>(50).fill(0));
    const { train, test } = split(whole, { test: 0.5, seed: 4 });
    expect([...rowsOf(test), ...rowsOf(train)]).not.toEqual(rowsOf(shuffle(whole, 4)));
  });

  it("mixes the examples of either side", () => {
    const { train } = split(examples(new Array<number>(100).fill(0)), { test: 0.2 });
    expect(rowsOf(train)).not.toEqual(ascending(rowsOf(train)));
  });

  it("takes nested arrays", () => {
    const given = { x: [[0], [1], [2], [3]], y: [5, 6, 5, 6], classNames: ["a"] };
    const { train, test } = split(given, { test: 0.5, stratify: true });
    for (const side of [train, test]) {
      expect(side.x.shape).toEqual([2, 1]);
      expect([...side.x.data].map((i) => given.y[i])).toEqual([...side.y.data]);
      expect(ascending([...side.y.data])).toEqual([5, 6]);
      expect(side.classNames).toEqual(["a"]);
    }
  });

  it.each([0, 1, -0.1, 1.1, Number.NaN, Infinity, "0.2", undefined])("refuses test: %s", (test) => {
    const attempt = () => split(examples([0, 1]), { test: test as number });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(/^test must be a (number|fraction)/);
  });

  it.each<{ what: string; y: DatasetLike["y"] }>([
    { what: "fractions", y: [0.5, 1, 1] },
    {
      what: "rows with two ones",
      y: [
        [1, 0, 0],
        [0, 1, 1],
        [0, 1, 0],
      ],
    },
    {
      what: "rows with no one",
      y: [
        [1, 0],
        [0, 0],
        [0, 1],
      ],
    },
  ])("refuses stratify for $what", ({ y }) => {
    const attempt = () => split({ x: [1, 2, 3], y }, { test: 0.5, stratify: true });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(/^stratify needs y as class ids or one-hot rows; row \d is neither/);
  });

  it.each([
    { classes: [], stratify: false, message: "split needs at least 2 examples, the dataset has none" },
    {
      classes: [1],
      stratify: false,
      message: "split needs at least 2 examples, one for either side; the dataset has 1",
    },
    { classes: [0, 0, 2], stratify: true, message: "split needs at least 2 examples of class 2" },
  ])("refuses classes $classes with stratify: $stratify", ({ classes, stratify, message }) => {
    const attempt = () => split(examples(classes), { test: 0.5, stratify });
    expect(attempt).toThrow(DataError);
    expect(attempt).toThrow(message);
  });
});

describe("data.shuffle and data.split refuse", () => {
  const numbers = Float32Array.of(1, 2, 3);

  it.each<{ what: string; x?: unknown; y?: unknown; seed?: number; error: typeof NeuroneError; message: string }>([
    { what: "other numbers of rows", y: [1, 2], error: ShapeError, message: "x has 3, y has 2" },
    {
      what: "too short data",
      x: { data: numbers, shape: [3, 2] },
      error: ShapeError,
      message: "x: shape [3, 2] holds 6 numbers, its data 3",
    },
    {
      what: "no axis",
      y: { data: numbers, shape: [] },
      error: ShapeError,
      message: "y: shape [] holds 1 numbers, its data 3",
    },
    { what: "sizes below 0", y: { data: numbers, shape: [-1, -3] }, error: DataError, message: "y must be" },
    {
      what: "ragged rows",
      x: [[1, 2], [3], [4, 5]],
      error: ShapeError,
      message: "x[1] is ragged: an array of 2 expected",
    },
    {
      what: "a number among rows",
      x: [[1, 2], 3],
      error: ShapeError,
      message: "x[1] is ragged: an array of 2 expected",
    },
    {
      what: "a row among numbers",
      x: [1, [2], 3],
      error: DataError,
      message: "x[1] must be a number, got an array of 1",
    },
    { what: "words", x: [[1], ["2"], [3]], error: DataError, message: 'x[1][0] must be a number, got "2"' },
    { what: "a hole", x: [[1], [null], [3]], error: DataError, message: "x[1][0] must be a number, got null" },
    {
      what: "big integers",
      x: new BigInt64Array(3),
      error: DataError,
      message: "nested arrays of numbers, got a BigInt64Array",
    },
    { what: "nothing", y: undefined, error: DataError, message: "y must be a Float32Array" },
    { what: "null", x: null, error: DataError, message: "x must be a Float32Array" },
    { what: "a negative seed", seed: -1, error: ConfigError, message: "seed must be a whole number" },
    { what: "a fraction as seed", seed: 0.5, error: ConfigError, message: "seed must be a whole number" },
  ])("$what", ({ seed = 0, error, message, ...given }) => {
    const dataset = { x: numbers, y: numbers, ...given } as DatasetLike;
    for (const attempt of [() => shuffle(dataset, seed), () => split(dataset, { test: 0.5, seed })]) {
      expect(attempt).toThrow(error);
      expect(attempt).toThrow(message);
    }
  });
});
