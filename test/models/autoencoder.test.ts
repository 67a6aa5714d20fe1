import { describe, expect, test } from "vitest";
import { ConfigError, engine, init, models, optimizers, schedules } from "../../src/index.js";

/** Points of a plane in five dimensions: two numbers say each. */
const plane = Array.from({ length: 64 }, (_, i) => {
  const [u, v] = [Math.sin(i * 0.9), Math.cos(i * 1.7)];
  return [u, v, u + v, u - v, 0.5 * v];
});

describe("with linear activations", () => {
  const adam = (epochs: number) => optimizers.adam({ learningRate: schedules.cosine({ initialRate: 0.02, epochs }) });

  test("a code of two numbers is enough for the points of a plane", async () => {
    const autoencoder = models.autoencoder({ inputs: 5, units: [2], optimizer: adam(300), seed: 2 });
    const { history } = await autoencoder.fit(plane, { batchSize: 16, epochs: 300 });
    expect(history.loss[0]).toBeGreaterThan(0.1);
    expect(history.loss.at(-1)).toBeLessThan(1e-6);
    const { data, shape } = await autoencoder.model.predict(plane);
    expect(shape).toEqual([64, 5]);
    data.forEach((value, i) => {
      expect(value).toBeCloseTo(plane.flat()[i] as number, 2);
    });
  });

  test("a code of one keeps the first principal component and loses the variance of the others", async () => {
    // Variance 4.5 along the first axis and 0.5 along the second, of which the mean over two outputs is lost.
    const cross = [
      [3, 0],
      [-3, 0],
      [0, 1],
      [0, -1],
    ];
    const autoencoder = models.autoencoder({ inputs: 2, units: [1], optimizer: adam(400) });
    await autoencoder.fit(cross, { batchSize: 4, epochs: 400 });
    expect((await autoencoder.model.evaluate(cross, cross)).loss).toBeCloseTo(0.25, 3);
  });
});

describe("its halves", () => {
  test("one after the other they are the model, deep and with several axes", async () => {
    const autoencoder = models.autoencoder({
      inputShape: [2, 4],
      units: [6, 5, 3],
      activation: "tanh",
      codeActivation: "sigmoid",
      outputActivation: "sigmoid",
      loss: "binaryCrossentropy",
      seed: 4,
    });
    const x = { data: Float32Array.from({ length: 24 }, (_, i) => ((i * 7) % 10) / 10), shape: [3, 2, 4] };
    await autoencoder.fit(x, { epochs: 3 });
    const code = await autoencoder.encode(x);
    expect(code.shape).toEqual([3, 3]);
    expect(code.data.every((value) => value > 0 && value < 1)).toBe(true);
    const decoded = await autoencoder.decode(code);
    const whole = await autoencoder.model.predict(x);
    expect(decoded.shape).toEqual([3, 2, 4]);
    expect(whole.shape).toEqual([3, 2, 4]);
    decoded.data.forEach((value, i) => {
      expect(value).toBeCloseTo(whole.data[i] as number, 6);
    });
  });

  test("follow the training, as models of their own they stay what they were", async () => {
    const autoencoder = models.autoencoder({ inputs: 5, units: [4, 2], activation: "tanh", optimizer: "sgd" });
    const [encoder, decoder] = [autoencoder.encoder(), autoencoder.decoder()];
    const before = await autoencoder.encode(plane);
    const hashes = [encoder.weightsHash(), decoder.weightsHash()];
    await autoencoder.fit(plane, { epochs: 2 });
    expect((await autoencoder.encode(plane)).data).not.toEqual(before.data);
    expect((await encoder.predict(plane)).data).toEqual(before.data);
    expect([encoder.weightsHash(), decoder.weightsHash()]).toEqual(hashes);
    expect(autoencoder.decoder().weightsHash()).not.toBe(decoder.weightsHash());
    expect([encoder.outputShapes, decoder.inputShapes, decoder.outputShapes]).toEqual([[[2]], [[2]], [[5]]]);
  });
});

test("encode and decode keep one half each, and dispose gives them back", async () => {
  await init();
  const inputs = 300;
  const x = { data: new Float32Array(2 * inputs).fill(0.5), shape: [2, inputs] };
  const use = async () => {
    using autoencoder = models.autoencoder({ inputs, units: [300, 30] });
    for (let i = 0; i < 5; i++) await autoencoder.decode(await autoencoder.encode(x));
    return autoencoder;
  };
  await use();
  const before = engine().memoryBytes;
  // Each holds more than half a megabyte: none may be left over, whether or not the collector had its turn.
  const held = [];
  for (let i = 0; i < 30; i++) held.push(await use());
  expect(engine().memoryBytes).toBe(before);
  for (const autoencoder of held) await expect(autoencoder.encode(x)).rejects.toThrow("the model was disposed of");
});

test("refuses wrong settings, and codes of another size", async () => {
  expect(() => models.autoencoder({ inputs: 5, units: [] })).toThrow("autoencoder: units must be a list");
  expect(() => models.autoencoder({ units: [2] })).toThrow(ConfigError);
  expect(() => models.autoencoder({ inputs: 5, units: [2], loss: "mse" })).toThrow('did you mean "meanSquaredError"?');
  expect(() => models.autoencoder({ inputs: 5, unit: [2] } as never)).toThrow('did you mean "units"?');
  await expect(models.autoencoder({ inputs: 5, units: [2] }).decode([[1, 2, 3]])).rejects.toThrow(
    "x: shape [n, 2] expected, got [1, 3]",
  );
});
