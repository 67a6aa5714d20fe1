import { type FileInfo, inspect, load, type Model, type Shape } from "../index.js";
import type { JsonOption } from "./commands.js";
import type { Io } from "./io.js";
import { printable } from "./printable.js";
import { formatCount } from "./progress.js";

/** Longer texts are the file's own tables, which `--json` shows whole. */
const LONGEST_TEXT = 160;
/** Texts of neurone's own, which say what the lines of a model say. */
const OWN_TEXTS: readonly string[] = ["neurone", "classNames", "featureNames"];

/**
 * `neurone inspect`: what a model's file holds, also one that no model can be made of.
 * @returns the exit code
 */
export async function inspectModel(path: string, { json }: JsonOption, io: Io): Promise<number> {
  const info = await inspect(path);
  const net = info.architecture && (await load(path));
  if (json) {
    const { architecture, ...file } = info;
    const model = net && {
      inputs: net.inputShapes,
      outputs: net.outputShapes,
      ...net.metadata,
      weightsHash: net.weightsHash(),
    };
    io.stdout.write(`${JSON.stringify({ ...file, parameters: countNumbers(info), ...model, architecture })}\n`);
    return 0;
  }
  const lines = [
    `${path}: ${info.format}`,
    ...(net ? describeModel(net) : describeParts(info)),
    ...describeTraining(info),
  ];
  if (info.unsupported !== undefined) lines.push(`no model can be made of it: ${info.unsupported}`);
  for (const [name, text] of Object.entries(info.metadata)) {
    if (!net || !OWN_TEXTS.includes(name)) lines.push(`${name}: ${shorten(text)}`);
  }
  io.stdout.write(`${lines.map(printable).join("\n")}\n`);
  return 0;
}

/** The layers, a line each, and what goes in and out. */
function describeModel(net: Model): string[] {
  const [inputs, outputs] = [net.inputShapes, net.outputShapes].map((shapes) => shapes.map(formatShape).join(", "));
  const { classNames, featureNames } = net.metadata;
  return [
    ...net.summary().split("\n"),
    `inputs: ${inputs}, outputs: ${outputs}`,
    ...(classNames ? [`classes: ${classNames.join(", ")}`] : []),
    ...(featureNames ? [`features: ${featureNames.join(", ")}`] : []),
  ];
}

/** Of a checkpoint, how far its training had come. */
function describeTraining({ architecture, metadata: { neurone } }: FileInfo): string[] {
  if (!architecture || neurone === undefined) return [];
  const { training } = JSON.parse(neurone) as { training?: { steps: number; epochs: number } };
  return training
    ? [`checkpoint: after ${formatCount(training.steps, "step")}, ${formatCount(training.epochs, "whole epoch")}`]
    : [];
}

/** The operators and tensors, a line each. */
function describeParts(info: FileInfo): string[] {
  const operators = info.operators?.map(({ name, operator }) => `operator ${operator}  ${name}`) ?? [];
  const tensors = info.tensors.map(({ name, dtype, shape }) => `tensor ${name}  ${dtype}  ${formatShape(shape)}`);
  return [...operators, ...tensors, `${formatCount(info.tensors.length, "tensor")} of ${countNumbers(info)} numbers`];
}

/** Weights; not what a checkpoint keeps of the training besides. */
function countNumbers({ tensors }: FileInfo): number {
  const weights = tensors.filter(({ name }) => !name.startsWith("training:"));
  return weights.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
}

function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

function shorten(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}... (${text.length} characters)`;
}
