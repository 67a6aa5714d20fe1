import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { type ModelProto, ModelProtoSchema, type TensorProto, TensorProto_DataType, TensorProtoSchema } from "onnx-buf";
import { FormatError } from "../../base/errors.js";
import type { Shape } from "../../base/tensor.js";
import { guard } from "./guard.js";

/**
 * The messages of an ONNX file. Raw data is a view of `bytes`, what the format does not know is left out.
 * @throws FormatError, naming `file`, for bytes that are no ONNX model, or that would take more memory than they vouch for
 */
export function decodeModel(bytes: Uint8Array, file: string): ModelProto {
  guard(bytes, ModelProtoSchema, file);
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes, { readUnknownFields: false });
  } catch (cause) {
    throw new FormatError(`${file}: an ONNX model expected, ${(cause as Error).message}`, { cause });
  }
  if (!model.graph) throw new FormatError(`${file}: an ONNX model expected, got one without a graph`);
  if (model.irVersion < 1n) throw new FormatError(`${file}: an ONNX model expected, got one without an ir_version`);
  if (model.opsetImport.length === 0) {
    throw new FormatError(`${file}: an ONNX model expected, got one without an opset_import`);
  }
  return model;
}

/** The bytes of an ONNX file. */
export function encodeModel(model: ModelProto): Uint8Array<ArrayBuffer> {
  return toBinary(ModelProtoSchema, model);
}

/** A tensor of f32 numbers, as raw data that views them. */
export function floatTensor(name: string, shape: Shape, data: Float32Array): TensorProto {
  return tensor(name, shape, TensorProto_DataType.FLOAT, data);
}

/** The same of int64 numbers. */
export function int64Tensor(name: string, shape: Shape, data: BigInt64Array): TensorProto {
  return tensor(name, shape, TensorProto_DataType.INT64, data);
}

function tensor(name: string, shape: Shape, dataType: TensorProto_DataType, data: Float32Array | BigInt64Array) {
  const rawData = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  return create(TensorProtoSchema, { name, dims: shape.map(BigInt), dataType, rawData });
}
