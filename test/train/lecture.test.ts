import { describe, expect, test } from "vitest";
import { layers, losses, optimizers, sequential } from "../../src/index.js";

const corners = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

/** One neuron by the perceptron's rule: batches of one, weights from zero. */
async function perceptron(targets: readonly number[], epochs: number): Promise<number> {
  const net = sequential({
    seed: 3,
    layers: [layers.dense({ inputShape: [2], units: 1, kernelInitializer: "zeros" })],
  });
  net.compile({ optimizer: optimizers.sgd({ learningRate: 1 }), loss: "perceptron", metrics: ["accuracy"] });
  await net.fit(corners, targets, { batchSize: 1, epochs });
  return (await net.evaluate(corners, targets)).accuracy as number;
}

describe("the formal neuron", () => {
  test.each([
    ["AND", 1.5, [0, 0, 0, 1]],
    ["OR", 0.5, [0, 1, 1, 1]],
  ])("%s with weights of 1 and a threshold of %f", async (_, threshold, expected) => {
    const net = sequential({ layers: [layers.dense({ inputShape: [2], units: 1, activation: { threshold } })] });
    net.setWeights([[[1], [1]], [0]]);
    expect([...(await net.predict(corners)).data]).toEqual(expected);
  });

  test("the threshold's interval is closed: 1 where z equals it", async () => {
    const net = sequential({ layers: [layers.activation({ inputShape: [1], activation: { threshold: 0.25 } })] });
    expect([...(await net.predict([[0.2499], [0.25], [0.2501]])).data]).toEqual([0, 1, 1]);
  });

  test("the radial activation is the density of the standard normal distribution", async () => {
    const net = sequential({ layers: [layers.activation({ inputShape: [1], activation: "radial" })] });
    const { data } = await net.predict([[0], [1], [-2]]);
    [0.3989422804, 0.2419707245, 0.0539909665].forEach((value, i) => {
      expect(data[i]).toBeCloseTo(value, 6);
    });
  });
});

describe("the perceptron", () => {
  test("learns AND and OR, which a line separates", async () => {
    expect(await perceptron([-1, -1, -1, 1], 20)).toBe(1);
    expect(await perceptron([-1, 1, 1, 1], 20)).toBe(1);
  });

  test("never learns XOR, however long", async () => {
    expect(await perceptron([-1, 1, 1, -1], 300)).toBeLessThan(1);
  });

  test("changes its weights by eta y x at a mistake and not at all otherwise", async () => {
    const net = sequential({ layers: [layers.dense({ inputShape: [2], units: 1 })] });
    net.compile({ optimizer: optimizers.sgd({ learningRate: 0.5 }), loss: "perceptron" });
    net.setWeights([[[1], [-2]], [0.25]]);
    await net.fit([[3, 1]], [1], { batchSize: 1 });
    expect(net.getWeights().map(({ data }) => [...data])).toEqual([[1, -2], [0.25]]);
    await net.fit([[3, 1]], [-1], { batchSize: 1 });
    expect(net.getWeights().map(({ data }) => [...data])).toEqual([[1 - 1.5, -2 - 0.5], [0.25 - 0.5]]);
  });
});

test("ADALINE: the delta rule w += eta (y - z) x on the linear output", async () => {
  const net = sequential({ layers: [layers.dense({ inputShape: [2], units: 1 })] });
  net.compile({ optimizer: optimizers.sgd({ learningRate: 0.25 }), loss: losses.halfSquaredError() });
  net.setWeights([[[0.5], [-1]], [0.125]]);
  await net.fit([[2, 1]], [3], { batchSize: 1 });
  const z = 0.5 * 2 - 1 + 0.125;
  const change = 0.25 * (3 - z);
  expect(net.getWeights().map(({ data }) => [...data])).toEqual([[0.5 + change * 2, -1 + change], [0.125 + change]]);
});

test("XOR by the drawn hidden layer: h = max(0, W x), then (4 4) h - 1", async () => {
  const points = [
    [1, 1],
    [-1, -1],
    [1, -1],
    [-1, 1],
  ];
  const net = sequential({
    layers: [
      layers.dense({ inputShape: [2], units: 2, activation: "relu", useBias: false }),
      layers.dense({ units: 1 }),
    ],
  });
  net.setWeights({
    "dense/kernel": [
      [0.5, -0.5],
      [-0.5, 0.5],
    ],
    "dense_1/kernel": [[4], [4]],
    "dense_1/bias": [-1],
  });
  expect([...(await net.predict(points)).data]).toEqual([-1, -1, 3, 3]);
});

test("XOR is learnt with one hidden layer", async () => {
  const net = sequential({
    seed: 1,
    layers: [
      layers.dense({ inputShape: [2], units: 8, activation: "tanh" }),
      layers.dense({ units: 1, activation: "sigmoid" }),
    ],
  });
  net.compile({
    optimizer: optimizers.adam({ learningRate: 0.05 }),
    loss: "binaryCrossentropy",
    metrics: ["accuracy"],
  });
  await net.fit(corners, [0, 1, 1, 0], { batchSize: 4, epochs: 500 });
  const { loss, accuracy } = await net.evaluate(corners, [0, 1, 1, 0]);
  expect(accuracy).toBe(1);
  expect(loss).toBeLessThan(0.05);
});

test.each([
  [
    [1e4, -1e4, 0, 9999],
    [0.7310585786, 0, 0, 0.2689414214],
  ],
  [
    [-1e4, -1e4, -1e4, -1e4],
    [0.25, 0.25, 0.25, 0.25],
  ],
  [
    [1e4, 1e4, -1e4, -1e4],
    [0.5, 0.5, 0, 0],
  ],
])("softmax of %j adds up to 1 without overflow", async (logits, expected) => {
  const net = sequential({ layers: [layers.activation({ inputShape: [4], activation: "softmax" })] });
  const y = [...(await net.predict([logits])).data];
  expect(y.every((value) => value >= 0 && value <= 1)).toBe(true);
  expect(y.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
  expected.forEach((value, i) => {
    expect(y[i]).toBeCloseTo(value, 6);
  });
});

test("back-propagation by hand equals one step of gradient descent", async () => {
  const [x, y, w1, b1, w2, b2] = [0.5, 1, 0.8, -0.2, -0.6, 0.3] as const;
  const net = sequential({
    layers: [
      layers.dense({ inputShape: [1], units: 1, activation: "sigmoid" }),
      layers.dense({ units: 1, activation: "sigmoid" }),
    ],
  });
  net.setWeights([[[w1]], [b1], [[w2]], [b2]]);
  net.compile({ optimizer: optimizers.sgd({ learningRate: 1 }), loss: "halfSquaredError" });
  await net.fit([[x]], [[y]], { batchSize: 1 });
  const s = (z: number) => 1 / (1 + Math.exp(-z));
  const y1 = s(w1 * x + b1);
  const output = s(w2 * y1 + b2);
  const delta2 = (output - y) * output * (1 - output);
  const delta1 = delta2 * w2 * y1 * (1 - y1);
  const expected = [delta1 * x, delta1, delta2 * y1, delta2];
  net.getWeights().forEach(({ data }, i) => {
    expect(([w1, b1, w2, b2][i] as number) - (data[0] as number)).toBeCloseTo(expected[i] as number, 6);
  });
});

describe("both reductions", () => {
  test("the sum's gradient is the batch size times the mean's", async () => {
    const trainWith = async (reduction: "mean" | "sum", learningRate: number) => {
      const net = sequential({ seed: 5, layers: [layers.dense({ inputShape: [2], units: 1 })] });
      net.compile({ optimizer: optimizers.sgd({ learningRate }), loss: losses.halfSquaredError({ reduction }) });
      const { history } = await net.fit(corners, [1, 2, 3, 4], { batchSize: 4, shuffle: false });
      return { weights: net.getWeights().flatMap(({ data }) => [...data]), loss: history.loss[0] as number };
    };
    const mean = await trainWith("mean", 0.25);
    const sum = await trainWith("sum", 0.0625);
    expect(sum.loss).toBeCloseTo(4 * mean.loss, 6);
    sum.weights.forEach((value, i) => {
      expect(value).toBeCloseTo(mean.weights[i] as number, 6);
    });
  });
});
