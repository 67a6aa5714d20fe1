import { create } from "@bufbuild/protobuf";
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { expect } from "vitest";
import { FormatError } from "../../src/base/errors.js";
import { sizeOf } from "../../src/base/tensor.js";
import type { Prediction } from "../../src/index.js";
import type { ModelData } from "../../src/io/model-data.js";
import { encodeModel, floatTensor, int64Tensor } from "../../src/io/onnx/proto.js";
import { readOnnx } from "../../src/io/onnx/read.js";
import { restoreModel } from "../../src/train/restore.js";
import { numbers } from "../layers/reference.js";

/** An attribute's value: a bigint is INT, a number FLOAT, lists of them INTS and FLOATS. */
export type Attribute = bigint | number | string | readonly bigint[] | readonly number[] | TensorProto;

/** Sizes of an input; text is an open size. */
export type Sizes = readonly (number | string)[];

/** An ONNX file by hand. */
export interface Graph {
  /** Default 17. */
  readonly opset?: number;
  /** Sizes by name. Default `{ x: ["batch", 4] }`. */
  readonly inputs?: Readonly<Record<string, Sizes>>;
  readonly constants?: readonly TensorProto[];
  readonly nodes: readonly NodeProto[];
  /** Floats but for `class`, int64. Default `["y"]`. */
  readonly outputs?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A node; names are separated by spaces, `_` is one that is left out. */
export function node(
  opType: string,
  inputs: string,
  outputs: string,
  attributes: Readonly<Record<string, Attribute>> = {},
  name = "",
): NodeProto {
  const names = (text: string) => text.split(" ").map((one) => (one === "_" ? "" : one));
  return create(NodeProtoSchema, {
    name,
    opType,
    input: inputs === "" ? [] : names(inputs),
    output: names(outputs),
    attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
  });
}

export function attribute(name: string, value: Attribute): AttributeProto {
  if (typeof value === "bigint") return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: value });
  if (typeof value === "number") return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value });
  if (typeof value === "string") {
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) });
  }
  if ("dims" in value) return create(AttributeProtoSchema, { name, type: AttributeType.TENSOR, t: value });
  if (typeof value[0] === "number") {
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOATS, floats: value as number[] });
  }
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value as bigint[] });
}

/** A constant f32 tensor; without data, numbers that look random. */
export function floats(name: string, shape: readonly number[], data?: readonly number[]): TensorProto {
  return floatTensor(name, shape, Float32Array.from(data ?? numbers(sizeOf(shape), name.length)));
}

/** A constant int64 tensor of one axis. */
export function ints(name: string, ...data: readonly number[]): TensorProto {
  return int64Tensor(name, [data.length], BigInt64Array.from(data, BigInt));
}

/** A constant that is true or false. */
export function bool(name: string, value: boolean): TensorProto {
  return create(TensorProtoSchema, { name, dataType: DataType.BOOL, rawData: Uint8Array.of(Number(value)) });
}

/** What a file says of an input or output; without sizes, its type alone. */
export function tensorInfo(name: string, sizes?: Sizes, elemType = DataType.FLOAT): ValueInfoProto {
  const dim = sizes?.map((size) => {
    if (typeof size === "string") return { value: { case: "dimParam", value: size } } as const;
    return { value: { case: "dimValue", value: BigInt(size) } } as const;
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: "tensorType", value: { elemType, ...(dim ? { shape: { dim } } : {}) } } },
  });
}

/** The messages of the file, to be made worse. */
export function modelOf(given: Graph) {
  const { opset = 17, inputs = { x: ["batch", 4] }, constants = [], nodes, outputs = ["y"], metadata = {} } = given;
  return create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [{ domain: "", version: BigInt(opset) }],
    graph: {
      node: [...nodes],
      initializer: [...constants],
      input: Object.entries(inputs).map(([name, sizes]) => tensorInfo(name, sizes)),
      output: outputs.map((name) => tensorInfo(name, undefined, name === "class" ? DataType.INT64 : DataType.FLOAT)),
    },
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
}

export function read(graph: Graph): ModelData {
  return readOnnx(encodeModel(modelOf(graph)), "net.onnx");
}

/** What reading fails with, which must be a FormatError that names the file. */
export function failure(graph: Graph | Uint8Array): string {
  try {
    readOnnx(graph instanceof Uint8Array ? graph : encodeModel(modelOf(graph)), "net.onnx");
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toMatch(/^net\.onnx: /);
    return (error as Error).message.slice("net.onnx: ".length);
  }
  return expect.fail("it was read");
}

/** Layers as kind and settings: `dense {"units":2}`. */
export function layersOf({ architecture }: ModelData): string[] {
  return architecture.layers.map(({ kind, config }) => {
    return Object.keys(config).length === 0 ? kind : `${kind} ${JSON.stringify(config)}`;
  });
}

export function namesOf({ architecture }: ModelData): string[] {
  return architecture.layers.map(({ name }) => name);
}

/** A weight's shape and numbers. */
export function weightOf({ weights }: ModelData, name: string): { shape: readonly number[]; data: number[] } {
  const { shape, data } = weights.find((weight) => weight.name === name) ?? expect.fail(`no weight ${name}`);
  return { shape, data: [...data] };
}

/** All outputs of the model that the data describe. */
export async function predict(data: ModelData, inputs: readonly Prediction[]): Promise<readonly Prediction[]> {
  using net = restoreModel(data, "net.onnx");
  const outputs = await net.predict(inputs.length === 1 ? (inputs[0] as Prediction) : inputs);
  return Array.isArray(outputs) ? outputs : [outputs as Prediction];
}
