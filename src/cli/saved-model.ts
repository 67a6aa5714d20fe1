import {
  type Architecture,
  ConfigError,
  inspect,
  load,
  type Model,
  type Prediction,
  type Shape,
  type Tensor,
} from "../index.js";

/** A model of one input and one output, out of a file. */
export interface SavedModel {
  readonly net: Model<Prediction | Prediction[]>;
  /** Shape of the input for one example. */
  readonly input: Shape;
  readonly featureNames: readonly string[] | undefined;
  /** Whether it scales its inputs by itself: what does not was trained on pixels in [0, 1]. */
  readonly scalesInputs: boolean;
  /** What a classifier tells apart. */
  readonly classes: Classes | undefined;
}

export interface Classes {
  /** The name of each class id; the id where the model knows none. */
  readonly names: readonly string[];
  /** What its output is: a probability for each class, that of the second of two classes, or other scores. */
  readonly output: "softmax" | "sigmoid" | "scores";
}

/**
 * The model in a file.
 * @throws ConfigError for a file that cannot be read and a model of several inputs or outputs; FormatError for a file
 * that holds no model
 */
export async function openModel(path: string): Promise<SavedModel> {
  const net = await load<Prediction | Prediction[]>(path);
  const [input, ...inputs] = net.inputShapes;
  const [output, ...outputs] = net.outputShapes;
  if (!input || !output || inputs.length + outputs.length > 0) {
    const got = `${net.inputShapes.length} and ${net.outputShapes.length}`;
    throw new ConfigError(`${path}: a model of one input and one output expected, it has ${got}; use it in a program`);
  }
  const { architecture } = await inspect(path);
  const { classNames, featureNames } = net.metadata;
  return {
    net,
    input,
    featureNames,
    scalesInputs: architecture !== undefined && beginsWithScaling(architecture),
    classes: findClasses(output, architecture && lastActivation(architecture), classNames),
  };
}

/** The output for `x`, `[n, ...output]`, a list's only one too. */
export async function predictWith({ net }: SavedModel, x: Tensor, signal: AbortSignal): Promise<Prediction> {
  const [prediction] = [await net.predict(x, { signal })].flat();
  return prediction as Prediction;
}

/** A score for each class, `[n, classes]`: both where the output is the probability of the second alone. */
export function classScores({ data, shape }: Prediction, { output }: Classes): Prediction {
  if (output !== "sigmoid") return { data, shape };
  const scores = Float32Array.from({ length: 2 * data.length }, (_, i) => {
    const probability = data[i >> 1] as number;
    return i % 2 === 0 ? 1 - probability : probability;
  });
  return { data: scores, shape: [data.length, 2] };
}

/** Numbers as the model takes them: bytes are pixels, which it scales by itself or else gets in [0, 1]. */
export function scaleBytes({ data, shape }: Tensor, { scalesInputs }: SavedModel): Tensor {
  if (scalesInputs || !(data instanceof Uint8Array)) return { data, shape };
  return { data: Float32Array.from(data, (byte) => byte / 255), shape };
}

function findClasses(
  [size = 0, ...more]: Shape,
  activation: unknown,
  names: readonly string[] = [],
): Classes | undefined {
  if (more.length > 0) return undefined;
  const isBinary = size === 1 && activation === "sigmoid";
  const count = isBinary ? 2 : size;
  const known = names.length === count;
  if (isBinary || activation === "softmax" || known) {
    const output = isBinary ? "sigmoid" : activation === "softmax" ? activation : "scores";
    return { names: known ? names : Array.from({ length: count }, (_, id) => `${id}`), output };
  }
  return undefined;
}

function lastActivation({ inputs, layers, nodes, outputs }: Architecture): unknown {
  const node = nodes[(outputs[0] as number) - inputs.length];
  return node && layers[node.layer]?.config["activation"];
}

/** Whether the first layer that changes numbers, and not only their shape, is one that scales. */
function beginsWithScaling({ inputs, layers, nodes }: Architecture): boolean {
  const nextKind = (value: number): string | undefined => {
    const index = nodes.findIndex((node) => node.inputs.includes(value));
    const kind = layers[nodes[index]?.layer ?? -1]?.kind;
    return kind === "flatten" || kind === "reshape" ? nextKind(inputs.length + index) : kind;
  };
  const kind = nextKind(0);
  return kind === "rescaling" || kind === "normalization";
}
