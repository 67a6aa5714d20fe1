import { type AttributeProto, AttributeProto_AttributeType as AttributeType, type NodeProto } from "onnx-buf";
import { FormatError } from "../../base/errors.js";
import type { Shape } from "../../base/tensor.js";
import { checkRank } from "./fold.js";
import type { Graph } from "./graph.js";
import {
  BATCH,
  type Constant,
  describe,
  type Floats,
  type Integers,
  isConstant,
  type Operation,
  type Symbolic,
  type Value,
} from "./values.js";

/**
 * Interprets a node: its outputs, one or several; what the file names besides them is left out.
 * @throws FormatError for what is not supported, saying why; the node is named around it
 */
export type Operator = (call: Call) => Value | readonly Value[];

/** One node with what it reads. */
export class Call {
  readonly node: NodeProto;
  /** The version of the operators. */
  readonly opset: number;
  readonly graph: Graph;
  /** Undefined where an input is left out. */
  readonly inputs: readonly (Value | undefined)[];
  readonly #attributes: ReadonlyMap<string, AttributeProto>;

  constructor(node: NodeProto, opset: number, graph: Graph, inputs: readonly (Value | undefined)[]) {
    this.node = node;
    this.opset = opset;
    this.graph = graph;
    this.inputs = inputs;
    this.#attributes = new Map(node.attribute.map((attribute) => [attribute.name, attribute]));
    if (this.#attributes.size !== node.attribute.length) throw new FormatError("attributes of one name");
    if (node.attribute.some(({ refAttrName }) => refAttrName !== "")) {
      throw new FormatError("an attribute of a function");
    }
  }

  /** Adds a step of this node. */
  emit(operation: Operation, inputs: readonly Symbolic[], shape: Shape, elements?: Symbolic["elements"]): Symbolic {
    return this.graph.emit(this.node, operation, inputs, shape, elements);
  }

  /** Input `index`, which must be there. */
  input(index: number): Value {
    const value = this.inputs[index];
    if (!value) throw new FormatError(`an input ${index} expected, got nothing`);
    return value;
  }

  /** Input `index`, which must be a float tensor that depends on the network's inputs. */
  symbolic(index: number): Symbolic {
    const value = this.inputs[index];
    if (value?.kind !== "symbolic" || value.elements !== "floats") throw this.#wrong(index, "a tensor of floats");
    return value;
  }

  constant(index: number): Constant {
    const value = this.inputs[index];
    if (!value || !isConstant(value)) throw this.#wrong(index, "a constant");
    return value;
  }

  floats(index: number): Floats {
    const value = this.inputs[index];
    if (value?.kind !== "floats") throw this.#wrong(index, "constant floats");
    return value;
  }

  integers(index: number): Integers {
    const value = this.inputs[index];
    if (value?.kind !== "integers") throw this.#wrong(index, "constant integers");
    return value;
  }

  /** Constant integers without a size of the batch among them: axes, offsets. */
  numbers(index: number): readonly number[] {
    const { data } = this.integers(index);
    checkRank(data.length);
    return data.map((number) => {
      if (number === BATCH) throw this.#wrong(index, "constant integers");
      return number;
    });
  }

  /** The only element of input `index`, a constant; `missing` where the input is left out. */
  scalar(index: number, missing: number): number {
    if (!this.inputs[index]) return missing;
    const { data } = this.constant(index);
    if (data.length !== 1 || data[0] === BATCH) throw this.#wrong(index, "one constant number");
    return data[0] as number;
  }

  float(name: string, missing: number): number {
    return this.attribute(name, AttributeType.FLOAT)?.f ?? missing;
  }

  int(name: string, missing: number): number {
    return Number(this.attribute(name, AttributeType.INT)?.i ?? missing);
  }

  /** Throws `FormatError` where the attribute is there and another number than `value`. */
  only(name: string, value: number): void {
    const given = this.int(name, value);
    if (given !== value) throw new FormatError(`${name} ${value} expected, got ${given}`);
  }

  ints(name: string): readonly number[] | undefined {
    return this.attribute(name, AttributeType.INTS)?.ints.map(Number);
  }

  text(name: string, missing: string): string {
    const bytes = this.attribute(name, AttributeType.STRING)?.s;
    return bytes ? new TextDecoder().decode(bytes) : missing;
  }

  /** The attribute, which must be of this type if it is there. */
  attribute(name: string, type: AttributeType): AttributeProto | undefined {
    const attribute = this.#attributes.get(name);
    if (attribute && attribute.type !== type) {
      const [expected, got] = [type, attribute.type].map((one) => AttributeType[one] ?? one);
      throw new FormatError(`${name}: ${expected} expected, got ${got}`);
    }
    return attribute;
  }

  #wrong(index: number, expected: string): FormatError {
    return new FormatError(`${expected} expected as input ${index}, got ${describe(this.inputs[index])}`);
  }
}

/** `axis` of `rank`, where negative ones count from the end. Throws `FormatError` outside of them. */
export function checkAxis(axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new FormatError(`an axis from ${-rank} to ${rank - 1} expected, got ${axis}`);
  }
  return axis < 0 ? axis + rank : axis;
}
