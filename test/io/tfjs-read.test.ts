import { describe, expect, it } from "vitest";
import { inspectTfjs } from "../../src/io/tfjs/index.js";
import {
  converted,
  convertedWeights,
  encode,
  floats,
  graph,
  inputNode,
  node,
  oneLayer,
  read,
  type Settings,
} from "./tfjs-topologies.js";

describe("readTfjs reads", () => {
  it("what the converter from Keras writes", async () => {
    expect(await read(converted, convertedWeights)).toEqual({
      architecture: {
        inputs: [[2]],
        layers: [
          {
            kind: "dense",
            name: "dense",
            config: { units: 2, activation: "silu", kernelRegularizer: { l2: 0.5 }, biasRegularizer: { l1: 0.25 } },
          },
          { kind: "normalization", name: "norm", config: {} },
          { kind: "dropout", name: "dropout", config: { rate: 0.5, trainable: false } },
        ],
        nodes: [0, 1, 2].map((i) => ({ layer: i, inputs: [i], shape: [2] })),
        outputs: [3],
        list: false,
        seed: 0,
      },
      weights: [
        { name: "dense/kernel", shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
        { name: "dense/bias", shape: [2], data: Float32Array.of(5, 6) },
        // gamma / sqrt(variance + epsilon), and beta - mean times that.
        { name: "norm/scale", shape: [2], data: Float32Array.of(4, 1) },
        { name: "norm/offset", shape: [2], data: Float32Array.of(1 - 3 * 4, 2 - 4) },
      ],
      metadata: {},
    });
  });

  it("a batch normalization along any axis", async () => {
    const weights = { gamma: [2], beta: [2], moving_mean: [2], moving_variance: [2] };
    const bytes = floats(1, 10, 5, 6, 0, 0, 1, 1);
    const scaleFor = async (axis: number) => {
      const json = oneLayer("BatchNormalization", { trainable: false, epsilon: 0, axis }, [2, 2, 2], weights);
      return (await read(json, bytes)).weights.slice(0, 1).flatMap(({ data }) => [...data]);
    };
    expect(await scaleFor(1)).toEqual([1, 1, 1, 1, 10, 10, 10, 10]);
    expect(await scaleFor(-2)).toEqual([1, 1, 10, 10, 1, 1, 10, 10]);
    expect(await scaleFor(3)).toEqual([1, 10, 1, 10, 1, 10, 1, 10]);
    const bare = oneLayer("BatchNormalization", { trainable: false, epsilon: 0, scale: false, center: false }, [2], {
      moving_mean: [2],
      moving_variance: [2],
    });
    const { weights: read2 } = await read(bare, floats(3, 4, 4, 0.25));
    expect(read2.map(({ data }) => [...data])).toEqual([
      [0.5, 2],
      [-1.5, -8],
    ]);
  });

  it.each([
    [
      "hard_sigmoid",
      [
        ["x_rescaling", { scale: 1.2, offset: 3 }],
        ["x_activation", { activation: "relu6" }],
        ["x_rescaling_1", { scale: 1 / 6, offset: 0 }],
      ],
    ],
    ["exponential", []],
    ["silu", []],
  ] as const)("the activation %s of a dense layer", async (activation, others) => {
    const json = oneLayer("Dense", { units: 1, use_bias: false, activation }, [1], { kernel: [1, 1] });
    const { architecture } = await read(json, floats(1));
    const [dense, ...rest] = architecture.layers;
    expect(dense?.config).toEqual({ units: 1, useBias: false, activation: others.length > 0 ? "linear" : activation });
    expect(rest.map(({ name }) => name)).toEqual(others.map(([name]) => name));
    rest.forEach(({ config }, i) => {
      const expected = others[i]?.[1] as Record<string, unknown>;
      expect(Object.keys(config)).toEqual(Object.keys(expected));
      for (const [key, value] of Object.entries(config)) {
        if (typeof value === "number") expect(value).toBeCloseTo(expected[key] as number, 12);
        else expect(value).toBe(expected[key]);
      }
    });
    expect(architecture.nodes).toEqual(architecture.layers.map((_, i) => ({ layer: i, inputs: [i], shape: [1] })));
  });

  it.each([
    ["ReLU", {}, "relu"],
    ["ReLU", { max_value: 6, negative_slope: 0, threshold: 0 }, "relu6"],
    ["LeakyReLU", {}, { leakyRelu: 0.3 }],
    ["LeakyReLU", { alpha: 0.5 }, { leakyRelu: 0.5 }],
    ["ELU", { alpha: 0.5 }, { elu: 0.5 }],
    ["Softmax", { axis: -1 }, "softmax"],
    ["Softmax", { axis: 2 }, "softmax"],
    ["Softmax", { axis: [2] }, "softmax"],
    ["Activation", { activation: "gelu" }, "gelu"],
  ] as const)("%s %j as an activation", async (className, config, activation) => {
    const { architecture } = await read(oneLayer(className, config as unknown as Settings, [2, 3]));
    expect(architecture.layers).toEqual([{ kind: "activation", name: "x", config: { activation } }]);
  });

  it("what is not said as TensorFlow.js takes it", async () => {
    expect((await read(oneLayer("Softmax", {}, [3]))).architecture.layers[0]?.config).toEqual({
      activation: "softmax",
    });
    const weights = { gamma: [1], beta: [1], moving_mean: [1], moving_variance: [1] };
    const json = oneLayer("BatchNormalization", { trainable: false }, [1], weights);
    const [scale, offset] = (await read(json, floats(3, 5, 2, 0.008))).weights;
    expect(scale?.data[0]).toBeCloseTo(3 / Math.sqrt(0.009), 4);
    expect(offset?.data[0]).toBeCloseTo(5 - 6 / Math.sqrt(0.009), 4);
  });

  it("keys in either spelling, layers as a bare list, and a first layer that says the shape", async () => {
    const layer = { className: "Dense", config: { name: "x", units: 2, useBias: false, batchInputShape: [8, 3] } };
    const json = {
      modelTopology: { className: "Sequential", config: [layer] },
      weightsManifest: [{ paths: ["./w.bin"], weights: [{ name: "x/kernel", shape: [3, 2], dtype: "float32" }] }],
    };
    const { architecture, weights } = await read(json, floats(1, 2, 3, 4, 5, 6));
    expect(architecture.inputs).toEqual([[3]]);
    expect(architecture.nodes).toEqual([{ layer: 0, inputs: [0], shape: [2] }]);
    expect(architecture.layers[0]?.config).toEqual({ units: 2, useBias: false, activation: "linear" });
    expect(weights[0]?.shape).toEqual([3, 2]);
  });

  it("a graph, whatever the order of its layers, and each application by its number", async () => {
    const json = graph(
      [
        node("Concatenate", "c", { axis: 1 }, [
          ["r", 1, 0, {}],
          ["r", 0, 0],
          ["b", 0, 0, {}],
        ]),
        node("Reshape", "r", { target_shape: [2, null] }, [["a", 0, 0, {}]], [["b", 0, 0, {}]]),
        inputNode("b", 2, 2),
        inputNode("a", 4),
      ],
      [
        ["a", 0, 0],
        ["b", 0, 0],
      ],
      [
        ["c", 0, 0],
        ["r", 0, 0],
      ],
    );
    expect((await read(json)).architecture).toEqual({
      inputs: [[4], [2, 2]],
      layers: [
        { kind: "reshape", name: "r", config: { targetShape: [2, -1] } },
        { kind: "concatenate", name: "c", config: { axis: 0 } },
      ],
      nodes: [
        { layer: 0, inputs: [1], shape: [2, 2] },
        { layer: 0, inputs: [0], shape: [2, 2] },
        { layer: 1, inputs: [2, 3, 1], shape: [6, 2] },
      ],
      outputs: [4, 3],
      list: true,
      seed: 0,
    });
  });

  it("weights of several groups, under a name with a scope in it, without those of an optimizer", async () => {
    const json = {
      ...oneLayer("Dense", { units: 1 }, [2]),
      weightsManifest: [
        { paths: ["a.bin"], weights: [{ name: "x/cell/kernel", shape: [2, 1], dtype: "float32" }] },
        {
          paths: ["sub/b.bin"],
          weights: [
            { name: "iterations", shape: [], dtype: "int32", group: "optimizer" },
            { name: "iterations", shape: [3], dtype: "bool", group: "optimizer" },
            { name: "x/bias", shape: [1], dtype: "float32" },
          ],
        },
      ],
    };
    const second = Uint8Array.of(9, 9, 9, 9, 1, 1, 1, ...floats(7));
    const { weights } = await read(json, floats(5, 6), second);
    expect(weights.map(({ name, data }) => [name, ...data])).toEqual([
      ["x/kernel", 5, 6],
      ["x/bias", 7],
    ]);
  });

  it.each([
    { dtype: "uint8", extra: { scale: 0.5, min: -1 }, bytes: [0, 4, 255], data: [-1, 1, 126.5] },
    { dtype: "uint16", extra: { scale: 2, min: 1 }, bytes: [0, 0, 1, 1, 255, 255], data: [1, 515, 131071] },
    { dtype: "float16", extra: {}, bytes: [0, 0x3c, 0, 0xc2, 1, 0], data: [1, -3, 2 ** -24] },
  ])("weights stored as $dtype", async ({ dtype, extra, bytes, data }) => {
    const quantization = { dtype, ...extra };
    const weight = { name: "x/kernel", shape: [1, 3], dtype: "float32", quantization };
    const json = {
      ...oneLayer("Dense", { units: 3, use_bias: false }, [1]),
      weightsManifest: [{ paths: ["w.bin"], weights: [weight] }],
    };
    expect((await read(json, Uint8Array.from(bytes))).weights[0]?.data).toEqual(Float32Array.from(data));
    expect(inspectTfjs(encode(json), "net.json").tensors).toEqual([{ name: "x/kernel", dtype, shape: [1, 3] }]);
  });

  it("names of classes and features, where they are names", async () => {
    const user = { classNames: ["no", "yes"], featureNames: ["a", 2], other: true };
    const { metadata } = await read({ ...converted, userDefinedMetadata: user }, convertedWeights);
    expect(metadata).toEqual({ classNames: ["no", "yes"] });
  });
});
