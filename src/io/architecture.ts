import type { Json } from "../base/json.js";
import { JsonReader } from "./json-reader.js";
import type { Architecture, LayerData, ModelMetadata, NodeData } from "./model-data.js";

/**
 * The architecture that `data` says: what every part is, not whether layers of these names exist and fit together.
 * @throws FormatError, naming `what`, for anything else
 */
export function readArchitecture(data: Json | undefined, what: string): Architecture {
  const reader = new JsonReader(what);
  const fields = reader.object("architecture", data, ["inputs", "layers", "nodes", "outputs", "list", "seed"]);
  const inputs = reader.list("inputs", fields["inputs"]).map((shape, i) => reader.shape(`inputs[${i}]`, shape));
  if (inputs.length === 0) throw reader.error("inputs", "at least one input", fields["inputs"]);
  const layers = reader.list("layers", fields["layers"]).map((layer, i) => readLayer(reader, layer, i));
  const names = new Set(layers.map(({ name }) => name));
  if (names.size !== layers.length) throw reader.error("layers", "names that differ", "the same one twice");
  const nodes = reader
    .list("nodes", fields["nodes"])
    .map((node, i) => readNode(reader, node, i, layers.length, inputs.length + i));
  const values = inputs.length + nodes.length;
  const outputs = reader.numbers("outputs", fields["outputs"], values - 1);
  const list = reader.boolean("list", fields["list"]);
  const seed = reader.number("seed", fields["seed"], Number.MAX_SAFE_INTEGER);
  return { inputs, layers, nodes, outputs, list, seed };
}

/** The names of classes and features that `data` says. Throws `FormatError` for anything else. */
export function readMetadata(data: Json | undefined, what: string): ModelMetadata {
  const reader = new JsonReader(what);
  const fields = reader.object("metadata", data, ["classNames", "featureNames"]);
  const names = (key: string) =>
    fields[key] === undefined ? {} : { [key]: reader.list(key, fields[key]).map((name) => reader.text(key, name)) };
  return { ...names("classNames"), ...names("featureNames") };
}

function readLayer(reader: JsonReader, data: Json, index: number): LayerData {
  const place = `layers[${index}]`;
  const { kind, name, config } = reader.object(place, data, ["kind", "name", "config"]);
  return {
    kind: reader.text(`${place}.kind`, kind),
    name: reader.text(`${place}.name`, name),
    config: reader.object(`${place}.config`, config),
  };
}

function readNode(reader: JsonReader, data: Json, index: number, layers: number, values: number): NodeData {
  const place = `nodes[${index}]`;
  const { layer, inputs, shape } = reader.object(place, data, ["layer", "inputs", "shape"]);
  return {
    layer: reader.number(`${place}.layer`, layer, layers - 1),
    inputs: reader.numbers(`${place}.inputs`, inputs, values - 1),
    shape: reader.shape(`${place}.shape`, shape),
  };
}
