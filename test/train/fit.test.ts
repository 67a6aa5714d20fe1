import { describe, expect, test } from "vitest";
import {
  type Callback,
  ConfigError,
  type FitOptions,
  layers,
  losses,
  type Model,
  optimizers,
  type Progress,
  sequential,
  type Tensors,
} from "../../src/index.js";
import { dense, expectClose, numbers, rows } from "../layers/reference.js";
import { classifier, ids, points } from "./classifier.js";

const x = rows(5, 2, 1);
const y = rows(5, 1, 2);

function linear(learningRate = 0.1): Model {
  const net = sequential({ seed: 11, layers: [layers.dense({ inputShape: [2], units: 1 })] });
  return net.compile({ optimizer: optimizers.sgd({ learningRate }), loss: "halfSquaredError" });
}

const flat = (net: Model) => net.getWeights().flatMap(({ data }) => [...data]);

/** Minibatch gradient descent on weighted 1/2 (x w + b - y)^2 in float64. */
function descend(start: readonly number[], batchSize: number, epochs: number, weights = y.map(() => 1)): number[] {
  let w = [...start];
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let from = 0; from < x.length; from += batchSize) {
      const batch = x.slice(from, from + batchSize);
      const errors = dense(batch, w.slice(0, 2), [w[2] as number]).map(
        ([value], i) => (weights[from + i] as number) * ((value as number) - (y[from + i]?.[0] as number)),
      );
      const gradient = (of: (row: readonly number[]) => number) =>
        errors.reduce((sum, error, i) => sum + error * of(batch[i] as number[]), 0) / batch.length;
      const [a, b, c] = [gradient((row) => row[0] as number), gradient((row) => row[1] as number), gradient(() => 1)];
      w = [a, b, c].map((g, i) => (w[i] as number) - 0.1 * g);
    }
  }
  return w;
}

describe("batches", () => {
  test.each([1, 2, 3, 4, 5, 6])("of %i of five examples are textbook gradient descent", async (batchSize) => {
    const net = linear();
    const expected = descend(flat(net), batchSize, 3);
    await net.fit(x, y, { batchSize, epochs: 3, shuffle: false });
    expectClose(flat(net), expected, 1e-6);
  });

  test("hold 32 examples by default", async () => {
    const [plain, told] = [classifier(), classifier()];
    expect((await plain.fit(points, ids)).epoch).toEqual([0]);
    await told.fit(points, ids, { batchSize: 32, epochs: 1, shuffle: true });
    expect(plain.weightsHash()).toBe(told.weightsHash());
  });

  test.each(["data and shape", "flat", "bytes"])(
    "examples as %s train to the same bits as nested arrays",
    async (form) => {
      const bytes = Uint8Array.from({ length: 100 }, (_, i) => (i * 37) % 256);
      const nested = Array.from({ length: 50 }, (_, i) => [...bytes.slice(2 * i, 2 * i + 2)]);
      const forms: Record<string, readonly [Tensors, Tensors]> = {
        "data and shape": [
          { data: Float32Array.from(bytes), shape: [50, 2] },
          { data: Int32Array.from(ids), shape: [50] },
        ],
        flat: [Float32Array.from(bytes), Float32Array.from(ids)],
        bytes: [bytes, Uint8Array.from(ids)],
      };
      const [net, same] = [classifier(), classifier()];
      await net.fit(nested, ids, { batchSize: 8, epochs: 2 });
      await same.fit(...(forms[form] as readonly [Tensors, Tensors]), { batchSize: 8, epochs: 2 });
      expect(same.weightsHash()).toBe(net.weightsHash());
    },
  );
});

describe("history", () => {
  test("has a number an epoch for the loss and each metric, in training and on validation data", async () => {
    const { epoch, history } = await classifier().fit(points, ids, { epochs: 3, validationData: [points, ids] });
    expect(epoch).toEqual([0, 1, 2]);
    expect(Object.keys(history)).toEqual(["loss", "accuracy", "val_loss", "val_accuracy"]);
    for (const values of Object.values(history)) {
      expect(values).toHaveLength(3);
      expect(values.every(Number.isFinite)).toBe(true);
    }
  });

  test("the loss is the mean over the epoch's examples, each before its step", async () => {
    const net = linear();
    const seen: number[] = [];
    const loss = async (rows: readonly number[]) => {
      const [w, u, b] = flat(net) as [number, number, number];
      for (const i of rows) {
        const [left, right] = x[i] as [number, number];
        seen.push((w * left + u * right + b - (y[i]?.[0] as number)) ** 2 / 2);
      }
    };
    await loss([0, 1, 2]);
    const onBatchEnd: Callback["onBatchEnd"] = (batch) => (batch === 0 ? loss([3, 4]) : undefined);
    const { history } = await net.fit(x, y, { batchSize: 3, shuffle: false, callbacks: [{ onBatchEnd }] });
    expect(history.loss[0]).toBeCloseTo(seen.reduce((sum, value) => sum + value, 0) / 5, 6);
  });

  test("no epochs train nothing", async () => {
    const net = linear();
    const before = net.weightsHash();
    expect(await net.fit(x, y, { epochs: 0 })).toEqual({ epoch: [], history: { loss: [] } });
    expect(net.weightsHash()).toBe(before);
  });
});

describe("shuffling", () => {
  const train = async (seed: number, options: FitOptions) => {
    const net = classifier(seed);
    await net.fit(points, ids, { batchSize: 8, epochs: 4, ...options });
    return net.weightsHash();
  };

  test("the seed decides it", async () => {
    expect(await train(1, {})).toBe(await train(1, {}));
    expect(await train(1, {})).not.toBe(await train(2, {}));
    expect(await train(1, {})).not.toBe(await train(1, { shuffle: false }));
  });

  test("several fits go the way of one", async () => {
    const net = classifier(1);
    for (const epochs of [1, 2, 1]) await net.fit(points, ids, { batchSize: 8, epochs });
    expect(net.weightsHash()).toBe(await train(1, {}));
  });

  test("every example comes once an epoch, in an order that changes", async () => {
    const n = 40;
    const unit = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
    const net = sequential({
      layers: [layers.dense({ inputShape: [n], units: 1, useBias: false, kernelInitializer: "ones" })],
    });
    net.compile({ optimizer: optimizers.sgd({ learningRate: 0.5 }), loss: "halfSquaredError" });
    const orders: number[][] = [];
    let before = new Array<number>(n).fill(1);
    const record: Callback = {
      onEpochBegin: () => void orders.push([]),
      onBatchEnd() {
        const now = flat(net);
        orders.at(-1)?.push(now.findIndex((value, i) => value !== before[i]));
        before = now;
      },
    };
    await net.fit(unit, new Float32Array(n), { batchSize: 1, epochs: 3, callbacks: [record] });
    const inOrder = [...unit.keys()];
    for (const order of orders) {
      expect([...order].sort((a, b) => a - b)).toEqual(inOrder);
      expect(order).not.toEqual(inOrder);
    }
    expect(new Set(orders.map(String)).size).toBe(3);
    expect(before).toEqual(inOrder.map(() => 0.125));
  });
});

describe("validation", () => {
  test("is evaluated with the epoch's weights and does not change training", async () => {
    const [net, plain] = [classifier(), classifier()];
    const validationData = [points.slice(0, 9), ids.slice(0, 9), numbers(9).map(Math.abs)] as const;
    const { history } = await net.fit(points, ids, { epochs: 2, validationData });
    await plain.fit(points, ids, { epochs: 2 });
    expect(net.weightsHash()).toBe(plain.weightsHash());
    const found = await net.evaluate(validationData[0], validationData[1], { sampleWeight: validationData[2] });
    expect(history.val_loss?.[1]).toBeCloseTo(found.loss, 6);
    expect(history.val_accuracy?.[1]).toBe(found.accuracy);
  });

  test.each([0.2, 0.5, 0.34])(
    "a split of %f keeps the last examples, and their weights, from training",
    async (part) => {
      const [split, apart] = [classifier(), classifier()];
      const sampleWeight = numbers(50, 9).map(Math.abs);
      const kept = 50 - Math.round(50 * part);
      const { history } = await split.fit(points, ids, { epochs: 2, validationSplit: part, sampleWeight });
      const expected = await apart.fit(points.slice(0, kept), ids.slice(0, kept), {
        epochs: 2,
        sampleWeight: sampleWeight.slice(0, kept),
        validationData: [points.slice(kept), ids.slice(kept), sampleWeight.slice(kept)],
      });
      expect(history).toEqual(expected.history);
      expect(split.weightsHash()).toBe(apart.weightsHash());
    },
  );

  test("a split of 0 is none", async () => {
    const { history } = await classifier().fit(points, ids, { validationSplit: 0 });
    expect(Object.keys(history)).toEqual(["loss", "accuracy"]);
  });
});

describe("weights of examples and classes", () => {
  const weights = [0, 1, 2.5, 0.5, 3];

  test.each([1, 2, 5])(
    "sampleWeight multiplies each example's loss and gradient, in batches of %i",
    async (batchSize) => {
      const net = linear();
      const expected = descend(flat(net), batchSize, 2, weights);
      await net.fit(x, y, { batchSize, epochs: 2, shuffle: false, sampleWeight: weights });
      expectClose(flat(net), expected, 1e-6);
    },
  );

  test("the weighted losses are averaged over the number of examples", async () => {
    const net = linear();
    const [w, u, b] = flat(net) as [number, number, number];
    const each = x.map(([left, right], i) => (w * left! + u * right! + b - y[i]![0]!) ** 2 / 2);
    const expected = each.reduce((sum, loss, i) => sum + loss * weights[i]!, 0) / 5;
    expect((await net.evaluate(x, y, { sampleWeight: Float32Array.from(weights) })).loss).toBeCloseTo(expected, 6);
    net.compile({ loss: losses.halfSquaredError({ reduction: "sum" }) });
    expect((await net.evaluate(x, y, { sampleWeight: weights })).loss).toBeCloseTo(5 * expected, 5);
  });

  const classes = [2, 0, 1, 1, 2];
  const rowsOf = (id: number) => [0, 1, 2].map((c) => (c === id ? 1 : 0));
  const yesNo = classes.map((id) => (id === 1 ? 1 : 0));
  test.each([
    ["sparseCategoricalCrossentropy", 3, classes, classes],
    ["categoricalCrossentropy", 3, classes.map(rowsOf), classes],
    ["binaryCrossentropy", 1, yesNo, yesNo],
    ["hinge", 1, yesNo.map((value) => 2 * value - 1), yesNo],
  ] as const)("classWeight is the sample weight of each class, by %s", async (loss, units, target, classOf) => {
    const factors = { 0: 0.25, 1: 4 };
    const make = () =>
      sequential({ layers: [layers.dense({ inputShape: [2], units })] }).compile({ loss, optimizer: "sgd" });
    const [byClass, bySample, plain] = [make(), make(), make()];
    await byClass.fit(x, target, { epochs: 2, classWeight: factors, sampleWeight: weights });
    const factorOf = (id: number) => (factors as Record<number, number>)[id] ?? 1;
    const sampleWeight = classOf.map((id, i) => factorOf(id) * (weights[i] as number));
    await bySample.fit(x, target, { epochs: 2, sampleWeight });
    await plain.fit(x, target, { epochs: 2, sampleWeight: weights });
    expect(byClass.weightsHash()).toBe(bySample.weightsHash());
    expect(byClass.weightsHash()).not.toBe(plain.weightsHash());
  });

  test("classWeight needs classes", async () => {
    const run = linear().fit(x, y, { classWeight: { 0: 2 } });
    await expect(run).rejects.toThrow(ConfigError);
    await expect(run).rejects.toThrow(/^classWeight needs a single output whose targets are classes/);
  });
});

test("onProgress is told the end of each epoch, where training stands and how it goes", async () => {
  const told: Progress[] = [];
  const onProgress = (progress: Progress) => void told.push(progress);
  const { history } = await classifier().fit(points, ids, { batchSize: 8, epochs: 3, onProgress });
  const ends = told.filter(({ step, steps }) => step === steps);
  const expected = [0, 1, 2].map((epoch) => ({
    epoch,
    epochs: 3,
    step: 7,
    steps: 7,
    samples: 50,
    loss: history.loss[epoch],
    metrics: { accuracy: history.accuracy?.[epoch] },
  }));
  expect(ends).toEqual(expected);
});
