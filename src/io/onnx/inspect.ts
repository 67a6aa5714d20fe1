import { type GraphProto, type ModelProto, type TensorProto, TensorProto_DataType } from "onnx-buf";
import { FormatError } from "../../base/errors.js";
import type { Shape } from "../../base/tensor.js";
import type { FileInfo } from "../model-data.js";
import { decodeModel } from "./proto.js";

/**
 * What an ONNX file holds: its initializers, its operators in the graph's order, and as metadata its `metadata_props` with
 * the fields of its head (`producer_name`, `ir_version`, `opset_import`, ...), which come before entries of their name.
 * @throws FormatError, naming `file`, for bytes that are no ONNX model
 */
export function inspectOnnx(bytes: Uint8Array, file: string): Omit<FileInfo, "architecture" | "unsupported"> {
  const model = decodeModel(bytes, file);
  const graph = model.graph as GraphProto;
  return {
    format: "onnx",
    tensors: graph.initializer.map((tensor) => {
      return { name: tensor.name, dtype: typeName(tensor.dataType), shape: shapeOf(tensor, file) };
    }),
    metadata: metadataOf(model),
    operators: graph.node.map(({ name, domain, opType }) => {
      return { name, operator: domain === "" ? opType : `${domain}.${opType}` };
    }),
  };
}

/** As ONNX spells it; a type that is newer than this table is its number. */
function typeName(dataType: number): string {
  return TensorProto_DataType[dataType] ?? String(dataType);
}

function shapeOf({ name, dims }: TensorProto, file: string): Shape {
  return dims.map((size) => {
    if (size < 0n || size > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new FormatError(
        `${file}: initializer ${JSON.stringify(name)}: a size from 0 to 2^53 - 1 expected, got ${size}`,
      );
    }
    return Number(size);
  });
}

function metadataOf(model: ModelProto): Record<string, string> {
  const head = {
    producer_name: model.producerName,
    producer_version: model.producerVersion,
    ir_version: String(model.irVersion),
    opset_import: model.opsetImport.map(({ domain, version }) => `${domain} ${version}`.trim()).join(", "),
    domain: model.domain,
    doc_string: model.docString,
  };
  const entries = Object.entries(head).filter(([, text]) => text !== "");
  return Object.fromEntries([...model.metadataProps.map(({ key, value }) => [key, value] as const), ...entries]);
}
