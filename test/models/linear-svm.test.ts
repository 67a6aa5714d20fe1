import { expect, test } from "vitest";
import { ConfigError, DataError, load, models, schedules } from "../../src/index.js";

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

/** l2 |w|^2 + mean max(0, 1 - y (w . x + b)), in float64; the bias is the last weight and counts for nothing in |w|. */
function objective(w: readonly number[], l2: number, x: readonly (readonly number[])[], y: readonly number[]): number {
  const hinges = x.map((row, n) => Math.max(0, 1 - (y[n] as number) * dot(w, [...row, 1])));
  const kernel = w.slice(0, -1);
  return l2 * dot(kernel, kernel) + hinges.reduce((sum, hinge) => sum + hinge, 0) / x.length;
}

/** The least objective that subgradient descent on all examples at once finds, with steps of 1 / sqrt(t). */
function optimum(l2: number, x: readonly (readonly number[])[], y: readonly number[]): number {
  let w = new Array<number>((x[0] as readonly number[]).length + 1).fill(0);
  let best = Infinity;
  for (let t = 1; t <= 30_000; t++) {
    const gradient = w.map((weight, i) => (i < w.length - 1 ? 2 * l2 * weight : 0));
    x.forEach((row, n) => {
      const extended = [...row, 1];
      const label = y[n] as number;
      if (label * dot(w, extended) >= 1) return;
      extended.forEach((value, i) => {
        gradient[i] = (gradient[i] as number) - (label * value) / x.length;
      });
    });
    w = w.map((weight, i) => weight - (0.3 / Math.sqrt(t)) * (gradient[i] as number));
    best = Math.min(best, objective(w, l2, x, y));
  }
  return best;
}

const falling = (epochs: number) => schedules.cosine({ initialRate: 0.1, epochs });

test("finds the widest street between separable classes, and the points that hold it", async () => {
  // (0, 0) and (2, 2) are nearest to each other: w = (1/2, 1/2), b = -1, and sqrt(2) to either side.
  const x = [
    [0, 0],
    [-1, -1],
    [2, 2],
    [3, 3.5],
    [-2, 0.5],
  ];
  const y = [-1, -1, 1, 1, -1];
  const svm = models.linearSvm({ inputs: 2, l2: 0.02, learningRate: falling(1500) });
  await svm.fit(x, y, { epochs: 1500 });
  expect(svm.weights[0]).toBeCloseTo(0.5, 2);
  expect(svm.weights[1]).toBeCloseTo(0.5, 2);
  expect(svm.bias).toBeCloseTo(-1, 2);
  expect(await svm.margin(x, y)).toBeCloseTo(Math.SQRT2, 2);
  expect(await svm.supportVectors(x, y)).toEqual([0, 2]);
  expect([...(await svm.predict(x))]).toEqual(y);
});

test("on classes that overlap it comes within a thousandth of the least objective", async () => {
  const x = Array.from({ length: 40 }, (_, i) => [
    Math.sin(i * 12.9898) * 2 + (i % 2),
    Math.cos(i * 78.233) * 2 - (i % 2),
  ]);
  const y = x.map((_, i) => (i % 2 ? 1 : -1));
  const l2 = 0.05;
  const svm = models.linearSvm({ inputs: 2, l2, learningRate: falling(600) });
  await svm.fit(x, y, { epochs: 600 });
  const reached = objective([...svm.weights, svm.bias], l2, x, y);
  const best = optimum(l2, x, y);
  expect(reached).toBeGreaterThan(0.99999 * best - 1e-6);
  expect(reached).toBeLessThan(1.001 * best);
  // What the model says that it minimises is that.
  expect((await svm.model.evaluate(x, y)).loss).toBeCloseTo(reached, 5);
  const scores = x.map((row, i) => (y[i] as number) * dot([...svm.weights, svm.bias], [...row, 1]));
  const expected = scores.flatMap((score, i) => (score <= 1.01 ? i : []));
  expect(await svm.supportVectors(x, y)).toEqual(expected);
  expect(expected.length).toBeLessThan(x.length);
});

test("more l2 makes a shorter w, and with it a wider street", async () => {
  const x = [[-1], [1]];
  const y = [-1, 1];
  const length = async (l2: number) => {
    const svm = models.linearSvm({ inputs: 1, l2, learningRate: falling(1000) });
    await svm.fit(x, y, { epochs: 1000 });
    return svm.weights[0] as number;
  };
  // l2 w^2 + max(0, 1 - w) is least at w = 1 / (2 l2), once that is below 1.
  expect(await length(2)).toBeCloseTo(0.25, 2);
  expect(await length(1)).toBeCloseTo(0.5, 2);
  expect(await length(0.1)).toBeCloseTo(1, 2);
});

test("by its defaults it separates, and its model can be saved", async () => {
  const x = [
    [1, 2],
    [2, 1],
    [-1, -1],
    [-2, 0],
  ];
  const y = [1, 1, -1, -1];
  const svm = models.linearSvm({ inputs: 2 });
  const { history } = await svm.fit(x, y, { epochs: 200 });
  expect(history["accuracy"]?.at(-1)).toBe(1);
  const loaded = await load(await svm.model.save());
  expect((await loaded.evaluate(x, y)).loss).toBeCloseTo(objective([...svm.weights, svm.bias], 0.001, x, y), 6);
});

test("by its defaults it comes within a hundredth of the optimum, and both classes hold the street", async () => {
  const y = Array.from({ length: 40 }, (_, i) => (i % 2 ? 1 : -1));
  const x = y.map((label, i) => [label + 0.6 * Math.sin(i * 7), label + 0.6 * Math.cos(i * 5)]);
  const svm = models.linearSvm({ inputs: 2 });
  expect((await svm.fit(x, y)).history.loss).toHaveLength(100);
  expect(objective([...svm.weights, svm.bias], 0.001, x, y)).toBeLessThan(1.01 * optimum(0.001, x, y));
  const classes = (await svm.supportVectors(x, y)).map((i) => y[i]);
  expect([...classes].sort()).toEqual([-1, 1]);
});

test("the default rate falls over the epochs of each fit; a rate that was given stays", async () => {
  const rates = (config: { learningRate?: number }) => {
    const svm = models.linearSvm({ inputs: 1, ...config });
    const steps: number[] = [];
    let last = 0;
    const onBatchEnd = () => {
      steps.push(Math.abs(svm.bias - last));
      last = svm.bias;
    };
    return { svm, steps, callbacks: [{ onBatchEnd }] };
  };
  // The example at 0 moves the bias alone, by the rate, as long as that is below 1.
  const { svm, steps, callbacks } = rates({});
  for (const epochs of [4, 2]) await svm.fit([[0]], [1], { epochs, callbacks });
  const cosine = (part: number) => 0.05 * (1 + Math.cos(Math.PI * part));
  [0, 1 / 4, 2 / 4, 3 / 4, 0, 1 / 2].forEach((part, i) => {
    expect(steps[i]).toBeCloseTo(cosine(part), 6);
  });
  const fixed = rates({ learningRate: 0.125 });
  for (const epochs of [2, 2]) await fixed.svm.fit([[0]], [1], { epochs, callbacks: fixed.callbacks });
  expect(fixed.steps).toEqual([0.125, 0.125, 0.125, 0.125]);
});

test("a number of epochs that is none is refused, and none at all changes nothing", async () => {
  const svm = models.linearSvm({ inputs: 1 });
  await expect(svm.fit([[0]], [1], { epochs: -1 })).rejects.toThrow("epochs must be a whole number");
  expect((await svm.fit([[0]], [1], { epochs: 0 })).history).toMatchObject({ loss: [] });
  expect(svm.bias).toBe(0);
});

test("refuses labels that are none and settings out of range", async () => {
  await expect(models.linearSvm({ inputs: 1 }).fit([[1], [2]], [0, 1])).rejects.toThrow(DataError);
  await expect(models.linearSvm({ inputs: 1 }).supportVectors([[1]], [1], -1)).rejects.toThrow(ConfigError);
  expect(() => models.linearSvm({ inputs: 1, l2: -1 })).toThrow("linearSvm: l2 must be a number of at least 0");
  expect(() => models.linearSvm({ inputs: 1, learningRate: -1 })).toThrow("linearSvm: learningRate must be a number");
  expect(() => models.linearSvm({ inputs: 1, learningRate: "slow" as never })).toThrow(
    "linearSvm: learningRate must be",
  );
  expect(() => models.linearSvm({ inputs: 1, c: 1 } as never)).toThrow('linearSvm: setting "c" is unknown');
});
