import type { Graph, Step } from "./graph.js";
import { isScalar } from "./patterns.js";
import type { Operation } from "./values.js";

/** Steps in their order, and the values that are outputs: inputs come first, then each step's. */
export interface Steps {
  readonly steps: readonly Step[];
  readonly outputs: readonly number[];
}

/** The operation that does the work of two steps, the second of which alone reads the first; undefined where they stay two. */
type Join = (first: Step, second: Step, numberOfFirst: number) => Operation | undefined;

/**
 * The steps that `outputs` need, joined where a layer does in one what operators do in several: a product with its bias and
 * the activation after it, a factor with the summand after it, sums of more than two. What the file knows as the output of
 * a layer stays one.
 */
export function simplify(graph: Graph, outputs: readonly number[]): Steps {
  const needed = dropUnused(graph, outputs);
  const joined = join(graph, needed, joinAffine);
  const fusible = denseWithOneActivation(graph, joined);
  return join(graph, joined, ({ operation: a }, { operation: b }, number) => {
    const fuses = a.kind === "dense" && b.kind === "activation" && fusible.has(number);
    return fuses ? { ...a, activation: b.activation } : undefined;
  });
}

function dropUnused(graph: Graph, outputs: readonly number[]): Steps {
  const first = graph.inputs.length;
  const needed = new Set(outputs);
  for (let i = graph.steps.length - 1; i >= 0; i--) {
    if (needed.has(first + i)) for (const input of (graph.steps[i] as Step).inputs) needed.add(input);
  }
  const kept = graph.steps.map((step, i) => [first + i, step] as const).filter(([number]) => needed.has(number));
  return renumber(first, new Map(kept), outputs);
}

function join(graph: Graph, { steps, outputs }: Steps, combine: Join): Steps {
  const first = graph.inputs.length;
  const reads = countReads({ steps, outputs });
  const kept = new Map<number, Step>();
  steps.forEach((step, i) => {
    const before = step.inputs[0] as number;
    const producer = kept.get(before);
    const alone = producer && reads.get(before) === 1 && !graph.layerOutputs.has(producer.output);
    const operation = alone ? combine(producer, step, before) : undefined;
    if (!producer || !operation) {
      kept.set(first + i, { ...step, inputs: [...step.inputs] });
      return;
    }
    // Its own list from now on, so that a long sum is not copied for each of its terms.
    const inputs = producer.inputs as number[];
    for (const input of step.inputs.slice(1)) inputs.push(input);
    kept.delete(before);
    kept.set(first + i, { ...step, operation, inputs, node: producer.node });
  });
  return renumber(first, kept, outputs);
}

function joinAffine({ operation: a, shape }: Step, { operation: b }: Step): Operation | undefined {
  if (a.kind === "add" && b.kind === "add") return b;
  if (b.kind !== "affine" || b.scale || !b.offset) return undefined;
  if (a.kind === "dense" && !a.bias) {
    const units = shape.at(-1) as number;
    const { shape: own, data } = b.offset;
    const isBias = own.at(-1) === units && data.length === units;
    return isBias ? { ...a, bias: { ...b.offset, shape: [units] } } : undefined;
  }
  if (a.kind !== "affine" || !a.scale || a.offset) return undefined;
  return isScalar(a.scale, shape) === isScalar(b.offset, shape) ? { ...a, offset: b.offset } : undefined;
}

/**
 * The dense steps that take the activation after them along: wherever the same weights are applied it must be the same one,
 * as all that is one layer.
 */
function denseWithOneActivation(graph: Graph, { steps, outputs }: Steps): ReadonlySet<number> {
  const first = graph.inputs.length;
  const reads = countReads({ steps, outputs });
  const after = new Map<number, string>();
  for (const { operation, inputs } of steps) {
    if (operation.kind === "activation") after.set(inputs[0] as number, JSON.stringify(operation.activation));
  }
  const layers = new Map<Float32Array, Map<Float32Array | undefined, number[]>>();
  steps.forEach(({ operation }, i) => {
    if (operation.kind !== "dense") return;
    const { kernel, bias } = operation;
    const byBias = layers.get(kernel.data) ?? new Map<Float32Array | undefined, number[]>();
    layers.set(kernel.data, byBias);
    const applications = byBias.get(bias?.data) ?? [];
    byBias.set(bias?.data, applications);
    applications.push(first + i);
  });
  const activationOf = (number: number) => {
    const { output } = steps[number - first] as Step;
    return reads.get(number) === 1 && !graph.layerOutputs.has(output) ? after.get(number) : undefined;
  };
  const groups = [...layers.values()].flatMap((byBias) => [...byBias.values()]);
  return new Set(groups.filter((group) => new Set(group.map(activationOf)).size === 1).flat());
}

/** How often each value is read, as an output too. */
function countReads({ steps, outputs }: Steps): ReadonlyMap<number, number> {
  const reads = new Map<number, number>();
  for (const number of [...steps.flatMap(({ inputs }) => inputs), ...outputs]) {
    reads.set(number, (reads.get(number) ?? 0) + 1);
  }
  return reads;
}

/** Gives the steps, under their old numbers, the numbers from `first` on. */
function renumber(first: number, kept: ReadonlyMap<number, Step>, outputs: readonly number[]): Steps {
  const numbers = new Map([...kept.keys()].map((old, i) => [old, first + i]));
  const renumbered = (old: number) => numbers.get(old) ?? old;
  const steps = [...kept.values()].map((step) => ({ ...step, inputs: step.inputs.map(renumbered) }));
  return { steps, outputs: outputs.map(renumbered) };
}
