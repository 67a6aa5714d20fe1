import { describe, expect, test } from "vitest";
import { failure, floats, ints, layersOf, namesOf, node, read, weightOf } from "./onnx-graphs.js";

const dense = (units: number, activation?: string) =>
  `dense ${JSON.stringify({ units, ...(activation ? { activation } : {}) })}`;
const [kernel, bias] = [floats("w", [4, 4]), floats("b", [4])];

describe("an activation goes into the dense layer before it", () => {
  test("where nobody else reads that", () => {
    const data = read({ constants: [kernel, bias], nodes: [node("Gemm", "x w b", "p"), node("Relu", "p", "y")] });
    expect(layersOf(data)).toEqual([dense(4, "relu")]);
    expect(data.architecture.nodes).toEqual([{ layer: 0, inputs: [0], shape: [4] }]);
  });

  test("whatever it is spelt as", () => {
    const nodes = [node("Gemm", "x w b", "p"), node("Sigmoid", "p", "s"), node("Mul", "s p", "y")];
    expect(layersOf(read({ constants: [kernel, bias], nodes }))).toEqual([dense(4, "silu")]);
  });

  test("but once", () => {
    const nodes = [node("Gemm", "x w b", "p"), node("Relu", "p", "q"), node("Tanh", "q", "y")];
    expect(layersOf(read({ constants: [kernel, bias], nodes }))).toEqual([
      dense(4, "relu"),
      'activation {"activation":"tanh"}',
    ]);
  });

  test("not where another node reads that, nor where it is an output", () => {
    const nodes = [node("Gemm", "x w b", "p"), node("Relu", "p", "q"), node("Add", "p q", "y")];
    const apart = [dense(4), 'activation {"activation":"relu"}'];
    expect(layersOf(read({ constants: [kernel, bias], nodes }))).toEqual([...apart, "add"]);
    expect(layersOf(read({ constants: [kernel, bias], nodes, outputs: ["p", "q"] }))).toEqual(apart);
  });
});

describe("a bias is one", () => {
  test("where nobody reads the product alone", () => {
    const nodes = [node("MatMul", "x w", "p"), node("Add", "p b", "q"), node("Add", "p q", "y")];
    expect(layersOf(read({ constants: [kernel, bias], nodes }))).toEqual([
      'dense {"units":4,"useBias":false}',
      "normalization",
      "add",
    ]);
  });

  test("once: what is added after that is a normalization", () => {
    const nodes = [node("Gemm", "x w b", "p"), node("Add", "p b", "y")];
    expect(layersOf(read({ constants: [kernel, bias], nodes }))).toEqual([dense(4), "normalization"]);
  });

  test("over the last of several axes", () => {
    const data = read({
      inputs: { x: ["N", 4, 4] },
      constants: [kernel, floats("b", [1, 1, 4])],
      nodes: [node("MatMul", "x w", "p", {}, "a/MatMul"), node("Add", "p b", "y")],
    });
    expect(layersOf(data)).toEqual([dense(4)]);
    expect(weightOf(data, "a/bias").shape).toEqual([4]);
  });

  test("and no number for each row, nor one number for all", () => {
    const rows = {
      inputs: { x: ["N", 4, 4] as const },
      constants: [kernel, floats("c", [4, 1]), floats("s", [], [2])],
    };
    const product = node("MatMul", "x w", "p");
    const plain = 'dense {"units":4,"useBias":false}';
    expect(layersOf(read({ ...rows, nodes: [product, node("Add", "p c", "y")] }))).toEqual([plain, "normalization"]);
    expect(layersOf(read({ ...rows, nodes: [product, node("Add", "p s", "y")] }))).toEqual([
      plain,
      'rescaling {"scale":1,"offset":2}',
    ]);
  });
});

test("a factor for all, then a summand for each are two layers", () => {
  const constants = [floats("s", [], [2]), floats("c", [4])];
  const nodes = [node("Mul", "x s", "p"), node("Add", "p c", "y")];
  expect(layersOf(read({ constants, nodes }))).toEqual(['rescaling {"scale":2}', "normalization"]);
});

describe("one layer", () => {
  const inputs = { a: ["N", 4], b: ["N", 4] } as const;
  const both = [node("Gemm", "a w b1", "p"), node("Gemm", "b w b1", "q")];
  const constants = [kernel, floats("b1", [4]), floats("b2", [4])];

  test("is what has the same weights", () => {
    const { architecture, weights } = read({ inputs, constants, nodes: both, outputs: ["p", "q"] });
    expect(architecture.layers.length).toBe(1);
    expect(architecture.nodes).toEqual([
      { layer: 0, inputs: [0], shape: [4] },
      { layer: 0, inputs: [1], shape: [4] },
    ]);
    expect(weights.length).toBe(2);
  });

  test("takes an activation along where it is the same one everywhere", () => {
    const same = [...both, node("Relu", "p", "r"), node("Relu", "q", "s")];
    expect(layersOf(read({ inputs, constants, nodes: same, outputs: ["r", "s"] }))).toEqual([dense(4, "relu")]);
    const other = [...both, node("Relu", "p", "r"), node("Tanh", "q", "s")];
    expect(layersOf(read({ inputs, constants, nodes: other, outputs: ["r", "s"] }))).toEqual([
      dense(4),
      'activation {"activation":"relu"}',
      'activation {"activation":"tanh"}',
    ]);
    const one = [...both, node("Relu", "p", "r")];
    expect(layersOf(read({ inputs, constants, nodes: one, outputs: ["r", "q"] }))[0]).toBe(dense(4));
  });

  test("is found where each application transposes the kernel for itself", () => {
    const transpose = (name: string) => node("Transpose", "w", name, { perm: [1n, 0n] });
    const product = (x: string, w: string, y: string) => [
      node("MatMul", `${x} ${w}`, `${y}1`),
      node("Add", `${y}1 b1`, y),
    ];
    const nodes = [transpose("v1"), ...product("a", "v1", "p"), transpose("v2"), ...product("b", "v2", "q")];
    expect(layersOf(read({ inputs, constants, nodes, outputs: ["p", "q"] }))).toEqual([dense(4)]);
  });

  test("is not what has another bias", () => {
    const nodes = [both[0] as (typeof both)[0], node("Gemm", "b w b2", "q")];
    expect(layersOf(read({ inputs, constants, nodes, outputs: ["p", "q"] }))).toEqual([dense(4), dense(4)]);
  });
});

describe("layers are called", () => {
  test.each([
    { kernel: "fc1.weight", node: "/fc1/Gemm", expected: "fc1" },
    { kernel: "net.0.weight", node: "", expected: "net.0" },
    { kernel: "dense/kernel", node: "", expected: "dense" },
    { kernel: "sequential/dense_1/kernel:0", node: "", expected: "sequential/dense_1" },
    {
      kernel: "StatefulPartitionedCall/sequential/dense/MatMul/ReadVariableOp:0",
      node: "StatefulPartitionedCall/sequential/dense/MatMul",
      expected: "sequential/dense",
    },
    { kernel: "model/dense_2/Cast/ReadVariableOp:0", node: "", expected: "model/dense_2" },
    { kernel: "onnx::Gemm_12", node: "/encoder/fc/Gemm", expected: "encoder/fc" },
    { kernel: "onnx::Gemm_12", node: "/encoder/fc/Gemm_1", expected: "encoder/fc" },
    { kernel: "val_3", node: "node_linear", expected: "dense" },
    { kernel: "kernel", node: "Gemm_0", expected: "dense" },
    { kernel: "w", node: "/Gemm", expected: "dense" },
    { kernel: "w", node: "some/path/of/other", expected: "dense" },
  ])("as the file calls the weight $kernel and the node $node", ({ kernel, node: name, expected }) => {
    const constants = [floats(kernel, [4, 2])];
    const data = read({ constants, nodes: [node("Gemm", `x ${kernel}`, "y", {}, name)] });
    expect(namesOf(data)).toEqual([expected]);
    expect(data.weights.map((weight) => weight.name)).toEqual([`${expected}/kernel`]);
  });

  test("as the bias where the kernel says nothing", () => {
    const constants = [floats("onnx::MatMul_9", [4, 2]), floats("head.bias", [2])];
    const nodes = [node("MatMul", "x onnx::MatMul_9", "p"), node("Add", "p head.bias", "y")];
    expect(namesOf(read({ constants, nodes }))).toEqual(["head"]);
  });

  test("by numbers where names are taken, those of the file first", () => {
    const constants = ["dense.weight", "dense/kernel", "w"].map((name) => floats(name, [4, 4]));
    const nodes = [
      node("MatMul", "x w", "p"),
      node("MatMul", "p dense.weight", "q"),
      node("MatMul", "q dense/kernel", "r"),
      node("Relu", "x", "s"),
      node("Tanh", "s", "t"),
      node("Add", "r t", "y"),
    ];
    expect(namesOf(read({ constants, nodes }))).toEqual([
      "dense_2",
      "dense",
      "dense_1",
      "activation",
      "activation_1",
      "add",
    ]);
  });

  test("whatever thousands of them want the same name", () => {
    const nodes = Array.from({ length: 5000 }, (_, i) => node("Relu", `v${i}`, `v${i + 1}`, {}, "same/Relu"));
    const names = namesOf(read({ inputs: { v0: ["N", 1] }, nodes, outputs: ["v5000"] }));
    expect(names.slice(0, 3)).toEqual(["same", "same_1", "same_2"]);
    expect(new Set(names).size).toBe(5000);
  });
});

describe("the metadata", () => {
  const relu = { nodes: [node("Relu", "x", "y")] };
  const neurone = (entry: unknown) => ({ ...relu, metadata: { neurone: JSON.stringify(entry) } });

  test("name classes and features; others' entries are left alone", () => {
    const metadata = { classNames: '["no","ja"]', featureNames: '["a","b"]', author: "{" };
    expect(read({ ...relu, metadata }).metadata).toEqual({ classNames: ["no", "ja"], featureNames: ["a", "b"] });
    expect(read(relu).metadata).toEqual({});
  });

  test("of ours say the seed, names, a list of outputs, and settings for training", () => {
    const layers = [
      { name: "first", values: ["p"], training: { trainable: false, kernelRegularizer: { l1: 0, l2: 0.5 } } },
      { name: "second", values: ["y"], training: { trainable: false, kernelRegularizer: { l2: 1 } } },
    ];
    const metadata = { neurone: JSON.stringify({ seed: 7, list: true, layers }) };
    const nodes = [node("Gemm", "x w b", "p"), node("Relu", "p", "y")];
    const { architecture } = read({ constants: [kernel, bias], nodes, metadata });
    expect(architecture).toMatchObject({ seed: 7, list: true });
    expect(architecture.layers).toEqual([
      { kind: "dense", name: "first", config: { units: 4, trainable: false, kernelRegularizer: { l1: 0, l2: 0.5 } } },
      // Only dense layers have what a regularizer would be for.
      { kind: "activation", name: "second", config: { activation: "relu", trainable: false } },
    ]);
  });

  test("of ours change no number: a layer that is no such layer only has its name", () => {
    const layers = [{ name: "a", values: ["p", "q", "y", "nowhere"] }];
    const metadata = { neurone: JSON.stringify({ seed: 0, list: false, layers }) };
    const nodes = [node("Gemm", "x w b", "p"), node("Relu", "p", "q"), node("Relu", "q", "y")];
    const data = read({ constants: [kernel, bias], nodes, metadata });
    expect(data.architecture.layers.map(({ kind, name }) => [kind, name])).toEqual([
      ["dense", "a"],
      ["activation", "a_1"],
    ]);
    expect(data.architecture.nodes.map(({ layer }) => layer)).toEqual([0, 1, 1]);
  });

  test("of ours name a value by its first name, and one layer only where it is one", () => {
    const layers = [
      { name: "a", values: ["p"] },
      { name: "n", values: ["s", "t"] },
    ];
    const metadata = { neurone: JSON.stringify({ seed: 0, list: false, layers }) };
    const renamed = { nodes: [node("Relu", "x", "p"), node("Identity", "p", "y")], metadata };
    expect(namesOf(read(renamed))).toEqual(["a"]);
    // The same constants for examples of two sizes are two sets of weights.
    const nodes = [node("Mul", "a c", "s"), node("Mul", "b c", "t")];
    const graph = { inputs: { a: ["N", 2], b: ["N", 3, 2] } as const, constants: [floats("c", [2])], nodes, metadata };
    expect(namesOf(read({ ...graph, outputs: ["s", "t"] }))).toEqual(["n", "n_1"]);
  });

  test("of ours name the last of the layers that one node is", () => {
    const metadata = { neurone: JSON.stringify({ seed: 0, list: false, layers: [{ name: "a", values: ["y"] }] }) };
    const graph = { inputs: { p: ["N", 2], q: ["N", 2] } as const, nodes: [node("Sub", "p q", "y")], metadata };
    expect(namesOf(read(graph))).toEqual(["rescaling", "a"]);
  });

  test.each([
    { metadata: { classNames: "no" }, message: "classNames: JSON expected" },
    { metadata: { classNames: '{"a":1}' }, message: "classNames: a list expected" },
    { metadata: { featureNames: "[1]" }, message: "featureNames: a text expected, got 1" },
    { metadata: { neurone: "[]" }, message: "neurone: an object expected" },
    { metadata: { neurone: '{"__proto__":1}' }, message: "__proto__" },
  ])("are refused: $message", ({ metadata, message }) => {
    expect(failure({ ...relu, metadata })).toContain(message);
  });

  const valid = { seed: 1, list: false, layers: [] };
  test.each([
    { entry: { ...valid, seed: -1 }, message: "seed: a whole number of at least 0 expected, got -1" },
    { entry: { ...valid, seed: "1" }, message: 'seed: a whole number of at least 0 expected, got "1"' },
    { entry: { ...valid, list: 1 }, message: "list: true or false expected" },
    { entry: { ...valid, layers: {} }, message: "layers: a list expected" },
    { entry: { ...valid, layers: [1] }, message: "layers[0]: an object expected" },
    {
      entry: { ...valid, layers: [{ name: "", values: [] }] },
      message: 'layers[0]: a name of its own expected, got ""',
    },
    {
      entry: {
        ...valid,
        layers: [
          { name: "a", values: [] },
          { name: "a", values: [] },
        ],
      },
      message: 'layers[1]: a name of its own expected, got "a"',
    },
    { entry: { ...valid, layers: [{ name: "a" }] }, message: "layers[0]: values: a list expected" },
    {
      entry: { ...valid, layers: [{ name: "a", values: [1] }] },
      message: "layers[0]: values of its own expected, got 1",
    },
    {
      entry: { ...valid, layers: [{ name: "a", values: ["y", "y"] }] },
      message: 'layers[0]: values of its own expected, got "y"',
    },
    {
      entry: { ...valid, layers: [{ name: "a", values: ["y"], training: { units: 5 } }] },
      message: "layers[0]: training: an object of trainable, kernelRegularizer, biasRegularizer expected",
    },
  ])("of ours are refused: $message", ({ entry, message }) => {
    expect(failure(neurone(entry))).toBe(`neurone: ${message}`);
  });
});

test("constants for shapes are no layers, and leave no weights", () => {
  const data = read({
    inputs: { x: ["N", 2, 2] },
    constants: [ints("t", -1, 4), floats("unused", [100])],
    nodes: [node("Reshape", "x t", "y")],
  });
  expect(data.weights).toEqual([]);
});
