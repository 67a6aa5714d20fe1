import { Kernel } from "../../assembly/kernels.js";
import { sizeOf } from "../base/tensor.js";
import type { Buffer, KernelCall } from "../plan/call.js";
import { type Node, nodesOf, type Value } from "./graph.js";
import type { Lowering, RunState } from "./op.js";

/** Where a parameter's numbers and, if it is trained, its gradient live. */
export interface ParameterHome {
  readonly value: Buffer;
  readonly gradient: Buffer | undefined;
}

/**
 * Turns graphs into kernel calls for batches of `batch` examples. `forward` any number of values, then `backward` from
 * gradients of some of them. Reverse-mode differentiation: nodes are visited in the opposite order, and where a value
 * is used more than once its contributions are added.
 */
export class Lowerer implements Lowering {
  readonly batch: number;
  readonly state: RunState;
  readonly calls: KernelCall[] = [];
  readonly #parameters: ReadonlyMap<Value, ParameterHome>;
  readonly #buffers = new Map<Value, Buffer>();
  readonly #order: Node[] = [];
  readonly #done = new Set<Node>();

  constructor(batch: number, state: RunState, parameters: ReadonlyMap<Value, ParameterHome>) {
    this.batch = batch;
    this.state = state;
    this.#parameters = parameters;
    for (const [value, home] of parameters) this.#buffers.set(value, home.value);
  }

  emit(call: KernelCall): void {
    this.calls.push(call);
  }

  temporary(elements: number): Buffer {
    return { bytes: elements * 4, region: "temporary", offset: 0 };
  }

  /** Gives an input value its buffer. */
  bind(input: Value, buffer: Buffer): void {
    this.#buffers.set(input, buffer);
  }

  /** The buffer of a value that was bound or computed. */
  bufferOf(value: Value): Buffer {
    const buffer = this.#buffers.get(value);
    if (!buffer) throw new Error("a value was lowered before it was bound or computed");
    return buffer;
  }

  /** Emits what `values` need and is not there yet. */
  forward(values: readonly Value[]): void {
    for (const node of nodesOf(values)) {
      if (this.#done.has(node)) continue;
      this.#done.add(node);
      this.#order.push(node);
      const inputs = node.inputs.map((input) => this.bufferOf(input));
      const view = node.op.sharing === "view";
      const output = view ? (inputs[0] as Buffer) : this.temporary(this.batch * sizeOf(node.output.shape));
      this.#buffers.set(node.output, output);
      node.op.forward?.(this, { ...this.#operands(node), inputs, output });
    }
  }

  /** Emits the gradients of the trained parameters, starting from those of `seeds`. */
  backward(seeds: ReadonlyMap<Value, Buffer>): void {
    const wanted = this.#wanted();
    const uses = this.#uses(wanted, seeds);
    const contributions = new Map<Value, Buffer[]>();
    const contribute = (value: Value, buffer: Buffer) => {
      const list = contributions.get(value);
      if (list) list.push(buffer);
      else contributions.set(value, [buffer]);
    };
    for (const [value, buffer] of seeds) contribute(value, buffer);

    for (const node of [...this.#order].reverse()) {
      const list = contributions.get(node.output);
      if (!list || !wanted.has(node.output)) continue;
      const dOutput = this.#sum(list, undefined);
      if (node.op.sharing) {
        for (const input of node.inputs) if (wanted.has(input)) contribute(input, dOutput);
        continue;
      }
      const dInputs = node.inputs.map((input) => {
        if (!wanted.has(input)) return undefined;
        const home = this.#parameters.get(input);
        const direct = home?.gradient && uses.get(input) === 1;
        const elements = sizeOf(input.shape) * (home ? 1 : this.batch);
        return direct ? (home.gradient as Buffer) : this.temporary(elements);
      });
      node.op.backward?.(this, { ...this.#operands(node), dOutput, dInputs });
      node.inputs.forEach((input, i) => {
        const gradient = dInputs[i];
        if (gradient) contribute(input, gradient);
      });
    }
    for (const [value, home] of this.#parameters) {
      const list = contributions.get(value);
      if (home.gradient && list && list[0] !== home.gradient) this.#sum(list, home.gradient);
    }
  }

  #operands(node: Node) {
    return {
      inputs: node.inputs.map((input) => this.bufferOf(input)),
      inputShapes: node.inputs.map((input) => input.shape),
      output: this.bufferOf(node.output),
      outputShape: node.output.shape,
    };
  }

  /** The values on a way to a trained parameter: no other gradient is computed. */
  #wanted(): Set<Value> {
    const wanted = new Set<Value>();
    for (const [value, home] of this.#parameters) if (home.gradient) wanted.add(value);
    for (const node of this.#order) {
      if ((node.op.backward || node.op.sharing) && node.inputs.some((input) => wanted.has(input)))
        wanted.add(node.output);
    }
    return wanted;
  }

  /** How many contributions each wanted value will get: only nodes that a seed's gradient reaches count. */
  #uses(wanted: ReadonlySet<Value>, seeds: ReadonlyMap<Value, Buffer>): Map<Value, number> {
    const uses = new Map<Value, number>();
    for (const value of seeds.keys()) uses.set(value, 1);
    for (const node of [...this.#order].reverse()) {
      if (!uses.has(node.output) || !wanted.has(node.output)) continue;
      for (const input of node.inputs) uses.set(input, (uses.get(input) ?? 0) + 1);
    }
    return uses;
  }

  /** The sum of `terms` in order: a chain of additions (none for a single term) that ends in `into` where given. */
  #sum(terms: readonly Buffer[], into: Buffer | undefined): Buffer {
    let total = terms[0] as Buffer;
    if (terms.length === 1 && into) {
      const elements = total.bytes / 4;
      this.emit({
        kernel: Kernel.copyRows,
        operands: [into, elements, 0, total, elements, 0, 1, elements],
        writes: [into],
      });
      return into;
    }
    for (let i = 1; i < terms.length; i++) {
      const term = terms[i] as Buffer;
      const elements = total.bytes / 4;
      const out = i === terms.length - 1 && into ? into : this.temporary(elements);
      this.emit({ kernel: Kernel.sum, operands: [out, total, term, elements], writes: [out], mayReplace: total });
      total = out;
    }
    return total;
  }
}
