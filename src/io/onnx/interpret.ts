import type { GraphProto, NodeProto, TensorProto, ValueInfoProto } from "onnx-buf";
import { FormatError } from "../../base/errors.js";
import { Call } from "./call.js";
import { Graph } from "./graph.js";
import { readInputs } from "./inputs.js";
import { operators } from "./operators/index.js";
import { checkTensor, readTensor } from "./tensor.js";
import type { Budget, Value } from "./values.js";

/** Whether it is the domain that ONNX's own operators are in: it has two names. */
export function isOwnDomain(domain: string): boolean {
  return domain === "" || domain === "ai.onnx";
}

/** What became of the file's graph: its steps, and its values by name. */
export interface Interpretation {
  readonly graph: Graph;
  readonly values: ReadonlyMap<string, Value>;
  /** What the file calls the inputs. */
  readonly inputs: readonly string[];
}

/** What a file is interpreted with. */
export interface Setting {
  /** What errors call it. */
  readonly file: string;
  /** The version of the operators. */
  readonly opset: number;
  readonly layerOutputs: ReadonlySet<string>;
  readonly budget: Budget;
}

/**
 * Goes through the nodes in their order, in which each comes after what it reads.
 * @throws FormatError for a graph that is none, and, naming all of them, for nodes that are not supported
 */
export function interpret(proto: GraphProto, setting: Setting): Interpretation {
  return new Interpreter(proto, setting).run(proto.node);
}

/** What `read` returns; a `FormatError` of it names the file too. */
export function inFile<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof FormatError ? new FormatError(`${file}: ${error.message}`, { cause: error }) : error;
  }
}

/** Throws the `FormatError` that lists nodes that are not supported, if there are any. */
export function refuse(nodes: readonly string[], file: string): void {
  if (nodes.length > 0) throw new FormatError(`${file}: operators that are not supported: ${nodes.join(", ")}`);
}

/** A node as that list has it. */
export function refusal(node: NodeProto, reason = ""): string {
  const operator = isOwnDomain(node.domain) ? node.opType : `${node.domain}.${node.opType}`;
  return `${operator} (${place(node)}${reason === "" ? "" : `: ${reason}`})`;
}

class Interpreter {
  readonly #setting: Setting;
  readonly #graph: Graph;
  readonly #inputs: readonly string[];
  /** The names of what there is so far. */
  readonly #defined = new Set<string>();
  readonly #initializers = new Map<string, TensorProto>();
  /** Initializers are among them once they have been read. */
  readonly #values = new Map<string, Value>();

  constructor(proto: GraphProto, setting: Setting) {
    const { file } = setting;
    this.#setting = setting;
    if (proto.sparseInitializer.length > 0) throw new FormatError(`${file}: no sparse initializers expected`);
    for (const tensor of proto.initializer) {
      this.#define(tensor.name);
      this.#initializers.set(tensor.name, tensor);
      inFile(file, () => checkTensor(tensor));
    }
    // Files of IR version 3 and before list the initializers among the inputs.
    const inputs = proto.input.filter(({ name }) => !this.#initializers.has(name));
    const { shapes, batch } = readInputs(inputs, file);
    this.#graph = new Graph(shapes, batch, setting.layerOutputs, setting.budget);
    this.#inputs = inputs.map(({ name }: ValueInfoProto) => name);
    this.#inputs.forEach((name, id) => {
      this.#define(name);
      this.#values.set(name, this.#graph.value(id));
    });
  }

  run(nodes: readonly NodeProto[]): Interpretation {
    const { file } = this.#setting;
    const refused: string[] = [];
    for (const node of nodes) {
      const missing = node.input.find((name) => name !== "" && !this.#defined.has(name));
      if (missing !== undefined) {
        throw new FormatError(
          `${file}: ${place(node)} reads ${JSON.stringify(missing)}, which nothing before it computes`,
        );
      }
      const results = this.#results(node, refused);
      node.output.forEach((name, i) => {
        if (name === "") return;
        this.#define(name);
        const value: Value = results ? (results[i] ?? { kind: "absent" }) : { kind: "unknown" };
        if (value.kind === "symbolic") this.#graph.name(value.id, name);
        this.#values.set(name, value);
      });
    }
    refuse(refused, file);
    return { graph: this.#graph, values: this.#values, inputs: this.#inputs };
  }

  /** The node's outputs; undefined where it, or one that it depends on, is not supported. */
  #results(node: NodeProto, refused: string[]): readonly Value[] | undefined {
    const known = isOwnDomain(node.domain) && Object.hasOwn(operators, node.opType);
    const operator = known ? operators[node.opType] : undefined;
    if (!operator) {
      refused.push(refusal(node));
      return undefined;
    }
    try {
      const inputs = node.input.map((name) => (name === "" ? undefined : this.#value(name)));
      if (inputs.some((value) => value?.kind === "unknown")) return undefined;
      const result = operator(new Call(node, this.#setting.opset, this.#graph, inputs));
      return Array.isArray(result) ? result : [result as Value];
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      refused.push(refusal(node, error.message));
      return undefined;
    }
  }

  #value(name: string): Value | undefined {
    const tensor = this.#initializers.get(name);
    if (tensor && !this.#values.has(name)) this.#values.set(name, readTensor(tensor, name));
    return this.#values.get(name);
  }

  #define(name: string): void {
    if (this.#defined.has(name)) {
      const { file } = this.#setting;
      throw new FormatError(`${file}: values of names that differ expected, two are called ${JSON.stringify(name)}`);
    }
    this.#defined.add(name);
  }
}

function place({ name, output }: NodeProto): string {
  return name === "" ? `node of ${JSON.stringify(output[0] ?? "")}` : `node ${JSON.stringify(name)}`;
}
