import { create } from "@bufbuild/protobuf";
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
} from "onnx-buf";
import { ConfigError } from "../../base/errors.js";
import type { Shape } from "../../base/tensor.js";
import type { WeightData } from "../model-data.js";
import { floatTensor, int64Tensor } from "./proto.js";

/** A whole number as an attribute of a node. */
export function int(name: string, value: number): AttributeProto {
  return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) });
}

/** An f32 number as an attribute of a node. */
export function float(name: string, value: number): AttributeProto {
  return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOAT, f: value });
}

/** An ONNX graph while it is written: its nodes, its initializers, and the names that are taken. */
export class GraphWriter {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly #weights: ReadonlyMap<string, WeightData>;
  readonly #taken: Set<string>;
  /** The initializers' names by what was asked for. */
  readonly #shared = new Map<string, string>();

  /** `reserved`: names that are spoken for, as those of the weights are. */
  constructor(weights: readonly WeightData[], reserved: readonly string[]) {
    this.#weights = new Map(weights.map((weight) => [weight.name, weight]));
    this.#taken = new Set([...this.#weights.keys(), ...reserved]);
  }

  /** `name`, numbered where it is taken, and taken from now on. */
  unique(name: string): string {
    let unique = name;
    for (let i = 1; this.#taken.has(unique); i++) unique = `${name}_${i}`;
    this.#taken.add(unique);
    return unique;
  }

  /** Adds a node, whose output is called as it is. */
  node(name: string, opType: string, input: readonly string[], attribute: readonly AttributeProto[]): void {
    const node = { name, opType, input: [...input], output: [name], attribute: [...attribute] };
    this.nodes.push(create(NodeProtoSchema, node));
  }

  /** The weight `name` as an initializer, under its own shape or another one of its size. */
  weight(name: string, shape?: Shape): string {
    const weight = this.#weights.get(name);
    if (!weight) throw new ConfigError(`weight ${JSON.stringify(name)} expected, the model has none of this name`);
    return this.#initializer([name, shape ?? weight.shape], () => {
      // The first keeps the name, which is reserved for it.
      const used = this.initializers.some((tensor) => tensor.name === name);
      return floatTensor(used ? this.unique(name) : name, shape ?? weight.shape, weight.data);
    });
  }

  /** An initializer that holds f32 numbers; the same numbers under the same name are one. */
  floats(name: string, shape: Shape, data: readonly number[]): string {
    return this.#initializer([name, shape, data], () => floatTensor(this.unique(name), shape, Float32Array.from(data)));
  }

  /** The same for int64 numbers in one row. */
  int64s(name: string, data: readonly number[]): string {
    return this.#initializer([name, data], () =>
      int64Tensor(this.unique(name), [data.length], BigInt64Array.from(data, BigInt)),
    );
  }

  /** `wanted`: what tells it from others. */
  #initializer(wanted: readonly (string | readonly number[])[], make: () => TensorProto): string {
    const key = JSON.stringify(wanted);
    let name = this.#shared.get(key);
    if (name === undefined) {
      const tensor = make();
      this.initializers.push(tensor);
      name = tensor.name;
      this.#shared.set(key, name);
    }
    return name;
  }
}

/**
 * The nodes of one application of a layer, whose output is the value `output`. A node is called `output/Operator`, and so is
 * its own output, but for the last one's.
 */
export class ApplicationWriter {
  readonly #graph: GraphWriter;
  readonly #layer: string;
  readonly #output: string;
  readonly #first: number;

  constructor(graph: GraphWriter, layer: string, output: string) {
    this.#graph = graph;
    this.#layer = layer;
    this.#output = output;
    this.#first = graph.nodes.length;
  }

  /** Adds a node of ONNX's own operators and returns its output. */
  node(operator: string, inputs: readonly string[], attributes: readonly AttributeProto[] = []): string {
    const name = this.#graph.unique(`${this.#output}/${operator}`);
    this.#graph.node(name, operator, inputs, attributes);
    return name;
  }

  /** The layer's weight, such as `kernel`, under its own shape or another one of its size. */
  weight(parameter: string, shape?: Shape): string {
    return this.#graph.weight(`${this.#layer}/${parameter}`, shape);
  }

  /** A number of the layer's. */
  scalar(setting: string, value: number): string {
    return this.#graph.floats(`${this.#layer}/${setting}`, [], [value]);
  }

  /** A number of a formula's, which all who use it share. */
  constant(name: string, value: number): string {
    return this.#graph.floats(name, [], [value]);
  }

  /** Sizes of the layer's. */
  sizes(setting: string, sizes: readonly number[]): string {
    return this.#graph.int64s(`${this.#layer}/${setting}`, sizes);
  }

  /** Gives the last node's output its name; a layer that leaves `result`, its input, as it is becomes an Identity. */
  finish(result: string): void {
    if (this.#graph.nodes.length === this.#first) this.node("Identity", [result]);
    const last = this.#graph.nodes.at(-1) as NodeProto;
    last.output = [this.#output];
  }
}
