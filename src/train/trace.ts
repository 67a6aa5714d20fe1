import { checkSettings } from "../base/check.js";
import type { Tensor } from "../base/tensor.js";
import { apply, type Node, Value } from "../graph/graph.js";
import type { Layer, SymbolicTensor } from "../layers/layer.js";
import type { Buffer } from "../plan/call.js";
import { Holdings } from "../runtime/holdings.js";
import type { Compiled, Head } from "./compile.js";
import type { Training } from "./epoch.js";
import { expressLoss } from "./losses.js";
import { copyCall, type Mark, Marks } from "./marks.js";
import type { Expression } from "./network.js";
import { checkPredictOptions, type FitOptions } from "./options.js";
import { Session } from "./session.js";
import { logsOf } from "./totals.js";
import type { Weight } from "./weights.js";

/** As in `fit`. */
export type TraceOptions = Pick<FitOptions, "sampleWeight" | "classWeight" | "signal">;

/** One application of a layer: a layer that is applied twice comes twice. Gradients are those of `Trace.loss`. */
export interface LayerTrace {
  readonly name: string;
  readonly kind: string;
  /** Of the output: [examples, ...]. */
  readonly shape: readonly number[];
  /** Of dense and activation layers: what the activation is applied to, with its gradient dL/dz. */
  readonly z?: Tensor<Float32Array>;
  readonly dz?: Tensor<Float32Array>;
  readonly output: Tensor<Float32Array>;
  /** dL/d output. */
  readonly doutput: Tensor<Float32Array>;
}

/** The numbers of one training step. */
export interface Trace {
  /** As `fit` computes it: each output's mean or sum over the examples, weighted, and the regularizers' penalty. */
  readonly loss: number;
  /** The part of `loss` that L1 and L2 of the weights are. */
  readonly penalty: number;
  /** Of each input the numbers, [examples, ...], and dL/dx: what the loss says about the examples themselves. */
  readonly inputs: readonly { readonly x: Tensor<Float32Array>; readonly dx: Tensor<Float32Array> }[];
  /** In the order in which they are computed. */
  readonly layers: readonly LayerTrace[];
  /**
   * dL/dw of each trained weight, in the order of `getWeights`: what the optimizer starts from, the gradient of the penalty in it,
   * before clipping and before the optimizer's own weight decay.
   */
  readonly gradients: readonly Weight[];
  /** The predictions of this step, one entry an output. */
  readonly outputs: readonly Tensor<Float32Array>[];
}

/** What is traced: the parts of a training, after as many steps as its `state` says. */
type Traced = Pick<Training, "network" | "weights" | "compiled" | "memory" | "examples" | "seed" | "state" | "pace">;

interface LayerMarks {
  readonly layer: Layer;
  readonly z: Mark | undefined;
  readonly output: Mark;
}

/** A network's graph with marks on its tensors, and the losses that follow it. */
interface MarkedGraph extends Expression {
  readonly inputMarks: readonly Mark[];
  readonly layers: readonly LayerMarks[];
  readonly outputMarks: readonly Mark[];
  /** Outputs that are judged a second time, apart from the graph. */
  readonly again: readonly number[];
}

/** Throws `ConfigError` for options that cannot be used. */
export function checkTraceOptions(options: TraceOptions): void {
  const known = ["sampleWeight", "classWeight", "signal"];
  const { sampleWeight: _, classWeight: __, ...rest } = checkSettings("trace", options, known);
  checkPredictOptions(rest);
}

/**
 * Runs the step that `fit` would, all examples as one batch, on a graph whose tensors are marked, with an optimizer that puts the
 * gradients down instead of changing the weights. Holds nothing afterwards.
 */
export async function trace(traced: Traced): Promise<Trace> {
  const { network, weights, compiled, memory, examples, state, pace } = traced;
  const { rows } = examples;
  const marks = new Marks(rows, weights.trainableBytes);
  const graph = markedGraph(traced, marks);
  const heads = compiled.heads.map((head): Head => ({ ...head, metrics: [] }));
  const again = <T>(list: readonly T[]): T[] => [...list, ...graph.again.map((i) => list[i] as T)];
  const config = {
    network: { parameters: [...network.parameters, ...marks.rooms], express: () => graph },
    weights: {
      places: [...weights.places, ...marks.rooms.map(({ place }) => place)],
      trainableBytes: weights.trainableBytes,
    },
    compiled: { ...compiled, heads: again(heads), optimizer: keepsGradients(compiled) },
    examples: { ...examples, targets: again(examples.targets) },
    training: { needsNorm: false },
  };
  const { engine } = memory;
  const holdings = new Holdings(engine);
  try {
    const [kept, gradients] = ["kept", "gradients"].map((what) => holdings.zeros(`a trace's ${what}`, marks.bytes));
    const [k, g] = [kept?.address as number, gradients?.address as number];
    const session = await Session.open(memory, config, rows, { ...memory.regions, kept: k, gradients: g }, pace);
    try {
      await session.run(0, 1, { threads: 1, tall: false }, state.steps);
      const sums = session.totals();
      const penalty = sums[0] as number;
      const { loss } = logsOf({ ...compiled, heads }, sums, rows, penalty);
      const at = (address: number) => (place: Buffer) => engine.f32(address + place.offset, place.bytes / 4).slice();
      return { loss, penalty, ...read(traced, graph, at(k), at(g)) };
    } finally {
      session.free();
    }
  } finally {
    holdings.free();
  }
}

/** What the marks and the optimizer kept, by what reads a place in `"kept"` and one in `"gradients"`. */
function read(
  { network, weights, examples }: Traced,
  { inputMarks, layers, outputMarks }: MarkedGraph,
  kept: (place: Buffer) => Float32Array,
  gradients: (place: Buffer) => Float32Array,
): Pick<Trace, "inputs" | "layers" | "gradients" | "outputs"> {
  const tensor = (data: Float32Array, { source }: Mark) => ({ data, shape: [examples.rows, ...source.shape] });
  // An output that no loss read by its mark was computed apart from it alone.
  const numbersOf = (mark: Mark) => tensor(kept(mark.apart[0] ?? mark.place), mark);
  const gradientOf = (mark: Mark) => tensor([mark.place, ...mark.apart].map(gradients).reduce(sum), mark);
  return {
    inputs: inputMarks.map((mark) => ({ x: numbersOf(mark), dx: gradientOf(mark) })),
    layers: layers.map(({ layer, z, output }) => ({
      name: network.nameOf(layer),
      kind: layer.kind,
      shape: [examples.rows, ...output.source.shape],
      ...(z && { z: numbersOf(z), dz: gradientOf(z) }),
      output: numbersOf(output),
      doutput: gradientOf(output),
    })),
    gradients: weights.places
      .filter(({ trainable }) => trainable)
      .map(({ name, shape, buffer }) => ({ name, shape, data: kept(buffer) })),
    outputs: outputMarks.map(numbersOf),
  };
}

/** The graph of a training step, every tensor marked that a layer computes or an activation is applied to. */
function markedGraph({ network, seed, compiled }: Traced, marks: Marks): MarkedGraph {
  const marked = new Map<SymbolicTensor, Mark>();
  const markOf = (tensor: SymbolicTensor) => marked.get(tensor) as Mark;
  const inputs = network.inputs.map((tensor) => new Value(tensor.shape));
  network.inputs.forEach((tensor, i) => {
    marked.set(tensor, marks.mark(inputs[i] as Value));
  });
  const layers = network.applications.map((tensor, number): LayerMarks => {
    const layer = tensor.layer as Layer;
    const given = tensor.inputs.map((input) => markOf(input).value);
    const computed = layer.express(given, { training: true, seed, number });
    const { activation } = layer.config;
    const { op, inputs } = computed.node as Node;
    const z =
      activation === undefined ? undefined : marks.mark(activation === "linear" ? computed : (inputs[0] as Value));
    const output = marks.mark(!z ? computed : activation === "linear" ? z.value : apply(op, z.value));
    marked.set(tensor, output);
    return { layer, z, output };
  });
  const inputMarks = network.inputs.map(markOf);
  const outputMarks = network.outputs.map(markOf);
  const heads = compiled.heads.map((head, i) => judged(head, outputMarks[i] as Mark, marks));
  const again = heads.flatMap(({ apart }, i) => (apart ? [i] : []));
  const outputs = [...heads.map(({ output }) => output), ...heads.flatMap(({ apart }) => apart ?? [])];
  return { inputs, outputs, inputMarks, layers, outputMarks, again };
}

/**
 * What a loss is given for an output. One that takes the logits in the place of softmax's or sigmoid's outputs gets that activation
 * as `fit` gives it, without marks, and no gradient passes the outputs: for dL/d output its formula on outputs comes besides.
 */
function judged({ loss, form }: Head, { value }: Mark, marks: Marks): { output: Value; apart?: Value } {
  const behind = marks.behind(value);
  const output = behind.at(-1)?.source as Value;
  const takesLogits = expressLoss(loss, output, new Value(form.shape)).node?.inputs[0] !== output;
  return takesLogits ? { output, apart: marks.markApart(behind).value } : { output: value };
}

/** Puts the gradients of the weights down where they are before anything is done to them. */
function keepsGradients({ optimizer }: Compiled): Compiled["optimizer"] {
  return {
    ...optimizer,
    clipNorm: undefined,
    clipValue: undefined,
    slots: 0,
    scalars: 0,
    update: (_, gradients) => copyCall({ ...gradients, region: "kept" }, gradients),
  };
}

function sum(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => value + (b[i] as number));
}
