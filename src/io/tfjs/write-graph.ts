import { ConfigError } from "../../base/errors.js";
import type { Json } from "../../base/json.js";
import { formatShape, type Shape } from "../../base/tensor.js";
import type { Architecture, WeightData } from "../model-data.js";
import { Names, type Settings } from "./parts.js";
import { type Applied, describeLayer, layerWriters, type Written } from "./write-layers.js";

/** The most axes of an example that all of TensorFlow.js's layers take. */
const MOST_AXES = 4;

/** What its layers may be called, in tfjs-layers 4.22, common.ts. */
const INVALID_CHARACTERS = /[^-A-Za-z0-9._/]/g;
const VALID_START = /^[A-Za-z0-9]/;

/** A layer of the topology with its applications. */
class KerasLayer {
  readonly className: string;
  readonly name: string;
  readonly config: Settings;
  readonly calls: Call[] = [];

  constructor(className: string, name: string, config: Settings) {
    this.className = className;
    this.name = name;
    this.config = { name, trainable: true, ...config };
  }

  apply(inputs: readonly Call[]): Call {
    const call = { layer: this, inputs };
    this.calls.push(call);
    return call;
  }
}

interface Call {
  readonly layer: KerasLayer;
  readonly inputs: readonly Call[];
}

/** What a model file says of the model, and the weights under the names that it has for them. */
export interface WrittenGraph {
  readonly topology: Json;
  readonly weights: readonly WeightData[];
}

/**
 * The architecture as a topology in Keras's format: a Sequential model where the layers are a chain, a functional one
 * otherwise.
 * @throws ConfigError, naming `file`, for all layers that TensorFlow.js has none for, and for examples of no or too
 * many axes
 */
export function writeGraph(architecture: Architecture, weights: readonly WeightData[], file: string): WrittenGraph {
  const written = writeLayers(architecture, weights, file);
  const names = new Names(Object.getOwnPropertyNames(Object.prototype));
  const layerNames = architecture.layers.map(({ name }) => names.unique(validName(name)));
  const chains = written.map(({ parts }, i) => {
    const partNames = names.ofParts(layerNames[i] as string, parts);
    const { trainable = true } = architecture.layers[i]?.config ?? {};
    return parts.map(({ kind, config, main }, part) => {
      return new KerasLayer(kind, partNames[part] as string, main ? { trainable, ...config } : config);
    });
  });
  const inputs = architecture.inputs.map((shape) => {
    const config = { batch_input_shape: [null, ...shape], dtype: "float32", sparse: false };
    return new KerasLayer("InputLayer", names.unique("input"), config);
  });
  const layers = chains.flat();
  const values = inputs.map((input) => input.apply([]));
  // TensorFlow.js forgets a value too early that one layer reads twice, and loses one of two outputs that are the same.
  const read = (value: number, i: number, list: readonly number[]): Call => {
    const call = values[value] as Call;
    if (list.indexOf(value) === i) return call;
    const copy = new KerasLayer("Activation", names.unique("copy"), { activation: "linear" });
    layers.push(copy);
    return copy.apply([call]);
  };
  for (const node of architecture.nodes) {
    let operands = node.inputs.map(read);
    for (const layer of chains[node.layer] as KerasLayer[]) operands = [layer.apply(operands)];
    values.push(operands[0] as Call);
  }
  const outputs = architecture.outputs.map(read);
  const all = [...inputs, ...layers];
  const model = isChain(architecture) ? sequential(all) : functional(all, inputs, outputs);
  return {
    topology: { ...model, keras_version: "tfjs-layers 4.22.0", backend: "tensor_flow.js" },
    weights: written.flatMap(({ weights = [] }, i) => {
      return weights.map(({ parameter, ...weight }) => ({ ...weight, name: `${layerNames[i]}/${parameter}` }));
    }),
  };
}

function writeLayers({ inputs, layers, nodes }: Architecture, weights: readonly WeightData[], file: string): Written[] {
  const shapes = [...inputs, ...nodes.map((node) => node.shape)];
  const wrong = shapes.find((shape) => shape.length < 1 || shape.length > MOST_AXES);
  if (wrong) {
    throw new ConfigError(
      `${file}: TensorFlow.js's layers take examples of 1 to ${MOST_AXES} axes, the model has ${formatShape(wrong)}`,
    );
  }
  const byName = new Map(weights.map((weight) => [weight.name, weight]));
  const applications = layers.map((): Applied[] => []);
  for (const node of nodes)
    applications[node.layer]?.push({ from: shapes[node.inputs[0] as number] as Shape, to: node.shape });
  const written = layers.map(({ kind, name, config }, i) => {
    const writer = Object.hasOwn(layerWriters, kind) ? layerWriters[kind] : undefined;
    return writer?.(config, applications[i] as Applied[], (parameter) =>
      weightOf(byName, `${name}/${parameter}`, file),
    );
  });
  const unknown = layers.filter((_, i) => written[i] === undefined);
  if (unknown.length > 0) {
    throw new ConfigError(
      `${file}: layers that TensorFlow.js has too expected, got ${unknown.map(describeLayer).join(", ")}`,
    );
  }
  return written as Written[];
}

function weightOf(weights: ReadonlyMap<string, WeightData>, name: string, file: string): WeightData {
  const weight = weights.get(name);
  if (!weight)
    throw new ConfigError(`${file}: weight ${JSON.stringify(name)} expected, the model has none of this name`);
  return weight;
}

function validName(name: string): string {
  const valid = name.replace(INVALID_CHARACTERS, "_");
  return VALID_START.test(valid) ? valid : `layer${valid}`;
}

/** Whether every layer reads what the one before it gives, from the only input to the only output. */
function isChain({ inputs, layers, nodes, outputs }: Architecture): boolean {
  const isLink = nodes.every((node, i) => node.inputs.length === 1 && node.inputs[0] === i);
  const once = nodes.length > 0 && layers.length === nodes.length;
  return inputs.length === 1 && once && isLink && outputs.length === 1 && outputs[0] === nodes.length;
}

function sequential(layers: readonly KerasLayer[]) {
  const entries = layers.map(({ className, config }) => ({ class_name: className, config }));
  return { class_name: "Sequential", config: { name: "sequential", layers: entries } };
}

function functional(layers: readonly KerasLayer[], inputs: readonly KerasLayer[], outputs: readonly Call[]) {
  const numbers = numberCalls(layers);
  const place = (call: Call) => [call.layer.name, numbers.get(call) as number, 0];
  const entries = layers.map(({ className, name, config, calls }) => {
    const inOrder = [...calls].sort((a, b) => (numbers.get(a) as number) - (numbers.get(b) as number));
    const nodes = inOrder.filter((call) => call.inputs.length > 0);
    const inbound = nodes.map((call) => call.inputs.map((input) => [...place(input), {}]));
    return { class_name: className, name, config, inbound_nodes: inbound };
  });
  const calls = inputs.map((input) => input.calls[0] as Call);
  const config = { name: "model", layers: entries, input_layers: calls.map(place), output_layers: outputs.map(place) };
  return { class_name: "Model", config };
}

/**
 * Numbers the applications of each layer as TensorFlow.js will. It numbers them as they become possible, going over the
 * layers again and again, and takes the numbers in a file for those (tfjs-layers 4.22, engine/container.ts,
 * `fromConfig`).
 */
function numberCalls(layers: readonly KerasLayer[]): ReadonlyMap<Call, number> {
  const numbers = new Map<Call, number>();
  let waiting = layers.map((layer) => ({ calls: layer.calls, count: 0 }));
  while (waiting.length > 0) {
    for (const layer of waiting) {
      layer.calls = layer.calls.filter((call) => {
        const possible = call.inputs.every((input) => numbers.has(input));
        if (possible) numbers.set(call, layer.count++);
        return !possible;
      });
    }
    waiting = waiting.filter(({ calls }) => calls.length > 0);
  }
  return numbers;
}
