import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import { type Shape, sizeOf } from "../../src/base/tensor.js";
import type { LayerData, ModelData, WeightData } from "../../src/io/model-data.js";
import { readTfjs, writeTfjs } from "../../src/io/tfjs/index.js";
import { layers } from "../../src/layers/index.js";
import { activationTable } from "../../src/ops/activation-table.js";

type Files = readonly { readonly name: string; readonly bytes: Uint8Array }[];

function readFiles(files: Files): Promise<ModelData> {
  const bytes = new Map(files.map((file) => [file.name, file.bytes]));
  return readTfjs(files[0]?.bytes as Uint8Array, async (path) => bytes.get(path) as Uint8Array, "model.json");
}

function jsonOf(files: Files) {
  return JSON.parse(new TextDecoder().decode(files[0]?.bytes));
}

/** The weights of a layer that needs some, by what its settings say. */
function weightsOf({ kind, name, config }: LayerData, from: Shape): WeightData[] {
  const weight = (parameter: string, shape: Shape) => {
    const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => (i % 97) / 8 - parameter.length);
    return { name: `${name}/${parameter}`, shape, data };
  };
  const units = config["units"] as number;
  if (kind === "normalization") return [weight("scale", [sizeOf(from)]), weight("offset", [sizeOf(from)])];
  if (kind !== "dense") return [];
  const kernel = weight("kernel", [from.at(-1) as number, units]);
  return config["useBias"] === false ? [kernel] : [kernel, weight("bias", [units])];
}

/** Layers one behind the other, whose outputs have the given shapes; the first one reads `count` inputs. */
function chain(from: Shape, steps: readonly (readonly [LayerData, Shape])[], count = 1): ModelData {
  const shapes = [from, ...steps.map(([, shape]) => shape)];
  const inputs = Array.from({ length: count }, () => from);
  return {
    architecture: {
      inputs,
      layers: steps.map(([layer]) => layer),
      nodes: steps.map(([, shape], i) => {
        return { layer: i, inputs: i === 0 ? inputs.map((_, input) => input) : [count + i - 1], shape };
      }),
      outputs: [count + steps.length - 1],
      list: false,
      seed: 0,
    },
    weights: steps.flatMap(([layer], i) => weightsOf(layer, shapes[i] as Shape)),
    metadata: {},
  };
}

interface Row {
  readonly kind: string;
  readonly config?: LayerData["config"];
  readonly from: Shape;
  readonly to: Shape;
  readonly inputs?: number;
  /** What is read again where that is not the same: layers with their settings and output shapes. */
  readonly back?: readonly (readonly [name: string, kind: string, config: LayerData["config"], shape: Shape])[];
}

const rows: readonly Row[] = [
  { kind: "dense", config: { units: 3, activation: "relu" }, from: [4], to: [3] },
  { kind: "dense", config: { units: 2, activation: "linear", useBias: false }, from: [3, 4], to: [3, 2] },
  {
    kind: "dense",
    config: {
      units: 2,
      activation: "softmax",
      kernelRegularizer: { l1: 0.5, l2: 0.25 },
      biasRegularizer: { l1: 0, l2: 1 },
      trainable: false,
    },
    from: [4],
    to: [2],
  },
  {
    kind: "dense",
    config: { units: 3, activation: { leakyRelu: 0.2 }, trainable: false },
    from: [4],
    to: [3],
    back: [
      ["x", "dense", { units: 3, activation: "linear", trainable: false }, [3]],
      ["x_leakyrelu", "activation", { activation: { leakyRelu: 0.2 } }, [3]],
    ],
  },
  { kind: "activation", config: { activation: "tanh" }, from: [2, 3], to: [2, 3] },
  { kind: "dropout", config: { rate: 0.25 }, from: [4], to: [4] },
  { kind: "flatten", from: [2, 3, 4], to: [24] },
  { kind: "flatten", from: [4], to: [4], back: [["x", "reshape", { targetShape: [4] }, [4]]] },
  { kind: "reshape", config: { targetShape: [3, 2] }, from: [6], to: [3, 2] },
  {
    kind: "reshape",
    config: { targetShape: [-1, 2] },
    from: [6],
    to: [3, 2],
    back: [["x", "reshape", { targetShape: [3, 2] }, [3, 2]]],
  },
  { kind: "rescaling", config: { scale: 0.5, offset: -1 }, from: [2, 2], to: [2, 2] },
  { kind: "normalization", from: [4], to: [4] },
  {
    kind: "normalization",
    from: [2, 3],
    to: [2, 3],
    back: [
      ["x_reshape", "reshape", { targetShape: [6] }, [6]],
      ["x", "normalization", {}, [6]],
      ["x_reshape_1", "reshape", { targetShape: [2, 3] }, [2, 3]],
    ],
  },
  { kind: "add", from: [2, 3], to: [2, 3], inputs: 3 },
  { kind: "concatenate", config: { axis: -1 }, from: [2, 3], to: [2, 6], inputs: 2 },
  { kind: "concatenate", config: { axis: 0 }, from: [2, 3], to: [4, 3], inputs: 2 },
  {
    kind: "concatenate",
    config: { axis: -2 },
    from: [2, 3],
    to: [4, 3],
    inputs: 2,
    back: [["x", "concatenate", { axis: 0 }, [4, 3]]],
  },
];

describe("a model of one layer is written and read:", () => {
  it("every layer has a row", () => {
    expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(Object.keys(layers)));
  });

  it.each(rows)("$kind $config on $from", async ({ kind, config = {}, from, to, inputs = 1, back }) => {
    const model = chain(from, [[{ kind, name: "x", config }, to]], inputs);
    const steps = back?.map(([name, kind, config, shape]) => [{ name, kind, config }, shape] as const);
    const again = await readFiles(writeTfjs(model, "model.json"));
    expect(again).toEqual(steps ? chain(from, steps, inputs) : model);
    // What came back stays as it is.
    expect(await readFiles(writeTfjs(again, "model.json"))).toEqual(again);
  });

  const one = (activation: Json): LayerData[] => [{ name: "x", kind: "activation", config: { activation } }];

  /** What comes back of an activation where that is not the same; nothing where there is no counterpart. */
  const others: readonly (readonly [activation: Json, layers: readonly LayerData[] | undefined])[] = [
    ["leakyRelu", one({ leakyRelu: 0.01 })],
    [{ elu: 1 }, one("elu")],
    [
      "hardSigmoid",
      [
        { name: "x_rescaling", kind: "rescaling", config: { scale: 1, offset: 3 } },
        { name: "x_activation", kind: "activation", config: { activation: "relu6" } },
        { name: "x", kind: "rescaling", config: { scale: 1 / 6, offset: 0 } },
      ],
    ],
    ["hardSilu", undefined],
    ["exponential", undefined],
    ["threshold", undefined],
    ["radial", undefined],
    [{ elu: 0.5 }, undefined],
    [{ threshold: 0.5 }, undefined],
  ];
  const same = ["linear", "relu", "relu6", "elu", "selu", "sigmoid", "tanh", "softplus", "softsign", "silu", "gelu"];
  const activations = [...[...same, "mish", "softmax", { leakyRelu: 0.5 }].map((a) => [a, one(a)] as const), ...others];

  it("every activation has a row", () => {
    const names = activations.map(([activation]) => activation).filter((name) => typeof name === "string");
    const { affine: _, ...table } = activationTable;
    expect(names.sort()).toEqual([...Object.keys(table), "linear", "softmax"].sort());
  });

  it.each(activations)("activation %j", async (activation, expected) => {
    const model = chain([3], [[one(activation)[0] as LayerData, [3]]]);
    if (expected === undefined) {
      expect(() => writeTfjs(model, "model.json")).toThrow(ConfigError);
      return;
    }
    const again = await readFiles(writeTfjs(model, "model.json"));
    expect(again.architecture.layers).toEqual(expected);
  });
});

describe("writeTfjs", () => {
  const dense = (name: string, config: LayerData["config"]): LayerData => ({ name, kind: "dense", config });

  it("writes what TensorFlow.js reads, byte for byte", () => {
    const model = {
      ...chain(
        [2],
        [
          [dense("hidden", { units: 1, activation: "relu" }), [1]],
          [{ name: "leak", kind: "activation", config: { activation: { leakyRelu: 0.5 } } }, [1]],
        ],
      ),
      metadata: { classNames: ["no", "yes"], featureNames: ["a", "b"] },
    };
    const files = writeTfjs(model, "net.json");
    expect(files.map(({ name, bytes }) => [name, bytes.length])).toEqual([
      ["net.json", files[0]?.bytes.length],
      [expect.stringMatching(/^net\.[0-9a-f]{8}\.group1-shard1of1\.bin$/), 12],
    ]);
    expect(jsonOf(files)).toEqual({
      format: "layers-model",
      generatedBy: "neurone",
      convertedBy: null,
      modelTopology: {
        class_name: "Sequential",
        config: {
          name: "sequential",
          layers: [
            {
              class_name: "InputLayer",
              config: { name: "input", trainable: true, batch_input_shape: [null, 2], dtype: "float32", sparse: false },
            },
            {
              class_name: "Dense",
              config: {
                name: "hidden",
                trainable: true,
                units: 1,
                use_bias: true,
                kernel_regularizer: null,
                bias_regularizer: null,
                activation: "relu",
              },
            },
            { class_name: "LeakyReLU", config: { name: "leak", trainable: true, alpha: 0.5 } },
          ],
        },
        keras_version: "tfjs-layers 4.22.0",
        backend: "tensor_flow.js",
      },
      weightsManifest: [
        {
          paths: [files[1]?.name],
          weights: [
            { name: "hidden/kernel", shape: [2, 1], dtype: "float32" },
            { name: "hidden/bias", shape: [1], dtype: "float32" },
          ],
        },
      ],
      userDefinedMetadata: { classNames: ["no", "yes"], featureNames: ["a", "b"] },
    });
    const data = model.weights.flatMap((weight) => [...weight.data]);
    expect(files[1]?.bytes).toEqual(new Uint8Array(Float32Array.from(data).buffer));
  });

  it("numbers the applications of a layer as TensorFlow.js comes across them", () => {
    const shape = [2];
    const architecture = {
      inputs: [shape, shape],
      layers: [dense("a", { units: 2 }), dense("b", { units: 2 })],
      // The second application of `a` has to wait for `b`, which stands behind it, the third has not.
      nodes: [
        { layer: 0, inputs: [0], shape },
        { layer: 1, inputs: [2], shape },
        { layer: 0, inputs: [3], shape },
        { layer: 0, inputs: [1], shape },
      ],
      outputs: [4, 5, 2],
      list: true,
      seed: 0,
    };
    const weights = architecture.layers.flatMap((layer) => weightsOf(layer, shape));
    const { config } = jsonOf(writeTfjs({ architecture, weights, metadata: {} }, "model.json")).modelTopology;
    const a = config.layers.find(({ name }: { name: string }) => name === "a");
    expect(a.inbound_nodes).toEqual([[["input", 0, 0, {}]], [["input_1", 0, 0, {}]], [["b", 0, 0, {}]]]);
    expect(config.output_layers).toEqual([
      ["a", 2, 0],
      ["a", 1, 0],
      ["a", 0, 0],
    ]);
    expect(config.input_layers).toEqual([
      ["input", 0, 0],
      ["input_1", 0, 0],
    ]);
  });

  it("keeps a graph with inputs among its outputs and layers that are applied twice", async () => {
    const shape = [2];
    const architecture = {
      inputs: [shape, [4]],
      layers: [
        dense("a", { units: 2, activation: "tanh" }),
        { name: "b", kind: "concatenate", config: { axis: -1 } },
        { name: "c", kind: "add", config: {} },
      ],
      nodes: [
        { layer: 0, inputs: [0], shape },
        { layer: 0, inputs: [2], shape },
        { layer: 1, inputs: [2, 3], shape: [4] },
        { layer: 2, inputs: [4, 1], shape: [4] },
      ],
      outputs: [5, 0, 3],
      list: true,
      seed: 0,
    };
    const model = { architecture, weights: weightsOf(architecture.layers[0] as LayerData, shape), metadata: {} };
    expect(await readFiles(writeTfjs(model, "model.json"))).toEqual(model);
  });

  it("reads a value that one layer reads twice, and writes an output that comes twice, by way of copies", async () => {
    const add: LayerData = { name: "add", kind: "add", config: {} };
    const { architecture } = chain([2], [[add, [2]]]);
    const twice = { ...architecture, nodes: [{ layer: 0, inputs: [0, 0], shape: [2] }], outputs: [1, 1], list: true };
    const again = await readFiles(writeTfjs({ architecture: twice, weights: [], metadata: {} }, "model.json"));
    expect(again.architecture.nodes).toEqual([
      { layer: 0, inputs: [0], shape: [2] },
      { layer: 1, inputs: [0, 1], shape: [2] },
      { layer: 2, inputs: [2], shape: [2] },
    ]);
    expect(again.architecture.outputs).toEqual([2, 3]);
    expect(again.architecture.layers.map(({ kind }) => kind)).toEqual(["activation", "add", "activation"]);
  });

  it("cuts weights into files of 4 MiB", async () => {
    const model = chain([1024], [[dense("x", { units: 2048 }), [2048]]]);
    const files = writeTfjs(model, "model.json").slice(1);
    const sizes = files.map(({ name, bytes }) => [name.replace(/^model\.[0-9a-f]{8}\./, ""), bytes.length]);
    expect(sizes).toEqual([
      ["group1-shard1of3.bin", 2 ** 22],
      ["group1-shard2of3.bin", 2 ** 22],
      ["group1-shard3of3.bin", 8192],
    ]);
    const again = await readFiles(writeTfjs(model, "model.json"));
    const all = ({ weights }: ModelData) => Buffer.concat(weights.map(({ data }) => Buffer.from(data.buffer)));
    expect(all(again).equals(all(model))).toBe(true);
    const whole = chain([1024], [[dense("x", { units: 1024, useBias: false }), [1024]]]);
    expect(writeTfjs(whole, "model.json").map(({ name }) => name)).toEqual([
      "model.json",
      expect.stringMatching(/^model\.[0-9a-f]{8}\.group1-shard1of1\.bin$/),
    ]);
    const none = chain([4], [[{ name: "x", kind: "add", config: {} }, [4]]], 2);
    expect(writeTfjs(none, "model.json").length).toBe(1);
  });

  it("refuses all layers at once that have no counterpart", () => {
    const model = chain(
      [2],
      [
        [dense("a", { units: 2, activation: "radial" }), [2]],
        [dense("b", { units: 2, activation: "relu" }), [2]],
        [{ name: "c", kind: "activation", config: { activation: { threshold: 0.5 } } }, [2]],
        [{ name: "d", kind: "conv2d", config: {} }, [2]],
        [{ name: "e", kind: "constructor", config: { activation: "constructor" } }, [2]],
        [dense("f", { units: 2, activation: "constructor" }), [2]],
      ],
    );
    expect(() => writeTfjs(model, "net.json")).toThrow(
      new ConfigError(
        'net.json: layers that TensorFlow.js has too expected, got "a" (dense of activation "radial"), ' +
          '"c" (activation of activation {"threshold":0.5}), "d" (conv2d), ' +
          '"e" (constructor of activation "constructor"), "f" (dense of activation "constructor")',
      ),
    );
  });

  it.each([[[]], [[1, 1, 1, 1, 1]]])("refuses examples of shape %j", (shape) => {
    const model = chain(shape, [[{ name: "x", kind: "dropout", config: { rate: 0.5 } }, shape]]);
    expect(() => writeTfjs(model, "net.json")).toThrow(
      new ConfigError(
        `net.json: TensorFlow.js's layers take examples of 1 to 4 axes, the model has [${shape.join(", ")}]`,
      ),
    );
  });

  it.each([
    { kind: "normalization", config: {}, shapes: [[6], [2, 3]], to: [[6], [2, 3]] },
    {
      kind: "reshape",
      config: { targetShape: [-1, 2] },
      shapes: [[6], [4]],
      to: [
        [3, 2],
        [2, 2],
      ],
    },
    { kind: "flatten", config: {}, shapes: [[6], [2, 2]], to: [[6], [4]] },
  ])("refuses a $kind layer that is applied to examples of several shapes", ({ kind, config, shapes, to }) => {
    const layer = { name: "x", kind, config };
    const nodes = to.map((shape, i) => ({ layer: 0, inputs: [i], shape }));
    const architecture = { inputs: shapes, layers: [layer], nodes, outputs: [2, 3], list: true, seed: 0 };
    const model = { architecture, weights: weightsOf(layer, [6]), metadata: {} };
    expect(() => writeTfjs(model, "net.json")).toThrow(`got "x" (${kind})`);
  });

  it("refuses a model without its weights", () => {
    const model = { ...chain([2], [[dense("a", { units: 2 }), [2]]]), weights: [] };
    expect(() => writeTfjs(model, "net.json")).toThrow(
      new ConfigError('net.json: weight "a/kernel" expected, the model has none of this name'),
    );
  });
});
