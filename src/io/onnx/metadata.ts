import type { ModelProto } from "onnx-buf";
import { FormatError } from "../../base/errors.js";
import { isJsonObject, type Json, parseJsonText } from "../../base/json.js";
import { readMetadata } from "../architecture.js";
import type { ModelMetadata } from "../model-data.js";

/** What a file of ours says of a layer besides its operators. */
export interface LayerHint {
  readonly name: string;
  /** Settings that only training asks for. */
  readonly training: { readonly [setting: string]: Json };
}

/** What the metadata of a file say. They name things; how the network is put together, the graph alone says. */
export interface Hints {
  readonly seed: number;
  /** Whether predictions come as a list. */
  readonly list: boolean | undefined;
  /** Layers by the names of the values that they compute. */
  readonly layers: ReadonlyMap<string, LayerHint>;
  readonly metadata: ModelMetadata;
}

/** Settings that training alone asks for, so that no operator says them. */
export const TRAINING_SETTINGS = ["trainable", "kernelRegularizer", "biasRegularizer"];

/** Reads `classNames`, `featureNames` and `neurone`; other entries are others'. Throws `FormatError`. */
export function readHints(model: ModelProto, file: string): Hints {
  const texts = new Map(model.metadataProps.map(({ key, value }) => [key, value]));
  const parse = (key: string) => {
    const text = texts.get(key);
    return text === undefined ? undefined : parseJsonText(text, `${file}: ${key}`);
  };
  const names = ["classNames", "featureNames"].flatMap((key) => {
    const value = parse(key);
    return value === undefined ? [] : [[key, value] as const];
  });
  const metadata = readMetadata(Object.fromEntries(names), file);
  const neurone = parse("neurone");
  if (neurone === undefined) return { seed: 0, list: undefined, layers: new Map(), metadata };
  const what = `${file}: neurone`;
  if (!isJsonObject(neurone)) throw new FormatError(`${what}: an object expected`);
  const { seed, list, layers } = neurone;
  if (typeof seed !== "number" || !Number.isSafeInteger(seed) || seed < 0) {
    throw new FormatError(`${what}: seed: a whole number of at least 0 expected, got ${JSON.stringify(seed)}`);
  }
  if (typeof list !== "boolean") throw new FormatError(`${what}: list: true or false expected`);
  if (!Array.isArray(layers)) throw new FormatError(`${what}: layers: a list expected`);
  return { seed, list, layers: readLayers(layers, what), metadata };
}

function readLayers(layers: readonly Json[], what: string): ReadonlyMap<string, LayerHint> {
  const byValue = new Map<string, LayerHint>();
  const names = new Set<string>();
  layers.forEach((layer, i) => {
    const place = `${what}: layers[${i}]`;
    if (!isJsonObject(layer)) throw new FormatError(`${place}: an object expected`);
    const { name, values, training = {} } = layer;
    if (typeof name !== "string" || name === "" || names.has(name)) {
      throw new FormatError(`${place}: a name of its own expected, got ${JSON.stringify(name)}`);
    }
    names.add(name);
    if (!Array.isArray(values)) throw new FormatError(`${place}: values: a list expected`);
    const hint = { name, training: readTraining(training, place) };
    for (const value of values) {
      if (typeof value !== "string" || byValue.has(value)) {
        throw new FormatError(`${place}: values of its own expected, got ${JSON.stringify(value)}`);
      }
      byValue.set(value, hint);
    }
  });
  return byValue;
}

function readTraining(training: Json, place: string): LayerHint["training"] {
  if (!isJsonObject(training) || !Object.keys(training).every((key) => TRAINING_SETTINGS.includes(key))) {
    throw new FormatError(`${place}: training: an object of ${TRAINING_SETTINGS.join(", ")} expected`);
  }
  return training;
}
