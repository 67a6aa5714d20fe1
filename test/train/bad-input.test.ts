import { describe, expect, test } from "vitest";
import {
  ConfigError,
  DataError,
  layers,
  losses,
  type Model,
  metrics,
  ShapeError,
  sequential,
} from "../../src/index.js";

const x = [
  [0, 1],
  [1, 0],
  [1, 1],
  [0, 0],
  [0.5, 0.25],
];
const y = [0, 1, 2, 0, 1];

/** What TypeScript would refuse, as a JavaScript program gives it. */
const wrong = <T>(value: unknown): T => value as T;

/** Two numbers in, three classes out, trained for an epoch. */
async function trained(): Promise<Model> {
  const net = sequential({
    seed: 7,
    layers: [
      layers.dense({ inputShape: [2], units: 4, activation: "tanh" }),
      layers.dense({ units: 3, activation: "softmax" }),
    ],
  });
  net.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  await net.fit(x, y, { batchSize: 2 });
  return net;
}

/** The error that `call` throws or rejects with. */
async function errorOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error("no error was thrown");
}

interface Case {
  readonly what: string;
  readonly call: (net: Model) => unknown;
  readonly error: typeof ConfigError | typeof DataError | typeof ShapeError;
  /** Says which argument, what was expected and what came. */
  readonly says: RegExp;
}

const row = (what: string, call: Case["call"], error: Case["error"], says: RegExp): Case => ({
  what,
  call,
  error,
  says,
});

const examples: Case[] = [
  row("rows too long", (net) => net.fit([[1, 2, 3]], [0]), ShapeError, /^x: shape \[n, 2\] expected, got \[1, 3\]/),
  row("rows too deep", (net) => net.fit([[[1, 2]]], [0]), ShapeError, /^x: shape \[n, 2\] expected, got \[1, 1, 2\]/),
  row("a flat list", (net) => net.fit([1, 2], [0]), ShapeError, /^x: shape \[n, 2\] expected, got \[2\]/),
  row("part of a row", (net) => net.fit(new Float32Array(3), [0]), ShapeError, /^x: 3 numbers are not whole examples/),
  row(
    "another shape",
    (net) => net.fit({ data: new Float32Array(6), shape: [2, 3] }, [0, 1]),
    ShapeError,
    /^x: shape \[n, 2\] expected, got \[2, 3\]/,
  ),
  row(
    "less data than the shape holds",
    (net) => net.fit({ data: new Float32Array(3), shape: [2, 2] }, [0, 1]),
    ShapeError,
    /^x: shape \[2, 2\] holds 4 numbers, its data 3/,
  ),
  row(
    "a shape of fractions",
    (net) => net.fit({ data: new Float32Array(3), shape: [1.5, 2] }, [0]),
    DataError,
    /^x must be a Float32Array.*got an Object/,
  ),
  row(
    "ragged rows",
    (net) => net.fit([[1, 2], [3]], [0, 1]),
    ShapeError,
    /^x\[1\] is ragged: an array of 2 expected, like the others, got an array of 1/,
  ),
  row("a number among the rows", (net) => net.fit([[1, 2], 3], [0, 1]), ShapeError, /^x\[1\] is ragged: .*got 3/),
  row("a word", (net) => net.fit(wrong([[1, "2"]]), [0]), DataError, /^x\[0\]\[1\] must be a number, got "2"/),
  row("a hole", (net) => net.fit(wrong([[1, null]]), [0]), DataError, /^x\[0\]\[1\] must be a number, got null/),
  row(
    "NaN",
    (net) =>
      net.fit(
        [
          [0, 1],
          [0, Number.NaN],
        ],
        [0, 1],
      ),
    DataError,
    /^x must hold finite numbers, got NaN in example 1/,
  ),
  row(
    "infinity",
    (net) => net.fit(Float32Array.of(0, Infinity), [0]),
    DataError,
    /^x must hold finite numbers, got Infinity in example 0/,
  ),
  row("minus infinity", (net) => net.fit([[-Infinity, 0]], [0]), DataError, /^x must hold finite.*-Infinity/),
  row("a number too large for an f32", (net) => net.fit([[1e39, 0]], [0]), DataError, /^x must hold finite numbers/),
  row("no examples", (net) => net.fit([], []), DataError, /^x is empty/),
  row("no bytes", (net) => net.fit(new Uint8Array(0), []), DataError, /^x is empty/),
  row("nothing", (net) => net.fit(wrong(undefined), y), DataError, /^x must be .*got undefined/),
  row("null", (net) => net.fit(wrong(null), y), DataError, /^x must be .*got null/),
  row("a text", (net) => net.fit(wrong("mnist"), y), DataError, /^x must be .*got "mnist"/),
  row(
    "big integers",
    (net) => net.fit(wrong(new BigInt64Array(2)), [0]),
    DataError,
    /^x must be .*got a BigInt64Array/,
  ),
];

const labels: Case[] = [
  row("a class too large", (net) => net.fit(x, [0, 1, 3, 0, 1]), DataError, /^y .* from 0 to 2, got 3 in example 2/),
  row("a negative class", (net) => net.fit(x, [-1, 1, 2, 0, 1]), DataError, /^y .* from 0 to 2, got -1 in example 0/),
  row("half a class", (net) => net.fit(x, [0, 1, 2, 0, 0.5]), DataError, /^y .* from 0 to 2, got 0.5 in example 4/),
  row("NaN", (net) => net.fit(x, [0, 1, 2, 0, Number.NaN]), DataError, /^y must hold .*got NaN in example 4/),
  row(
    "one-hot rows for ids",
    (net) => net.fit([[0, 1]], [[0, 0, 1]]),
    ShapeError,
    /^y: shape \[n\] expected, got \[1, 3\]/,
  ),
  row(
    "too few",
    (net) => net.fit(x, [0, 1]),
    ShapeError,
    /^x and y must have as many examples each, got \[5, 2\], \[2\]/,
  ),
  row("none", (net) => net.fit(x, []), DataError, /^y is empty/),
  row("nothing", (net) => net.fit(x, wrong(undefined)), DataError, /^y must be .*got undefined/),
];

const options: Case[] = [
  ...[0, 0.5, -1, Number.NaN, Infinity, "32"].flatMap((batchSize) => [
    row(`batchSize ${batchSize} in fit`, (net) => net.fit(x, y, wrong({ batchSize })), ConfigError, /^batchSize must/),
    row(
      `batchSize ${batchSize} in evaluate`,
      (net) => net.evaluate(x, y, wrong({ batchSize })),
      ConfigError,
      /^batchSize must be a whole number of at least 1, got /,
    ),
    row(
      `batchSize ${batchSize} in predict`,
      (net) => net.predict(x, wrong({ batchSize })),
      ConfigError,
      /^batchSize must be a whole number of at least 1, got /,
    ),
  ]),
  ...[-1, 1.5, Number.NaN, "5"].map((epochs) =>
    row(`epochs ${epochs}`, (net) => net.fit(x, y, wrong({ epochs })), ConfigError, /^epochs must be a whole number/),
  ),
  ...[-0.1, 1.1, Number.NaN].map((validationSplit) =>
    row(
      `validationSplit ${validationSplit}`,
      (net) => net.fit(x, y, { validationSplit }),
      ConfigError,
      /^validationSplit must be a number from 0 to 1, got/,
    ),
  ),
  ...[0.01, 1].map((validationSplit) =>
    row(
      `validationSplit ${validationSplit} of five examples`,
      (net) => net.fit(x, y, { validationSplit }),
      DataError,
      /^validationSplit: .* of 5 examples leaves one part empty/,
    ),
  ),
  row(
    "validation data twice",
    (net) => net.fit(x, y, { validationSplit: 0.2, validationData: [x, y] }),
    ConfigError,
    /^validationData and validationSplit: give one/,
  ),
  row(
    "validationData that is no pair",
    (net) => net.fit(x, y, { validationData: wrong([x]) }),
    ConfigError,
    /^validationData must be \[x, y\]/,
  ),
  row(
    "validationData of another shape",
    (net) => net.fit(x, y, { validationData: [[[1]], [0]] }),
    ShapeError,
    /^validationData\[0\]: shape \[n, 2\] expected, got \[1, 1\]/,
  ),
  row(
    "validationData with a class too large",
    (net) => net.fit(x, y, { validationData: [[[1, 1]], [9]] }),
    DataError,
    /^validationData\[1\] must hold class ids from 0 to 2, got 9/,
  ),
  row(
    "too few sample weights",
    (net) => net.fit(x, y, { sampleWeight: [1, 1] }),
    ShapeError,
    /^sampleWeight: a list of 5 numbers expected, got .*2/,
  ),
  row(
    "a negative sample weight",
    (net) => net.fit(x, y, { sampleWeight: [1, 1, -1, 1, 1] }),
    ConfigError,
    /^sampleWeight\[2\] must be a number from 0 to 1000000000000000, got -1/,
  ),
  row(
    "a NaN sample weight",
    (net) => net.evaluate(x, y, { sampleWeight: [Number.NaN, 1, 1, 1, 1] }),
    ConfigError,
    /^sampleWeight\[0\] must be/,
  ),
  row(
    "the weight of no class",
    (net) => net.fit(x, y, { classWeight: { 3: 2 } }),
    ConfigError,
    /^classWeight: classes are 0 to 2, got "3"/,
  ),
  row(
    "a negative class weight",
    (net) => net.fit(x, y, { classWeight: { 0: -1 } }),
    ConfigError,
    /^classWeight\[0\] must be a number from 0 to 1000000000000000, got -1/,
  ),
  row(
    "callbacks that are no list",
    (net) => net.fit(x, y, wrong({ callbacks: {} })),
    ConfigError,
    /^callbacks must be a list, got an Object/,
  ),
];

const weights: Case[] = [
  row("too few weights", (net) => net.setWeights([[1]]), ShapeError, /^setWeights: 4 weights expected, got 1/),
  row(
    "a kernel of another shape",
    (net) => net.setWeights({ "dense/bias": [1, 2, 3, 4], "dense/kernel": [[1], [2]] }),
    ShapeError,
    /^setWeights: dense\/kernel: shape \[2, 4\] expected, got \[2, 1\]/,
  ),
  row(
    "a kernel of too many rows",
    (net) => net.setWeights({ "dense/kernel": new Float32Array(12) }),
    ShapeError,
    /^setWeights: dense\/kernel: shape \[2, 4\] expected, got \[12\]/,
  ),
  row(
    "an unknown weight",
    (net) => net.setWeights({ "dense/kernal": new Float32Array(8) }),
    ConfigError,
    /^setWeights: weight "dense\/kernal" is unknown; did you mean "dense\/kernel"\?/,
  ),
  row("no weights", (net) => net.setWeights(wrong(null)), ConfigError, /^setWeights takes a list.*got null/),
];

const loss = "sparseCategoricalCrossentropy";
const settings: Case[] = [
  row("no loss", (net) => net.compile(wrong({})), ConfigError, /^compile(: settings must be an object| needs a loss)/),
  row(
    "nothing to compile",
    (net) => net.compile(wrong(undefined)),
    ConfigError,
    /^compile(: settings must be an object| needs a loss)/,
  ),
  row(
    "an unknown loss",
    (net) => net.compile({ loss: "sparseCategoricalCrossEntropie" }),
    ConfigError,
    /^loss "sparseCategoricalCrossEntropie" is unknown; did you mean "sparseCategoricalCrossentropy"\?/,
  ),
  row(
    "an unknown optimizer",
    (net) => net.compile({ loss, optimizer: "adem" }),
    ConfigError,
    /^optimizer "adem" is unknown; did you mean "adam"\? Known: sgd, /,
  ),
  row(
    "an unknown metric",
    (net) => net.compile({ loss, metrics: ["acuracy"] }),
    ConfigError,
    /^metric "acuracy" is unknown; did you mean "accuracy"\?/,
  ),
  row(
    "a name of every object",
    (net) => net.compile({ loss: "constructor" }),
    ConfigError,
    /^loss "constructor" is unknown/,
  ),
  row(
    "a metric twice",
    (net) => net.compile({ loss, metrics: ["accuracy", metrics.accuracy()] }),
    ConfigError,
    /^metrics: accuracy is asked for twice/,
  ),
  row(
    "a metric of rows for ids",
    (net) => net.compile({ loss, metrics: ["meanAbsoluteError"] }),
    ConfigError,
    /^metric meanAbsoluteError needs targets of the output's shape/,
  ),
  row("metrics that are no list", (net) => net.compile(wrong({ loss, metrics: "accuracy" })), ConfigError, /^metrics/),
  row("two losses for one output", (net) => net.compile({ loss: [loss, loss] }), ConfigError, /^loss: one for each/),
  row("two weights for one output", (net) => net.compile({ loss, lossWeights: [1, 2] }), ConfigError, /^lossWeights:/),
  row("a NaN weight", (net) => net.compile({ loss, lossWeights: [Number.NaN] }), ConfigError, /^lossWeights\[0\] must/),
  row(
    "an unknown reduction",
    () => losses.meanSquaredError(wrong({ reduction: "summ" })),
    ConfigError,
    /^meanSquaredError: reduction "summ" is unknown; did you mean "sum"\?/,
  ),
];

describe.each(
  Object.entries({ examples, labels, options, weights, settings }).map(([about, cases]) => ({ about, cases })),
)("$about", ({ cases }) => {
  test.each(cases)("$what: a typed error, and no trace of it", async ({ call, error, says }) => {
    const net = await trained();
    const before = net.weightsHash();
    const thrown = await errorOf(() => call(net));
    expect(thrown).toBeInstanceOf(error);
    expect((thrown as Error).message).toMatch(says);
    expect(net.weightsHash()).toBe(before);

    // Later training goes as if nothing had been: the optimizer's state and the count of steps are untouched too.
    const spared = await trained();
    const { history } = await net.fit(x, y, { batchSize: 2, epochs: 2 });
    expect(history).toEqual((await spared.fit(x, y, { batchSize: 2, epochs: 2 })).history);
    expect(net.weightsHash()).toBe(spared.weightsHash());
    expect(net.weightsHash()).not.toBe(before);
  });
});

test.each([
  ["meanSquaredError", [[Number.NaN]], DataError, /^y must hold finite numbers, got NaN/],
  ["meanSquaredError", [[1, 2]], ShapeError, /^y: shape \[n, 1\] expected, got \[1, 2\]/],
  ["binaryCrossentropy", [2], DataError, /^y must hold numbers from 0 to 1 for binaryCrossentropy, got 2 in example 0/],
  ["binaryCrossentropy", [-1], DataError, /^y must hold numbers from 0 to 1 for binaryCrossentropy, got -1/],
  ["hinge", [0.5], DataError, /^y must hold numbers -1 or 1 \(or 0 and 1\) for hinge, got 0.5/],
  ["perceptron", [2], DataError, /^y must hold numbers -1 or 1 \(or 0 and 1\) for perceptron, got 2/],
] as const)("targets of %s: %j is refused", async (loss, target, error, says) => {
  const net = sequential({ layers: [layers.dense({ inputShape: [2], units: 1 })] }).compile({ loss });
  const before = net.weightsHash();
  const thrown = await errorOf(() => net.fit([[1, 2]], target));
  expect(thrown).toBeInstanceOf(error);
  expect((thrown as Error).message).toMatch(says);
  expect(net.weightsHash()).toBe(before);
  expect((await net.fit([[1, 2]], [1])).history.loss).toHaveLength(1);
});

test("a batch larger than the data is the whole data", async () => {
  const [net, same] = [await trained(), await trained()];
  const { history } = await net.fit(x, y, { batchSize: 1000 });
  expect(history).toEqual((await same.fit(x, y, { batchSize: 5 })).history);
  expect(net.weightsHash()).toBe(same.weightsHash());
  expect(await net.evaluate(x, y, { batchSize: 1000 })).toEqual(await net.evaluate(x, y, { batchSize: 5 }));
  expect(await net.predict(x, { batchSize: 1000 })).toEqual(await net.predict(x, { batchSize: 5 }));
});
