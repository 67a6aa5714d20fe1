import { clone, create } from "@bufbuild/protobuf";
import fc from "fast-check";
import {
  TensorProto_DataType as DataType,
  FunctionProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  SparseTensorProtoSchema,
} from "onnx-buf";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../src/base/errors.js";
import { decodeModel, encodeModel } from "../../src/io/onnx/proto.js";
import { readOnnx } from "../../src/io/onnx/read.js";
import { failure, floats, type Graph, layersOf, modelOf, node, read, type Sizes, tensorInfo } from "./onnx-graphs.js";
import { torchFile } from "./torch-onnx.js";

type Messages = ModelProto & { graph: NonNullable<ModelProto["graph"]> };

/** What a file fails with whose messages are `changed`. */
function failureOf(graph: Graph, change: (model: Messages) => void): string {
  const model = modelOf(graph) as Messages;
  change(model);
  return failure(encodeModel(model));
}

const relu = { nodes: [node("Relu", "x", "y")] };

describe("inputs", () => {
  test.each<{ sizes: Sizes; shape: readonly number[] }>([
    { sizes: ["batch", 4], shape: [4] },
    { sizes: [-1, 4], shape: [4] },
    { sizes: [0, 4], shape: [4] },
    { sizes: [16, 4], shape: [4] },
    { sizes: ["", 2, 3], shape: [2, 3] },
    { sizes: ["batch"], shape: [] },
  ])("of $sizes are batches of $shape", ({ sizes, shape }) => {
    expect(read({ ...relu, inputs: { x: sizes } }).architecture.inputs).toEqual([shape]);
  });

  test("come in the file's order", () => {
    const { architecture } = read({
      inputs: { b: ["N", 3], a: ["N", 2] },
      nodes: [node("Concat", "a b", "y", { axis: 1n })],
    });
    expect(architecture).toMatchObject({ inputs: [[3], [2]], nodes: [{ inputs: [1, 0], shape: [5] }], outputs: [2] });
  });

  test("that are initializers too are constants", () => {
    const constants = [floats("c", [], [2])];
    const data = read({ inputs: { c: [], x: ["N", 4] }, constants, nodes: [node("Mul", "x c", "y")] });
    expect(data.architecture.inputs).toEqual([[4]]);
    expect(layersOf(data)).toEqual(['rescaling {"scale":2}']);
  });

  test.each<{ sizes: Sizes; got: string }>([
    { sizes: ["N", "length"], got: "[?, ?]" },
    { sizes: ["N", 0], got: "[?, 0]" },
    { sizes: ["N", -1], got: "[?, -1]" },
    { sizes: ["N", 2 ** 31], got: "[?, 2147483648]" },
    { sizes: [], got: "[]" },
    { sizes: ["N", ...Array<number>(32).fill(1)], got: `[?, ${Array<number>(32).fill(1).join(", ")}]` },
  ])("of $sizes are refused", ({ sizes, got }) => {
    const message = `input "x": a shape of the batch and known sizes expected, got ${got}`;
    expect(failure({ ...relu, inputs: { x: sizes } })).toBe(message);
  });

  test.each([
    {
      change: (model: Messages) => (model.graph.input = [tensorInfo("x", ["N", 4], DataType.DOUBLE)]),
      message: 'input "x": FLOAT expected, got DOUBLE',
    },
    {
      change: (model: Messages) => (model.graph.input = [tensorInfo("x", ["N", 4], DataType.FLOAT16)]),
      message: 'input "x": FLOAT expected, got FLOAT16',
    },
    { change: (model: Messages) => delete model.graph.input[0]?.type, message: 'input "x": a tensor expected' },
    {
      change: (model: Messages) => {
        const type = model.graph.input[0]?.type?.value;
        if (type?.case === "tensorType") delete type.value.shape;
      },
      message: 'input "x": a shape of the batch and known sizes expected, got none',
    },
  ])("are refused: $message", ({ change, message }) => {
    expect(failureOf(relu, change)).toBe(message);
  });

  test("with two sizes of the batch are refused", () => {
    const graph = { inputs: { a: [2, 4], b: [3, 4] }, nodes: [node("Add", "a b", "y")] };
    expect(failure(graph)).toBe("inputs with one batch as their first axis expected, got 2, 3");
  });

  test("that lead to no output are refused, and so is a network without any", () => {
    expect(failure({ ...relu, inputs: { x: ["N", 4], mask: ["N", 4] } })).toBe('input "mask" leads to no output');
    expect(failure({ inputs: {}, constants: [floats("x", [4])], nodes: [], outputs: ["x"] })).toBe(
      'output "x": floats computed of the inputs expected',
    );
  });
});

describe("outputs", () => {
  const nodes = [node("Relu", "x", "a"), node("Tanh", "x", "b"), node("Identity", "a", "c")];

  test("come in the file's order, as a list where there are several", () => {
    expect(read({ nodes, outputs: ["b", "a"] }).architecture).toMatchObject({ outputs: [2, 1], list: true });
    expect(read({ nodes, outputs: ["a"] }).architecture).toMatchObject({ outputs: [1], list: false });
  });

  test("may be the same, and may be inputs", () => {
    expect(read({ nodes, outputs: ["c", "a", "x"] }).architecture.outputs).toEqual([1, 1, 0]);
  });

  test("decide which nodes are needed", () => {
    expect(layersOf(read({ nodes, outputs: ["b"] }))).toEqual(['activation {"activation":"tanh"}']);
  });

  const scores = [node("Softmax", "x", "y"), node("ArgMax", "y", "class", { axis: 1n })];
  test.each<{ title: string; graph: Graph; message: string }>([
    {
      title: "nobody computes",
      graph: { nodes, outputs: ["z"] },
      message: 'output "z": floats computed of the inputs expected',
    },
    {
      title: "are constants",
      graph: { constants: [floats("z", [4])], nodes, outputs: ["a", "z"] },
      message: 'output "z": floats computed of the inputs expected',
    },
    {
      title: "are sizes",
      graph: { nodes: [node("Shape", "x", "y")] },
      message: 'output "y": floats computed of the inputs expected',
    },
    {
      title: "are left out",
      graph: { nodes: [node("Dropout", "x", "p y")] },
      message: 'output "y": floats computed of the inputs expected',
    },
    {
      title: "are called the same",
      graph: { nodes, outputs: ["a", "a"] },
      message: "outputs of names that differ expected",
    },
    { title: "are none", graph: { nodes, outputs: [] }, message: "at least one output expected, got none" },
    {
      title: "are classes alone",
      graph: { nodes: scores, outputs: ["class"] },
      message: 'output "class": classes beside their scores expected',
    },
    {
      title: "are classes of other scores",
      graph: { nodes: [...scores, node("Relu", "x", "z")], outputs: ["class", "z"] },
      message: 'output "class": classes beside their scores expected',
    },
  ])("that $title are refused", ({ graph, message }) => {
    expect(failure(graph)).toBe(message);
  });
});

describe("a graph is refused", () => {
  test.each<{ title: string; graph: Graph; message: string }>([
    {
      title: "whose nodes are not in order",
      graph: { nodes: [node("Relu", "p", "y", {}, "second"), node("Tanh", "x", "p")] },
      message: 'node "second" reads "p", which nothing before it computes',
    },
    {
      title: "that goes in a circle",
      graph: { nodes: [node("Add", "x q", "p"), node("Relu", "p", "q"), node("Relu", "q", "y")] },
      message: 'node of "p" reads "q", which nothing before it computes',
    },
    {
      title: "with a node that reads itself",
      graph: { nodes: [node("Add", "x y", "y")] },
      message: 'node of "y" reads "y", which nothing before it computes',
    },
    {
      title: "with a missing value that an unsupported node reads",
      graph: { nodes: [node("Conv", "x w", "y", {}, "conv")] },
      message: 'node "conv" reads "w", which nothing before it computes',
    },
    {
      title: "with two values of one name",
      graph: { nodes: [node("Relu", "x", "y"), node("Tanh", "x", "y")] },
      message: 'values of names that differ expected, two are called "y"',
    },
    {
      title: "with an output called as an input",
      graph: { nodes: [node("Relu", "x", "x")] },
      message: 'values of names that differ expected, two are called "x"',
    },
    {
      title: "with an output called as an initializer",
      graph: { constants: [floats("y", [4])], nodes: [node("Relu", "x", "y")] },
      message: 'values of names that differ expected, two are called "y"',
    },
    {
      title: "with two initializers of one name",
      graph: { ...relu, constants: [floats("c", [4]), floats("c", [4])] },
      message: 'values of names that differ expected, two are called "c"',
    },
    {
      title: "with one node that computes a value twice",
      graph: { nodes: [node("Dropout", "x", "y y")] },
      message: 'values of names that differ expected, two are called "y"',
    },
  ])("$title", ({ graph, message }) => {
    expect(failure(graph)).toBe(message);
  });

  test("with sparse initializers", () => {
    const change = (model: Messages) => (model.graph.sparseInitializer = [create(SparseTensorProtoSchema)]);
    expect(failureOf(relu, change)).toBe("no sparse initializers expected");
  });

  test.each([
    { versions: [["", 6n]], got: "6" },
    { versions: [["", 26n]], got: "26" },
    { versions: [["ai.onnx.ml", 3n]], got: "none" },
    {
      versions: [
        ["", 13n],
        ["ai.onnx", 14n],
      ],
      got: "13, 14",
    },
  ] as const)("of opset $got", ({ versions, got }) => {
    const change = (model: Messages) => {
      const one = model.opsetImport[0] as (typeof model.opsetImport)[number];
      model.opsetImport = versions.map(([domain, version]) => ({ ...one, domain, version }));
    };
    expect(failureOf(relu, change)).toBe(`operators of opset 7 to 25 expected, got ${got}`);
  });

  test("whose operators are functions of its own, whatever they are called", () => {
    const change = (model: Messages) => (model.functions = [create(FunctionProtoSchema, { name: "Relu" })]);
    expect(failureOf(relu, change)).toBe("no functions in ONNX's own domain expected");
  });
});

test.each([7, 9, 13, 18, 21, 25])("opset %d is read", (opset) => {
  expect(layersOf(read({ ...relu, opset }))).toEqual(['activation {"activation":"relu"}']);
});

test("a graph that is very deep is read, whatever its depth", () => {
  const depth = 20_000;
  const nodes = Array.from({ length: depth }, (_, i) => node("Add", `v${i} v${i}`, `v${i + 1}`));
  const { architecture } = read({ inputs: { v0: ["N", 1] }, nodes, outputs: [`v${depth}`] });
  expect(architecture.nodes.length).toBe(depth);
});

test("a sum of very many terms is one layer, however it is written", () => {
  const terms = 20_000;
  const nodes = Array.from({ length: terms }, (_, i) => node("Add", `v${i} v0`, `v${i + 1}`));
  const data = read({
    inputs: { v0: ["N", 1] },
    nodes: [node("Add", "v0 v0", "v1"), ...nodes.slice(1)],
    outputs: [`v${terms}`],
  });
  expect(layersOf(data)).toEqual(["add"]);
  expect(data.architecture.nodes[0]?.inputs.length).toBe(terms + 1);
});

describe("whatever the bytes are, only a FormatError comes of them:", () => {
  const files = ["torch-digits-13", "torch-smooth-17", "torch-normalized-9", "torch-two-inputs-13"].map((name) =>
    torchFile(`${name}.onnx`),
  );

  function expectNoOtherError(bytes: Uint8Array) {
    try {
      readOnnx(bytes, "net.onnx");
    } catch (error) {
      expect(error).toBeInstanceOf(FormatError);
    }
  }

  test("bytes that are changed here and there", () => {
    const change = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.array(change, { minLength: 1, maxLength: 4 }), (file, changes) => {
        const bytes = Uint8Array.from(file);
        for (const [place, value] of changes) bytes[Math.floor(place * (bytes.length - 1))] = value;
        expectNoOtherError(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  test("names and attributes that are changed for others of the file", () => {
    const graphs = files.map((file) => decodeModel(file, "net.onnx") as Messages);
    fc.assert(
      fc.property(
        fc.constantFrom(...graphs),
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { minLength: 1, maxLength: 6 }),
        (given, swaps) => {
          const model = clone(ModelProtoSchema, given) as Messages;
          const { node: nodes } = model.graph;
          const all = [
            ...nodes.flatMap((one) => [...one.input, ...one.output]),
            ...model.graph.initializer.map(({ name }) => name),
          ];
          const attributes = nodes.flatMap((one) => one.attribute);
          for (const [which, place, by] of swaps) {
            const one = nodes[which % nodes.length] as (typeof nodes)[number];
            if (by % 3 === 0) one.input[place % (one.input.length + 1)] = all[by % all.length] as string;
            else if (by % 3 === 1) one.opType = nodes[by % nodes.length]?.opType as string;
            else one.attribute = [attributes[by % attributes.length] as (typeof attributes)[number]];
          }
          expectNoOtherError(encodeModel(model));
        },
      ),
      { numRuns: 500 },
    );
  });
});
