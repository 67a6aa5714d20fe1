import { describe, expect, test } from "vitest";
import { ConfigError, FormatError } from "../../src/base/errors.js";
import { Random } from "../../src/base/random.js";
import { type Shape, sizeOf } from "../../src/base/tensor.js";
import { type Activation, input, layers, type Model, model, type Prediction, sequential } from "../../src/index.js";
import type { LayerData } from "../../src/io/model-data.js";
import { readTfjs, writeTfjs } from "../../src/io/tfjs/index.js";
import { activationTable } from "../../src/ops/activation-table.js";
import { restoreModel } from "../../src/train/restore.js";
import { numbers } from "../layers/reference.js";
import { layerRows } from "../layers/rows.js";
import { network } from "./networks.js";
import { type Artifacts, load, loadTensorFlow, predict, save, type TfModel, toFiles } from "./tfjs.js";

const SEED = 20261124;
const NETWORKS = 200;
const BATCH = 3;
/** Of the larger one of 1 and the number's size. */
const TOLERANCE = 1e-5;

const tf = await loadTensorFlow();

/** What TensorFlow.js has no activation for. */
const unknownThere = ["hardSilu", "exponential", "threshold", "radial"];

/** From -8 to 8 in steps of 1/16, and what overflows easily. */
const points = Float32Array.of(...Array.from({ length: 257 }, (_, i) => i / 16 - 8), -100, -50, -20, 20, 50, 85, 100);

type Net = Model | Model<Prediction[]> | Model<Prediction | Prediction[]>;

async function predictHere(net: Net, inputs: readonly Prediction[]): Promise<Prediction[]> {
  return [await net.predict(inputs.length === 1 ? (inputs[0] as Prediction) : inputs)].flat();
}

/** The model that was saved there, as it is read here. */
async function read(artifacts: Artifacts) {
  const { json, readShard } = toFiles(artifacts);
  return restoreModel(await readTfjs(json, readShard, "model.json"), "model.json");
}

function expectClose(got: readonly Prediction[], expected: readonly Prediction[]) {
  expect(got.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  expected.forEach(({ data }, output) => {
    const error = data.reduce((worst, value, i) => {
      const other = got[output]?.data[i] as number;
      const e = Object.is(other, value) ? 0 : Math.abs(other - value) / Math.max(1, Math.abs(value));
      return e <= worst ? worst : e;
    }, 0);
    expect(error, `output ${output}`).toBeLessThanOrEqual(TOLERANCE);
  });
}

function batchFor(shapes: readonly Shape[], seed = 1): Prediction[] {
  return shapes.map((shape, i) => ({
    data: Float32Array.from(numbers(BATCH * sizeOf(shape), seed + i)),
    shape: [BATCH, ...shape],
  }));
}

/** Loads the model there, saves it there, reads it again: three models, one prediction. */
async function expectSameThere(net: Net, inputs: readonly Prediction[]): Promise<TfModel> {
  const there = await load(tf, writeTfjs((net as Model).toData(), "model.json"));
  const expected = await predictHere(net, inputs);
  expectClose(predict(tf, there, inputs), expected);
  expectClose(await predictHere(await read(await save(tf, there)), inputs), expected);
  return there;
}

/** Gives the weights numbers of both signs, and variances above 0. */
function fill(there: TfModel): TfModel {
  const random = new Random(SEED, 1);
  const values = there.weights.map(({ originalName, shape }) => {
    const least = originalName.endsWith("variance") ? 0.5 : -0.5;
    return tf.tensor(
      Float32Array.from({ length: sizeOf(shape) }, () => least + random.uniform()),
      shape,
    );
  });
  there.setWeights(values);
  return there;
}

/** Fills a model of TensorFlow.js, saves it there and reads it here. */
async function expectSameHere(there: TfModel, includeOptimizer = false) {
  fill(there);
  const inputs = batchFor(there.inputs.map(({ shape }) => shape.slice(1)));
  const net = await read(await save(tf, there, includeOptimizer));
  expectClose(await predictHere(net, inputs), predict(tf, there, inputs));
  return net;
}

test("TensorFlow.js 4.22.0 is the one that is asked", () => {
  expect(tf.version_core).toBe("4.22.0");
});

describe("models written here, loaded by TensorFlow.js:", () => {
  const ours: Readonly<Record<string, Activation>> = {
    ...Object.fromEntries([...Object.keys(activationTable), "linear", "softmax"].map((name) => [name, name])),
    "leakyRelu(0.2)": { leakyRelu: 0.2 },
    "leakyRelu(-1.5)": { leakyRelu: -1.5 },
    "elu(1)": { elu: 1 },
  };
  const known = Object.keys(ours).filter((name) => name !== "affine" && !unknownThere.includes(name));

  test.each(known)("activation %s", async (name) => {
    const activation = ours[name] as Activation;
    const inputShape = [points.length];
    const net = sequential({ layers: [layers.activation({ inputShape, activation })] });
    await expectSameThere(net, [{ data: points, shape: [1, ...inputShape] }]);
    const dense = sequential({ layers: [layers.dense({ inputShape: [4], units: 5, activation }), layers.flatten()] });
    await expectSameThere(dense, batchFor([[4]]));
  });

  test.each(layerRows.map((row, i) => ({ title: `layer ${i} ${row.name}`, row })))("$title", async ({ row }) => {
    const inputs = row.shapes.map((shape) => input({ shape }));
    const net = model({ inputs, outputs: row.make().apply(inputs), seed: 3 });
    const activations = (net as unknown as Model).toData().architecture.layers.filter(isUnknownThere);
    if (activations.length > 0) return expectRefused(net, activations);
    await expectSameThere(net, batchFor(row.shapes));
  });

  test.each([1, 2, 3, 4])("every layer on examples of %d axes", async (rank) => {
    const shape = Array.from({ length: rank }, (_, i) => i + 2);
    const size = sizeOf(shape);
    const [scale, offset] = [1, 2].map((seed) => numbers(size, seed));
    const x = input({ shape });
    const normalized = layers.normalization({ scale: scale as number[], offset: offset as number[] }).apply(x);
    const dense = layers.dense({ units: 5, activation: "selu", biasInitializer: "normal" }).apply(normalized);
    const activated = layers.activation({ activation: "softmax" }).apply(dense);
    const sum = layers.add().apply([dense, activated, dense]);
    const joined = Array.from({ length: 2 * rank }, (_, i) => i - rank).map((axis) =>
      layers.flatten().apply(layers.concatenate({ axis }).apply([sum, activated])),
    );
    const flat = layers.concatenate().apply(joined);
    const shaped = layers.reshape({ targetShape: [-1, 1] }).apply(flat);
    await expectSameThere(model({ inputs: x, outputs: [shaped, flat, sum] }), batchFor([shape]));
  });

  test("a layer that TensorFlow.js applies in another order than it stands", async () => {
    const [x, y] = [input({ shape: [3] }), input({ shape: [3] })];
    const shared = layers.dense({ units: 3, activation: "tanh" });
    const first = shared.apply(x);
    const second = shared.apply(layers.dense({ units: 3 }).apply(first));
    const third = shared.apply(y);
    await expectSameThere(model({ inputs: [x, y], outputs: [second, third, first] }), batchFor([[3], [3]]));
  });

  test("outputs that are inputs, or the same twice", async () => {
    const [x, y] = [input({ shape: [3] }), input({ shape: [2] })];
    const sum = layers.add().apply([x, x, x]);
    const twice = layers.add().apply([sum, sum]);
    const more = layers.dense({ units: 2 }).apply(sum);
    await expectSameThere(model({ inputs: [x, y], outputs: [twice, y, more, twice, y] }), batchFor([[3], [2]]));
  });

  test.each([
    ["Größe 1", "Gr__e_1"],
    ["_x", "layer_x"],
    ["constructor", "constructor_1"],
    ["a/b.c-d", "a/b.c-d"],
  ])("a layer named %j as %j", async (name, there) => {
    const x = input({ shape: [3] });
    const hidden = layers.dense({ units: 3, name }).apply(x);
    const net = model({ inputs: x, outputs: layers.dense({ units: 2, name: "Gr__e 1" }).apply([hidden]) });
    const names = (await expectSameThere(net, batchFor([[3]]))).layers.map((layer) => layer.name);
    expect(names).toContain(there);
    const shared = layers.dense({ units: 3, name });
    const graph = model({ inputs: x, outputs: [shared.apply(shared.apply(x))] });
    await expectSameThere(graph, batchFor([[3]]));
  });

  test("settings for training and names of classes", async () => {
    const net = sequential({
      layers: [
        layers.dense({ inputShape: [3], units: 4, kernelRegularizer: { l2: 0.5 }, biasRegularizer: { l1: 0.25 } }),
        layers.dense({ units: 2, activation: { leakyRelu: 0.5 }, trainable: false }),
      ],
    });
    net.metadata = { classNames: ["no", "yes"], featureNames: ["a", "b", "c"] };
    const there = await expectSameThere(net, batchFor([[3]]));
    expect(there.getUserDefinedMetadata()).toEqual(net.metadata);
    const configs = Object.fromEntries(there.layers.map((layer) => [layer.name, layer.getConfig()]));
    expect(configs["dense"]).toMatchObject({
      trainable: true,
      kernelRegularizer: { className: "L1L2", config: { l1: 0, l2: 0.5 } },
      biasRegularizer: { className: "L1L2", config: { l1: 0.25, l2: 0 } },
    });
    expect(configs["dense_1"]).toMatchObject({ trainable: false, kernelRegularizer: null });
    const again = (await read(await save(tf, there))).toData();
    expect(again.architecture.layers[0]).toEqual(net.toData().architecture.layers[0]);
    expect(again.architecture.layers[1]?.config).toMatchObject({ trainable: false });
    expect(again.metadata).toEqual(net.metadata);
  });

  test("a model of several files", async () => {
    const net = sequential({ layers: [layers.dense({ inputShape: [1500], units: 1500, activation: "tanh" })] });
    expect(writeTfjs(net.toData(), "model.json").length).toBe(4);
    await expectSameThere(net, batchFor([[1500]]));
  });

  test.each(Array.from({ length: NETWORKS }, (_, i) => i))(`network %d of seed ${SEED}`, async (number) => {
    const { net, inputs } = network(SEED, number);
    const unknown = (net as Model).toData().architecture.layers.filter(isUnknownThere);
    if (unknown.length > 0) return expectRefused(net, unknown);
    await expectSameThere(net, inputs);
  });

  function isUnknownThere({ config: { activation = "linear" } }: LayerData): boolean {
    if (typeof activation === "string") return unknownThere.includes(activation);
    const [[name, constant]] = Object.entries(activation as Record<string, number>) as [[string, number]];
    return name === "threshold" || (name === "elu" && constant !== 1);
  }

  function expectRefused(net: Net, unknown: readonly LayerData[]) {
    const names = unknown.map(({ name }) => name);
    try {
      writeTfjs((net as Model).toData(), "model.json");
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      const listed = [...(error as Error).message.matchAll(/"([^"]*)" \(/g)].map(([, name]) => name);
      return expect(listed).toEqual(names);
    }
    expect.fail(`written, though TensorFlow.js has no ${names}`);
  }
});

describe("models saved by TensorFlow.js:", () => {
  const activations = Object.keys(tf.serialization.SerializationMap.getMap().classNameMap).filter((name) =>
    /^[a-z]/.test(name),
  );
  const unknownHere = ["logSoftmax", "gelu_new"];

  test("its activations are found", () => {
    expect(activations).toContain("relu6");
    expect(activations).toEqual(expect.arrayContaining(unknownHere));
  });

  test.each(activations)("activation %s", async (activation) => {
    const there = tf.sequential({
      layers: [
        layerThere("dense", { inputShape: [4], units: 6, activation }),
        layerThere("activation", { activation }),
      ],
    });
    if (!unknownHere.includes(activation)) return void (await expectSameHere(there));
    await expect(save(tf, there).then(read)).rejects.toThrow(FormatError);
    await expect(save(tf, there).then(read)).rejects.toThrow(/\(Dense: activation .*\(Activation: activation/);
  });

  test.each<{ layer: string; shape: Shape; config?: Record<string, unknown> }>([
    { layer: "dense", shape: [2, 3], config: { units: 4, useBias: false } },
    { layer: "dropout", shape: [4], config: { rate: 0.5, seed: 3 } },
    { layer: "flatten", shape: [2, 3, 2] },
    { layer: "flatten", shape: [2, 3], config: { dataFormat: "channelsLast" } },
    { layer: "reshape", shape: [2, 6], config: { targetShape: [3, 4] } },
    { layer: "reshape", shape: [2, 6], config: { targetShape: [-1, 3] } },
    { layer: "rescaling", shape: [4], config: { scale: 0.25 } },
    { layer: "rescaling", shape: [4], config: { scale: 0.25, offset: -1 } },
    { layer: "reLU", shape: [4] },
    { layer: "reLU", shape: [4], config: { maxValue: 6 } },
    { layer: "leakyReLU", shape: [4] },
    { layer: "leakyReLU", shape: [2, 2], config: { alpha: 0.7 } },
    { layer: "elu", shape: [4] },
    { layer: "softmax", shape: [4] },
    { layer: "softmax", shape: [3, 4], config: { axis: -1 } },
    { layer: "softmax", shape: [3, 4], config: { axis: 2 } },
    { layer: "batchNormalization", shape: [5], config: { trainable: false } },
    { layer: "batchNormalization", shape: [5], config: { trainable: false, scale: false, epsilon: 0.5 } },
    { layer: "batchNormalization", shape: [2, 3], config: { trainable: false, center: false } },
    { layer: "batchNormalization", shape: [5], config: { trainable: false, axis: 1 } },
    // Other axes than the last are for test/io: TensorFlow.js's CPU backend takes each for the last.
    { layer: "batchNormalization", shape: [2, 3, 4], config: { trainable: false, axis: 3 } },
  ])("layer $layer $config on $shape", async ({ layer, shape, config = {} }) => {
    const x = tf.input({ shape });
    await expectSameHere(tf.model({ inputs: x, outputs: layerThere(layer, config).apply(x) }));
    await expectSameHere(tf.sequential({ layers: [layerThere(layer, { ...config, inputShape: shape })] }));
  });

  test("a graph with layers that are applied twice", async () => {
    const [x, y] = [tf.input({ shape: [3] }), tf.input({ shape: [4] })];
    const shared = layerThere("dense", { units: 3, activation: "tanh" });
    const first = shared.apply(x);
    const second = shared.apply(layerThere("dense", { units: 3, activation: "hardSigmoid" }).apply(y));
    const sum = layerThere("add").apply([first, second, x]);
    const joined = layerThere("concatenate", { axis: 1 }).apply([sum, y]);
    const rows = layerThere("reshape", { targetShape: [1, 7] }).apply(joined);
    const both = layerThere("concatenate", { axis: 1 }).apply([rows, rows]);
    const net = await expectSameHere(tf.model({ inputs: [y, x], outputs: [both, second, joined] }));
    expect(net.inputShapes).toEqual([[4], [3]]);
  });

  test("settings for training, and an optimizer that is left out", async () => {
    const there = tf.sequential({
      layers: [
        layerThere("dense", {
          inputShape: [3],
          units: 4,
          kernelRegularizer: tf.regularizers.l1l2({ l1: 0.5, l2: 0.25 }),
        }),
        layerThere("dense", { units: 2, trainable: false, name: "head" }),
      ],
    });
    there.setUserDefinedMetadata({ classNames: ["no", "yes"], featureNames: 3, other: {} });
    there.compile({ optimizer: "adam", loss: "meanSquaredError" });
    await there.trainOnBatch(tf.tensor(new Float32Array(6), [2, 3]), tf.tensor(new Float32Array(4), [2, 2]));
    const artifacts = await save(tf, there, true);
    expect(artifacts.weightSpecs.some(({ group }) => group === "optimizer")).toBe(true);
    const data = (await expectSameHere(there, true)).toData();
    expect(data.architecture.layers[0]?.config).toMatchObject({ kernelRegularizer: { l1: 0.5, l2: 0.25 } });
    expect(data.architecture.layers[1]).toMatchObject({ name: "head", config: { trainable: false } });
    expect(data.metadata).toEqual({ classNames: ["no", "yes"] });
  });

  test.each([
    { dtype: "uint8", steps: 255 },
    { dtype: "uint16", steps: 65535 },
    { dtype: "float16", steps: 0 },
  ])("weights stored as $dtype", async ({ dtype, steps }) => {
    const there = fill(tf.sequential({ layers: [layerThere("dense", { inputShape: [40], units: 7 })] }));
    const artifacts = await save(tf, there);
    const quantization = { dtype, original_dtype: "float32", ...(steps > 0 ? { scale: 1 / steps, min: -0.5 } : {}) };
    // Any bits will do, but for those of halves that are no numbers.
    const random = new Random(SEED, 2);
    const count = artifacts.weightData.byteLength / 4;
    const bits = Uint16Array.from({ length: count }, () => random.below(steps > 0 ? steps + 1 : 0x4000));
    const weightData = dtype === "uint8" ? Uint8Array.from(bits).buffer : bits.buffer;
    const weightSpecs = artifacts.weightSpecs.map((spec) => ({ ...spec, quantization }));
    const quantized = { ...artifacts, weightSpecs, weightData };
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(quantized));
    const net = await read(quantized);
    loaded.getWeights().forEach((weight, i) => {
      expect(net.getWeights()[i]?.data).toEqual(Float32Array.from(weight.dataSync()));
    });
  });

  test("and refused: a batch normalization that is trained", async () => {
    const there = tf.sequential({ layers: [layerThere("batchNormalization", { inputShape: [3], name: "bn" })] });
    await expect(save(tf, there).then(read)).rejects.toThrow(
      'layers that neurone has too expected, got "bn" (BatchNormalization: trainable, but neurone\'s normalization holds constants)',
    );
  });

  function layerThere(name: string, config: Record<string, unknown> = {}) {
    const make = tf.layers[name];
    if (!make) throw new Error(`TensorFlow.js has no layer ${name}`);
    return make(config);
  }
});
