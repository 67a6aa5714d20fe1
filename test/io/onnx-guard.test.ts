import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import { ModelProtoSchema } from "onnx-buf";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../src/base/errors.js";
import { inspectOnnx } from "../../src/io/onnx/index.js";
import { decodeModel, encodeModel, floatTensor } from "../../src/io/onnx/proto.js";

type Bytes = readonly number[] | Uint8Array;

const VARINT = 0;
const BIT64 = 1;
const LENGTH = 2;
const START_GROUP = 3;
const END_GROUP = 4;
const BIT32 = 5;

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

const tag = (field: number, wire: number) => varint(8 * field + wire);

function join(...parts: readonly Bytes[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** A field with its length: text, bytes, packed numbers or a message. */
const field = (number: number, ...contents: readonly Bytes[]) => {
  const content = join(...contents);
  return join(tag(number, LENGTH), varint(content.length), content);
};

function times(count: number, part: Bytes): Uint8Array {
  const repeated = new Uint8Array(count * part.length);
  for (let i = 0; i < count; i++) repeated.set(part, i * part.length);
  return repeated;
}

/** ir_version and opset_import, and the graph with these fields. */
const modelOf = (...graph: readonly Bytes[]) => join([8, 8], field(8, [16, 17]), field(7, ...graph));

// Numbers of the fields: onnx.proto.
const node = (...contents: readonly Bytes[]) => field(1, ...contents);
const tensor = (...contents: readonly Bytes[]) => field(5, ...contents);
const attribute = (...contents: readonly Bytes[]) => field(5, ...contents);

const valid = () =>
  encodeModel(
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [{ version: 17n }],
      producerName: "tester",
      graph: {
        name: "graph",
        node: [{ name: "one", opType: "Softmax", input: ["x"], output: ["y"], attribute: [{ name: "axis", i: -1n }] }],
        initializer: [
          floatTensor("weights", [2, 2], Float32Array.of(1, 2, 3, 4)),
          { name: "listed", dims: [3n], dataType: 7, int64Data: [-1n, 300n, 2n ** 62n] },
          { name: "floats", dims: [2n], dataType: 1, floatData: [0.5, -1] },
        ],
        input: [
          { name: "x", type: { value: { case: "tensorType", value: { elemType: 1, shape: { dim: [{}, {}] } } } } },
        ],
      },
      metadataProps: [{ key: "größe", value: "Ω" }],
    }),
  );

function failure(bytes: Uint8Array): Error {
  try {
    decodeModel(bytes, "net.onnx");
  } catch (error) {
    return error as Error;
  }
  return expect.fail("it was decoded");
}

function expectFormatError(bytes: Uint8Array, message: RegExp) {
  const error = failure(bytes);
  expect(error).toBeInstanceOf(FormatError);
  expect(error.message).toMatch(/^net\.onnx: /);
  expect(error.message).toMatch(message);
}

describe("decodeModel reads", () => {
  test("what encodeModel wrote", () => {
    const model = decodeModel(valid(), "net.onnx");
    expect(model).toMatchObject({
      irVersion: 8n,
      producerName: "tester",
      metadataProps: [{ key: "größe", value: "Ω" }],
    });
    expect(model.graph?.node).toMatchObject([{ opType: "Softmax", input: ["x"], attribute: [{ i: -1n }] }]);
    expect(model.graph?.initializer.map(({ dims }) => dims)).toEqual([[2n, 2n], [3n], [2n]]);
    expect(model.graph?.initializer[1]?.int64Data).toEqual([-1n, 300n, 2n ** 62n]);
    expect(encodeModel(model)).toEqual(valid());
  });

  test("raw data as a view, for which no memory is taken", () => {
    const bytes = modelOf(tensor(field(9, new Uint8Array(2 ** 24))));
    const model = decodeModel(bytes, "net.onnx");
    expect(model.graph?.initializer[0]?.rawData.buffer).toBe(bytes.buffer);
    expect(model.graph?.initializer[0]?.rawData.length).toBe(2 ** 24);
  });

  test("a file in the middle of a larger buffer", () => {
    const bytes = join([255, 255], valid(), [255]).subarray(2, -1);
    expect(encodeModel(decodeModel(bytes, "net.onnx"))).toEqual(valid());
  });

  test("numbers in lists packed and one by one", () => {
    const packed = field(7, [1, 2], varint(300));
    const single = [7, 1, 7, 2].flatMap((n, i) => (i % 2 === 0 ? tag(n, VARINT) : [n]));
    const model = decodeModel(modelOf(tensor(packed, single)), "net.onnx");
    expect(model.graph?.initializer[0]?.int64Data).toEqual([1n, 2n, 300n, 1n, 2n]);
  });

  test("past fields that it does not know, without keeping them", () => {
    const unknown = join(tag(900, VARINT), [1], tag(901, BIT64), new Uint8Array(8), tag(902, BIT32), new Uint8Array(4));
    const model = decodeModel(join(valid(), unknown, field(2 ** 29 - 1, [1, 2, 3])), "net.onnx");
    expect(model.$unknown).toBeUndefined();
    expect(encodeModel(model)).toEqual(valid());
  });

  test("a graph of 5000 nodes with attributes", () => {
    const one = node(field(1, [120]), field(2, [121]), field(4, [65]), attribute(field(1, [97]), [24, 1, 160, 1, 2]));
    expect(decodeModel(modelOf(times(5000, one)), "net.onnx").graph?.node.length).toBe(5000);
  });
});

describe("decodeModel refuses", () => {
  test("any other bytes with a FormatError: what is cut off", () => {
    const bytes = valid();
    for (let length = 0; length < bytes.length; length++) {
      try {
        decodeModel(bytes.subarray(0, length), "net.onnx");
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
      }
    }
  });

  test("any other bytes with a FormatError: damaged ones", () => {
    const place = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 8 }), (places) => {
        const bytes = valid();
        for (const { at, byte } of places) bytes[at % bytes.length] = byte;
        try {
          inspectOnnx(bytes, "net.onnx");
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
      { seed: 1, numRuns: 3000 },
    );
  });

  test("any other bytes with a FormatError: random ones, also as a graph", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (bytes, graph) => {
        try {
          inspectOnnx(graph ? modelOf(bytes) : bytes, "net.onnx");
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
      { seed: 1, numRuns: 3000 },
    );
  });

  test.each([
    { what: "no bytes", bytes: new Uint8Array(0), message: /one without a graph$/ },
    { what: "no graph", bytes: join([8, 8], field(8, [16, 17])), message: /one without a graph$/ },
    { what: "no ir_version", bytes: join(field(8, [16, 17]), field(7)), message: /one without an ir_version$/ },
    { what: "no opset_import", bytes: join([8, 8], field(7)), message: /one without an opset_import$/ },
    {
      what: "field number 0",
      bytes: join([0, 0]),
      message: /a field number from 1 to 2\^29 - 1 expected at offset 1$/,
    },
    { what: "a tag above 2^32", bytes: join([0x80, 0x80, 0x80, 0x80, 0x10, 0]), message: /a field number from 1/ },
    {
      what: "a group",
      bytes: join(tag(900, START_GROUP), tag(900, END_GROUP)),
      message: /wire type .* expected, got 3/,
    },
    { what: "the end of a group", bytes: join(tag(900, END_GROUP)), message: /wire type .* expected, got 4/ },
    { what: "wire type 6", bytes: join(tag(900, 6)), message: /a wire type of 0, 1, 2 or 5 expected, got 6/ },
    {
      what: "a known field as another type",
      bytes: join(tag(1, BIT32), [0, 0, 0, 0]),
      message: /ir_version of wire type 0/,
    },
    {
      what: "a message as a number",
      bytes: join(tag(7, VARINT), [1]),
      message: /graph of wire type 2 expected, got 0/,
    },
    { what: "floats as numbers", bytes: modelOf(tensor(tag(4, VARINT), [1])), message: /float_data of wire type 5/ },
    { what: "a number of 11 bytes", bytes: join([8], times(10, [0x80]), [0]), message: /at most 10 bytes expected/ },
    { what: "a number that is cut off", bytes: join([8, 0x80]), message: /at most 10 bytes expected at offset 2/ },
    { what: "a length past the end", bytes: join(tag(7, LENGTH), [5, 0]), message: /at most 1 bytes expected, got 5/ },
    {
      what: "a length past 2^32",
      bytes: join([58], varint(2 ** 40)),
      message: /at most 0 bytes expected, got 1099511627776/,
    },
    {
      what: "a length past its message",
      bytes: join(modelOf([10, 3]), [1, 2, 3]),
      message: /at most 0 bytes expected/,
    },
    { what: "8 bytes past the end", bytes: join(tag(900, BIT64), [1]), message: /at most 1 bytes expected, got 8/ },
    {
      what: "half a packed float",
      bytes: modelOf(tensor(field(4, [0, 0]))),
      message: /at most 2 bytes expected, got 4/,
    },
    {
      what: "a packed number that goes on behind its list",
      bytes: modelOf(tensor(field(7, [0x80]), field(8, [65]))),
      message: /at most 10 bytes expected/,
    },
    { what: "half a packed number", bytes: modelOf(tensor(field(7, [0x80]))), message: /at most 10 bytes expected/ },
    {
      what: "text that is no UTF-8",
      bytes: join(field(2, [0xc0, 0x80])),
      message: /producer_name of UTF-8 text expected/,
    },
  ])("$what", ({ bytes, message }) => expectFormatError(bytes, message));

  const nested = (depth: number, wrap: (inner: Uint8Array) => Uint8Array) => {
    let bytes: Uint8Array = new Uint8Array(0);
    for (let i = 0; i < depth; i++) bytes = wrap(bytes);
    return bytes;
  };
  const subgraph = (inner: Uint8Array) => node(attribute(field(6, inner)));
  const sequence = (inner: Uint8Array) => field(4, field(1, inner));

  test("graphs in graphs more than 32 messages deep, which 10 of them are", () => {
    decodeModel(modelOf(nested(10, subgraph)), "net.onnx");
    expectFormatError(modelOf(nested(11, subgraph)), /nested at most 32 deep expected/);
    expectFormatError(modelOf(nested(2000, subgraph)), /nested at most 32 deep expected/);
  });

  test("types of types without end", () => {
    expectFormatError(modelOf(field(11, field(2, nested(5000, sequence)))), /nested at most 32 deep expected/);
  });

  test.each([
    { what: "nodes", bytes: modelOf(times(100_000, node())) },
    { what: "tensors", bytes: modelOf(times(50_000, tensor())) },
    { what: "attributes", bytes: modelOf(node(times(100_000, attribute()))) },
    { what: "lists of bytes", bytes: modelOf(tensor(times(600_000, field(6)))) },
    { what: "names", bytes: modelOf(node(times(2_000_000, field(1)))) },
    { what: "sizes", bytes: modelOf(field(11, field(2, field(1, field(2, times(600_000, field(1, [8, 1]))))))) },
    { what: "64-bit numbers", bytes: modelOf(tensor(field(7, new Uint8Array(3_000_000)))) },
    { what: "32-bit numbers", bytes: modelOf(tensor(field(5, new Uint8Array(10_000_000)))) },
  ])("more $what than its bytes vouch for", ({ bytes }) => {
    expectFormatError(
      bytes,
      /messages that need at most 8 bytes of memory a byte of the file and 67108864 more expected/,
    );
  });
});

describe("inspectOnnx", () => {
  test("tells initializers, operators and metadata", () => {
    expect(inspectOnnx(valid(), "net.onnx")).toEqual({
      format: "onnx",
      tensors: [
        { name: "weights", dtype: "FLOAT", shape: [2, 2] },
        { name: "listed", dtype: "INT64", shape: [3] },
        { name: "floats", dtype: "FLOAT", shape: [2] },
      ],
      operators: [{ name: "one", operator: "Softmax" }],
      metadata: { größe: "Ω", producer_name: "tester", ir_version: "8", opset_import: "17" },
    });
  });

  test("names types and operators that neurone has no use for", () => {
    const bytes = encodeModel(
      create(ModelProtoSchema, {
        irVersion: 13n,
        opsetImport: [{ version: 24n }, { domain: "ai.onnx.ml", version: 3n }],
        graph: {
          node: [{ name: "trees", domain: "ai.onnx.ml", opType: "TreeEnsemble" }],
          initializer: [
            { name: "new", dataType: 99 },
            { name: "half", dataType: 10, dims: [0n] },
          ],
        },
        metadataProps: [
          { key: "ir_version", value: "1" },
          { key: "__proto__", value: "text" },
        ],
      }),
    );
    const info = inspectOnnx(bytes, "net.onnx");
    expect(info.operators).toEqual([{ name: "trees", operator: "ai.onnx.ml.TreeEnsemble" }]);
    expect(info.tensors.map(({ dtype }) => dtype)).toEqual(["99", "FLOAT16"]);
    expect(Object.entries(info.metadata)).toEqual([
      ["ir_version", "13"],
      ["__proto__", "text"],
      ["opset_import", "24, ai.onnx.ml 3"],
    ]);
  });

  test.each([-1n, 2n ** 53n])("refuses an initializer of size %d", (size) => {
    const model = decodeModel(valid(), "net.onnx");
    (model.graph as NonNullable<typeof model.graph>).initializer[0] = floatTensor("weights", [], new Float32Array(1));
    model.graph?.initializer[0]?.dims.push(size);
    const call = () => inspectOnnx(encodeModel(model), "net.onnx");
    expect(call).toThrow(FormatError);
    expect(call).toThrow(/^net\.onnx: initializer "weights": a size from 0 to 2\^53 - 1 expected/);
  });
});
