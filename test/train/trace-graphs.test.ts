import { describe, expect, test } from "vitest";
import {
  ConfigError,
  DataError,
  engine,
  init,
  input,
  type LayerTrace,
  layers,
  type Model,
  model,
  OutOfMemoryError,
  optimizers,
  type Prediction,
  ShapeError,
  sequential,
  type Trace,
} from "../../src/index.js";
import { centralDifferences, expectClose, type Rows, rows, sumSquaredError, weightsOf } from "../layers/reference.js";
import { layerRows } from "../layers/rows.js";
import { classifier, ids, points } from "./classifier.js";

const BATCH = 3;
const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);
const tensor = (examples: Rows, shape: readonly number[]) => ({
  data: Float32Array.from(examples.flat()),
  shape: [examples.length, ...shape],
});
const named = (trace: Trace, name: string) => trace.layers.filter((layer) => layer.name === name);
/** `values` in as many rows as there are examples. */
const cut = (values: ArrayLike<number>, count = BATCH): Rows => {
  const size = values.length / count;
  return Array.from({ length: count }, (_, i) => Array.from(values).slice(i * size, (i + 1) * size));
};
const rowsOf = ({ data, shape }: Prediction): Rows => cut(data, shape[0]);

const cases = layerRows.map((row, i) => ({ title: `${i} ${row.name} ${row.make().describe()}`, row }));
describe.each(cases)("$title", ({ row: { name, make, shapes, output, reference } }) => {
  test("its output and the gradients before and behind it", async () => {
    const inputs = shapes.map((shape) => input({ shape }));
    const before = inputs.map((start, i) => {
      return layers.dense({ units: start.shape.at(-1) as number, name: `before${i}` }).apply(start);
    });
    const net = model({ inputs, outputs: make().apply(before), seed: 9 }).compile({ loss: "sumSquaredError" });
    const given = shapes.map((shape, i) => tensor(rows(BATCH, sizeOf(shape), i + 1), shape));
    const target = rows(BATCH, sizeOf(output), 7);
    const trace = await net.trace(given.length === 1 ? given[0]! : given, tensor(target, output));

    const last = trace.layers.at(-1) as LayerTrace;
    expect([last.kind, last.shape, last.output.shape]).toEqual([name, [BATCH, ...output], [BATCH, ...output]]);
    expect("z" in last).toBe(["dense", "activation"].includes(name));
    const weights = Object.fromEntries(
      Object.entries(weightsOf(net)).map(([full, values]) => [full.split("/")[1] as string, values]),
    );
    const x = shapes.map((_, i) => rowsOf((named(trace, `before${i}`)[0] as LayerTrace).output));
    const expected = reference(x, weights);
    expectClose(last.output.data, expected.flat(), 2e-6, "output");
    const doutput = expected.flat().map((value, i) => (2 * (value - (target.flat()[i] as number))) / BATCH);
    expectClose(last.doutput.data, doutput, 2e-6, "doutput");

    const at = Object.fromEntries(x.map((values, i) => [i, values.flat()]));
    const gradients = centralDifferences((moved) => {
      const y = reference(
        x.map((_, i) => cut(moved[i] as readonly number[])),
        weights,
      );
      return sumSquaredError(y, target);
    }, at);
    x.forEach((_, i) => {
      expectClose(named(trace, `before${i}`)[0]?.doutput.data ?? [], gradients[i] ?? [], 5e-6, `before${i}`);
      expect(trace.inputs[i]?.x).toEqual(given[i]);
    });
  });
});

/** Bytes through a rescaling, two branches with one shared layer, a frozen one, and two outputs, one of them within the graph. */
function graph(optimizer = optimizers.sgd({ learningRate: 0.5 })): Model<Prediction[]> {
  const start = input({ shape: [4] });
  const other = input({ shape: [3] });
  const shared = layers.dense({ units: 3, activation: "gelu", name: "shared", kernelRegularizer: { l2: 0.125 } });
  const left = shared.apply(layers.rescaling({ scale: 1 / 255 }).apply(start));
  const classes = layers.dense({ units: 3, activation: "softmax", name: "classes" }).apply(left);
  const frozen = layers.dense({ units: 4, activation: "tanh", trainable: false, name: "frozen" });
  const right = shared.apply(frozen.apply(other));
  const joined = layers.concatenate().apply([layers.add().apply([left, right, classes]), other]);
  const dropped = layers.dropout({ rate: 0.5 }).apply(joined);
  const answer = layers.dense({ units: 2, activation: "sigmoid", name: "answer" }).apply(dropped);
  const net = model({ inputs: [start, other], outputs: [classes, answer], seed: 6 });
  const loss = ["sparseCategoricalCrossentropy", "meanSquaredError"];
  return net.compile({ optimizer, loss, lossWeights: [1, 0.5], metrics: [["accuracy"], []] });
}

const x = [Uint8Array.from({ length: 20 }, (_, i) => (i * 37) % 256), tensor(rows(5, 3, 2), [3])].map((given, i) =>
  i === 0 ? { data: given as Uint8Array, shape: [5, 4] } : (given as Prediction),
);
const y = [Int32Array.of(0, 2, 1, 1, 0), tensor(rows(5, 2, 3), [2])];
const asOneStep = { batchSize: 5, shuffle: false };

describe("a graph with everything in it", () => {
  test("one step takes off the learning rate times the gradients, to the bit, and after other steps too", async () => {
    const net = graph();
    for (let step = 0; step < 3; step++) {
      const before = net.getWeights();
      const { gradients, loss } = await net.trace(x, y);
      expect(gradients.map(({ name }) => name)).toEqual(
        before.map(({ name }) => name).filter((name) => !name.startsWith("frozen")),
      );
      const { history } = await net.fit(x, y, asOneStep);
      expect(loss).toBe(history.loss?.[0]);
      for (const { name, data } of net.getWeights()) {
        const gradient = gradients.find((one) => one.name === name)?.data;
        const start = before.find((one) => one.name === name)?.data as Float32Array;
        // Half of a gradient is exact, so there is one rounding, with or without fused multiply-add.
        expect(data, name).toEqual(start.map((w, i) => w - 0.5 * (gradient?.[i] ?? 0)));
      }
    }
  });

  test("leaves no trace: a training goes on to the same bits", async () => {
    const [net, spared] = [graph(), graph()].map((one) =>
      one.compile({
        optimizer: optimizers.adam({ clipNorm: 0.5 }),
        loss: ["sparseCategoricalCrossentropy", "huber"],
        metrics: [["accuracy"], []],
      }),
    ) as [Model<Prediction[]>, Model<Prediction[]>];
    const first = await net.trace(x, y);
    expect(await net.trace(x, y)).toEqual(first);
    for (let i = 0; i < 3; i++) {
      const { history } = await net.fit(x, y, { batchSize: 2, epochs: 2 });
      await net.trace(x, y);
      expect((await spared.fit(x, y, { batchSize: 2, epochs: 2 })).history).toEqual(history);
      expect(net.weightsHash()).toBe(spared.weightsHash());
    }
  });

  test("gradients are those before clipping, momentum and the optimizer's own decay", async () => {
    const optimizer = optimizers.sgd({ clipNorm: 0.001, clipValue: 0.001, momentum: 0.5, weightDecay: 0.1 });
    expect(await graph(optimizer).trace(x, y)).toEqual(await graph().trace(x, y));
  });

  test("lists each application in order, and a shared layer as often as it is applied", async () => {
    const trace = await graph().trace(x, y);
    const order = trace.layers.map(({ name }) => name);
    expect([...order].sort()).toEqual(
      ["add", "answer", "classes", "concatenate", "dropout", "frozen", "rescaling", "shared", "shared"].sort(),
    );
    const comesBefore = (a: string, b: string) => expect(order.indexOf(a)).toBeLessThan(order.indexOf(b));
    comesBefore("rescaling", "shared");
    comesBefore("shared", "classes");
    comesBefore("add", "concatenate");
    expect(named(trace, "shared")[0]?.output).not.toEqual(named(trace, "shared")[1]?.output);
    const [kernel] = trace.gradients;
    expect(kernel?.name).toBe("shared/kernel");
  });

  test("gradients go through what is frozen and up to the first layer, though fit needs none there", async () => {
    const trace = await graph().trace(x, y);
    const [frozen, rescaling] = [named(trace, "frozen")[0], named(trace, "rescaling")[0]];
    for (const layer of [frozen, rescaling]) expect(layer?.doutput.data.every((value) => value !== 0)).toBe(true);
    expect(frozen?.dz?.data.every((value) => value !== 0)).toBe(true);
  });

  test("the inputs come with their gradients, those in bytes too", async () => {
    const trace = await graph().trace(x, y);
    const [rescaling, concatenate] = [named(trace, "rescaling")[0], named(trace, "concatenate")[0]] as [
      LayerTrace,
      LayerTrace,
    ];
    const [bytes, other] = trace.inputs as [Trace["inputs"][number], Trace["inputs"][number]];
    expect([bytes.x.shape, other.x.shape]).toEqual([
      [5, 4],
      [5, 3],
    ]);
    expect(bytes.x.data).toEqual(Float32Array.from(x[0]?.data as Uint8Array));
    expectClose(
      bytes.dx.data,
      [...rescaling.doutput.data].map((d) => d / 255),
      1e-9,
    );
    expect(other.dx.data.every((value) => value !== 0)).toBe(true);
    expect(concatenate.doutput.shape).toEqual([5, 6]);
  });

  test("an output that is judged and used has both in its gradient, and its dz the same by the chain rule", async () => {
    const trace = await graph().trace(x, y);
    const [{ z, dz, output, doutput }] = named(trace, "classes") as [Required<LayerTrace>];
    const [sum] = named(trace, "add") as [LayerTrace];
    const [p, d, through] = [output, doutput, sum.doutput].map(rowsOf) as [Rows, Rows, Rows];
    const own = p.map((row, i) => row.map((value, j) => (j === (y[0] as Int32Array)[i] ? -1 / value / 5 : 0)));
    expectClose(
      doutput.data,
      own.flatMap((row, i) => row.map((value, j) => value + (through[i]?.[j] as number))),
      1e-6,
    );
    const bySoftmax = p.map((row, i) => {
      const mean = row.reduce((total, value, j) => total + value * (d[i]?.[j] as number), 0);
      return row.map((value, j) => value * ((d[i]?.[j] as number) - mean));
    });
    expectClose(dz.data, bySoftmax.flat(), 1e-6);
    expect(z.shape).toEqual([5, 3]);
    expect(trace.outputs[0]).toEqual(output);
    expect(trace.outputs[1]).toEqual(named(trace, "answer")[0]?.output);
  });

  test("dropout drops what the next step drops", async () => {
    const net = graph();
    const dropped = async () => {
      const trace = await net.trace(x, y);
      const [before, after] = [named(trace, "concatenate")[0], named(trace, "dropout")[0]] as [LayerTrace, LayerTrace];
      after.output.data.forEach((value, i) => {
        expect([0, 2 * (before.output.data[i] as number)]).toContain(value);
        if (value === 0) expect(before.doutput.data[i]).toBe(0);
      });
      return after.output.data.map((value) => (value === 0 ? 0 : 1));
    };
    const first = await dropped();
    expect(await dropped()).toEqual(first);
    await net.fit(x, y, asOneStep);
    expect(await dropped()).not.toEqual(first);
  });
});

test("a softmax behind which a linear layer stands gives its loss the logits all the same", async () => {
  const net = sequential({
    layers: [
      layers.dense({ inputShape: [2], units: 3, activation: "softmax" }),
      layers.activation({ activation: "linear", name: "same" }),
      layers.dropout({ rate: 0, name: "again" }),
    ],
  }).compile({ loss: "sparseCategoricalCrossentropy", optimizer: optimizers.sgd({ learningRate: 1 }) });
  const before = weightsOf(net);
  const { layers: traced, gradients, outputs } = await net.trace(points, ids);
  const [dense, same, again] = traced;
  expect([same?.output, same?.z, again?.output]).toEqual([dense?.output, dense?.output, outputs[0]]);
  expect(new Set([dense?.doutput, same?.doutput, same?.dz, again?.doutput].map((d) => String(d?.data))).size).toBe(1);
  await net.fit(points, ids, { batchSize: 50, shuffle: false });
  const [kernel] = net.getWeights();
  expect([...(kernel?.data ?? [])]).toEqual(
    before["dense/kernel"]?.map((w, i) => Math.fround(w - (gradients[0]?.data[i] as number))),
  );
});

test("a model of which nothing is trained has gradients of its layers, and none of weights", async () => {
  const start = input({ shape: [2] });
  const frozen = layers.dense({ units: 2, trainable: false }).apply(start);
  const net = model({ inputs: start, outputs: [frozen, start] }).compile({ loss: "sumSquaredError" });
  const data = tensor(rows(4, 2, 1), [2]);
  const trace = await net.trace(data, [data, data]);
  expect(trace.gradients).toEqual([]);
  expect(trace.outputs[1]).toEqual(data);
  // As an output it costs x - y, which is 0; the other output's gradient comes through the frozen layer.
  expect(trace.inputs[0]?.x).toEqual(data);
  const kernel = weightsOf(net)["dense/kernel"] ?? [];
  const through = rowsOf(trace.layers[0]?.doutput as Prediction).flatMap((row) =>
    [0, 1].map((i) => row.reduce((total, d, j) => total + d * (kernel[2 * i + j] as number), 0)),
  );
  expectClose(trace.inputs[0]?.dx.data ?? [], through, 1e-6);
  const expected = trace.layers[0]?.output.data.map((value, i) => (value - (data.data[i] as number)) / 2);
  expectClose(trace.layers[0]?.doutput.data ?? [], expected ?? [], 1e-6);
});

describe("what cannot be traced", () => {
  test.each([
    [() => classifier().trace([[1, 2, 3]], [0]), ShapeError, /^x: shape \[n, 2\] expected, got \[1, 3\]/],
    [() => classifier().trace([[1, Number.NaN]], [0]), DataError, /^x must hold finite numbers/],
    [() => classifier().trace([[1, 2]], [3]), DataError, /^y must hold class ids from 0 to 2, got 3/],
    [
      () => classifier().trace(points, ids, { batchSize: 5 } as never),
      ConfigError,
      /^trace: setting "batchSize" is unknown/,
    ],
    [() => classifier().trace(points, ids, { signal: 5 as never }), ConfigError, /^signal must be an AbortSignal/],
    [() => classifier().trace(points, ids, { sampleWeight: [1] }), ShapeError, /^sampleWeight: a list of 50 numbers/],
    [
      () => sequential({ layers: [layers.dense({ inputShape: [1], units: 1 })] }).trace([[1]], [[1]]),
      ConfigError,
      /^trace: call compile/,
    ],
  ])("case %#", async (call, type, says) => {
    await expect(call()).rejects.toThrow(type);
    await expect(call()).rejects.toThrow(says);
  });

  test("an AbortSignal that is aborted already, and a disposed model", async () => {
    const net = classifier();
    const signal = AbortSignal.abort(new RangeError("mine"));
    await expect(net.trace(points, ids, { signal })).rejects.toThrow("mine");
    net.dispose();
    await expect(net.trace(points, ids)).rejects.toThrow("the model was disposed of");
  });

  test("more than the memory holds, after which all is as before", async () => {
    await init({ memoryLimit: 2 ** 22 });
    try {
      const net = sequential({ layers: [layers.dense({ inputShape: [1], units: 1000 })] });
      net.compile({ loss: "sumSquaredError" });
      const before = net.weightsHash();
      const many = (size: number) => tensor(rows(600, size, 1), [size]);
      await expect(net.trace(many(1), many(1000))).rejects.toThrow(OutOfMemoryError);
      expect(net.weightsHash()).toBe(before);
      expect((await net.trace([[1]], tensor(rows(1, 1000), [1000]))).outputs[0]?.shape).toEqual([1, 1000]);
      net.dispose();
    } finally {
      await init({});
    }
  });
});

test("class weights and sample weights count as in fit", async () => {
  const net = classifier();
  const weighting = { classWeight: { 0: 2, 2: 0.5 }, sampleWeight: ids.map((_, i) => i % 3) };
  const { loss } = await net.trace(points, ids, weighting);
  const { history } = await net.fit(points, ids, { batchSize: 50, shuffle: false, ...weighting });
  expect(loss).toBe(history.loss?.[0]);
});

test("while the model is trained, its numbers are those between two steps, and the training is not disturbed", async () => {
  const [net, spared] = [classifier(), classifier()];
  let trace: Promise<Trace> | undefined;
  const onBatchEnd = async () => {
    trace ??= net.trace(points, ids);
    await trace;
  };
  await net.fit(points, ids, { epochs: 3, callbacks: [{ onBatchEnd }] });
  await spared.fit(points, ids, { epochs: 3, callbacks: [{ onBatchEnd() {} }] });
  expect((await trace)?.layers).toHaveLength(3);
  expect(net.weightsHash()).toBe(spared.weightsHash());
  await Promise.all([net.fit(points, ids, { epochs: 50 }), net.trace(points, ids)]);
  await spared.fit(points, ids, { epochs: 50 });
  expect(net.weightsHash()).toBe(spared.weightsHash());
});

test("a thousand traces hold no memory, nor do those that fail", async () => {
  await init();
  const net = classifier();
  const use = async (count: number) => {
    for (let i = 0; i < count; i++) {
      await net.trace(points, ids);
      const controller = new AbortController();
      const aborted = net.trace(points, ids, { signal: controller.signal });
      if (i % 2 === 0) controller.abort();
      await aborted.catch(() => {});
    }
  };
  await use(20);
  const before = engine().memoryBytes;
  await use(1000);
  expect(engine().memoryBytes).toBe(before);
  net.dispose();
});
