import { describe, expect, test } from "vitest";
import {
  type Callback,
  ConfigError,
  callbacks,
  type Logs,
  layers,
  optimizers,
  sequential,
  type TrainingModel,
  type Weight,
} from "../../src/index.js";

/** A model as a callback sees it, whose only weight is the number of the epoch it was trained for. */
class Watched implements TrainingModel {
  learningRateScale = 1;
  stopped = false;
  weight = -1;
  getWeights(): Weight[] {
    return [{ name: "epoch", shape: [1], data: Float32Array.of(this.weight) }];
  }
  setWeights(weights: Weight[]): void {
    this.weight = weights[0]?.data[0] as number;
  }
  stop(): void {
    this.stopped = true;
  }
}

/** Tells `callback` one epoch after the other until it stops the run; returns the epochs that ran. */
async function watch(callback: Callback, model: Watched, epochs: readonly Logs[]): Promise<number> {
  model.stopped = false;
  await callback.onTrainBegin?.(model, Object.keys(epochs[0] as Logs));
  let ran = 0;
  for (; ran < epochs.length && !model.stopped; ran++) {
    model.weight = ran;
    await callback.onEpochEnd?.(ran, epochs[ran] as Logs, model);
  }
  await callback.onTrainEnd?.(model);
  return ran;
}

const lossesOf = (values: readonly number[]): Logs[] => values.map((loss) => ({ loss }));

/** One weight w that starts at 1 and is pulled to 0: with SGD of rate r every step multiplies it by 1 - r. */
function pulledToZero(learningRate: number) {
  const net = sequential({
    layers: [layers.dense({ inputShape: [1], units: 1, useBias: false, kernelInitializer: "ones" })],
  });
  return net.compile({ optimizer: optimizers.sgd({ learningRate }), loss: "halfSquaredError" });
}
const ones = [[1], [1], [1], [1]];
const zeros = [[0], [0], [0], [0]];

describe("earlyStopping", () => {
  const nan = Number.NaN;
  test.each([
    { what: "stops at the first epoch that is no better", config: {}, losses: [3, 2, 2, 1], ran: 3, best: 1 },
    { what: "runs to the end while it improves", config: {}, losses: [4, 3, 2, 1], ran: 4, best: 3 },
    { what: "stops after patience epochs", config: { patience: 2 }, losses: [3, 4, 4, 4, 1], ran: 3, best: 0 },
    {
      what: "counts patience anew after a better one",
      config: { patience: 2 },
      losses: [3, 4, 2, 4, 4],
      ran: 5,
      best: 2,
    },
    { what: "minDelta itself is no improvement", config: { minDelta: 1 }, losses: [5, 4, 3], ran: 2, best: 0 },
    { what: "more than minDelta is one", config: { minDelta: 1 }, losses: [5, 3.5, 3], ran: 3, best: 1 },
    {
      what: "adds small improvements up",
      config: { minDelta: 1, patience: 2 },
      losses: [5, 4.5, 3.9],
      ran: 3,
      best: 2,
    },
    { what: "NaN is no improvement", config: { patience: 2 }, losses: [nan, 2, nan, nan], ran: 4, best: 1 },
    { what: "nothing but NaN keeps the last weights", config: {}, losses: [nan, nan], ran: 1, best: 0 },
    { what: "max", config: { mode: "max" as const }, losses: [1, 2, 2], ran: 3, best: 1 },
    {
      what: "keeps the last weights when told so",
      config: { restoreBestWeights: false, patience: 2 },
      losses: [1, 2, 3],
      ran: 3,
      best: 2,
    },
  ])("$what", async ({ config, losses, ran, best }) => {
    const model = new Watched();
    expect(await watch(callbacks.earlyStopping(config), model, lossesOf(losses))).toBe(ran);
    expect(model.weight).toBe(best);
  });

  test("watches val_loss where there is one, and the monitor it is given", async () => {
    const epochs = [
      { loss: 3, val_loss: 1, val_accuracy: 0.5 },
      { loss: 2, val_loss: 2, val_accuracy: 0.75 },
      { loss: 1, val_loss: 3, val_accuracy: 0.75 },
    ];
    expect(await watch(callbacks.earlyStopping(), new Watched(), epochs)).toBe(2);
    expect(await watch(callbacks.earlyStopping({ monitor: "loss" }), new Watched(), epochs)).toBe(3);
    const model = new Watched();
    expect(await watch(callbacks.earlyStopping({ monitor: "val_accuracy" }), model, epochs)).toBe(3);
    expect(model.weight).toBe(1);
  });

  test.each(["accuracy", "val_binaryAccuracy", "precision", "out_recall", "f1"])(
    "greater is better for %s",
    async (name) => {
      const epochs = [0.1, 0.2, 0.2].map((value) => ({ loss: 0, [name]: value }));
      expect(await watch(callbacks.earlyStopping({ monitor: name }), new Watched(), epochs)).toBe(3);
    },
  );

  test("starts anew with each run", async () => {
    const callback = callbacks.earlyStopping();
    expect(await watch(callback, new Watched(), lossesOf([1, 2]))).toBe(2);
    expect(await watch(callback, new Watched(), lossesOf([9, 8, 7]))).toBe(3);
  });

  test("in fit, the best epoch's weights come back", async () => {
    const net = pulledToZero(2.5); // every step overshoots: |w| grows by half, so the first epoch is the best
    const seen: number[] = [];
    const record: Callback = {
      onEpochEnd: (_, __, model) => {
        seen.push(model.getWeights()[0]?.data[0] as number);
      },
    };
    const stopping = callbacks.earlyStopping({ patience: 2 });
    const { epoch } = await net.fit(ones, zeros, { batchSize: 4, epochs: 10, callbacks: [record, stopping] });
    expect(epoch).toEqual([0, 1, 2]);
    expect(seen).toEqual([-1.5, 2.25, -3.375]);
    expect(net.getWeights()[0]?.data[0]).toBe(-1.5);
  });

  test("a monitor that no log has is named with those there are, and the model stays usable", async () => {
    const net = pulledToZero(0.5);
    const stopping = callbacks.earlyStopping({ monitor: "val_los" });
    const run = net.fit(ones, zeros, { callbacks: [stopping] });
    await expect(run).rejects.toThrow(ConfigError);
    await expect(run).rejects.toThrow(/^earlyStopping: monitor "val_los" is unknown\. Known: loss/);
    expect(net.getWeights()[0]?.data[0]).toBe(1);
    expect((await net.fit(ones, zeros)).history.loss).toHaveLength(1);
  });
});

describe("reduceLROnPlateau", () => {
  test.each([
    { what: "waits for ten epochs by default", config: {}, losses: new Array(11).fill(1), scale: 1 },
    { what: "then divides by ten", config: {}, losses: new Array(12).fill(1), scale: 0.1 },
    { what: "takes its factor", config: { patience: 0, factor: 0.5 }, losses: [1, 1], scale: 0.5 },
    { what: "again and again", config: { patience: 0, factor: 0.5 }, losses: [1, 1, 1, 1], scale: 0.125 },
    { what: "and waits in between", config: { patience: 1, factor: 0.5 }, losses: [1, 1, 1, 1, 1], scale: 0.25 },
    { what: "not while it improves", config: { patience: 0, factor: 0.5 }, losses: [4, 3, 2, 1], scale: 1 },
    { what: "down to minScale", config: { patience: 0, factor: 0.5, minScale: 0.3 }, losses: [1, 1, 1], scale: 0.3 },
  ])("$what", async ({ config, losses, scale }) => {
    const model = new Watched();
    const ran = await watch(callbacks.reduceLROnPlateau(config), model, lossesOf(losses));
    expect(ran).toBe(losses.length);
    expect(model.learningRateScale).toBeCloseTo(scale, 12);
  });

  test("the scale multiplies the optimizer's rate from the next step on, until compile", async () => {
    const net = pulledToZero(0.5);
    const weights: number[] = [];
    const quarter: Callback = {
      onEpochEnd(_, __, model) {
        weights.push(model.getWeights()[0]?.data[0] as number);
        model.learningRateScale = 0.5;
      },
    };
    await net.fit(ones, zeros, { batchSize: 4, epochs: 2, callbacks: [quarter] });
    expect(weights).toEqual([0.5, 0.375]);
    await net.fit(ones, zeros, { batchSize: 4 });
    expect(net.getWeights()[0]?.data[0]).toBe(0.28125);
    net.compile({ optimizer: optimizers.sgd({ learningRate: 0.5 }), loss: "halfSquaredError" });
    await net.fit(ones, zeros, { batchSize: 4 });
    expect(net.getWeights()[0]?.data[0]).toBe(0.140625);
  });
});

describe("terminateOnNaN", () => {
  test("stops when the loss is not finite any more", async () => {
    const net = pulledToZero(1e30);
    const options = { batchSize: 1, epochs: 5, callbacks: [callbacks.terminateOnNaN()] };
    const { epoch, history } = await net.fit(ones, zeros, options);
    expect(epoch).toEqual([0]);
    expect(Number.isFinite(history.loss[0])).toBe(false);
  });

  test("lets others go on", async () => {
    const options = { batchSize: 1, epochs: 5, callbacks: [callbacks.terminateOnNaN()] };
    expect((await pulledToZero(0.5).fit(ones, zeros, options)).epoch).toHaveLength(5);
  });
});

describe("convergence", () => {
  test("stops at the first epoch whose mean gradient norm is small enough", async () => {
    const net = pulledToZero(0.5);
    const stop = callbacks.convergence({ gradientTolerance: 0.1 });
    const { history } = await net.fit(ones, zeros, { batchSize: 2, epochs: 50, callbacks: [stop] });
    // The gradient is w itself: 1 and 1/2 in the first epoch, then a quarter of it in each.
    expect(history.gradientNorm).toEqual([0.75, 0.1875, 0.046875]);
    expect(history.thetaChange).toBeUndefined();
  });

  test("stops at the first epoch that moves theta little enough", async () => {
    const net = pulledToZero(0.5);
    const stop = callbacks.convergence({ thetaTolerance: 0.1 });
    const { history } = await net.fit(ones, zeros, { batchSize: 2, epochs: 50, callbacks: [stop] });
    expect(history.thetaChange).toEqual([0.75, 0.1875, 0.046875]);
    expect(history.gradientNorm).toBeUndefined();
  });

  test("either of both stops, and the norm is the one before clipping", async () => {
    const net = pulledToZero(0.5);
    net.compile({ optimizer: optimizers.sgd({ learningRate: 0.5, clipNorm: 0.125 }), loss: "halfSquaredError" });
    const stop = callbacks.convergence({ gradientTolerance: 0, thetaTolerance: 0.0625 });
    const { history } = await net.fit(ones, zeros, { batchSize: 4, epochs: 50, callbacks: [stop] });
    expect(history.gradientNorm).toEqual([1]);
    expect(history.thetaChange).toHaveLength(1);
    expect(history.thetaChange?.[0]).toBeCloseTo(0.0625, 6);
  });
});

test.each([
  ["patience", () => callbacks.earlyStopping({ patience: -1 })],
  ["patience", () => callbacks.reduceLROnPlateau({ patience: 0.5 })],
  ["minDelta", () => callbacks.earlyStopping({ minDelta: -1 })],
  ["monitor", () => callbacks.earlyStopping({ monitor: 5 as unknown as string })],
  ["mode", () => callbacks.earlyStopping({ mode: "auto" as "min" })],
  ["factor", () => callbacks.reduceLROnPlateau({ factor: 2 })],
  ["minScale", () => callbacks.reduceLROnPlateau({ minScale: -1 })],
  ["gradientTolerance", () => callbacks.convergence({})],
  ["gradientTolerance", () => callbacks.convergence({ gradientTolerance: -1 })],
  ["thetaTolerance", () => callbacks.convergence({ thetaTolerance: Number.NaN })],
])("a bad %s is refused when the callback is made", (name, make) => {
  expect(make).toThrow(ConfigError);
  expect(make).toThrow(name);
});

describe("a callback of one's own", () => {
  test("is called in order, awaited, with epochs and batches from 0 and the logs so far", async () => {
    const calls: string[] = [];
    const note = async (text: string) => {
      await Promise.resolve();
      calls.push(text);
    };
    const logs: Logs[] = [];
    const own: Callback = {
      onTrainBegin: () => note("train begins"),
      onEpochBegin: (epoch) => note(`epoch ${epoch} begins`),
      onBatchEnd: (batch, batchLogs) => {
        logs.push(batchLogs);
        return note(`batch ${batch}`);
      },
      onEpochEnd: (epoch, { loss, val_loss }) => note(`epoch ${epoch}: ${loss}, ${val_loss}`),
      onTrainEnd: () => note("train ends"),
    };
    const second: Callback = { onEpochEnd: (epoch) => note(`second ${epoch}`) };
    const net = pulledToZero(0.5);
    const validationData = [[[1]], [[0]]] as const;
    await net.fit(ones, zeros, { batchSize: 3, epochs: 2, callbacks: [own, second], validationData });
    // w: 1, 1/2, 1/4, ... with losses of w^2 / 2; three examples and then one.
    const loss = (w: number) => (3 * w ** 2 + (w / 2) ** 2) / 8;
    expect(calls).toEqual([
      "train begins",
      "epoch 0 begins",
      "batch 0",
      "batch 1",
      `epoch 0: ${loss(1)}, ${0.25 ** 2 / 2}`,
      "second 0",
      "epoch 1 begins",
      "batch 0",
      "batch 1",
      `epoch 1: ${loss(0.25)}, ${0.0625 ** 2 / 2}`,
      "second 1",
      "train ends",
    ]);
    expect(logs.map(({ loss: value }) => value)).toEqual([1, 0.5, 0.25, 0.125].map((w) => w ** 2 / 2));
  });

  test("does not change training by watching every batch", async () => {
    const [plain, watched] = [pulledToZero(0.1), pulledToZero(0.1)];
    await plain.fit(ones, zeros, { batchSize: 1, epochs: 3 });
    await watched.fit(ones, zeros, { batchSize: 1, epochs: 3, callbacks: [{ onBatchEnd() {} }] });
    expect(watched.weightsHash()).toBe(plain.weightsHash());
  });

  test("stop() ends training after the current step, and the epoch counts the steps that ran", async () => {
    const net = pulledToZero(0.5);
    let ended = 0;
    const own: Callback = {
      onBatchEnd(batch, _, model) {
        if (batch === 1) model.stop();
      },
      onTrainEnd() {
        ended++;
      },
    };
    const history = await net.fit(ones, zeros, { batchSize: 1, epochs: 5, callbacks: [own] });
    expect(history.epoch).toEqual([0]);
    expect(history.history.loss).toEqual([(0.5 + 0.125) / 2]);
    expect(net.getWeights()[0]?.data[0]).toBe(0.25);
    expect(ended).toBe(1);
    expect((await net.fit(ones, zeros, { epochs: 2 })).epoch).toEqual([0, 1]);
  });

  test("stop() before the first epoch trains nothing", async () => {
    const net = pulledToZero(0.5);
    const own: Callback = { onTrainBegin: (model) => model.stop() };
    expect(await net.fit(ones, zeros, { epochs: 5, callbacks: [own] })).toEqual({ epoch: [], history: { loss: [] } });
    expect(net.getWeights()[0]?.data[0]).toBe(1);
  });

  test("its error rejects fit and leaves the weights of whole steps", async () => {
    const net = pulledToZero(0.5);
    const own: Callback = {
      onBatchEnd(batch) {
        if (batch === 1) throw new RangeError("mine");
      },
    };
    await expect(net.fit(ones, zeros, { batchSize: 1, callbacks: [own] })).rejects.toThrow(RangeError);
    expect(net.getWeights()[0]?.data[0]).toBe(0.25);
    await net.fit(ones, zeros, { batchSize: 4 });
    expect(net.getWeights()[0]?.data[0]).toBe(0.125);
  });
});
