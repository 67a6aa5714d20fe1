import { Kernel } from "../../assembly/kernels.js";
import { sizeOf } from "../base/tensor.js";
import { Value } from "../graph/graph.js";
import { Lowerer, type ParameterHome } from "../graph/lower.js";
import { fuse } from "../ops/fuse.js";
import { type Buffer, float, type KernelCall } from "../plan/call.js";
import type { Compiled, Head } from "./compile.js";
import type { Examples } from "./examples.js";
import { expressLoss } from "./losses.js";
import type { Expression } from "./network.js";
import { type Totals, totalsOf } from "./totals.js";
import type { Weights } from "./weights.js";

/** What a plan reads of the run it belongs to; written between calls of the core. */
export const state = {
  /** i32: where in the order of examples the call's first step begins. */
  firstRow: { region: "state", offset: 0, bytes: 4 },
  /** u32: the number of the call's first step since training began. */
  firstStep: { region: "state", offset: 4, bytes: 4 },
  /** f32: the norm of the last step's gradient. */
  gradientNorm: { region: "state", offset: 8, bytes: 4 },
} as const satisfies Record<string, Buffer>;

/** Bytes of the region `"state"`. */
export const STATE_BYTES = 12;

/** What a step takes of a network and its weights: a graph, and where its parameters lie. */
interface StepNetwork {
  readonly parameters: readonly { readonly value: Value }[];
  express(training: boolean): Expression;
}
type StepWeights = Pick<Weights, "places" | "trainableBytes">;

/** What the steps of one run have in common, whatever their batch. */
export interface StepConfig {
  readonly network: StepNetwork;
  readonly weights: StepWeights;
  readonly compiled: Compiled;
  readonly examples: Examples;
  /** Present in training. */
  readonly training?: {
    /** The gradient's norm is wanted by more than clipping. */
    readonly needsNorm: boolean;
  };
}

/**
 * The kernel calls of one step on `batch` examples: gather, forward, loss, metrics and, in training, backward and update. With
 * `closesAfter`, the totals of so many steps, an epoch, go to the region `"log"`.
 */
export function stepCalls(config: StepConfig, batch: number, closesAfter?: number): KernelCall[] {
  const { network, weights, compiled, examples, training } = config;
  const expression = network.express(training !== undefined);
  const lowerer = new Lowerer(batch, state, parameterHomes(network, weights, training !== undefined));
  const totals = totalsOf(compiled.heads);
  gatherInputs(lowerer, expression, examples);
  const seeds = new Map<Value, Buffer>();
  compiled.heads.forEach((head, i) => {
    const [loss, seed] = lowerHead(lowerer, expression.outputs[i] as Value, head, i, examples, totals);
    seeds.set(loss, seed);
  });
  if (training) {
    lowerer.backward(seeds);
    update(lowerer, weights, compiled, totals, training.needsNorm);
  }
  if (closesAfter !== undefined) closeEpoch(lowerer, totals, closesAfter);
  return fuse(lowerer.calls);
}

/**
 * The kernel calls of a prediction for `batch` examples in the regions `"x0"`, ..., and the buffers of the outputs. An input
 * whose `bytes` is true holds a byte a number.
 */
export function predictionCalls(
  network: StepNetwork,
  weights: StepWeights,
  batch: number,
  bytes: readonly boolean[],
): { calls: KernelCall[]; outputs: Buffer[] } {
  const expression = network.express(false);
  const lowerer = new Lowerer(batch, state, parameterHomes(network, weights, false));
  expression.inputs.forEach((input, i) => {
    const size = sizeOf(input.shape);
    const floats = { region: `x${i}`, offset: 0, bytes: batch * size * 4 };
    lowerer.bind(input, bytes[i] ? gather(lowerer, Kernel.gatherU8, `x${i}`, size, batch) : floats);
  });
  lowerer.forward(expression.outputs);
  const outputs = expression.outputs.map((output) => lowerer.bufferOf(output));
  return { calls: fuse(lowerer.calls, outputs), outputs };
}

function parameterHomes(network: StepNetwork, weights: StepWeights, training: boolean): Map<Value, ParameterHome> {
  return new Map(
    network.parameters.map(({ value }, i) => {
      const { buffer, trainable } = weights.places[i] as StepWeights["places"][number];
      const gradient = training && trainable ? { ...buffer, region: "gradients" } : undefined;
      return [value, { value: buffer, gradient }];
    }),
  );
}

function gatherInputs(lowerer: Lowerer, expression: Expression, examples: Examples): void {
  expression.inputs.forEach((input, i) => {
    const { data } = examples.inputs[i] as Examples["inputs"][number];
    const kernel = data instanceof Uint8Array ? Kernel.gatherU8 : Kernel.gather32;
    lowerer.bind(input, gather(lowerer, kernel, `x${i}`, sizeOf(input.shape), examples.rows));
  });
}

/** A batch of the rows of `region`, in the order of the region `"order"`. */
function gather(lowerer: Lowerer, kernel: Kernel, region: string, size: number, rows: number): Buffer {
  const out = lowerer.temporary(lowerer.batch * size);
  const source = { region, offset: 0, bytes: rows * size * (kernel === Kernel.gatherU8 ? 1 : 4) };
  const order = { region: "order", offset: 0, bytes: rows * 4 };
  const { batch } = lowerer;
  const scale = kernel === Kernel.gatherU8 ? [float(1), float(0)] : [];
  const operands = [out, source, order, state.firstRow, batch, size, ...scale];
  lowerer.emit({ kernel, operands, writes: [out], work: 2 * batch * size });
  return out;
}

/** One output's loss and metrics, added to the totals. Returns the loss per example and its gradient. */
function lowerHead(
  lowerer: Lowerer,
  output: Value,
  head: Head,
  index: number,
  examples: Examples,
  totals: Totals,
): readonly [Value, Buffer] {
  const { batch } = lowerer;
  const target = new Value(head.form.shape);
  const size = sizeOf(head.form.shape);
  lowerer.bind(target, gather(lowerer, Kernel.gather32, `y${index}`, size, examples.rows));
  const loss = expressLoss(head.loss, output, target);
  lowerer.forward(head.metrics.length > 0 ? [output, loss] : [loss]);
  head.metrics.forEach((metric, i) => {
    const accumulators = totals.metrics[index]?.[i] as Buffer;
    lowerer.emit(metric.call(lowerer.bufferOf(output), lowerer.bufferOf(target), batch, accumulators));
  });
  const weights = examples.weights && gather(lowerer, Kernel.gather32, "sampleWeights", 1, examples.rows);
  const seed = lowerer.temporary(batch);
  const total = totals.losses[index] as Buffer;
  const factor = float(head.weight / (head.loss.reduction === "mean" ? batch : 1));
  lowerer.emit({
    kernel: Kernel.reduceLoss,
    operands: [seed, lowerer.bufferOf(loss), weights ?? 0, batch, factor, total],
    writes: [seed, total],
  });
  return [loss, seed];
}

function closeEpoch(lowerer: Lowerer, { length }: Totals, steps: number): void {
  const bytes = length * 8;
  const totals: Buffer = { region: "totals", offset: 0, bytes };
  const log: Buffer = { region: "log", offset: 0, bytes };
  lowerer.emit({ kernel: Kernel.closeEpoch, operands: [totals, log, length, steps], writes: [totals, log], work: 0 });
}

/** What happens between backward and the next step: penalties, clipping, the optimizer. */
function update(
  lowerer: Lowerer,
  weights: StepWeights,
  { optimizer }: Compiled,
  totals: Totals,
  needsNorm: boolean,
): void {
  const bytes = weights.trainableBytes;
  const count = bytes / 4;
  if (count === 0) return;
  const parameters: Buffer = { region: "parameters", offset: 0, bytes };
  const gradients: Buffer = { region: "gradients", offset: 0, bytes };
  for (const { buffer, trainable, regularizer } of weights.places) {
    const { l1 = 0, l2 = 0 } = (trainable && regularizer) || {};
    if (l1 === 0 && l2 === 0) continue;
    const gradient: Buffer = { ...buffer, region: "gradients" };
    const operands = [buffer, gradient, buffer.bytes / 4, float(l1), float(l2), totals.penalty];
    lowerer.emit({ kernel: Kernel.regularize, operands, writes: [gradient, totals.penalty] });
  }
  const { clipNorm, clipValue } = optimizer;
  if (needsNorm || clipNorm !== undefined) {
    const operands = [gradients, count, state.gradientNorm, totals.gradientNorm];
    lowerer.emit({ kernel: Kernel.gradientNorm, operands, writes: [state.gradientNorm, totals.gradientNorm] });
  }
  if (clipNorm !== undefined) {
    const operands = [gradients, count, state.gradientNorm, float(clipNorm)];
    lowerer.emit({ kernel: Kernel.clipByNorm, operands, writes: [gradients] });
  }
  if (clipValue !== undefined) {
    lowerer.emit({ kernel: Kernel.clipByValue, operands: [gradients, count, float(clipValue)], writes: [gradients] });
  }
  const slots = Array.from(
    { length: optimizer.slots },
    (_, i): Buffer => ({ region: "slots", offset: i * bytes, bytes }),
  );
  const scalars: Buffer = { region: "scalars", offset: 0, bytes: optimizer.scalars * 4 };
  lowerer.emit(optimizer.update(parameters, gradients, slots, count, scalars));
}
