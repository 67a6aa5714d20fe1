import { type Shape, sizeOf } from "../../base/tensor.js";
import type { Graph } from "./graph.js";
import type { Floats, Symbolic } from "./values.js";

/*
 * Formulas that exporters spell out in several operators, recognized at their last one. The constants are f32, so what is
 * compared is near, not equal.
 */

/** `factor` times an activation of a value. */
export interface Match {
  readonly activation: string;
  readonly input: Symbolic;
  readonly factor: number;
}

/** x = scale v + offset for the value v of number `id`. */
interface Link {
  readonly id: number;
  readonly scale: number;
  readonly offset: number;
}

/** So many scalings and shifts lie between the parts of a formula at most. */
const LONGEST_CHAIN = 3;
const NEAR = 1e-6;

/** The activations that are x times another one of x. */
const GATES: Readonly<Record<string, string>> = { sigmoid: "silu", hardSigmoid: "hardSilu" };

/** The activation that a product of two tensors is, if any. */
export function matchProduct(graph: Graph, a: Symbolic, b: Symbolic): Match | undefined {
  return matchGated(graph, a, b) ?? matchGated(graph, b, a);
}

/** The activation that a quotient of two tensors is, if any: x / (1 + |x|). */
export function matchQuotient(graph: Graph, a: Symbolic, b: Symbolic): Match | undefined {
  const size = chainOf(graph, b.id).find(({ id, scale, offset }) => {
    const step = graph.part(id);
    return step?.operation.kind === "abs" && step.inputs[0] === a.id && scale === 1 && offset === 1;
  });
  return size && { activation: "softsign", input: a, factor: 1 };
}

/** The activation that `factor` times a tensor is, if any. */
export function matchScaled(graph: Graph, x: Symbolic, factor: number): Match | undefined {
  const step = graph.part(x.id);
  const operation = step?.operation;
  if (operation?.kind === "multiple") {
    const product = operation.factor * factor;
    return { activation: operation.activation, input: graph.value(step?.inputs[0] as number), factor: product };
  }
  if (operation?.kind !== "activation") return undefined;
  const chain = chainOf(graph, step?.inputs[0] as number);
  if (operation.activation === "relu6" && isNear(factor, 1 / 6)) {
    const shifted = chain.find(isShiftedByThree);
    return shifted && { activation: "hardSigmoid", input: graph.value(shifted.id), factor: 1 };
  }
  if (operation.activation === "exponential" && isNear(factor, 1 / Math.sqrt(2 * Math.PI))) {
    const power = chain.find(({ id, scale, offset }) => {
      return graph.part(id)?.operation.kind === "square" && isNear(scale, -0.5) && offset === 0;
    });
    return power && { activation: "radial", input: inputOf(graph, power.id), factor: 1 };
  }
  return undefined;
}

export function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= NEAR * Math.abs(b);
}

/** The only element of a constant, `missing` for none, and undefined where it has several. */
export function scalarOf(constant: Floats | undefined, missing: number): number | undefined {
  if (!constant) return missing;
  return constant.data.length === 1 ? constant.data[0] : undefined;
}

/** Whether a constant is one number for the whole example, and no list with a number for each of its elements. */
export function isScalar(constant: Floats, example: Shape): boolean {
  return constant.data.length === 1 && (constant.shape.length === 0 || sizeOf(example) > 1);
}

/** x times what x makes: `gate` may be a multiple of it. */
function matchGated(graph: Graph, x: Symbolic, gate: Symbolic): Match | undefined {
  const linear = chainOf(graph, x.id).filter(({ offset }) => offset === 0);
  for (const { id, scale, offset } of chainOf(graph, gate.id)) {
    const step = graph.part(id);
    if (!step) continue;
    for (const source of linear) {
      const made = { input: graph.value(source.id), factor: source.scale * scale };
      // erf(x / sqrt(2)), to which 1 is added.
      if (step.operation.kind === "erf" && isNear(offset, scale)) {
        const root = chainOf(graph, step.inputs[0] as number).find((link) => link.id === source.id);
        if (root?.offset === 0 && isNear(root.scale, Math.SQRT1_2)) {
          return { activation: "gelu", input: made.input, factor: 2 * made.factor };
        }
      }
      if (step.operation.kind !== "activation" || offset !== 0) continue;
      const { activation } = step.operation;
      const [read] = step.inputs as readonly [number];
      const gated = GATES[String(activation)];
      if (gated !== undefined && read === source.id) return { activation: gated, ...made };
      if (activation === "tanh" && isSoftplusOf(graph, read, source.id)) return { activation: "mish", ...made };
      const shifted = chainOf(graph, read).find((link) => link.id === source.id);
      if (activation === "relu6" && shifted && isShiftedByThree(shifted)) {
        return { activation: "hardSilu", input: made.input, factor: 6 * made.factor };
      }
    }
  }
  return undefined;
}

function isSoftplusOf(graph: Graph, id: number, source: number): boolean {
  const step = graph.part(id);
  return step?.operation.kind === "activation" && step.operation.activation === "softplus" && step.inputs[0] === source;
}

/** hardSigmoid is relu6(x + 3) / 6. */
function isShiftedByThree({ scale, offset }: Link): boolean {
  return scale === 1 && offset === 3;
}

function inputOf(graph: Graph, id: number): Symbolic {
  return graph.value(graph.part(id)?.inputs[0] as number);
}

/** The value itself and what it is a scaled and shifted copy of. */
function chainOf(graph: Graph, id: number): readonly Link[] {
  const chain: Link[] = [{ id, scale: 1, offset: 0 }];
  while (chain.length <= LONGEST_CHAIN) {
    const last = chain.at(-1) as Link;
    const step = graph.part(last.id);
    if (step?.operation.kind !== "affine") break;
    const [scale, offset] = [scalarOf(step.operation.scale, 1), scalarOf(step.operation.offset, 0)];
    if (scale === undefined || offset === undefined) break;
    const link = { scale: last.scale * scale, offset: last.scale * offset + last.offset };
    chain.push({ id: step.inputs[0] as number, ...link });
  }
  return chain;
}
