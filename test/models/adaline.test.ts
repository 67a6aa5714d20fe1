import { describe, expect, test } from "vitest";
import { DataError, models } from "../../src/index.js";

const x = [
  [0.5, -1],
  [1, 0.25],
  [-0.75, 1],
  [-1, -0.5],
  [0.25, 0.5],
];
const y = [1, 1, -1, -1, 1];

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
const extended = x.map((row) => [...row, 1]);

describe("the delta rule", () => {
  test("is that by hand: w += eta (y - z) x, one example after the other", async () => {
    const adaline = models.adaline({ inputs: 2, learningRate: 0.1 });
    const { history } = await adaline.fit(x, y, { epochs: 3, shuffle: false });
    let w = [0, 0, 0];
    const costs = [0, 1, 2].map(() => {
      let cost = 0;
      extended.forEach((row, n) => {
        const error = (y[n] as number) - dot(w, row);
        cost += error ** 2 / 2 / y.length;
        w = w.map((weight, i) => weight + 0.1 * error * (row[i] as number));
      });
      return cost;
    });
    [...adaline.weights, adaline.bias].forEach((weight, i) => {
      expect(weight).toBeCloseTo(w[i] as number, 6);
    });
    costs.forEach((cost, epoch) => {
      expect(history.loss[epoch]).toBeCloseTo(cost, 6);
    });
  });

  test("comes to the least squares, where the gradient X^T (y - X w) is 0", async () => {
    const adaline = models.adaline({ inputs: 2, learningRate: 0.2 });
    const { history } = await adaline.fit(x, y, { epochs: 400, batchSize: x.length });
    const w = [...adaline.weights, adaline.bias];
    const errors = extended.map((row, n) => (y[n] as number) - dot(w, row));
    [0, 1, 2].forEach((i) => {
      const column = extended.map((row) => row[i] as number);
      expect(dot(column, errors)).toBeCloseTo(0, 5);
    });
    expect(history.loss.at(-1)).toBeCloseTo(dot(errors, errors) / 2 / y.length, 5);
    expect(history["accuracy"]?.at(-1)).toBe(1);
  });
});

test("thresholds only to predict: classes of -1 and +1, and a margin", async () => {
  const adaline = models.adaline({ inputs: 2, learningRate: 0.1 });
  await adaline.fit(x, y, { epochs: 100 });
  expect([...(await adaline.predict(x))]).toEqual(y);
  const w = [...adaline.weights, adaline.bias];
  const margins = extended.map((row, n) => ((y[n] as number) * dot(w, row)) / Math.hypot(...adaline.weights));
  expect(await adaline.margin(x, y)).toBeCloseTo(Math.min(...margins), 6);
  // Its outputs are no classes: it was never trained to give more than the sign.
  expect((await adaline.decisionFunction(x)).every((z) => Math.abs(z) !== 1)).toBe(true);
});

test("a class is counted by the sign of z", async () => {
  const adaline = models.adaline({ inputs: 1 });
  adaline.model.setWeights([Float32Array.of(1), Float32Array.of(0)]);
  // Below a half and on the right side: the usual threshold would count two of four.
  const { accuracy } = await adaline.model.evaluate([[0.25], [-0.25], [0.75], [-0.75]], [1, -1, 1, 1]);
  expect(accuracy).toBe(0.75);
});

test("goes through the examples a hundred times unless it is told another number", async () => {
  const [byDefault, told] = [models.adaline({ inputs: 2 }), models.adaline({ inputs: 2 })];
  expect((await byDefault.fit(x, y)).history.loss).toHaveLength(100);
  await told.fit(x, y, { epochs: 100, batchSize: 1, shuffle: true });
  expect(byDefault.model.weightsHash()).toBe(told.model.weightsHash());
  expect((await told.fit(x, y, { epochs: 2 })).history.loss).toHaveLength(2);
});

test("having diverged it says so, and predicts no class", async () => {
  const adaline = models.adaline({ inputs: 2, learningRate: 100 });
  await adaline.fit(x, y);
  const calls = [adaline.predict(x), adaline.margin(x, y), adaline.decisionFunction(x)];
  for (const call of calls) {
    await expect(call).rejects.toThrow(DataError);
    await expect(call).rejects.toThrow(/^z is NaN in example 0: .* learningRate/);
  }
});

test("refuses what the perceptron refuses", async () => {
  const adaline = models.adaline({ inputs: 2 });
  await expect(adaline.fit(x, [0, 1, 1, 0, 1])).rejects.toThrow(DataError);
  await expect(adaline.margin(x, [1])).rejects.toThrow("as many examples each, got 5 and 1");
  expect(() => models.adaline({ inputs: 2, learningRate: -1 })).toThrow("adaline: learningRate must be a number");
  expect(() => models.adaline({ input: 2 } as never)).toThrow('did you mean "inputs"?');
});
