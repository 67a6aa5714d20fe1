import { topologicalOrder } from "../base/order.js";
import type { Shape } from "../base/tensor.js";
import type { Op } from "./op.js";

/**
 * A tensor of the graph. The shape of an input or a computed value leaves out the batch, which the plan adds; a
 * parameter's shape is whole.
 */
export class Value {
  readonly shape: Shape;
  /** The node that computes it; none where it is given with each batch or kept by the model. */
  readonly node: Node | undefined;

  constructor(shape: Shape, node?: Node) {
    this.shape = shape;
    this.node = node;
  }
}

/** One application of an op. */
export class Node {
  readonly op: Op;
  readonly inputs: readonly Value[];
  readonly output: Value;

  constructor(op: Op, inputs: readonly Value[]) {
    this.op = op;
    this.inputs = inputs;
    this.output = new Value(op.shape(inputs.map((input) => input.shape)), this);
  }
}

/** Adds a node for `op` and returns its output. Throws the op's `ShapeError` when the inputs do not fit. */
export function apply(op: Op, ...inputs: Value[]): Value {
  return new Node(op, inputs).output;
}

/** The nodes that `outputs` need, each after those it reads. */
export function nodesOf(outputs: readonly Value[]): Node[] {
  const nodes = (values: readonly Value[]) => values.flatMap(({ node }) => node ?? []);
  return topologicalOrder(nodes(outputs), (node) => nodes(node.inputs));
}
