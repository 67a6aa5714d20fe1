import { create } from "@bufbuild/protobuf";
import { TensorProto_DataType as DataType, type TensorProto, TensorProtoSchema } from "onnx-buf";
import { describe, expect, test } from "vitest";
import { int64Tensor } from "../../src/io/onnx/proto.js";
import { failure, floats, ints, node, read, weightOf } from "./onnx-graphs.js";

type Init = Partial<Omit<TensorProto, "$typeName" | "$unknown">>;

/** A tensor `c` of [4]. */
const tensor = (init: Init) => create(TensorProtoSchema, { name: "c", dims: [4n], ...init });
const bytesOf = (data: ArrayBufferView) => new Uint8Array(data.buffer.slice(0) as ArrayBuffer);

/** The numbers that `c`, a constant or what nodes make of constants, comes to. */
function foldedOf(constants: readonly TensorProto[], nodes: readonly ReturnType<typeof node>[] = [], size = 4) {
  const data = read({
    inputs: { x: ["N", size] },
    constants,
    nodes: [...nodes, node("Mul", "x c", "y", {}, "end/Mul")],
  });
  return weightOf(data, "end/scale").data;
}

describe("the numbers of a tensor are read", () => {
  const values = [1.5, -2, 0.25, 3];
  const halves = Uint16Array.of(0x3e00, 0xc000, 0x3400, 0x4200);
  const brains = Uint16Array.of(0x3fc0, 0xc000, 0x3e80, 0x4040);

  test.each<{ title: string; init: Init; expected?: number[] }>([
    { title: "FLOAT, raw", init: { dataType: DataType.FLOAT, rawData: bytesOf(Float32Array.from(values)) } },
    { title: "FLOAT, listed", init: { dataType: DataType.FLOAT, floatData: values } },
    { title: "DOUBLE, raw", init: { dataType: DataType.DOUBLE, rawData: bytesOf(Float64Array.from(values)) } },
    {
      title: "DOUBLE, listed",
      init: { dataType: DataType.DOUBLE, doubleData: [0.1, 1, 2, 3] },
      expected: [Math.fround(0.1), 1, 2, 3],
    },
    { title: "FLOAT16, raw", init: { dataType: DataType.FLOAT16, rawData: bytesOf(halves) } },
    { title: "FLOAT16, listed", init: { dataType: DataType.FLOAT16, int32Data: [...halves] } },
    { title: "BFLOAT16, raw", init: { dataType: DataType.BFLOAT16, rawData: bytesOf(brains) } },
    { title: "BFLOAT16, listed", init: { dataType: DataType.BFLOAT16, int32Data: [...brains] } },
  ])("$title", ({ init, expected = values }) => {
    expect(foldedOf([tensor(init)])).toEqual(expected);
  });

  const whole = [3, -7, 0, 100000];
  test.each<{ title: string; init: Init; expected?: number[] }>([
    { title: "INT64, raw", init: { dataType: DataType.INT64, rawData: bytesOf(BigInt64Array.from(whole, BigInt)) } },
    { title: "INT64, listed", init: { dataType: DataType.INT64, int64Data: whole.map(BigInt) } },
    { title: "INT32, raw", init: { dataType: DataType.INT32, rawData: bytesOf(Int32Array.from(whole)) } },
    { title: "INT32, listed", init: { dataType: DataType.INT32, int32Data: whole } },
    {
      title: "BOOL, raw",
      init: { dataType: DataType.BOOL, rawData: Uint8Array.of(1, 0, 0, 1) },
      expected: [1, 0, 0, 1],
    },
    { title: "BOOL, listed", init: { dataType: DataType.BOOL, int32Data: [0, 1, 1, 0] }, expected: [0, 1, 1, 0] },
  ])("$title", ({ init, expected = whole }) => {
    const integers = create(TensorProtoSchema, { ...tensor(init), name: "i" });
    expect(foldedOf([integers], [node("Cast", "i", "c", { to: 1n })])).toEqual(expected);
  });

  test("bit for bit, on their way through a transposed kernel too", () => {
    // Two NaNs of their own, both infinities, -0 and the least number there is.
    const words = Uint32Array.of(0x7fc12345, 0xffa00001, 0x7f800000, 0xff800000, 0x80000000, 1);
    const constant = (name: string, dims: bigint[]) =>
      create(TensorProtoSchema, { name, dims, dataType: DataType.FLOAT, rawData: bytesOf(words) });
    const data = read({
      inputs: { x: ["N", 3] },
      constants: [constant("w", [2n, 3n]), constant("v", [3n, 2n])],
      nodes: [
        node("Gemm", "x w", "p", { transB: 1n }, "a/Gemm"),
        node("Concat", "p p p", "q", { axis: 1n }),
        node("MatMul", "x v", "r", {}, "b/MatMul"),
      ],
      outputs: ["q", "r"],
    });
    const bits = (name: string) => {
      const weight = data.weights.find((one) => one.name === name)?.data as Float32Array;
      return [...new Uint32Array(weight.buffer, weight.byteOffset, weight.length)];
    };
    expect(bits("b/kernel")).toEqual([...words]);
    expect(bits("a/kernel")).toEqual([0, 3, 1, 4, 2, 5].map((i) => words[i]));
  });
});

describe("a tensor is refused", () => {
  const rawData = new Uint8Array(16);
  const dataType = DataType.FLOAT;

  test.each<{ title: string; init: Init; message: string }>([
    {
      title: "too short",
      init: { dataType, rawData: new Uint8Array(12) },
      message: 'tensor "c": [4] holds 4 numbers, its data 3',
    },
    {
      title: "with half a number",
      init: { dataType, rawData: new Uint8Array(18) },
      message: 'tensor "c": [4] holds 4 numbers, its data 4.5',
    },
    {
      title: "half of it raw, half of it listed",
      init: { dataType, rawData: rawData.subarray(8), floatData: [1, 2] },
      message: 'tensor "c": raw or listed numbers expected, got both',
    },
    {
      title: "listed as another type",
      init: { dataType, doubleData: [1, 2, 3, 4] },
      message: 'tensor "c": [4] holds 4 numbers, its data 0',
    },
    {
      title: "in another file",
      init: {
        dataType,
        dataLocation: 1,
        externalData: [{ $typeName: "onnx.StringStringEntryProto", key: "location", value: "../secret" }],
      },
      message: 'tensor "c": its numbers expected in this file, they lie in another one',
    },
    {
      title: "that only names a file",
      init: {
        dataType,
        rawData,
        externalData: [{ $typeName: "onnx.StringStringEntryProto", key: "location", value: "x" }],
      },
      message: 'tensor "c": its numbers expected in this file, they lie in another one',
    },
    {
      title: "in pieces",
      init: { dataType, rawData, segment: { $typeName: "onnx.TensorProto.Segment", begin: 0n, end: 1n } },
      message: 'tensor "c": one piece expected, got a segment',
    },
    {
      title: "of a negative size",
      init: { dataType, rawData, dims: [-4n] },
      message: 'tensor "c": at most 32 sizes from 0 to 2147483647 expected',
    },
    {
      title: "of sizes without end",
      init: { dataType, rawData, dims: [2n ** 62n, 4n] },
      message: 'tensor "c": at most 32 sizes from 0 to 2147483647 expected',
    },
    {
      title: "of 33 axes",
      init: { dataType, rawData, dims: [4n, ...Array<bigint>(32).fill(1n)] },
      message: 'tensor "c": at most 32 sizes from 0 to 2147483647 expected',
    },
    {
      title: "of a product of sizes beyond all bounds",
      init: { dataType, rawData, dims: Array<bigint>(32).fill(2n ** 31n - 1n) },
      message: "holds",
    },
    {
      title: "of a type that networks of floats have no use for",
      init: { dataType: DataType.STRING },
      message:
        'Mul (node of "y": tensor "c": a type of FLOAT, INT32, INT64, BOOL, FLOAT16, DOUBLE, BFLOAT16 expected, got STRING)',
    },
    { title: "of a type that is none", init: { dataType: 99, rawData }, message: "got 99)" },
  ])("$title", ({ init, message }) => {
    expect(failure({ constants: [tensor(init)], nodes: [node("Mul", "x c", "y")] })).toContain(message);
  });

  test("where it is not even read", () => {
    const constants = [tensor({ dataType, rawData: new Uint8Array(3) })];
    expect(failure({ constants, nodes: [node("Relu", "x", "y")] })).toBe(
      'tensor "c": [4] holds 4 numbers, its data 0.75',
    );
  });
});

describe("constants are folded by", () => {
  const [a, b] = [floats("a", [2, 3], [1, 2, 3, 4, 5, 6]), floats("b", [3], [10, 20, 40])];

  test.each<{ title: string; nodes: ReturnType<typeof node>[]; constants?: TensorProto[]; expected: number[] }>([
    {
      title: "Transpose",
      nodes: [node("Transpose", "a", "t"), node("Reshape", "t flat", "c")],
      expected: [1, 4, 2, 5, 3, 6],
    },
    {
      title: "Transpose of three axes",
      constants: [floats("d", [2, 1, 3], [1, 2, 3, 4, 5, 6])],
      nodes: [node("Transpose", "d", "t", { perm: [2n, 0n, 1n] }), node("Reshape", "t flat", "c")],
      expected: [1, 4, 2, 5, 3, 6],
    },
    { title: "Reshape", nodes: [node("Reshape", "a flat", "c")], expected: [1, 2, 3, 4, 5, 6] },
    {
      title: "Reshape that takes sizes over",
      constants: [ints("t", 0, 3), ints("v", 6)],
      nodes: [node("Reshape", "a t", "p"), node("Reshape", "p v", "c")],
      expected: [1, 2, 3, 4, 5, 6],
    },
    {
      title: "Add",
      nodes: [node("Add", "a b", "p"), node("Reshape", "p flat", "c")],
      expected: [11, 22, 43, 14, 25, 46],
    },
    {
      title: "Sub",
      nodes: [node("Sub", "b a", "p"), node("Reshape", "p flat", "c")],
      expected: [9, 18, 37, 6, 15, 34],
    },
    {
      title: "Mul",
      nodes: [node("Mul", "a b", "p"), node("Reshape", "p flat", "c")],
      expected: [10, 40, 120, 40, 100, 240],
    },
    {
      title: "Div",
      nodes: [node("Div", "a b", "p"), node("Reshape", "p flat", "c")],
      expected: [0.1, 0.1, 0.075, 0.4, 0.25, 0.15],
    },
    { title: "Neg", nodes: [node("Neg", "b", "c")], expected: [-10, -20, -40] },
    { title: "Sum", nodes: [node("Sum", "b b b", "c")], expected: [30, 60, 120] },
    { title: "Identity", nodes: [node("Identity", "b", "c")], expected: [10, 20, 40] },
    { title: "Concat", nodes: [node("Concat", "b b", "c", { axis: 0n })], expected: [10, 20, 40, 10, 20, 40] },
    {
      title: "Concat along the last axis",
      nodes: [node("Concat", "a a", "p", { axis: -1n }), node("Reshape", "p flat", "c")],
      expected: [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6],
    },
    { title: "Gather", constants: [ints("i", 2, 0)], nodes: [node("Gather", "b i", "c")], expected: [40, 10] },
    {
      title: "Gather along the last axis",
      constants: [ints("i", -1, 0)],
      nodes: [node("Gather", "a i", "p", { axis: 1n }), node("Reshape", "p flat", "c")],
      expected: [3, 1, 6, 4],
    },
    {
      title: "Slice",
      constants: [ints("from", 1), ints("to", 2 ** 40)],
      nodes: [node("Slice", "b from to", "c")],
      expected: [20, 40],
    },
    { title: "Shape and Cast", nodes: [node("Shape", "a", "p"), node("Cast", "p", "c", { to: 1n })], expected: [2, 3] },
    {
      title: "Unsqueeze and Squeeze",
      constants: [ints("i", 0, 2)],
      nodes: [node("Unsqueeze", "b i", "p"), node("Squeeze", "p i", "c")],
      expected: [10, 20, 40],
    },
    {
      title: "whole numbers: Add, Sub, Mul, Neg",
      constants: [ints("i", 7, -7), ints("j", 2, 2)],
      nodes: [
        node("Add", "i j", "p"),
        node("Mul", "p j", "q"),
        node("Neg", "j", "n"),
        node("Sub", "q n", "r"),
        node("Cast", "r", "c", { to: 1n }),
      ],
      expected: [20, -8],
    },
    {
      title: "whole numbers: Div rounds towards zero",
      constants: [ints("i", 7, -7), ints("j", 2, 2)],
      nodes: [node("Div", "i j", "q"), node("Cast", "q", "c", { to: 1n })],
      expected: [3, -3],
    },
  ])("$title", ({ nodes, constants = [], expected }) => {
    const all = [a, b, ints("flat", -1), ...constants];
    expect(foldedOf(all, nodes, expected.length)).toEqual(expected.map(Math.fround));
  });

  test.each([
    {
      nodes: [node("Add", "a v", "c")],
      message: "two constants of one type that broadcast expected, got floats [2, 3] and floats [2]",
    },
    { nodes: [node("Add", "a i", "c")], message: "got floats [2, 3] and integers [2]" },
    { nodes: [node("Div", "i zero", "c")], message: "a whole number is divided by 0" },
    { nodes: [node("Transpose", "a", "c", { perm: [0n, 0n] })], message: "perm [0, 0] does not fit [2, 3]" },
    { nodes: [node("Transpose", "a", "c", { perm: [0n] })], message: "perm [0] does not fit [2, 3]" },
    { nodes: [node("Reshape", "a i", "c")], message: "[2, 3] does not fit [5, 3]" },
    {
      nodes: [node("Concat", "a v", "c", { axis: 0n })],
      message: "constants that differ only along the axis expected",
    },
    { nodes: [node("Concat", "v v", "c", { axis: 1n })], message: "an axis from -1 to 0 expected, got 1" },
    {
      nodes: [node("Concat", "v v", "c", { axis: -2n })],
      message: "an axis from -1 to 0 expected, got -2",
    },
    { nodes: [node("Concat", "v v", "c")], message: "an axis from -1 to 0 expected, got NaN" },
    { nodes: [node("Gather", "v i", "c")], message: "indices from -2 to 1 expected, got 5" },
    { nodes: [node("Slice", "a i i", "c")], message: "a stretch of a list in steps of 1 expected, got [2, 3]" },
    { nodes: [node("Unsqueeze", "a", "c")], message: "axes expected, got none" },
    { nodes: [node("Unsqueeze", "v same", "c")], message: "axes that differ expected, got [0, 0]" },
    { nodes: [node("Squeeze", "a zero", "c")], message: "axes of size 1 in [2, 3] expected, got [0]" },
    { nodes: [node("Shape", "x", "p"), node("Add", "p p", "c")], message: "a size of the batch is computed with" },
    {
      nodes: [node("Shape", "x", "p"), node("Cast", "p", "c", { to: 1n })],
      message: "a size of the batch is computed with",
    },
    { nodes: [node("Constant", "", "c", { value_string: "x" })], message: "a value of floats or integers expected" },
    { nodes: [node("Constant", "", "c", { value_int: 0.5 })], message: "value_int: INT expected, got FLOAT" },
  ])("no $nodes.0.opType of what does not fit: $message", ({ nodes, message }) => {
    const constants = [a, floats("v", [2]), ints("i", 5, 0), ints("zero", 0), ints("same", 0, 0)];
    const text = failure({ constants, nodes: [...nodes, node("Mul", "x c", "y")] });
    expect(text).toContain(message);
    expect(text).not.toContain("Mul");
  });
});

describe("no more numbers are made than the file vouches for:", () => {
  const limit =
    /^operators that are not supported: .*constants of at most \d+ numbers expected of a file of this length\)$/;

  test("of two vectors broadcast to each other", () => {
    const constants = [floats("a", [2000, 1]), floats("b", [2000])];
    expect(failure({ constants, nodes: [node("Add", "a b", "c"), node("Mul", "x c", "y")] })).toMatch(limit);
  });

  test("of one tensor copied by many nodes", () => {
    const nodes = Array.from({ length: 100 }, (_, i) => node("Add", `c${i} c0`, `c${i + 1}`));
    const constants = [floats("c0", [40_000])];
    expect(failure({ constants, nodes: [...nodes, node("Relu", "x", "y")] })).toMatch(limit);
  });

  test("of one tensor that doubles at each node", () => {
    const nodes = Array.from({ length: 60 }, (_, i) => node("Concat", `c${i} c${i}`, `c${i + 1}`, { axis: 0n }));
    expect(failure({ constants: [floats("c0", [1])], nodes: [...nodes, node("Relu", "x", "y")] })).toMatch(limit);
  });

  test("of one number gathered many times", () => {
    const constants = [floats("a", [1]), int64Tensor("i", [200_000], new BigInt64Array(200_000))];
    const nodes = Array.from({ length: 20 }, (_, i) => node("Gather", "a i", `c${i}`));
    expect(failure({ constants, nodes: [...nodes, node("Relu", "x", "y")] })).toMatch(limit);
  });

  test("of a vector that a normalization repeats over a large example", () => {
    const graph = { inputs: { x: ["N", 2 ** 20, 2] }, constants: [floats("c", [2])], nodes: [node("Mul", "x c", "y")] };
    expect(failure(graph)).toMatch(/^constants of at most \d+ numbers expected of a file of this length$/);
  });

  test("of one kernel for many biases", () => {
    const nodes = Array.from({ length: 200 }, (_, i) => node("Gemm", `x w b${i}`, `y${i}`));
    const biases = nodes.map((_, i) => floats(`b${i}`, [4]));
    const graph = {
      inputs: { x: ["N", 4096] },
      constants: [floats("w", [4096, 4]), ...biases],
      nodes: [...nodes, node("Sum", nodes.map((_, i) => `y${i}`).join(" "), "y")],
    };
    expect(failure(graph)).toMatch(/constants of at most \d+ numbers expected/);
  });

  test("nor are rows gone through that hold nothing", () => {
    const dims = [2n ** 31n - 1n, 1n, 0n];
    const empty = create(TensorProtoSchema, { name: "e", dims, dataType: DataType.FLOAT });
    const thousand = Array<string>(1000).fill("e").join(" ");
    const zeros = ints("i", ...Array<number>(1000).fill(0));
    const nodes = [node("Concat", thousand, "f", { axis: 1n }), node("Gather", "e i", "g", { axis: 1n })];
    expect(read({ constants: [empty, zeros], nodes: [...nodes, node("Relu", "x", "y")] }).weights).toEqual([]);
  });

  test("nor more axes than a tensor may have", () => {
    const constants = [floats("c", [1]), ints("axes", ...Array.from({ length: 40 }, (_, i) => i))];
    expect(failure({ constants, nodes: [node("Unsqueeze", "c axes", "d"), node("Relu", "x", "y")] })).toContain(
      "at most 32 axes expected, got 40",
    );
    expect(failure({ constants, nodes: [node("Reshape", "x axes", "y")] })).toContain(
      "at most 32 axes expected, got 40",
    );
    const nodes = Array.from({ length: 40 }, (_, i) => node("Unsqueeze", `x${i} one`, `x${i + 1}`));
    const graph = { inputs: { x0: ["N", 4] as const }, constants: [ints("one", 1)], nodes, outputs: ["x40"] };
    expect(failure(graph)).toContain("at most 32 axes expected, got 33");
  });
});
