import { FormatError } from "../../base/errors.js";
import { isJsonObject, type Json } from "../../base/json.js";
import { topologicalOrder } from "../../base/order.js";
import type { Shape } from "../../base/tensor.js";
import { brief, SettingsReader } from "./settings.js";
import { isShape } from "./shapes.js";

/** A layer of a topology; an input of the model is one of class InputLayer. */
export interface KerasLayer {
  readonly className: string;
  readonly name: string;
  readonly settings: SettingsReader;
}

/** An application of a layer. */
export interface Call {
  readonly layer: KerasLayer;
  readonly inputs: readonly Call[];
}

export interface Topology {
  /** The model's inputs, in its order, with the shape of an example. */
  readonly inputs: ReadonlyMap<Call, Shape>;
  /** The other applications, each after those it reads. */
  readonly calls: readonly Call[];
  readonly outputs: readonly Call[];
}

/** A layer of a functional model with its applications, whose inputs are filled in one after the other. */
interface Entry {
  readonly layer: KerasLayer;
  readonly reader: SettingsReader;
  readonly calls: readonly { readonly layer: KerasLayer; inputs: readonly Call[] }[];
}

const INPUT = "InputLayer";

/**
 * The graph of a topology of Keras's format, in its spelling: a Sequential or a functional model.
 * @throws FormatError, naming `what`, for anything else
 */
export function readTopology(model: Json | undefined, what: string): Topology {
  const reader = new SettingsReader(what, model);
  const className = reader.text("class_name");
  if (className === "Sequential") return readSequential(reader);
  if (className === "Functional" || className === "Model") return readFunctional(reader.object("config"));
  throw reader.error("class_name", "Sequential, Functional or Model");
}

/** Old files have the list of layers as the whole configuration. */
function readSequential(reader: SettingsReader): Topology {
  const config = reader.values["config"];
  const list = Array.isArray(config) ? config : reader.object("config").list("layers");
  const layers = readLayers(list, reader.what, (entry) => entry.object("config").text("name")).map(
    ({ layer }) => layer,
  );
  const [first] = layers;
  const behind = first?.className === INPUT ? layers.slice(1) : layers;
  if (!first || behind.length === 0) throw new FormatError(`${reader.what}: at least one layer expected, got none`);
  const input: Call = { layer: first, inputs: [] };
  const calls: Call[] = [];
  for (const layer of behind) calls.push({ layer, inputs: [calls.at(-1) ?? input] });
  return { inputs: new Map([[input, readInputShape(first)]]), calls, outputs: calls.slice(-1) };
}

function readFunctional(config: SettingsReader): Topology {
  const entries = readLayers(config.list("layers"), config.what, (entry) => entry.text("name")).map(makeCalls);
  const byName = new Map(entries.map((entry) => [entry.layer.name, entry]));
  const find = (place: Json, key: string, reader: SettingsReader): Call => {
    const [name, number, output] = Array.isArray(place) ? place : [];
    const call = Number.isSafeInteger(number) ? byName.get(name)?.calls[number] : undefined;
    if (!call || output !== 0)
      throw new FormatError(`${reader.what}: ${key}: a layer's output expected, got ${brief(place)}`);
    return call;
  };
  for (const { reader, calls } of entries) {
    calls.forEach((call, i) => {
      if (call.layer.className === INPUT) return;
      call.inputs = placesOf(reader, i).map((place) => find(place, "inbound_nodes", reader));
    });
  }
  const inputCalls = config.list("input_layers").map((place) => find(place, "input_layers", config));
  const inputs = new Map(inputCalls.map((call) => [call, readInputShape(call.layer)]));
  const outputs = config.list("output_layers").map((place) => find(place, "output_layers", config));
  const order = topologicalOrder(outputs, (call) => call.inputs);
  const isListed = inputs.size === inputCalls.length && inputCalls.every(({ layer }) => layer.className === INPUT);
  if (!isListed || outputs.length === 0) throw config.error("input_layers", "every input once, and an output");
  checkOrder(order, entries, inputs, config.what);
  return { inputs, calls: order.filter((call) => !inputs.has(call)), outputs };
}

function readLayers(list: readonly Json[], what: string, nameOf: (entry: SettingsReader) => string) {
  const names = new Set<string>();
  return list.map((json, i) => {
    const entry = new SettingsReader(`${what}: layers[${i}]`, json);
    const className = entry.text("class_name");
    const name = nameOf(entry);
    if (names.has(name)) throw entry.error("name", "a name that no other layer has");
    names.add(name);
    const settings = new SettingsReader(`${what}: layer ${brief(name)}`, entry.object("config").values);
    if (settings.text("name", name) !== name) throw settings.error("name", "the same in the layer's settings");
    return { reader: entry, layer: { className, name, settings } };
  });
}

function makeCalls({ reader, layer }: Omit<Entry, "calls">): Entry {
  if (layer.className === INPUT) return { reader, layer, calls: [{ layer, inputs: [] }] };
  const nodes = reader.list("inbound_nodes");
  if (nodes.length === 0) throw reader.error("inbound_nodes", "at least one application");
  return { reader, layer, calls: nodes.map(() => ({ layer, inputs: [] })) };
}

/**
 * The places that an application reads: each a layer's name, the number of its application, of the output, and
 * arguments.
 */
function placesOf(reader: SettingsReader, node: number): readonly Json[] {
  const places = reader.list("inbound_nodes")[node];
  if (!Array.isArray(places) || places.length === 0) throw reader.error("inbound_nodes", "lists of places");
  for (const place of places) {
    const settings: Json | undefined = Array.isArray(place) ? place[3] : undefined;
    if (isJsonObject(settings) && Object.keys(settings).length > 0) {
      throw reader.error("inbound_nodes", "no arguments");
    }
  }
  return places;
}

/** The shape of an example: the batch, which comes first, is left to whoever uses the model. */
function readInputShape({ settings }: KerasLayer): Shape {
  const [batch, ...shape] = settings.list("batch_input_shape");
  if (batch === undefined || !isShape(shape))
    throw settings.error("batch_input_shape", "the batch and sizes from 1 on");
  return shape;
}

function checkOrder(order: readonly Call[], entries: readonly Entry[], inputs: ReadonlyMap<Call, Shape>, what: string) {
  const before = new Set<Call>();
  for (const call of order) {
    const { className, name } = call.layer;
    if (className === INPUT && !inputs.has(call))
      throw new FormatError(`${what}: input ${brief(name)} is missing from input_layers`);
    if (!call.inputs.every((input) => before.has(input)))
      throw new FormatError(`${what}: layer ${brief(name)} reads its own output`);
    before.add(call);
  }
  const dead = entries.find(({ calls }) => !calls.every((call) => before.has(call)));
  if (dead) throw new FormatError(`${what}: layer ${brief(dead.layer.name)} leads to no output`);
}
