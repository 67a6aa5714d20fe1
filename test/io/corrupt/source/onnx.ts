import { create, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  type GraphProtoSchema,
  ModelProtoSchema,
  type NodeProtoSchema,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from "onnx-buf";
import { encodeModel } from "../../../../src/io/onnx/proto.js";
import { type FilesByName, join, text } from "./bytes.js";

/** What a message is made of, and not one that is made. */
type Init<D extends DescMessage> = Exclude<MessageInitShape<D>, { readonly $typeName: string }>;
type Node = Init<typeof NodeProtoSchema>;
type Tensor = Init<typeof TensorProtoSchema>;
type Attribute = Init<typeof AttributeProtoSchema>;
type ValueInfo = Init<typeof ValueInfoProtoSchema>;
type Graph = Init<typeof GraphProtoSchema>;
type Model = Init<typeof ModelProtoSchema>;

const node = (opType: string, input: readonly string[], output: string, attribute: Attribute[] = []): Node => {
  return { name: `/${output}`, opType, input: [...input], output: [output], attribute };
};
const int = (name: string, i: number): Attribute => ({ name, type: AttributeType.INT, i: BigInt(i) });
const ints = (name: string, ...all: readonly number[]): Attribute => ({
  name,
  type: AttributeType.INTS,
  ints: all.map(BigInt),
});
const float = (name: string, f: number): Attribute => ({ name, type: AttributeType.FLOAT, f });

const floats = (name: string, dims: readonly number[], ...numbers: readonly number[]): Tensor => {
  const data = new Float32Array(dims.reduce((product, size) => product * size, 1));
  data.set(numbers);
  return { name, dims: dims.map(BigInt), dataType: DataType.FLOAT, rawData: new Uint8Array(data.buffer) };
};
const sizes = (name: string, ...numbers: readonly (number | bigint)[]): Tensor => {
  return { name, dims: [BigInt(numbers.length)], dataType: DataType.INT64, int64Data: numbers.map(BigInt) };
};

/** An input; a size below 0 is open. */
const input = (name: string, ...dims: readonly number[]): ValueInfo => {
  const dim = dims.map((size) =>
    size < 0
      ? ({ value: { case: "dimParam", value: "batch" } } as const)
      : ({ value: { case: "dimValue", value: BigInt(size) } } as const),
  );
  return { name, type: { value: { case: "tensorType", value: { elemType: DataType.FLOAT, shape: { dim } } } } };
};

const relu = node("Relu", ["x"], "y");
const weights = floats("w", [3, 2], 1, 2, 3, 4, 5, 6);

/** A file of x [batch, 3] -> Relu -> y, and what is given in place of a part or besides it. */
const model = (graph: Graph = {}, parts: Model = {}) =>
  encodeModel(
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [{ version: 17n }],
      graph: { node: [relu], input: [input("x", -1, 3)], output: [{ name: "y" }], ...graph },
      ...parts,
    }),
  );
const nodes = (...node: readonly Node[]) => model({ node: [...node], initializer: [weights] });
const constants = (initializer: readonly Tensor[], ...node: readonly Node[]) =>
  model({ node: [...node, relu], initializer: [...initializer] });
/** A node that reads the input, and constants. */
const reading = (opType: string, attribute: Attribute[], ...initializer: readonly Tensor[]) =>
  model({
    node: [node(opType, ["x", ...initializer.map(({ name }) => name as string)], "y", attribute)],
    initializer: [...initializer],
  });
const noted = (key: string, value: string) => model({}, { metadataProps: [{ key, value }] });
const metadata = (value: unknown) => noted("neurone", JSON.stringify(value));
const hints = { seed: 1, list: false, layers: [{ name: "a", values: ["y"] }] };

const LENGTH = 2;
const varint = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
};
const field = (number: number, content: Uint8Array | readonly number[]) =>
  join(varint(8 * number + LENGTH), varint(content.length), content);
/** ir_version 8, opset 17, and a graph of these bytes. */
const raw = (graph: Uint8Array | readonly number[]) => join([8, 8], field(8, [16, 17]), field(7, graph));

const sound = model();
const soundWeights = model({ initializer: [weights], node: [node("MatMul", ["x", "w"], "y")] });
/** Graphs in attributes of nodes of graphs. */
const nested = (depth: number) => {
  let graph: Uint8Array = new Uint8Array();
  for (let i = 0; i < depth; i++) graph = field(1, field(5, field(6, graph)));
  return raw(graph);
};
/** Tensors made of each other, each twice as long as the one before. */
const doubling = Array.from({ length: 40 }, (_, i) =>
  node("Concat", [`c${i}`, `c${i}`], `c${i + 1}`, [int("axis", 0)]),
);

/** What is no ONNX file, or no network. */
export const onnx: FilesByName = {
  empty: new Uint8Array(),
  text: text("model"),
  json: text('{"format":"layers-model"}'),
  "cut-in-head": sound.subarray(0, 1),
  "cut-in-graph": sound.subarray(0, 20),
  "cut-in-weights": soundWeights.subarray(0, soundWeights.length - 50),
  "cut-by-one": sound.subarray(0, -1),
  "varint-cut": join(sound, [0x80]),
  "varint-11-bytes": join([8, ...new Array(10).fill(0x80), 1], sound),
  "field-0": join(sound, [2, 0]),
  "field-beyond-2^29": join(sound, [0x82, 0x80, 0x80, 0x80, 0x10, 0]),
  "length-beyond-file": join(sound, [0x12, 0x7f, 0x61]),
  "length-2^63": join(sound, [0x12, ...new Array(9).fill(0xff), 0x7f]),
  "length-beyond-message": raw(join([0x0a, 9], [0x22, 1, 0x41])),
  group: join(sound, varint(900 * 8 + 3), varint(900 * 8 + 4)),
  "group-without-end": join(sound, varint(900 * 8 + 3)),
  "wire-type-7": join(sound, varint(900 * 8 + 7)),
  "graph-as-number": join([8, 8], field(8, [16, 17]), [7 * 8, 1]),
  "name-as-number": raw([2 * 8, 1]),
  "name-no-utf8": raw(field(2, [0xff, 0xfe])),
  "nested-20-graphs": nested(20),
  "graph-missing": join([8, 8], field(8, [16, 17])),
  "ir-version-missing": model({}, { irVersion: 0n }),
  "opset-missing": model({}, { opsetImport: [] }),
  "opset-6": model({}, { opsetImport: [{ version: 6n }] }),
  "opset-99": model({}, { opsetImport: [{ version: 99n }] }),
  "opset-negative": model({}, { opsetImport: [{ version: -1n }] }),
  "opset-twice": model({}, { opsetImport: [{ version: 17n }, { version: 13n }] }),
  "opset-of-others": model({}, { opsetImport: [{ domain: "ai.onnx.ml", version: 3n }] }),
  "input-none": model({ input: [], node: [node("Constant", [], "y", [float("value_float", 1)])] }),
  "input-no-type": model({ input: [{ name: "x" }] }),
  "input-sequence": model({ input: [{ name: "x", type: { value: { case: "sequenceType", value: {} } } }] }),
  "input-integers": model({
    input: [{ name: "x", type: { value: { case: "tensorType", value: { elemType: DataType.INT64 } } } }],
  }),
  "input-open-size": model({ input: [input("x", -1, -1)] }),
  "input-size-0": model({ input: [input("x", -1, 0)] }),
  "input-size-2^31": model({ input: [input("x", -1, 2 ** 31)] }),
  "input-size-overflow": model({ input: [input("x", -1, 2 ** 31 - 1, 2 ** 31 - 1)] }),
  "input-batches-differ": model({ input: [input("x", 2, 3), input("z", 4, 3)] }),
  "input-unused": model({ input: [input("x", -1, 3), input("z", -1, 3)] }),
  "input-twice": model({ input: [input("x", -1, 3), input("x", -1, 3)] }),
  "output-none": model({ output: [] }),
  "output-undefined": model({ output: [{ name: "z" }] }),
  "output-twice": model({ output: [{ name: "y" }, { name: "y" }] }),
  "output-constant": model({ output: [{ name: "y" }, { name: "w" }], initializer: [weights] }),
  "output-integers": nodes(node("ArgMax", ["x"], "y", [int("axis", 1)])),
  "node-reads-nothing-known": nodes(node("Relu", ["z"], "y")),
  "node-reads-itself": nodes(node("Add", ["x", "y"], "y")),
  "nodes-in-a-circle": nodes(node("Add", ["x", "b"], "a"), node("Relu", ["a"], "b"), node("Relu", ["b"], "y")),
  "node-reads-later": nodes(node("Relu", ["a"], "y"), node("Relu", ["x"], "a")),
  "name-of-input-again": nodes(node("Relu", ["x"], "x"), relu),
  "name-of-node-again": nodes(relu, relu),
  "name-of-tensor-again": model({ initializer: [weights, weights] }),
  "name-of-tensor-from-node": nodes(node("Relu", ["x"], "w"), relu),
  "operators-unsupported": model({
    node: [
      node("Conv", ["x"], "a"),
      { ...node("TreeEnsemble", ["x"], "b"), domain: "ai.onnx.ml" },
      node("constructor", ["x"], "c"),
      node("__proto__", ["x"], "d"),
      node("Relu", ["a"], "y"),
    ],
  }),
  "operator-empty": nodes({ input: ["x"], output: ["y"] }),
  "operator-in-custom-domain": nodes({ ...relu, domain: "com.example" }),
  "inputs-none": nodes({ opType: "Relu", output: ["y"] }),
  "attribute-twice": nodes(node("LeakyRelu", ["x"], "y", [float("alpha", 0.1), float("alpha", 0.2)])),
  "attribute-of-other-type": nodes(node("LeakyRelu", ["x"], "y", [int("alpha", 1)])),
  "attribute-of-function": nodes(node("LeakyRelu", ["x"], "y", [{ ...float("alpha", 1), refAttrName: "a" }])),
  "attribute-nan": nodes(node("LeakyRelu", ["x"], "y", [float("alpha", Number.NaN)])),
  "tensor-external": constants([{ ...weights, rawData: new Uint8Array(), dataLocation: DataLocation.EXTERNAL }]),
  "tensor-external-path": constants([{ ...weights, externalData: [{ key: "location", value: "../../etc/passwd" }] }]),
  "tensor-short": constants([{ ...weights, rawData: new Uint8Array(23) }]),
  "tensor-long": constants([{ ...weights, rawData: new Uint8Array(28) }]),
  "tensor-empty": constants([{ ...weights, rawData: new Uint8Array() }]),
  "tensor-raw-and-listed": constants([{ ...weights, rawData: new Uint8Array(12), floatData: [1, 2, 3] }]),
  "tensor-listed-as-other-type": constants([{ ...weights, rawData: new Uint8Array(), int32Data: [1, 2, 3, 4, 5, 6] }]),
  "tensor-overflow": constants([{ ...weights, dims: [2n ** 32n, 2n ** 32n] }]),
  "tensor-overflow-of-31-bits": constants([{ ...weights, dims: [2n ** 31n - 1n, 2n ** 31n - 1n, 2n ** 31n - 1n] }]),
  "tensor-negative": constants([{ ...weights, dims: [-1n, -6n] }]),
  "tensor-least-size": constants([{ ...weights, dims: [-(2n ** 63n)] }]),
  "tensor-33-axes": constants([{ ...weights, dims: [6n, ...new Array(32).fill(1n)] }]),
  "tensor-texts": nodes(
    node("Constant", [], "a", [
      {
        name: "value",
        type: AttributeType.TENSOR,
        t: { dims: [1n], dataType: DataType.STRING, stringData: [Uint8Array.of(120)] },
      },
    ]),
    relu,
  ),
  "tensor-type-99": nodes(
    node("Constant", [], "a", [{ name: "value", type: AttributeType.TENSOR, t: { dims: [1n], dataType: 99 } }]),
    relu,
  ),
  "tensor-segment": constants([{ ...weights, segment: { begin: 0n, end: 6n } }]),
  "tensor-sparse": model({ sparseInitializer: [{ values: weights }] }),
  "folding-doubles": constants([floats("c0", [64])], ...doubling),
  "folding-broadcasts": constants(
    [floats("c", [400, 1]), floats("r", [1, 400])],
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((i) => node("Mul", ["c", "r"], `m${i}`)),
  ),
  "folding-into-a-layer": model({
    input: [input("x", -1, 2 ** 29, 2)],
    node: [node("Add", ["x", "c"], "y")],
    initializer: [floats("c", [2], 1, 2)],
  }),
  "gemm-sizes": reading("Gemm", [], floats("k", [2, 2])),
  "gemm-turned-input": reading("Gemm", [int("transA", 1)], weights),
  "matmul-of-inputs": nodes(node("MatMul", ["x", "x"], "y")),
  "matmul-cube": reading("MatMul", [], floats("k", [3, 3, 2])),
  "add-of-other-shape": reading("Add", [], floats("k", [2])),
  "clip-other-bounds": reading("Clip", [], floats("min", [], -1), floats("max", [], 1)),
  "softmax-over-the-batch": reading("Softmax", [int("axis", 0)]),
  "dropout-ratio-2": reading("Dropout", [], floats("ratio", [], 2)),
  "reshape-mixes-the-batch": reading("Reshape", [], sizes("to", 3, -1)),
  "reshape-two-open": reading("Reshape", [], sizes("to", -1, -1)),
  "reshape-overflow": reading("Reshape", [], sizes("to", -1, 2n ** 62n, 4)),
  "reshape-100-axes": reading("Reshape", [], sizes("to", -1, 3, ...new Array(98).fill(1))),
  "unsqueeze-100-axes": reading("Unsqueeze", [], sizes("axes", ...Array.from({ length: 100 }, (_, i) => i + 1))),
  "unsqueeze-one-twice": reading("Unsqueeze", [], sizes("axes", 1, 1)),
  "squeeze-size-3": reading("Squeeze", [], sizes("axes", 1)),
  "transpose-batch": reading("Transpose", [ints("perm", 1, 0)]),
  "transpose-one-twice": constants([weights], node("Transpose", ["w"], "t", [ints("perm", 0, 0)])),
  "gather-beyond": constants([weights, sizes("i", 3)], node("Gather", ["w", "i"], "g")),
  "concat-other-sizes": constants([weights, floats("v", [3, 3])], node("Concat", ["w", "v"], "c", [int("axis", 0)])),
  "division-by-0": constants([sizes("a", 1), sizes("b", 0)], node("Div", ["a", "b"], "d")),
  "normalization-sizes": reading("BatchNormalization", [], ...["a", "b", "c", "d"].map((name) => floats(name, [2]))),
  "normalization-variance-negative": reading(
    "BatchNormalization",
    [],
    floats("a", [3], 1, 1, 1),
    floats("b", [3]),
    floats("c", [3]),
    floats("d", [3], -1, 1, 1),
  ),
  "scale-nan": reading("Mul", [], floats("k", [3], Number.NaN, 1, 1)),
  "scale-infinite": reading("Mul", [], floats("k", [], Infinity)),
  "neurone-no-json": noted("neurone", "{"),
  "neurone-list": metadata([]),
  "neurone-key-twice": noted("neurone", '{"seed":1,"seed":1}'),
  "neurone-seed-negative": metadata({ ...hints, seed: -1 }),
  "neurone-list-text": metadata({ ...hints, list: "no" }),
  "neurone-layers-object": metadata({ ...hints, layers: {} }),
  "neurone-layer-twice": metadata({ ...hints, layers: [...hints.layers, { name: "a", values: [] }] }),
  "neurone-value-twice": metadata({ ...hints, layers: [...hints.layers, { name: "b", values: ["y"] }] }),
  "neurone-setting": metadata({ ...hints, layers: [{ ...hints.layers[0], training: { activation: "tanh" } }] }),
  "neurone-trainable-text": metadata({ ...hints, layers: [{ ...hints.layers[0], training: { trainable: "no" } }] }),
  "class-names-numbers": noted("classNames", "[1,2]"),
  "class-names-text": noted("classNames", '"a"'),
};
