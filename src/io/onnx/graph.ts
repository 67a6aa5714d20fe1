import type { NodeProto } from "onnx-buf";
import { FormatError } from "../../base/errors.js";
import { formatShape, type Shape, sizeOf } from "../../base/tensor.js";
import { checkRank, transpose } from "./fold.js";
import type { Budget, Floats, Operation, Symbolic } from "./values.js";

const LARGEST = 2 ** 31 - 1;

/** One step of the computation. */
export interface Step {
  readonly operation: Operation;
  /** Numbers of the values that it reads: all below its own. */
  readonly inputs: readonly number[];
  /** Of its output, for one example. */
  readonly shape: Shape;
  /** The first of the file's nodes that it stands for. */
  readonly node: NodeProto;
  /** What the file calls its output; empty within a node of several steps. */
  readonly output: string;
}

/** The network while the file's nodes are read, one after the other. */
export class Graph {
  /** Shape of each input for one example. */
  readonly inputs: readonly Shape[];
  readonly steps: Step[] = [];
  /** The size of a batch, where the file fixes it. */
  readonly batch: number | undefined;
  /** Values of the file that are known to be outputs of layers. */
  readonly layerOutputs: ReadonlySet<string>;
  readonly budget: Budget;
  readonly #transposed = new Map<Floats, Floats>();

  constructor(inputs: readonly Shape[], batch: number | undefined, layerOutputs: ReadonlySet<string>, budget: Budget) {
    this.inputs = inputs;
    this.batch = batch;
    this.layerOutputs = layerOutputs;
    this.budget = budget;
  }

  /** Adds a step of `node`. Throws `FormatError` for an output that no layer can have. */
  emit(
    node: NodeProto,
    operation: Operation,
    inputs: readonly Symbolic[],
    shape: Shape,
    elements: Symbolic["elements"] = "floats",
  ): Symbolic {
    checkRank(shape.length + 1);
    if (!shape.every((size) => size >= 1) || sizeOf(shape) > LARGEST) {
      throw new FormatError(`an example of 1 to ${LARGEST} numbers expected, got ${formatShape(shape)}`);
    }
    this.steps.push({ operation, inputs: inputs.map(({ id }) => id), shape, node, output: "" });
    return { kind: "symbolic", id: this.inputs.length + this.steps.length - 1, shape, elements };
  }

  /** Says what the file calls the value `id`; what has a name keeps it. */
  name(id: number, output: string): void {
    const step = this.producer(id);
    if (step?.output === "") this.steps[id - this.inputs.length] = { ...step, output };
  }

  /** The step whose output is the value `id`; undefined for an input. */
  producer(id: number): Step | undefined {
    return this.steps[id - this.inputs.length];
  }

  /** The same where that is no layer's output yet, but may be a part of its formula. */
  part(id: number): Step | undefined {
    const step = this.producer(id);
    return step && !this.layerOutputs.has(step.output) ? step : undefined;
  }

  /** The value `id`, which is one of floats. */
  value(id: number): Symbolic {
    const shape = this.inputs[id] ?? (this.producer(id) as Step).shape;
    return { kind: "symbolic", id, shape, elements: "floats" };
  }

  /** A matrix the other way round; one and the same for each time it is asked for, so that layers that share it still do. */
  transposed(matrix: Floats): Floats {
    let result = this.#transposed.get(matrix);
    if (!result) {
      result = transpose(matrix, [1, 0], this.budget) as Floats;
      this.#transposed.set(matrix, result);
    }
    return result;
  }
}
