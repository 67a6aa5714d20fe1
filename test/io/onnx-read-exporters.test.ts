import type { ModelProto, NodeProto } from "onnx-buf";
import { describe, expect, test } from "vitest";
import { type Shape, sizeOf } from "../../src/base/tensor.js";
import type { Prediction } from "../../src/index.js";
import type { ModelData } from "../../src/io/model-data.js";
import { encodeModel } from "../../src/io/onnx/proto.js";
import { readOnnx } from "../../src/io/onnx/read.js";
import { expectClose, numbers } from "../layers/reference.js";
import { activations } from "../layers/rows.js";
import { floats, type Graph, ints, layersOf, modelOf, namesOf, node, predict, read } from "./onnx-graphs.js";
import { torchCases, torchFile } from "./torch-onnx.js";

const f = (name: string) => activations[name] as (x: number) => number;

/** Predictions for some examples, and those examples as plain lists. */
async function outputsOf(data: ModelData): Promise<{ x: number[][]; y: readonly Prediction[] }> {
  const [shape] = data.architecture.inputs as readonly [Shape];
  const flat = numbers(4 * sizeOf(shape));
  const y = await predict(data, [{ data: Float32Array.from(flat), shape: [4, ...shape] }]);
  return { x: [0, 1, 2, 3].map((i) => flat.slice(i * sizeOf(shape), (i + 1) * sizeOf(shape))), y };
}

/** What a layer of PyTorch, kernel [out, in], does to a row. */
const linear = (row: readonly number[], kernel: readonly number[], bias: readonly number[]) =>
  bias.map((start, unit) =>
    row.reduce((sum, value, i) => sum + value * (kernel[unit * row.length + i] as number), start),
  );

describe("PyTorch's exporter by TorchScript", () => {
  test.each(torchCases)("$file predicts what PyTorch does", async ({ file, inputs, outputs }) => {
    const got = await predict(readOnnx(torchFile(file), file), inputs);
    expect(got.map(({ shape }) => shape)).toEqual(outputs.map(({ shape }) => shape));
    for (const [i, { data }] of outputs.entries()) expectClose(got[i]?.data ?? [], data, 1e-5, `${file}: output ${i}`);
  });

  test.each([
    {
      name: "digits",
      expected: ["reshape", "fc1 relu", "fc2 softmax"],
    },
    { name: "residual", expected: ["inner tanh", "add", "outer", "rescaling", "add_1", "head"] },
    { name: "two-inputs", expected: ["shared relu", "concatenate", "score", "value sigmoid"] },
    { name: "rows", expected: ['each {"leakyRelu":0.2}', "reshape", "all", "reshape_1"] },
    { name: "normalized", expected: ["0", "1", "2", "3 relu", "4"] },
    { name: "smooth", expected: ["0 silu", "2 gelu", "4 mish", "6 softplus", "8 softsign", "10"] },
    { name: "steep", expected: ['0 {"elu":0.5}', "2 selu", "4 relu6", "6 hardSigmoid", "8 hardSilu", "10"] },
  ])("$name is the same layers in every opset, with and without an open batch", ({ name, expected }) => {
    const files = torchCases.map(({ file }) => file).filter((file) => file.startsWith(`torch-${name}-`));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const { architecture } = readOnnx(torchFile(file), file);
      const described = architecture.layers.map(({ name, config: { activation } }) => {
        if (activation === undefined) return name;
        return `${name} ${typeof activation === "string" ? activation : JSON.stringify(activation)}`;
      });
      expect(described).toEqual(expected);
    }
  });

  test("weights are the file's, kernels turned to [in, units]", () => {
    const { weights } = readOnnx(torchFile("torch-flatten-17.onnx"), "net.onnx");
    expect(weights.map(({ name, shape }) => [name, shape])).toEqual([
      ["1/kernel", [6, 4]],
      ["1/bias", [4]],
      ["3/kernel", [4, 1]],
      ["3/bias", [1]],
    ]);
  });
});

/** Made by hand in the style of PyTorch 2.7's exporter by torch.export, which writes opset 18 and IR version 10. */
describe("a graph in the style of PyTorch's exporter by torch.export", () => {
  const readDynamo = (graph: Graph) => {
    const file = modelOf({ opset: 18, ...graph }) as ModelProto;
    file.irVersion = 10n;
    file.producerName = "pytorch";
    const [own] = file.opsetImport as [(typeof file.opsetImport)[number]];
    file.opsetImport.push({ ...own, domain: "pkg.onnxscript.torch_lib.common", version: 1n });
    return readOnnx(encodeModel(file), "net.onnx");
  };
  const gemm = { beta: 1, transB: 1n, alpha: 1, transA: 0n };
  const [w1, b1, w2, b2] = [numbers(24), numbers(4, 2), numbers(8, 3), numbers(2, 4)];
  const constants = [
    floats("fc1.weight", [4, 6], w1),
    floats("fc1.bias", [4], b1),
    floats("fc2.weight", [2, 4], w2),
    floats("fc2.bias", [2], b2),
  ];

  test("with an open batch that is flattened, GELU and softmax", async () => {
    const data = readDynamo({
      inputs: { x: ["s77", 2, 3] },
      constants: [
        ...constants,
        ints("val_1", -1),
        ints("val_3", 6),
        floats("val_6", [], [Math.SQRT2]),
        floats("val_9", [], [1]),
        floats("val_12", [], [0.5]),
      ],
      nodes: [
        node("Shape", "x", "val_0", { end: 1n, start: 0n }, "node_Shape_0"),
        node("Squeeze", "val_0", "sym_size_int_1", {}, "node_sym_size_int_1"),
        node("Reshape", "sym_size_int_1 val_1", "val_2", { allowzero: 0n }, "node_Reshape_2"),
        node("Concat", "val_2 val_3", "val_4", { axis: 0n }, "node_Concat_4"),
        node("Cast", "val_4", "val_5", { to: 7n }, "node_Cast_5"),
        node("Reshape", "x val_5", "view", { allowzero: 1n }, "node_view"),
        node("Gemm", "view fc1.weight fc1.bias", "linear", gemm, "node_linear"),
        node("Div", "linear val_6", "val_7", {}, "node_Div_7"),
        node("Erf", "val_7", "val_8", {}, "node_Erf_8"),
        node("Add", "val_8 val_9", "val_10", {}, "node_Add_10"),
        node("Mul", "val_12 val_10", "val_11", {}, "node_Mul_11"),
        node("Mul", "linear val_11", "gelu", {}, "node_gelu"),
        node("Gemm", "gelu fc2.weight fc2.bias", "linear_1", gemm, "node_linear_1"),
        node("Softmax", "linear_1", "softmax", { axis: 1n }, "node_softmax"),
      ],
      outputs: ["softmax"],
    });
    expect(namesOf(data)).toEqual(["reshape", "fc1", "fc2"]);
    expect(layersOf(data).slice(1)).toEqual([
      'dense {"units":4,"activation":"gelu"}',
      'dense {"units":2,"activation":"softmax"}',
    ]);
    const { x, y } = await outputsOf(data);
    const expected = x.flatMap((row) => {
      const scores = linear(linear(row, w1, b1).map(f("gelu")), w2, b2).map(Math.exp);
      return scores.map((score) => score / ((scores[0] as number) + (scores[1] as number)));
    });
    expectClose(y[0]?.data ?? [], expected, 1e-5);
  });

  test("with rows of several axes, the kernel turned by a node, ReLU6", async () => {
    const data = readDynamo({
      inputs: { x: ["batch", 3, 6] },
      constants,
      nodes: [
        node("Transpose", "fc1.weight", "val_0", { perm: [1n, 0n] }, "node_Transpose_0"),
        node("MatMul", "x val_0", "val_1", {}, "node_MatMul_1"),
        node("Add", "val_1 fc1.bias", "linear", {}, "node_linear"),
        node("Constant", "", "val_2", { value_int: 6n }, "node_Constant_2"),
        node("CastLike", "val_2 linear", "val_3", {}, "node_CastLike_3"),
        node("Relu", "linear", "val_4", {}, "node_Relu_4"),
        node("Min", "val_4 val_3", "relu6", {}, "node_relu6"),
      ],
      outputs: ["relu6"],
    });
    expect(namesOf(data)).toEqual(["fc1"]);
    expect(layersOf(data)).toEqual(['dense {"units":4,"activation":"relu6"}']);
    const { x, y } = await outputsOf(data);
    const expected = x.flatMap((row) =>
      [0, 6, 12].flatMap((at) => linear(row.slice(at, at + 6), w1, b1).map(f("relu6"))),
    );
    expectClose(y[0]?.data ?? [], expected, 1e-5);
  });

  test("with batch normalization, SiLU, hard swish and a residual sum", async () => {
    const [g, b, m, v] = [
      [1, 2, 0.5, 1.5],
      [0, 1, -1, 0.5],
      [0.25, -0.5, 1, 0],
      [1, 2, 0.5, 4],
    ] as const;
    const data = readDynamo({
      inputs: { x: ["batch", 6] },
      constants: [
        ...constants,
        ...Object.entries({ weight: g, bias: b, running_mean: m, running_var: v }).map(([name, list]) =>
          floats(`bn.${name}`, [4], list),
        ),
      ],
      nodes: [
        node("Gemm", "x fc1.weight fc1.bias", "linear", gemm, "node_linear"),
        node(
          "BatchNormalization",
          "linear bn.weight bn.bias bn.running_mean bn.running_var",
          "getitem",
          { epsilon: 1e-5, training_mode: 0n, momentum: 0.9 },
          "node__native_batch_norm_legit_no_training",
        ),
        node("Sigmoid", "getitem", "val_0", {}, "node_Sigmoid_0"),
        node("Mul", "getitem val_0", "silu", {}, "node_silu"),
        node("HardSwish", "silu", "hardswish", {}, "node_hardswish"),
        node("Add", "hardswish linear", "add_1", {}, "node_add_1"),
      ],
      outputs: ["add_1"],
    });
    expect(namesOf(data)).toEqual(["fc1", "bn", "activation", "activation_1", "add"]);
    const { x, y } = await outputsOf(data);
    const expected = x.flatMap((row) =>
      linear(row, w1, b1).map((value, i) => {
        const scaled = ((value - (m[i] as number)) / Math.sqrt((v[i] as number) + 1e-5)) * (g[i] as number);
        return f("hardSilu")(f("silu")(scaled + (b[i] as number))) + value;
      }),
    );
    expectClose(y[0]?.data ?? [], expected, 1e-5);
  });
});

/** Made by hand in the style of tf2onnx 1.16, by which Keras models become ONNX files of opset 15. */
describe("a graph in the style of tf2onnx", () => {
  const scope = "StatefulPartitionedCall/sequential";
  const [w1, b1, w2, b2] = [numbers(24), numbers(4, 2), numbers(8, 3), numbers(2, 4)];
  const variable = (path: string) => `${scope}/${path}/ReadVariableOp:0`;
  const constants = [
    floats(variable("dense/MatMul"), [6, 4], w1),
    floats(variable("dense/BiasAdd"), [4], b1),
    floats(variable("dense_1/MatMul"), [4, 2], w2),
    floats(variable("dense_1/BiasAdd"), [2], b2),
    ints("const_fold_opt__9", -1, 6),
  ];
  const step = (opType: string, inputs: string, path: string, attributes = {}) =>
    node(opType, inputs, `${scope}/${path}:0`, attributes, `${scope}/${path}`);
  const product = (x: string, layer: string): NodeProto[] => [
    step("MatMul", `${x} ${variable(`${layer}/MatMul`)}`, `${layer}/MatMul`),
    step("Add", `${scope}/${layer}/MatMul:0 ${variable(`${layer}/BiasAdd`)}`, `${layer}/BiasAdd`),
  ];
  /** [in, units]. */
  const dense = (row: readonly number[], kernel: readonly number[], bias: readonly number[]) =>
    bias.map((start, unit) =>
      row.reduce((sum, value, i) => sum + value * (kernel[i * bias.length + unit] as number), start),
    );

  test("of a flattened image, hard SiLU of Keras 3, and softmax", async () => {
    const data = read({
      opset: 15,
      inputs: { input_1: ["unk__12", 2, 3] },
      constants: [
        ...constants,
        floats("three", [], [3]),
        floats("zero", [], [0]),
        floats("six", [], [6]),
        floats("sixth", [], [1 / 6]),
      ],
      nodes: [
        step("Reshape", "input_1 const_fold_opt__9", "flatten/Reshape"),
        ...product(`${scope}/flatten/Reshape:0`, "dense"),
        step("Add", `${scope}/dense/BiasAdd:0 three`, "dense/add"),
        step("Clip", `${scope}/dense/add:0 zero six`, "dense/Relu6"),
        step("Mul", `${scope}/dense/Relu6:0 sixth`, "dense/truediv"),
        step("Mul", `${scope}/dense/BiasAdd:0 ${scope}/dense/truediv:0`, "dense/mul"),
        ...product(`${scope}/dense/mul:0`, "dense_1"),
        node("Softmax", `${scope}/dense_1/BiasAdd:0`, "dense_1", { axis: -1n }, `${scope}/dense_1/Softmax`),
      ],
      outputs: ["dense_1"],
    });
    expect(namesOf(data)).toEqual(["sequential/flatten", "sequential/dense", "sequential/dense_1"]);
    expect(layersOf(data).slice(1)).toEqual([
      'dense {"units":4,"activation":"hardSilu"}',
      'dense {"units":2,"activation":"softmax"}',
    ]);
    const { x, y } = await outputsOf(data);
    const expected = x.flatMap((row) => {
      const scores = dense(dense(row, w1, b1).map(f("hardSilu")), w2, b2).map(Math.exp);
      return scores.map((score) => score / ((scores[0] as number) + (scores[1] as number)));
    });
    expectClose(y[0]?.data ?? [], expected, 1e-5);
  });

  test("of GELU as Keras spells it, and swish", async () => {
    const data = read({
      opset: 15,
      inputs: { input_1: ["unk__12", 6] },
      constants: [...constants, floats("half", [], [0.5]), floats("root", [], [Math.SQRT2]), floats("one", [], [1])],
      nodes: [
        ...product("input_1", "dense"),
        step("Mul", `half ${scope}/dense/BiasAdd:0`, "dense/Gelu/mul"),
        step("Div", `${scope}/dense/BiasAdd:0 root`, "dense/Gelu/truediv"),
        step("Erf", `${scope}/dense/Gelu/truediv:0`, "dense/Gelu/Erf"),
        step("Add", `${scope}/dense/Gelu/Erf:0 one`, "dense/Gelu/add"),
        step("Mul", `${scope}/dense/Gelu/mul:0 ${scope}/dense/Gelu/add:0`, "dense/Gelu/mul_1"),
        ...product(`${scope}/dense/Gelu/mul_1:0`, "dense_1"),
        step("Sigmoid", `${scope}/dense_1/BiasAdd:0`, "dense_1/Sigmoid"),
        node("Mul", `${scope}/dense_1/BiasAdd:0 ${scope}/dense_1/Sigmoid:0`, "dense_1", {}, `${scope}/dense_1/mul`),
      ],
      outputs: ["dense_1"],
    });
    expect(layersOf(data)).toEqual(['dense {"units":4,"activation":"gelu"}', 'dense {"units":2,"activation":"silu"}']);
    const { x, y } = await outputsOf(data);
    const expected = x.flatMap((row) => dense(dense(row, w1, b1).map(f("gelu")), w2, b2).map(f("silu")));
    expectClose(y[0]?.data ?? [], expected, 1e-5);
  });
});
