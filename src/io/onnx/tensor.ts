import { type TensorProto, TensorProto_DataLocation, TensorProto_DataType } from "onnx-buf";
import { FormatError } from "../../base/errors.js";
import { formatShape, type Shape, sizeOf } from "../../base/tensor.js";
import { toFloat32 } from "../safetensors.js";
import { type Constant, MOST_AXES } from "./values.js";

const LARGEST = 2n ** 31n - 1n;

/** How the elements of a type lie in a file. */
interface ElementType {
  /** Of one element, in raw data. */
  readonly bytes: number;
  /** The elements that are not raw data. */
  readonly listed: (tensor: TensorProto) => readonly (number | bigint)[];
  /** As safetensors names it, where it becomes f32. */
  readonly float?: "F32" | "F64" | "F16" | "BF16";
  readonly integer?: (view: DataView, offset: number) => number | bigint;
}

const int32Data = (tensor: TensorProto) => tensor.int32Data;

/** The types that networks of floats are written with: onnx.proto, TensorProto. */
const TYPES: Readonly<Record<number, ElementType>> = {
  [TensorProto_DataType.FLOAT]: { bytes: 4, listed: (tensor) => tensor.floatData, float: "F32" },
  [TensorProto_DataType.DOUBLE]: { bytes: 8, listed: (tensor) => tensor.doubleData, float: "F64" },
  [TensorProto_DataType.FLOAT16]: { bytes: 2, listed: int32Data, float: "F16" },
  [TensorProto_DataType.BFLOAT16]: { bytes: 2, listed: int32Data, float: "BF16" },
  [TensorProto_DataType.INT64]: {
    bytes: 8,
    listed: (tensor) => tensor.int64Data,
    integer: (view, at) => view.getBigInt64(at, true),
  },
  [TensorProto_DataType.INT32]: { bytes: 4, listed: int32Data, integer: (view, at) => view.getInt32(at, true) },
  [TensorProto_DataType.BOOL]: { bytes: 1, listed: int32Data, integer: (view, at) => view.getUint8(at) },
};

/**
 * The shape of a tensor, once it is known that its elements are there.
 * @throws FormatError for data that lies in another file, is in pieces, or does not fit the shape
 */
export function checkTensor(tensor: TensorProto): Shape {
  const what = `tensor ${JSON.stringify(tensor.name)}`;
  if (tensor.dataLocation !== TensorProto_DataLocation.DEFAULT || tensor.externalData.length > 0) {
    throw new FormatError(`${what}: its numbers expected in this file, they lie in another one`);
  }
  if (tensor.segment) throw new FormatError(`${what}: one piece expected, got a segment`);
  if (tensor.dims.length > MOST_AXES || !tensor.dims.every((size) => size >= 0n && size <= LARGEST)) {
    throw new FormatError(`${what}: at most ${MOST_AXES} sizes from 0 to ${LARGEST} expected`);
  }
  const shape = tensor.dims.map(Number);
  const type = TYPES[tensor.dataType];
  if (!type) return shape;
  const listed = type.listed(tensor).length;
  const held = tensor.rawData.length / type.bytes + listed;
  if (listed > 0 && tensor.rawData.length > 0)
    throw new FormatError(`${what}: raw or listed numbers expected, got both`);
  if (held !== sizeOf(shape)) {
    throw new FormatError(`${what}: ${formatShape(shape)} holds ${sizeOf(shape)} numbers, its data ${held}`);
  }
  return shape;
}

/**
 * The tensor's numbers: floats as f32, F64 rounded; integers rounded where they are above 2^53, which no size is.
 * @throws FormatError for a type that networks of floats have no use for, and as `checkTensor`
 */
export function readTensor(tensor: TensorProto, name: string): Constant {
  const shape = checkTensor(tensor);
  const type = TYPES[tensor.dataType];
  if (!type) {
    const known = Object.keys(TYPES).map((code) => TensorProto_DataType[Number(code)]);
    const got = TensorProto_DataType[tensor.dataType] ?? tensor.dataType;
    throw new FormatError(`tensor ${JSON.stringify(name)}: a type of ${known.join(", ")} expected, got ${got}`);
  }
  const { rawData } = tensor;
  const listed = type.listed(tensor);
  if (type.integer) {
    const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
    const { bytes, integer } = type;
    const raw = Array.from({ length: rawData.length / bytes }, (_, i) => Number(integer(view, i * bytes)));
    return { kind: "integers", shape, data: listed.length > 0 ? listed.map(Number) : raw, name };
  }
  const dtype = type.float as string;
  if (listed.length === 0) {
    return { kind: "floats", shape, data: toFloat32({ name, dtype, shape, bytes: rawData }, name), name };
  }
  if (type.bytes !== 2) return { kind: "floats", shape, data: Float32Array.from(listed as number[]), name };
  // 16-bit numbers are listed by their bits.
  const bytes = new Uint8Array(Uint16Array.from(listed as number[]).buffer);
  return { kind: "floats", shape, data: toFloat32({ name, dtype, shape, bytes }, name), name };
}
