import type { GraphProto, ModelProto } from "onnx-buf";
import { FormatError } from "../../base/errors.js";
import type { ModelData } from "../model-data.js";
import { assemble } from "./assemble.js";
import { type Interpretation, inFile, interpret, isOwnDomain, refusal, refuse } from "./interpret.js";
import { readHints } from "./metadata.js";
import { decodeModel } from "./proto.js";
import { type Steps, simplify } from "./simplify.js";
import { Budget, type Operation } from "./values.js";

/** The versions of the operators that are known here. */
const OLDEST_OPSET = 7n;
const NEWEST_OPSET = 25n;

/** Why an operation that is no layer is left over, where it is. */
const LEFT_OVER: Readonly<Partial<Record<Operation["kind"], string>>> = {
  abs: "only as a part of a softsign",
  erf: "only as a part of a gelu",
  square: "only as a part of a radial",
  multiple: "only with the factor that makes it an activation",
  atLeast: "only with a Cast to FLOAT",
  argMax: "only as an output beside the scores that it reads",
};

/**
 * The model that an ONNX file says, as PyTorch, tf2onnx and neurone write networks of dense layers: operators of opset 7 to
 * 25, float inputs whose first axis is the batch. Dense layers can be trained on; batch normalizations become constants;
 * classes beside the scores they are taken from are left out. Layers are called as the file calls their weights, else by
 * their kind.
 * @throws FormatError, naming `file`, for bytes that are no ONNX model and for a graph that is none; for operators that are
 * not supported, all of them with their nodes' names
 */
export function readOnnx(bytes: Uint8Array, file: string): ModelData {
  const model = decodeModel(bytes, file);
  const proto = model.graph as GraphProto;
  const hints = readHints(model, file);
  const read = interpret(proto, {
    file,
    opset: opsetOf(model, file),
    layerOutputs: new Set(hints.layers.keys()),
    budget: new Budget(bytes.length),
  });
  const steps = simplify(read.graph, outputsOf(proto, read, file));
  const leftOver = steps.steps.flatMap(({ operation, node }) => {
    const reason = LEFT_OVER[operation.kind];
    return reason === undefined ? [] : [refusal(node, reason)];
  });
  refuse(leftOver, file);
  checkInputs(read, steps, file);
  return { ...inFile(file, () => assemble(read.graph, steps, hints)), metadata: hints.metadata };
}

function opsetOf(model: ModelProto, file: string): number {
  const own = model.opsetImport.filter(({ domain }) => isOwnDomain(domain));
  const [version] = own.map((opset) => opset.version);
  if (own.length !== 1 || version === undefined || version < OLDEST_OPSET || version > NEWEST_OPSET) {
    const got = own.map((opset) => String(opset.version)).join(", ") || "none";
    throw new FormatError(`${file}: operators of opset ${OLDEST_OPSET} to ${NEWEST_OPSET} expected, got ${got}`);
  }
  if (model.functions.some(({ domain }) => isOwnDomain(domain))) {
    throw new FormatError(`${file}: no functions in ONNX's own domain expected`);
  }
  return Number(version);
}

/** The numbers of the values that are outputs. */
function outputsOf(proto: GraphProto, { graph, values }: Interpretation, file: string): readonly number[] {
  const names = new Set(proto.output.map(({ name }) => name));
  if (names.size !== proto.output.length) throw new FormatError(`${file}: outputs of names that differ expected`);
  const scores: number[] = [];
  const classes: { readonly name: string; readonly of: number }[] = [];
  for (const name of names) {
    const value = values.get(name);
    const step = value?.kind === "symbolic" ? graph.producer(value.id) : undefined;
    if (value?.kind === "symbolic" && value.elements === "floats") scores.push(value.id);
    else if (step?.operation.kind === "argMax") classes.push({ name, of: step.inputs[0] as number });
    else throw new FormatError(`${file}: output ${JSON.stringify(name)}: floats computed of the inputs expected`);
  }
  const read = new Set(
    scores.flatMap((id) => {
      const step = graph.producer(id);
      // The largest of scores is that of their softmax.
      return step?.operation.kind === "activation" && step.operation.activation === "softmax"
        ? [id, step.inputs[0]]
        : [id];
    }),
  );
  const alone = classes.find(({ of }) => !read.has(of));
  if (alone) {
    throw new FormatError(`${file}: output ${JSON.stringify(alone.name)}: classes beside their scores expected`);
  }
  if (scores.length === 0) throw new FormatError(`${file}: at least one output expected, got none`);
  return scores;
}

function checkInputs({ inputs }: Interpretation, { steps, outputs }: Steps, file: string): void {
  const read = new Set([...steps.flatMap((step) => step.inputs), ...outputs]);
  const unread = inputs.findIndex((_, id) => !read.has(id));
  if (unread >= 0) throw new FormatError(`${file}: input ${JSON.stringify(inputs[unread])} leads to no output`);
  if (inputs.length === 0) throw new FormatError(`${file}: at least one input expected, got none`);
}
