import { describe, expect, test } from "vitest";
import { input, layers, model, type Prediction, sequential } from "../../src/index.js";
import type { LayerData, ModelData } from "../../src/io/model-data.js";
import { writeOnnx } from "../../src/io/onnx/index.js";
import { readOnnx } from "../../src/io/onnx/read.js";
import { restoreModel } from "../../src/train/restore.js";
import { expectClose } from "../layers/reference.js";
import { activations } from "../layers/rows.js";
import { network } from "../peers/networks.js";
import { predict } from "./onnx-graphs.js";
import { torchFile } from "./torch-onnx.js";

const NETWORKS = Array.from({ length: 60 }, (_, i) => i);
const SEED = 20261125;

const again = (data: ModelData, options = {}) => readOnnx(writeOnnx(data, options), "net.onnx");

/** A layer by what it computes: a rescaling that does nothing is an Identity in the file, which has no kinds. */
function kindOf({ kind, config }: LayerData): string {
  const idle = kind === "rescaling" && config["scale"] === 1 && (config["offset"] ?? 0) === 0;
  const activation = JSON.stringify(config["activation"] ?? "linear");
  return idle ? 'activation "linear"' : kind === "dense" || kind === "activation" ? `${kind} ${activation}` : kind;
}

describe("a file of ours is read as what was written:", () => {
  test.each(NETWORKS)(`network %d of seed ${SEED}`, async (number) => {
    const { net, inputs } = network(SEED, number);
    const written = net.toData();
    const read = again(written);
    const { layers, ...graph } = read.architecture;
    expect(graph).toEqual({ ...written.architecture, layers: undefined });
    expect(layers.map(({ name }) => name)).toEqual(written.architecture.layers.map(({ name }) => name));
    expect(layers.map(kindOf)).toEqual(written.architecture.layers.map(kindOf));
    expect(read.weights).toEqual(written.weights);
    const expected = await net.predict(inputs.length === 1 ? (inputs[0] as Prediction) : inputs);
    const got = await predict(read, inputs);
    (Array.isArray(expected) ? expected : [expected]).forEach(({ data, shape }, i) => {
      expect(got[i]?.shape).toEqual(shape);
      expectClose(got[i]?.data ?? [], data, 1e-6);
    });
  });

  test.each(Object.keys(activations))(
    "a dense layer with %s, and the activation as a layer behind one",
    (activation) => {
      const fused = sequential({ layers: [layers.dense({ inputShape: [3], units: 2, activation })] });
      expect(again(fused.toData()).architecture.layers).toMatchObject(
        activation === "linear" ? [{ kind: "dense" }] : [{ kind: "dense", config: { activation } }],
      );
      const apart = sequential({
        layers: [layers.dense({ inputShape: [3], units: 2 }), layers.activation({ activation })],
      });
      expect(again(apart.toData()).architecture.layers).toMatchObject([
        { kind: "dense", name: "dense" },
        { kind: "activation", name: "activation", config: { activation } },
      ]);
    },
  );

  test("settings", () => {
    const net = sequential({
      seed: 12,
      layers: [
        layers.rescaling({ inputShape: [2], scale: 0.1, offset: -0.7 }),
        layers.dense({ units: 2, activation: { elu: 0.3 }, kernelRegularizer: { l2: 0.01 }, trainable: false }),
        layers.dropout({ rate: 0.15 }),
        layers.activation({ activation: { threshold: -0.2 } }),
      ],
    });
    const { architecture } = again(net.toData());
    expect(architecture.seed).toBe(12);
    expect(architecture.layers.map(({ config }) => config)).toEqual([
      { scale: 0.1, offset: -0.7 },
      { units: 2, activation: { elu: 0.3 }, kernelRegularizer: { l1: 0, l2: 0.01 }, trainable: false },
      { rate: 0.15 },
      { activation: { threshold: -0.2 } },
    ]);
  });

  test("layers in a row that together are another one's formula", () => {
    const net = sequential({
      layers: [
        layers.rescaling({ inputShape: [3], scale: 1, offset: 3, name: "a" }),
        layers.activation({ activation: "relu6", name: "b" }),
        layers.rescaling({ scale: 1 / 6, name: "c" }),
        layers.rescaling({ scale: 1, offset: 2, name: "d" }),
        layers.dense({ units: 2, useBias: false, name: "e" }),
        layers.normalization({ scale: [1, 2], offset: [3, 4], name: "f" }),
      ],
    });
    const { architecture } = again(net.toData());
    expect(architecture.layers.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      "a rescaling",
      "b activation",
      "c rescaling",
      "d rescaling",
      "e dense",
      "f normalization",
    ]);
  });

  test("a sum of three, then a sum", () => {
    const x = [0, 1, 2].map(() => input({ shape: [2] }));
    const sum = layers.add().apply(x);
    const data = model({ inputs: x, outputs: layers.add().apply([sum, sum, x[0] as (typeof x)[0]]) }).toData();
    expect(again(data).architecture).toEqual(data.architecture);
  });

  test("names, whatever they are, and metadata", () => {
    const names = ["a/kernel", "x.weight", "é/😀 \n", "input", "0"];
    const net = sequential({ layers: names.map((name) => layers.dense({ inputShape: [2], units: 2, name })) });
    const metadata = { classNames: ["no", "yes"], featureNames: ["p", "q"] };
    const read = again({ ...net.toData(), metadata });
    expect(read.architecture.layers.map(({ name }) => name)).toEqual(names);
    expect(read.metadata).toEqual(metadata);
  });

  test("without the class, where it has one", () => {
    const net = sequential({ layers: [layers.dense({ inputShape: [2], units: 3, activation: "softmax" })] });
    const data = net.toData();
    const read = again(data, { classOutput: true });
    expect(read.architecture).toMatchObject({ outputs: [1], list: false });
    expect(read.weights).toEqual(data.weights);
  });
});

test("a model of PyTorch's is trained on", async () => {
  using net = restoreModel(readOnnx(torchFile("torch-digits-17.onnx"), "digits.onnx"));
  net.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  // Which third of the image is the brightest.
  const y = Array.from({ length: 60 }, (_, i) => i % 3);
  const x = y.map((label, i) => [
    [0, 1, 2, 3].map((row) => [0, 1, 2, 3].map((column) => (row === label ? 1 : ((i * row * column) % 7) / 20))),
  ]);
  const before = net.weightsHash();
  const { history } = await net.fit(x, y, { epochs: 60, batchSize: 10 });
  const [first, last] = [history["loss"]?.[0] as number, history["loss"]?.at(-1) as number];
  expect(last).toBeLessThan(first / 2);
  expect(net.weightsHash()).not.toBe(before);
});
