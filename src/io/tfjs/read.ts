import { FormatError } from "../../base/errors.js";
import { isJsonObject, type Json, parseJson } from "../../base/json.js";
import type { FileInfo, ModelData, ModelMetadata } from "../model-data.js";
import { ArchitectureBuilder } from "./builder.js";
import { readManifest, readWeights } from "./manifest.js";
import { type KerasLayer, readTopology, type Topology } from "./read-graph.js";
import { readLayer, type Translation } from "./read-layers.js";
import { brief, inKerasSpelling, SettingsReader } from "./settings.js";
import { StoredWeights } from "./stored-weights.js";

/**
 * The model of a TensorFlow.js layers model: `json` is its model file, as `model.save` of TensorFlow.js or the
 * converter from Keras wrote it; `readShard` gives the bytes of a file of weights by its path relative to the model
 * file. Settings of training are not read. Layers that neurone says in several get names for those that are made of
 * their own.
 * @throws FormatError, naming `file`, for bytes that are no such model, for weights that do not belong to its layers
 * one to one, and for all layers that neurone has no counterpart for
 */
export async function readTfjs(
  json: Uint8Array,
  readShard: (path: string) => Promise<Uint8Array>,
  file: string,
): Promise<ModelData> {
  const root = readRoot(json, file);
  const format = root.text("format", "layers-model");
  if (format !== "layers-model") throw root.error("format", "layers-model");
  const topology = readTopology(modelOf(root), file);
  const translations = translate(topology, file);
  const manifest = readManifest(root.values["weightsManifest"], file);
  const stored = new StoredWeights(await readWeights(manifest, readShard, file), file);
  const builder = new ArchitectureBuilder(topology.inputs, translations, stored, file);
  for (const call of topology.calls) builder.add(call);
  stored.checkAllTaken();
  return { ...builder.finish(topology), metadata: readMetadata(root.values["userDefinedMetadata"]) };
}

/**
 * What a model file says of itself and its weights, as they are stored: an optimizer's too.
 * @throws FormatError, naming `file`, for bytes that are no model file of TensorFlow.js
 */
export function inspectTfjs(json: Uint8Array, file: string): Omit<FileInfo, "architecture" | "unsupported"> {
  const root = readRoot(json, file);
  const weights = readManifest(root.values["weightsManifest"], file).flatMap((group) => group.weights);
  const { userDefinedMetadata: user } = root.values;
  const head = ["format", "generatedBy", "convertedBy"].map((key) => [key, root.values[key]] as const);
  const entries = [...(isJsonObject(user) ? Object.entries(user) : []), ...head];
  const texts = entries.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]);
  return {
    format: "tfjs",
    tensors: weights.map(({ name, storedDtype, shape }) => ({ name, dtype: storedDtype, shape })),
    metadata: Object.fromEntries(texts.filter(([, text]) => text !== undefined && text !== "null")),
  };
}

function readRoot(json: Uint8Array, file: string): SettingsReader {
  const root = new SettingsReader(file, parseJson(json, file));
  if (!isJsonObject(root.values["modelTopology"])) throw root.error("modelTopology", "an object");
  return root;
}

/** The converter puts what `model.save` writes as the topology one level deeper. */
function modelOf(root: SettingsReader): Json | undefined {
  const topology = inKerasSpelling(root.values["modelTopology"] as Json, root.what);
  const { model_config: model } = topology as { readonly [key: string]: Json };
  return model ?? topology;
}

function translate({ calls }: Topology, file: string): ReadonlyMap<KerasLayer, Translation> {
  const all = [...new Set(calls.map(({ layer }) => layer))].map((layer) => {
    return [layer, readLayer(layer.className, layer.settings)] as const;
  });
  const unknown = all.flatMap(([{ name, className }, translation]) => {
    if (typeof translation !== "string") return [];
    return [`${brief(name)} (${className}${translation === "" ? "" : `: ${translation}`})`];
  });
  if (unknown.length > 0) {
    throw new FormatError(`${file}: layers that neurone has too expected, got ${unknown.join(", ")}`);
  }
  return new Map(all as [KerasLayer, Translation][]);
}

/** Texts that a model's maker added: names of classes and features, where they are lists of names. */
function readMetadata(user: Json | undefined): ModelMetadata {
  const names = (key: string) => {
    const list = isJsonObject(user) ? user[key] : undefined;
    return Array.isArray(list) && list.every((name) => typeof name === "string") ? { [key]: list } : {};
  };
  return { ...names("classNames"), ...names("featureNames") };
}
