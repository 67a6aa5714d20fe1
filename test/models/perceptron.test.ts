import { describe, expect, test } from "vitest";
import {
  ConfigError,
  DataError,
  load,
  models,
  type Perceptron,
  type PerceptronRun,
  type PerceptronUpdate,
  ShapeError,
} from "../../src/index.js";

const corners = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const AND = [-1, -1, -1, 1];
const OR = [-1, 1, 1, 1];
const XOR = [-1, 1, 1, -1];

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

interface Step {
  readonly epoch: number;
  readonly example: number;
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** The textbook's rule in float64, the bias as the last weight. */
function byHand(x: readonly (readonly number[])[], y: readonly number[], epochs: number, eta = 1) {
  let w = new Array<number>((x[0] as readonly number[]).length + 1).fill(0);
  const updates: Step[] = [];
  const mistakes: number[] = [];
  while (mistakes.length < epochs && mistakes.at(-1) !== 0) {
    let count = 0;
    x.forEach((row, example) => {
      const extended = [...row, 1];
      const label = y[example] as number;
      if (label * dot(w, extended) > 0) return;
      const after = w.map((weight, i) => weight + eta * label * (extended[i] as number));
      updates.push({ epoch: mistakes.length, example, before: w, after });
      w = after;
      count++;
    });
    mistakes.push(count);
  }
  return { updates, mistakes, w };
}

const stepOf = ({ epoch, example, before, after }: PerceptronUpdate): Step => ({
  epoch,
  example,
  before: [...before.weights, before.bias],
  after: [...after.weights, after.bias],
});

/** Whole numbers, so that f32 computes them exactly, apart from each other by the hyperplane of `normal` and `bias`. */
function separable(rows: number, normal: readonly number[], bias: number, gap: number) {
  const x: number[][] = [];
  const y: number[] = [];
  for (let i = 0; x.length < rows; i++) {
    const row = normal.map((_, j) => (((i + 1) * (j + 3) * 7919 + j * 104729 + i * i * 31) % 21) - 10);
    const z = dot(normal, row) + bias;
    if (Math.abs(z) < gap) continue;
    x.push(row);
    y.push(Math.sign(z));
  }
  return { x, y };
}

const hard = separable(200, [2, -3, 1], 4, 2);
const weightsOf = ({ weights, bias }: Perceptron) => [...weights, bias];

describe("on separable data", () => {
  test.each([
    ["AND", corners, AND],
    ["OR", corners, OR],
    ["200 points", hard.x, hard.y],
  ])("%s: the updates are those of the rule by hand, one by one, and it stops by itself", async (_, x, y) => {
    const inputs = (x[0] as number[]).length;
    const perceptron = models.perceptron({ inputs });
    const run = await perceptron.fit(x, y, { epochs: 1000 });
    const expected = byHand(x, y, 1000);
    expect(expected.updates.length).toBeGreaterThan(2);
    expect(run.updates.map(stepOf)).toEqual(expected.updates);
    expect(run.mistakes).toEqual(expected.mistakes);
    expect(run).toMatchObject({
      converged: true,
      epochs: expected.mistakes.length,
      updateCount: expected.updates.length,
    });
    expect(run.mistakes.at(-1)).toBe(0);
    expect(weightsOf(perceptron)).toEqual(expected.w);
    expect([...(await perceptron.predict(x))]).toEqual(y);
  });

  test("there are no more mistakes than Novikoff's bound (R / gamma)^2", async () => {
    const separator = [2, -3, 1, 4];
    const extended = hard.x.map((row) => [...row, 1]);
    const length = Math.sqrt(dot(separator, separator));
    const gamma = Math.min(...extended.map((row, i) => ((hard.y[i] as number) * dot(separator, row)) / length));
    const r = Math.max(...extended.map((row) => Math.sqrt(dot(row, row))));
    for (const shuffle of [false, true]) {
      const run = await models.perceptron({ inputs: 3 }).fit(hard.x, hard.y, { epochs: 10_000, shuffle });
      expect(run.converged).toBe(true);
      expect(run.updateCount).toBeLessThanOrEqual((r / gamma) ** 2);
    }
  });

  test("the margin is the distance of the nearest example", async () => {
    const perceptron = models.perceptron({ inputs: 2 });
    perceptron.model.setWeights([Float32Array.of(3, 4), Float32Array.of(-5)]);
    const y = [1, -1];
    const x = [
      [3, 4],
      [0, 0],
    ];
    expect(await perceptron.margin(x, y)).toBe(1);
    expect(await perceptron.margin(x, [-1, -1])).toBe(-4);
    expect([...(await perceptron.decisionFunction(x))]).toEqual([20, -5]);
    const run = await perceptron.fit(x, y);
    expect(run).toEqual({ converged: true, epochs: 1, mistakes: [0], updates: [], updateCount: 0, margin: 1 });
  });

  test("thousands of examples converge too", async () => {
    const { x, y } = separable(5000, [1, 2, -1, 3, -2, 1, 2, -3], 1, 6);
    const perceptron = models.perceptron({ inputs: 8 });
    const run = await perceptron.fit(x, y, { shuffle: true });
    expect(run.converged).toBe(true);
    expect(run.margin).toBeGreaterThan(0);
    expect([...(await perceptron.predict(x))]).toEqual(y);
  });
});

test("mistakes that f32 rounds away do not pass for none: without a margin nothing has converged", async () => {
  const perceptron = models.perceptron({ inputs: 1 });
  perceptron.model.setWeights([[[0]], [2 ** 25]]);
  const run = await perceptron.fit([[0], [0.5]], [-1, 1]);
  expect(run).toMatchObject({ converged: false, mistakes: [0], margin: -Infinity });
  expect([...(await perceptron.predict([[0], [0.5]]))]).toEqual([1, 1]);
});

test("examples of one class alone are told by the bias, at an infinite margin", async () => {
  const perceptron = models.perceptron({ inputs: 2 });
  expect(await perceptron.fit(corners, [1, 1, 1, 1])).toMatchObject({
    converged: true,
    mistakes: [1, 0],
    margin: Infinity,
  });
  expect(weightsOf(perceptron)).toEqual([0, 0, 1]);
  expect(await perceptron.margin(corners, [1, 1, 1, -1])).toBe(-Infinity);
});

test("XOR runs out of epochs and says that it did not converge", async () => {
  const perceptron = models.perceptron({ inputs: 2 });
  const run = await perceptron.fit(corners, XOR, { epochs: 60 });
  const expected = byHand(corners, XOR, 60);
  expect(run.updates.map(stepOf)).toEqual(expected.updates);
  expect(run).toMatchObject({ converged: false, epochs: 60, mistakes: expected.mistakes });
  expect(Math.min(...run.mistakes)).toBeGreaterThan(0);
  expect(run.margin).toBeLessThanOrEqual(0);
});

test.each([1, -1])("the first example, of class %d, is a mistake: weights of zero know nothing", async (label) => {
  const perceptron = models.perceptron({ inputs: 2, learningRate: 0.5 });
  expect(await perceptron.margin([[3, -1]], [label])).toBe(0);
  const run = await perceptron.fit([[3, -1]], [label]);
  expect(run.mistakes).toEqual([1, 0]);
  expect(weightsOf(perceptron)).toEqual([1.5 * label, -0.5 * label, 0.5 * label]);
});

test("the learning rate scales the weights and nothing else", async () => {
  const perceptron = models.perceptron({ inputs: 2, learningRate: 0.25 });
  const run = await perceptron.fit(corners, AND);
  expect(run.updates.map(stepOf)).toEqual(byHand(corners, AND, 100, 0.25).updates);
  expect(run.updates.map(({ example }) => example)).toEqual(byHand(corners, AND, 100).updates.map((u) => u.example));
});

test("called again, it goes on where it was", async () => {
  const perceptron = models.perceptron({ inputs: 3 });
  const runs: PerceptronRun[] = [];
  do runs.push(await perceptron.fit(hard.x, hard.y, { epochs: 1 }));
  while (!runs.at(-1)?.converged);
  const updates = runs.flatMap((run) => run.updates.map(stepOf));
  const expected = byHand(hard.x, hard.y, 1000);
  expect(updates).toEqual(expected.updates.map((update) => ({ ...update, epoch: 0 })));
  expect(runs.length).toBe(expected.mistakes.length);
});

describe("shuffled", () => {
  const trained = async (seed: number, x: Parameters<Perceptron["fit"]>[0] = hard.x) => {
    const perceptron = models.perceptron({ inputs: 3, seed });
    return { perceptron, run: await perceptron.fit(x, hard.y, { epochs: 1000, shuffle: true }) };
  };

  test("each update is the rule on the example that it names", async () => {
    const { run } = await trained(1);
    expect(run.converged).toBe(true);
    let w = [0, 0, 0, 0];
    for (const { example, before, after } of run.updates.map(stepOf)) {
      const [row, label] = [[...(hard.x[example] as number[]), 1], hard.y[example] as number];
      expect(before).toEqual(w);
      expect(label * dot(w, row)).toBeLessThanOrEqual(0);
      w = w.map((weight, i) => weight + label * (row[i] as number));
      expect(after).toEqual(w);
    }
    for (let epoch = 0; epoch < run.epochs; epoch++) {
      const visited = run.updates.filter((update) => update.epoch === epoch).map(({ example }) => example);
      expect(visited.length).toBe(run.mistakes[epoch]);
      expect(new Set(visited).size).toBe(visited.length);
    }
  });

  test("the seed decides the orders, and they change from epoch to epoch", async () => {
    const examples = async (seed: number) => (await trained(seed)).run.updates.map(({ example }) => example);
    expect(await examples(1)).toEqual(await examples(1));
    expect(await examples(1)).not.toEqual(await examples(2));
    const endless = await models.perceptron({ inputs: 2 }).fit(corners, XOR, { epochs: 20, shuffle: true });
    const first = Array.from({ length: 20 }, (_, i) => endless.updates.find(({ epoch }) => epoch === i)?.example);
    expect(new Set(first).size).toBe(4);
  });

  test("the rows stay whole: typed data gives the same as nested arrays", async () => {
    const { run } = await trained(3);
    expect((await trained(3, Float32Array.from(hard.x.flat()))).run).toEqual(run);
  });
});

test("keeps the first updates only, as many as it is told, and counts them all", async () => {
  const run = await models.perceptron({ inputs: 2 }).fit(corners, XOR, { epochs: 50, keepUpdates: 7 });
  const expected = byHand(corners, XOR, 50);
  expect(run.updates.map(stepOf)).toEqual(expected.updates.slice(0, 7));
  expect(run.updateCount).toBe(expected.updates.length);
  run.updates.slice(1).forEach(({ epoch, before }, i) => {
    if (run.updates[i]?.epoch === epoch) expect(before).toBe(run.updates[i]?.after);
  });
  expect(await models.perceptron({ inputs: 2 }).fit(corners, AND, { epochs: 0 })).toEqual({
    converged: false,
    epochs: 0,
    mistakes: [],
    updates: [],
    updateCount: 0,
    margin: 0,
  });
});

test("lets the host have its turn, so that a signal can stop what never ends", async () => {
  const perceptron = models.perceptron({ inputs: 2 });
  // What the first training waits for, the engine, must not be mistaken for a turn.
  await perceptron.fit(corners, XOR, { epochs: 1 });
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error("enough")), 30);
  const endless = perceptron.fit(corners, XOR, { epochs: 1e9, keepUpdates: 0, signal: stop.signal });
  await expect(endless).rejects.toThrow("enough");
  expect((await perceptron.fit(corners, XOR, { epochs: 2 })).epochs).toBe(2);
});

test("its model is an ordinary one: saved, loaded, and trained by the loss that it says", async () => {
  const perceptron = models.perceptron({ inputs: 2 });
  await perceptron.fit(corners, AND);
  expect(perceptron.model.losses[0]?.name).toBe("perceptron");
  const loaded = await load(await perceptron.model.save());
  expect([...(await loaded.predict(corners)).data]).toEqual([...(await perceptron.decisionFunction(corners))]);
  expect((await loaded.evaluate(corners, AND)).accuracy).toBe(1);
});

describe("what cannot be used is refused before anything changes", () => {
  test.each([
    [corners, [0, 1, 1, 1], DataError, "y must hold labels of -1 and +1, got 0 in example 0 (the class"],
    [corners, [1, -1, 2, 1], DataError, "y must hold labels of -1 and +1, got 2 in example 2"],
    [corners, [1, Number.NaN, 1, 1], DataError, "y must hold labels of -1 and +1, got NaN in example 1"],
    [corners, [1, -1], ShapeError, "x and y must have as many examples each, got 4 and 2"],
    [[[1, 2, 3]], [1], ShapeError, "x: shape [n, 2] expected, got [1, 3]"],
    [[[1, Number.NaN]], [1], DataError, "x must hold finite numbers, got NaN in example 0"],
  ])("data %#", async (x, y, type, message) => {
    const perceptron = models.perceptron({ inputs: 2 });
    for (const shuffle of [false, true]) {
      const error = await perceptron.fit(x, y, { shuffle }).catch((error: unknown) => error);
      expect(error).toBeInstanceOf(type);
      expect(String(error)).toContain(message);
    }
    expect(weightsOf(perceptron)).toEqual([0, 0, 0]);
  });

  test.each([
    [{ epochs: -1 }, "epochs must be a whole number of at least 0"],
    [{ keepUpdates: 1.5 }, "perceptron.fit: keepUpdates must be a whole number"],
    [{ shuffle: 1 }, "shuffle must be true or false"],
    [{ signal: "stop" }, "signal must be an AbortSignal"],
    [{ epoch: 3 }, 'did you mean "epochs"?'],
  ])("option %j", async (options, message) => {
    const perceptron = models.perceptron({ inputs: 2 });
    const error = await perceptron.fit(corners, AND, options as never).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toContain(message);
  });

  test.each([
    [{}, "perceptron: inputs must be a whole number"],
    [{ inputs: 0 }, "perceptron: inputs must be a whole number"],
    [{ inputs: 2, learningRate: 0 }, "perceptron: learningRate must be above 0"],
    [{ inputs: 2, seed: 0.5 }, "seed must be a whole number"],
    [{ inputs: 2, lr: 1 }, 'did you mean "learningRate"?'],
  ])("setting %j", (config, message) => {
    expect(() => models.perceptron(config as never)).toThrow(ConfigError);
    expect(() => models.perceptron(config as never)).toThrow(message);
  });
});
