import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import {
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  ModelProtoSchema,
} from "onnx-buf";
import { operators } from "../../src/io/onnx/operators/index.js";
import { encodeModel, floatTensor, int64Tensor } from "../../src/io/onnx/proto.js";

/** A node: what it reads is counted from the last value back. */
interface NodeChoice {
  readonly operator: string;
  readonly inputs: readonly number[];
  readonly attributes: readonly AttributeChoice[];
  readonly outputs: number;
}

interface AttributeChoice {
  readonly name: string;
  readonly kind: "i" | "f" | "ints" | "floats" | "s" | "t";
  readonly numbers: readonly number[];
}

const float = (name: string, shape: readonly number[]) => {
  const size = shape.reduce((product, n) => product * n, 1);
  return floatTensor(
    name,
    shape,
    Float32Array.from({ length: size }, (_, i) => (i % 5) / 2 - 0.5),
  );
};
const int = (name: string, ...numbers: readonly number[]) =>
  int64Tensor(
    name,
    [numbers.length],
    BigInt64Array.from(numbers, (number) => BigInt(Math.trunc(number))),
  );

/** What exporters have as constants, and some that make much of little when they are broadcast to each other. */
const CONSTANTS = [
  ...[float("zero", []), float("four", [4]), float("row", [1, 4]), float("square", [4, 4]), float("wide", [4, 2])],
  ...[float("tall", [1100, 1]), float("long", [1, 1100]), float("none", [0]), float("cube", [2, 2, 2])],
  ...[
    int("axis", 1),
    int("last", -1),
    int("flat", -1, 4),
    int("keep", 0, -1),
    int("more", 0, 2, 2),
    int("big", 65536, 65536),
  ],
  ...[int("huge", Number.MAX_SAFE_INTEGER), int("empty"), int64Tensor("scalar", [], BigInt64Array.of(0n))],
  create(ModelProtoSchema, {
    graph: { initializer: [{ name: "yes", dataType: DataType.BOOL, dims: [1n], int32Data: [1] }] },
  }).graph?.initializer[0],
].filter((tensor) => tensor !== undefined);

const ATTRIBUTES = [
  ...["axis", "axes", "perm", "to", "value", "value_int", "value_ints", "value_float", "value_floats", "alpha", "beta"],
  ...["transA", "transB", "epsilon", "keepdims", "start", "end", "starts", "ends", "allowzero", "ratio", "min", "max"],
  ...["training_mode", "select_last_index", "approximate", "gamma"],
];

const attribute: fc.Arbitrary<AttributeChoice> = fc.record({
  name: fc.constantFrom(...ATTRIBUTES),
  kind: fc.constantFrom("i", "i", "f", "ints", "ints", "floats", "s", "t"),
  numbers: fc.array(fc.constantFrom(0, 1, 1, -1, 2, 3, 4, 6, 7, 0.5, 1e30, 2 ** 31, 2 ** 53), {
    minLength: 1,
    maxLength: 4,
  }),
});

const node: fc.Arbitrary<NodeChoice> = fc.record({
  operator: fc.constantFrom(...Object.keys(operators), "Conv", "constructor"),
  inputs: fc.array(fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.nat(40) }), {
    maxLength: 4,
  }),
  attributes: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(attribute, { minLength: 1, maxLength: 3 }) },
  ),
  outputs: fc.constantFrom(1, 1, 1, 1, 2, 0),
});

/** Files whose nodes read whatever there is: constants, the input, what nodes before them have made. */
export const soups: fc.Arbitrary<Uint8Array> = fc
  .record({
    nodes: fc.array(node, { minLength: 1, maxLength: 4 }),
    opset: fc.constantFrom(7, 9, 11, 13, 17, 25),
    sizes: fc.constantFrom([-1, 4], [1, 4], [-1, 2, 2], [-1, 1, 4]),
    output: fc.constantFrom(0, 0, 0, 1, 2),
  })
  .map(({ nodes, opset, sizes, output }) => {
    const names = [...CONSTANTS.map(({ name }) => name), "x"];
    const graph = nodes.map(({ operator, inputs, attributes, outputs }, i) => {
      const before = [...names];
      const own = Array.from({ length: outputs }, (_, k) => `v${i}_${k}`);
      names.push(...[...own].reverse());
      return {
        name: `node ${i}`,
        opType: operator,
        input: inputs.map((back) => before.at(-1 - back) ?? ""),
        output: own,
        attribute: attributes.map(toAttribute),
      };
    });
    const read = new Set(graph.flatMap(({ input }) => input));
    const dim = sizes.map((size) =>
      size < 0
        ? { value: { case: "dimParam", value: "batch" } as const }
        : { value: { case: "dimValue", value: BigInt(size) } as const },
    );
    const type = { value: { case: "tensorType", value: { elemType: DataType.FLOAT, shape: { dim } } } } as const;
    return encodeModel(
      create(ModelProtoSchema, {
        irVersion: 8n,
        opsetImport: [{ version: BigInt(opset) }],
        graph: {
          node: graph,
          initializer: CONSTANTS.filter(({ name }) => read.has(name)),
          input: [{ name: "x", type }],
          output: [{ name: names.at(-1 - output) ?? "" }],
        },
      }),
    );
  });

function toAttribute({ name, kind, numbers }: AttributeChoice) {
  const whole = numbers.map((number) => BigInt.asIntN(64, BigInt(Math.trunc(number))));
  const [first] = numbers as [number];
  if (kind === "i") return { name, type: AttributeType.INT, i: whole[0] as bigint };
  if (kind === "f") return { name, type: AttributeType.FLOAT, f: first };
  if (kind === "ints") return { name, type: AttributeType.INTS, ints: whole };
  if (kind === "floats") return { name, type: AttributeType.FLOATS, floats: [...numbers] };
  if (kind === "s") return { name, type: AttributeType.STRING, s: new TextEncoder().encode(String(first)) };
  return { name, type: AttributeType.TENSOR, t: int("", ...numbers) };
}
