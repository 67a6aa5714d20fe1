import { show } from "../base/check.js";
import { ConfigError } from "../base/errors.js";
import { topologicalOrder } from "../base/order.js";
import { Value } from "../graph/graph.js";
import type { Layer, Parameter, SymbolicTensor } from "../layers/layer.js";

/** A parameter under the name it has in the model: `dense_1/kernel`. */
export interface NamedParameter extends Parameter {
  readonly fullName: string;
}

/** The model's graph for one purpose. */
export interface Expression {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

/** Layers that belong to a network: a model owns its weights, so a layer has one home. */
const owned = new WeakSet<Layer>();

/** Layers connected from inputs to outputs, with their names and parameters. */
export class Network {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** Each layer's applications, every one after those it reads. */
  readonly applications: readonly SymbolicTensor[];
  /** Each layer once, in the order of its first application. */
  readonly layers: readonly Layer[];
  readonly parameters: readonly NamedParameter[];
  readonly #names = new Map<Layer, string>();
  readonly #seed: number;

  /** Throws `ConfigError` for inputs that are missing, unused or no inputs, and for a layer of another model. */
  constructor(inputs: readonly SymbolicTensor[], outputs: readonly SymbolicTensor[], seed: number) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.#seed = seed;
    const order = topologicalOrder(outputs, (tensor) => tensor.inputs);
    this.applications = order.filter((tensor) => tensor.layer);
    checkInputs(inputs, order);
    const layers = new Set(this.applications.map((tensor) => tensor.layer as Layer));
    this.layers = [...layers];
    this.#nameLayers();
    const taken = this.layers.find((layer) => owned.has(layer));
    if (taken) throw new ConfigError(`layer ${this.nameOf(taken)} belongs to another model already: make a new one`);
    this.parameters = this.layers.flatMap((layer) =>
      layer.parameters.map((parameter) => ({ ...parameter, fullName: `${this.nameOf(layer)}/${parameter.name}` })),
    );
  }

  /** Makes the layers this network's own, once nothing can fail any more. */
  own(): void {
    for (const layer of this.layers) owned.add(layer);
  }

  nameOf(layer: Layer): string {
    return this.#names.get(layer) as string;
  }

  /** What the outputs are called in logs: as their layer, numbered where that makes several outputs. */
  outputNames(): string[] {
    const counts = new Map<Layer, number>();
    return this.outputs.map(({ layer }, i) => {
      if (!layer) return `output_${i}`;
      const before = counts.get(layer) ?? 0;
      counts.set(layer, before + 1);
      return before === 0 ? this.nameOf(layer) : `${this.nameOf(layer)}_output_${before}`;
    });
  }

  /** The ops that compute the outputs, in training or not. */
  express(training: boolean): Expression {
    const values = new Map<SymbolicTensor, Value>();
    const inputs = this.inputs.map((tensor) => {
      const value = new Value(tensor.shape);
      values.set(tensor, value);
      return value;
    });
    const valuesOf = (tensors: readonly SymbolicTensor[]) => tensors.map((tensor) => values.get(tensor) as Value);
    this.applications.forEach((tensor, number) => {
      const mode = { training, seed: this.#seed, number };
      values.set(tensor, (tensor.layer as Layer).express(valuesOf(tensor.inputs), mode));
    });
    return { inputs, outputs: valuesOf(this.outputs) };
  }

  /** The given names, and for the others the layer's kind: `dense`, `dense_1`, ... */
  #nameLayers(): void {
    const taken = new Set<string>();
    for (const { name } of this.layers) {
      if (name === undefined) continue;
      if (typeof name !== "string" || name === "")
        throw new ConfigError(`a layer's name must be a text, got ${show(name)}`);
      if (taken.has(name)) throw new ConfigError(`two layers are named "${name}"`);
      taken.add(name);
    }
    for (const layer of this.layers) {
      let name = layer.name ?? layer.kind;
      for (let i = 1; layer.name === undefined && taken.has(name); i++) name = `${layer.kind}_${i}`;
      taken.add(name);
      this.#names.set(layer, name);
    }
  }
}

function checkInputs(inputs: readonly SymbolicTensor[], order: readonly SymbolicTensor[]): void {
  const given = new Set(inputs);
  const reached = new Set(order);
  if (given.size !== inputs.length) throw new ConfigError("inputs holds the same input twice");
  inputs.forEach((tensor, i) => {
    if (tensor.layer)
      throw new ConfigError(`inputs[${i}] must come of input(), got the output of a ${tensor.layer.kind} layer`);
    if (!reached.has(tensor)) throw new ConfigError(`inputs[${i}] leads to no output`);
  });
  if (order.some((tensor) => !tensor.layer && !given.has(tensor))) {
    throw new ConfigError("the outputs depend on an input() that is missing from inputs");
  }
}
