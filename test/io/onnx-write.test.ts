import type { ModelProto, NodeProto, ValueInfoProto } from "onnx-buf";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import { input, layers, model, sequential } from "../../src/index.js";
import type { LayerData, ModelData } from "../../src/io/model-data.js";
import { type OnnxOptions, writeOnnx } from "../../src/io/onnx/index.js";
import { decodeModel } from "../../src/io/onnx/proto.js";
import { activationWriters } from "../../src/io/onnx/write-activations.js";
import { layerWriters } from "../../src/io/onnx/write-layers.js";
import { activationTable } from "../../src/ops/activation-table.js";

const written = (data: ModelData, options?: OnnxOptions): ModelProto =>
  decodeModel(writeOnnx(data, options), "net.onnx");

type Graph = NonNullable<ModelProto["graph"]>;
const graphOf = (data: ModelData, options?: OnnxOptions): Graph => written(data, options).graph as Graph;

/** `Gemm(input, dense/kernel, dense/bias) -> dense`. */
const line = ({ opType, input: read, output }: NodeProto) => `${opType}(${read.join(", ")}) -> ${output.join(", ")}`;

/** `dense [batch, 3] of type 1`. */
function described({ name, type }: ValueInfoProto): string {
  const tensor = type?.value;
  if (tensor?.case !== "tensorType") return expect.fail("a tensor expected");
  return `${name} [${tensor.value.shape?.dim.map(({ value }) => value.value).join(", ")}] of type ${tensor.value.elemType}`;
}

const floats = (graph: Graph, name: string) => {
  const { rawData } = graph.initializer.find((tensor) => tensor.name === name) ?? expect.fail(`no ${name}`);
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.length);
  return Array.from({ length: rawData.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
};

const names = (graph: Graph) => [
  ...graph.input.map(({ name }) => name),
  ...graph.initializer.map(({ name }) => name),
  ...graph.node.flatMap(({ output }) => output),
];

/** One layer of `kind` behind inputs of these shapes, without weights. */
const single = (
  kind: string,
  config: Record<string, Json>,
  shapes: number[][],
  shape: number[],
  name = kind,
): ModelData => ({
  architecture: {
    inputs: shapes,
    layers: [{ kind, name, config }],
    nodes: [{ layer: 0, inputs: shapes.map((_, i) => i), shape }],
    outputs: [shapes.length],
    list: false,
    seed: 0,
  },
  weights: [],
  metadata: {},
});

const classifier = () =>
  sequential({
    seed: 7,
    layers: [
      layers.dense({ inputShape: [4], units: 3, activation: "relu" }),
      layers.dropout({ rate: 0.25 }),
      layers.dense({ units: 2, activation: "softmax", name: "scores" }),
    ],
  }).toData();

describe("every", () => {
  test("layer has a row", () => {
    expect(Object.keys(layerWriters).sort()).toEqual(Object.keys(layers).sort());
  });

  test("activation has a row", () => {
    const known = Object.keys(activationTable).filter((name) => name !== "affine");
    expect(Object.keys(activationWriters).sort()).toEqual([...known, "linear", "softmax"].sort());
  });
});

describe("a classifier's file", () => {
  const data = classifier();
  const file = written(data);
  const graph = file.graph as Graph;

  test("says its version and writer", () => {
    expect(file).toMatchObject({ irVersion: 8n, opsetImport: [{ domain: "", version: 17n }], producerName: "neurone" });
  });

  test("has inputs and outputs with an open batch", () => {
    expect(graph.input.map(described)).toEqual(["input [batch, 4] of type 1"]);
    expect(graph.output.map(described)).toEqual(["scores [batch, 2] of type 1"]);
  });

  test("has its operators under the layers' names", () => {
    expect(graph.node.map(line)).toEqual([
      "Gemm(input, dense/kernel, dense/bias) -> dense/Gemm",
      "Relu(dense/Gemm) -> dense",
      "Dropout(dense, dropout/ratio) -> dropout",
      "Gemm(dropout, scores/kernel, scores/bias) -> scores/Gemm",
      "Softmax(scores/Gemm) -> scores",
    ]);
    expect(graph.node.map(({ name }) => name)).toEqual([
      "dense/Gemm",
      "dense/Relu",
      "dropout/Dropout",
      "scores/Gemm",
      "scores/Softmax",
    ]);
  });

  test("has its weights as raw f32 numbers", () => {
    for (const { name, shape, data: expected } of data.weights) {
      expect(graph.initializer.find((tensor) => tensor.name === name)).toMatchObject({
        dims: shape.map(BigInt),
        dataType: 1,
      });
      expect(floats(graph, name)).toEqual([...expected]);
    }
    expect(floats(graph, "dropout/ratio")).toEqual([0.25]);
    expect(graph.initializer.length).toBe(data.weights.length + 1);
  });

  test("has in its metadata what no operator says", () => {
    const entries = Object.fromEntries(
      written({
        ...data,
        metadata: { classNames: ["no", "yes"], featureNames: ["a", "ß", '"', "d"] },
      }).metadataProps.map(({ key, value }) => [key, JSON.parse(value)]),
    );
    expect(entries).toEqual({
      classNames: ["no", "yes"],
      featureNames: ["a", "ß", '"', "d"],
      neurone: {
        seed: 7,
        list: false,
        layers: [
          { name: "dense", values: ["dense"] },
          { name: "dropout", values: ["dropout"] },
          { name: "scores", values: ["scores"] },
        ],
      },
    });
  });

  test("has the class as one more output, if wanted", () => {
    const graph = graphOf(data, { classOutput: true });
    expect(graph.output.map(described)).toEqual(["scores [batch, 2] of type 1", "class [batch] of type 7"]);
    expect(line(graph.node.at(-1) as NodeProto)).toBe("ArgMax(scores) -> class");
    expect(graph.node.at(-1)?.attribute).toMatchObject([
      { name: "axis", i: -1n },
      { name: "keepdims", i: 0n },
    ]);
  });
});

describe("operators", () => {
  const operators = (data: ModelData) => graphOf(data).node.map(line);

  test.each([
    { activation: "linear", expected: ["Identity(input) -> f"] },
    { activation: "relu", expected: ["Relu(input) -> f"] },
    { activation: "leakyRelu", expected: ["LeakyRelu(input) -> f"] },
    { activation: "relu6", expected: ["Clip(input, relu6/min, relu6/max) -> f"] },
    { activation: "elu", expected: ["Elu(input) -> f"] },
    { activation: "selu", expected: ["Selu(input) -> f"] },
    { activation: "sigmoid", expected: ["Sigmoid(input) -> f"] },
    { activation: "hardSigmoid", expected: ["HardSigmoid(input) -> f"] },
    { activation: "tanh", expected: ["Tanh(input) -> f"] },
    { activation: "softplus", expected: ["Softplus(input) -> f"] },
    { activation: "softsign", expected: ["Softsign(input) -> f"] },
    { activation: "silu", expected: ["Sigmoid(input) -> f/Sigmoid", "Mul(input, f/Sigmoid) -> f"] },
    {
      activation: "gelu",
      expected: [
        "Div(input, gelu/sqrt2) -> f/Div",
        "Erf(f/Div) -> f/Erf",
        "Add(f/Erf, gelu/one) -> f/Add",
        "Mul(input, f/Add) -> f/Mul",
        "Mul(f/Mul, gelu/half) -> f",
      ],
    },
    {
      activation: "mish",
      expected: ["Softplus(input) -> f/Softplus", "Tanh(f/Softplus) -> f/Tanh", "Mul(input, f/Tanh) -> f"],
    },
    { activation: "hardSilu", expected: ["HardSwish(input) -> f"] },
    { activation: "exponential", expected: ["Exp(input) -> f"] },
    {
      activation: "threshold",
      expected: ["GreaterOrEqual(input, threshold/a) -> f/GreaterOrEqual", "Cast(f/GreaterOrEqual) -> f"],
    },
    {
      activation: "radial",
      expected: [
        "Mul(input, input) -> f/Mul",
        "Mul(f/Mul, radial/minusHalf) -> f/Mul_1",
        "Exp(f/Mul_1) -> f/Exp",
        "Mul(f/Exp, radial/density) -> f",
      ],
    },
    { activation: "softmax", expected: ["Softmax(input) -> f"] },
  ])("of $activation", ({ activation, expected }) => {
    expect(operators(single("activation", { activation }, [[2]], [2], "f"))).toEqual(expected);
  });

  test.each([
    { activation: { leakyRelu: 0.25 }, attribute: { name: "alpha", f: 0.25 } },
    { activation: { elu: 0.5 }, attribute: { name: "alpha", f: 0.5 } },
    { activation: "softmax", attribute: { name: "axis", i: -1n } },
    { activation: "threshold", attribute: { name: "to", i: 1n } },
  ])("of $activation have their attribute", ({ activation, attribute }) => {
    const { node } = graphOf(single("activation", { activation }, [[2]], [2]));
    expect(node.at(-1)?.attribute).toMatchObject([attribute]);
  });

  test("of a threshold have its constant", () => {
    expect(
      floats(graphOf(single("activation", { activation: { threshold: -0.75 } }, [[2]], [2])), "threshold/a"),
    ).toEqual([-0.75]);
  });

  test("of dense: Gemm for rows, MatMul and Add for more axes, no bias where there is none", () => {
    const dense = (inputShape: number[], useBias: boolean) =>
      operators(sequential({ layers: [layers.dense({ inputShape, units: 2, useBias })] }).toData());
    expect(dense([3], true)).toEqual(["Gemm(input, dense/kernel, dense/bias) -> dense"]);
    expect(dense([3], false)).toEqual(["Gemm(input, dense/kernel) -> dense"]);
    expect(dense([4, 3], true)).toEqual([
      "MatMul(input, dense/kernel) -> dense/MatMul",
      "Add(dense/MatMul, dense/bias) -> dense",
    ]);
    expect(dense([4, 3], false)).toEqual(["MatMul(input, dense/kernel) -> dense"]);
  });

  test.each([
    { config: { scale: 2, offset: 1 }, expected: ["Mul(input, r/scale) -> r/Mul", "Add(r/Mul, r/offset) -> r"] },
    { config: { scale: 2 }, expected: ["Mul(input, r/scale) -> r"] },
    { config: { scale: 1, offset: 1 }, expected: ["Add(input, r/offset) -> r"] },
    { config: { scale: 1, offset: 0 }, expected: ["Identity(input) -> r"] },
  ])("of rescaling by $config: none that does nothing", ({ config, expected }) => {
    expect(operators(single("rescaling", config, [[2]], [2], "r"))).toEqual(expected);
  });

  test("of normalization: constants of one example's shape", () => {
    const layer = layers.normalization({ inputShape: [2, 2], scale: [1, 2, 3, 4], offset: [0, 1, 0, 1] });
    const graph = graphOf(sequential({ layers: [layer] }).toData());
    expect(graph.node.map(line)).toEqual([
      "Mul(input, normalization/scale) -> normalization/Mul",
      "Add(normalization/Mul, normalization/offset) -> normalization",
    ]);
    expect(graph.initializer.map(({ dims }) => dims)).toEqual([
      [2n, 2n],
      [2n, 2n],
    ]);
    expect(floats(graph, "normalization/scale")).toEqual([1, 2, 3, 4]);
  });

  test("of flatten and reshape: the batch stays open", () => {
    const graph = graphOf(single("flatten", {}, [[2, 3]], [6]));
    expect(graph.node[0]).toMatchObject({ opType: "Flatten", attribute: [{ name: "axis", i: 1n }] });
    const { node, initializer } = graphOf(single("reshape", { targetShape: [-1, 2] }, [[6]], [3, 2]));
    expect(node.map(line)).toEqual(["Reshape(input, reshape/shape) -> reshape"]);
    expect(initializer[0]).toMatchObject({ dims: [3n], dataType: 7 });
    expect([...new BigInt64Array(initializer[0]?.rawData.slice().buffer ?? new ArrayBuffer(0))]).toEqual([-1n, 3n, 2n]);
  });

  test("of add: one for each further input", () => {
    const three = [[2], [2], [2]];
    expect(operators(single("add", {}, three, [2]))).toEqual([
      "Add(input_0, input_1) -> add/Add",
      "Add(add/Add, input_2) -> add",
    ]);
  });

  test.each([
    { axis: undefined, expected: -1n },
    { axis: -2, expected: -2n },
    { axis: 0, expected: 1n },
    { axis: 1, expected: 2n },
  ])("of concatenate along axis $axis count the batch", ({ axis, expected }) => {
    const config = axis === undefined ? {} : { axis };
    const { node } = graphOf(
      single(
        "concatenate",
        config,
        [
          [2, 2],
          [2, 2],
        ],
        [2, 4],
      ),
    );
    expect(node[0]).toMatchObject({
      opType: "Concat",
      input: ["input_0", "input_1"],
      attribute: [{ name: "axis", i: expected }],
    });
  });
});

describe("names", () => {
  test("of a layer applied twice are numbered, its weights are there once", () => {
    const [a, b] = [input({ shape: [2] }), input({ shape: [2] })];
    const shared = layers.dense({ units: 3, activation: "gelu", name: "shared" });
    const other = layers.dense({ units: 1, activation: "gelu" });
    const once = shared.apply(a);
    const data = model({ inputs: [a, b], outputs: [other.apply(once), shared.apply(b)] }).toData();
    const graph = graphOf(data);
    expect(graph.output.map(({ name }) => name)).toEqual(["dense", "shared:1"]);
    expect(graph.node.filter(({ opType }) => opType === "Gemm").map(line)).toEqual([
      "Gemm(input_0, shared/kernel, shared/bias) -> shared/Gemm",
      "Gemm(shared, dense/kernel, dense/bias) -> dense/Gemm",
      "Gemm(input_1, shared/kernel, shared/bias) -> shared:1/Gemm",
    ]);
    expect(graph.initializer.map(({ name }) => name).sort()).toEqual([
      "dense/bias",
      "dense/kernel",
      "gelu/half",
      "gelu/one",
      "gelu/sqrt2",
      "shared/bias",
      "shared/kernel",
    ]);
    const { value } = written(data).metadataProps[0] as { value: string };
    expect(JSON.parse(value).layers).toEqual([
      { name: "shared", values: ["shared", "shared:1"] },
      { name: "dense", values: ["dense"] },
    ]);
  });

  test("of constants that differ differ", () => {
    const x = input({ shape: [2] });
    const thresholds = [0.5, 0.25, 0.5].map((a) => layers.activation({ activation: { threshold: a } }));
    const outputs = thresholds.map((layer) => layer.apply(x));
    const graph = graphOf(model({ inputs: x, outputs }).toData());
    const read = graph.node.filter(({ opType }) => opType === "GreaterOrEqual").map(({ input: [, a] }) => a as string);
    expect(read).toEqual(["threshold/a", "threshold/a_1", "threshold/a"]);
    expect(floats(graph, "threshold/a_1")).toEqual([0.25]);
  });

  test("of a normalization for examples of two shapes: the second one's constants are others", () => {
    const [a, b] = [input({ shape: [4] }), input({ shape: [2, 2] })];
    const layer = layers.normalization({ scale: [1, 2, 3, 4], offset: [0, 0, 0, 1] });
    const graph = graphOf(model({ inputs: [a, b], outputs: [layer.apply(a), layer.apply(b)] }).toData());
    const prefix = "normalization";
    expect(graph.node.map(line)).toEqual([
      `Mul(input_0, ${prefix}/scale) -> ${prefix}/Mul`,
      `Add(${prefix}/Mul, ${prefix}/offset) -> ${prefix}`,
      `Mul(input_1, ${prefix}/scale_1) -> ${prefix}:1/Mul`,
      `Add(${prefix}:1/Mul, ${prefix}/offset_1) -> ${prefix}:1`,
    ]);
    expect(floats(graph, "normalization/scale_1")).toEqual([1, 2, 3, 4]);
  });

  test("of outputs that are inputs, or there already, are their own", () => {
    const [a, b] = [input({ shape: [2] }), input({ shape: [3] })];
    const y = layers.dense({ units: 1 }).apply(b);
    const graph = graphOf(model({ inputs: [a, b], outputs: [a, y, y, a, y] }).toData());
    expect(graph.output.map(described)).toEqual([
      "output_0 [batch, 2] of type 1",
      "dense [batch, 1] of type 1",
      "dense_output_1 [batch, 1] of type 1",
      "output_3 [batch, 2] of type 1",
      "dense_output_2 [batch, 1] of type 1",
    ]);
    expect(graph.node.map(line)).toEqual([
      "Gemm(input_1, dense/kernel, dense/bias) -> dense",
      "Identity(input_0) -> output_0",
      "Identity(dense) -> dense_output_1",
      "Identity(input_0) -> output_3",
      "Identity(dense) -> dense_output_2",
    ]);
  });

  test("never meet, whatever layers are called; weights keep theirs", () => {
    const odd = ["input", "a", "a/kernel", "a/Gemm", "a:1", "class", "relu6/min", "output_0", "é 😀\n"];
    const first = layers.dense({ units: 2, activation: "relu6", name: "a" });
    let x = input({ shape: [2] });
    const start = x;
    for (const name of odd) x = (name === "a" ? first : layers.dense({ units: 2, activation: "relu6", name })).apply(x);
    const data = model({ inputs: start, outputs: first.apply(x) }).toData();
    const graph = graphOf(data, { classOutput: true });
    expect(new Set(names(graph)).size).toBe(names(graph).length);
    expect(new Set(graph.node.map(({ name }) => name)).size).toBe(graph.node.length);
    for (const { name, data: weight } of data.weights) expect(floats(graph, name)).toEqual([...weight]);
    expect(graph.output.map(({ name }) => name)).toEqual(["a:1_1", "class"]);
    const { layers: entries } = JSON.parse((written(data).metadataProps[0] as { value: string }).value);
    expect(entries.map(({ name }: { name: string }) => name)).toEqual(odd);
    expect(entries[0]).toEqual({ name: "input", values: ["input_1"] });
  });

  test("come with what training alone asks for", () => {
    const layer = layers.dense({
      inputShape: [2],
      units: 1,
      trainable: false,
      kernelRegularizer: { l1: 0.25, l2: 0.5 },
    });
    const [entry] = written(sequential({ layers: [layer] }).toData()).metadataProps;
    expect(JSON.parse(entry?.value as string).layers).toEqual([
      { name: "dense", values: ["dense"], training: { trainable: false, kernelRegularizer: { l1: 0.25, l2: 0.5 } } },
    ]);
  });
});

describe("writeOnnx refuses", () => {
  const expectConfigError = (data: ModelData, message: string | RegExp, options?: OnnxOptions) => {
    const call = () => writeOnnx(data, options);
    expect(call).toThrow(ConfigError);
    expect(call).toThrow(message);
  };

  test("layers and activations that it does not know, all at once", () => {
    const data = classifier();
    const [dense, dropout, scores] = data.architecture.layers as readonly [LayerData, LayerData, LayerData];
    const unknown = [
      { kind: "conv3d", name: "first", config: {} },
      { kind: "toString", name: "second", config: { activation: "relu" } },
      { ...scores, config: { ...scores.config, activation: "sine" } },
      { kind: "activation", name: "last", config: { activation: { cosine: 2 } } },
    ];
    const architecture = {
      ...data.architecture,
      layers: [dense, dropout, ...unknown],
    };
    expectConfigError(
      { ...data, architecture },
      'onnx: layers that ONNX knows expected, got "first" (conv3d), "second" (toString of activation "relu"), ' +
        '"scores" (dense of activation "sine"), "last" (activation of activation {"cosine":2})',
    );
  });

  test("a class where there are several outputs, or fewer than 2 classes", () => {
    const x = input({ shape: [2] });
    const outputs = [layers.dense({ units: 2 }).apply(x), layers.dense({ units: 3 }).apply(x)];
    const message = /^onnx: classOutput expects one output of 2 or more classes, got outputs of \[2\], \[3\]$/;
    expectConfigError(model({ inputs: x, outputs }).toData(), message, { classOutput: true });
    const one = sequential({ layers: [layers.dense({ inputShape: [2], units: 1 })] }).toData();
    expectConfigError(one, /got outputs of \[1\]$/, { classOutput: true });
  });

  test("options that it does not know", () => {
    expectConfigError(classifier(), /setting "classoutput" is unknown/, { classoutput: true } as OnnxOptions);
    expectConfigError(classifier(), /classOutput must be true or false/, { classOutput: 1 } as unknown as OnnxOptions);
  });

  test("a model whose weights are missing", () => {
    const data = classifier();
    const weights = data.weights.filter(({ name }) => name !== "scores/bias");
    expectConfigError({ ...data, weights }, 'weight "scores/bias" expected');
  });

  test("weights that no protobuf message can hold", () => {
    const weights = [{ name: "a", shape: [2 ** 29], data: { length: 2 ** 29 } as Float32Array }];
    expectConfigError(
      { ...classifier(), weights },
      /^onnx: weights of at most 2147483647 bytes expected, got 2147483648$/,
    );
  });

  test("half a character in a layer's name", () => {
    expectConfigError(
      single("flatten", {}, [[2]], [2], "a\ud83d"),
      /name of whole characters expected, got "a\\ud83d"/,
    );
  });
});
