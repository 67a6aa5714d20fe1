import { describe, expect, test } from "vitest";
import { ConfigError, layers, models, sequential } from "../../src/index.js";

test("is the network that its layers make: the same weights from the same seed", () => {
  const mlp = models.mlp({
    inputs: 4,
    units: [8, 6, 3],
    activation: "tanh",
    outputActivation: "softmax",
    dropout: 0.25,
    kernelInitializer: "heNormal",
    kernelRegularizer: { l2: 0.01 },
    seed: 7,
  });
  const kernel = { kernelInitializer: "heNormal", kernelRegularizer: { l2: 0.01 } };
  const byHand = sequential({
    seed: 7,
    layers: [
      layers.dense({ inputShape: [4], units: 8, activation: "tanh", ...kernel }),
      layers.dropout({ rate: 0.25 }),
      layers.dense({ units: 6, activation: "tanh", ...kernel }),
      layers.dropout({ rate: 0.25 }),
      layers.dense({ units: 3, activation: "softmax", ...kernel }),
    ],
  });
  expect(mlp.toData()).toEqual(byHand.toData());
});

test("hidden layers are relu, the output linear, without dropout, where nothing is said", () => {
  const byHand = sequential({
    layers: [layers.dense({ inputShape: [2], units: 5, activation: "relu" }), layers.dense({ units: 1 })],
  });
  expect(models.mlp({ inputs: 2, units: [5, 1] }).toData()).toEqual(byHand.toData());
});

test("flattens examples that have several axes", async () => {
  const mlp = models.mlp({ inputShape: [2, 3], units: [4, 2] });
  expect([mlp.inputShapes, mlp.outputShapes]).toEqual([[[2, 3]], [[2]]]);
  expect((await mlp.predict(new Float32Array(12))).shape).toEqual([2, 2]);
});

test("learns XOR, which one neuron does not", async () => {
  const x = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  const mlp = models.mlp({ inputs: 2, units: [8, 1], activation: "tanh", outputActivation: "sigmoid", seed: 1 });
  mlp.compile({ optimizer: "adam", loss: "binaryCrossentropy", metrics: ["accuracy"] });
  await mlp.fit(x, [0, 1, 1, 0], { batchSize: 4, epochs: 2000 });
  expect((await mlp.evaluate(x, [0, 1, 1, 0])).accuracy).toBe(1);
});

describe("refuses", () => {
  test.each([
    [{ inputs: 2 }, "mlp: units must be a list with the number of units of each layer, got undefined"],
    [{ inputs: 2, units: [] }, "mlp: units must be a list with the number of units of each layer, got an array of 0"],
    [{ inputs: 2, units: [0] }, "dense: units must be a whole number from 1"],
    [{ units: [1] }, "mlp: give inputs, such as 784, or inputShape, such as [28, 28], one of them"],
    [{ inputs: 2, inputShape: [2], units: [1] }, "one of them"],
    [{ inputs: "2", units: [1] }, 'mlp: inputs must be a whole number from 1 to 2147483647, got "2"'],
    [{ inputs: 2, units: [2, 1], dropout: 1 }, "dropout: rate must be below 1"],
    [{ inputs: 2, units: [1], outputActivation: "soft" }, 'dense: activation "soft" is unknown'],
    [{ inputs: 2, layers: [1] }, 'mlp: setting "layers" is unknown'],
  ])("%j", (config, message) => {
    expect(() => models.mlp(config as never)).toThrow(ConfigError);
    expect(() => models.mlp(config as never)).toThrow(message);
  });
});
