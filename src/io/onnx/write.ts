import { create } from "@bufbuild/protobuf";
import { ModelProtoSchema, TensorProto_DataType, type ValueInfoProto, ValueInfoProtoSchema } from "onnx-buf";
import { checkBoolean, checkSettings } from "../../base/check.js";
import { ConfigError } from "../../base/errors.js";
import type { Json } from "../../base/json.js";
import { formatShape, type Shape } from "../../base/tensor.js";
import type { Architecture, LayerData, ModelData, WeightData } from "../model-data.js";
import { TRAINING_SETTINGS } from "./metadata.js";
import { encodeModel } from "./proto.js";
import { writesActivation } from "./write-activations.js";
import { ApplicationWriter, GraphWriter, int } from "./write-graph.js";
import { type LayerWriter, layerWriters } from "./write-layers.js";

export interface OnnxOptions {
  /** Adds the output `class`, int64: the index of the largest number along the last axis. Default false. */
  readonly classOutput?: boolean;
}

/** The version of ONNX's operators that is written, and that of the file format it came with. */
const OPSET = 17;
const IR_VERSION = 8;

/** The most bytes that a protobuf message may have. */
const LARGEST = 2 ** 31 - 1;

/** A value of the graph: its name, and its shape for one example. */
interface GraphValue {
  readonly name: string;
  readonly shape: Shape;
}

/**
 * The model as an ONNX file: operators of opset 17, the weights as f32 initializers under their own names, the batch an open
 * size. Inputs are called `input`, or `input_0`, `input_1`, ...; what a layer computes is called as the layer, `dense`, and
 * where it is applied again `dense:1`; outputs are called as what computes them.
 *
 * The metadata hold `classNames` and `featureNames` as JSON, and under `neurone` what operators do not say: the seed, whether
 * predictions are a list, and of each layer its name, the values that it computes and its settings for training.
 * @throws ConfigError for layers that ONNX does not know, naming all of them, for `classOutput` where there is no single
 * output of 2 or more classes, and for weights of 2 GiB or more
 */
export function writeOnnx(model: ModelData, options: OnnxOptions = {}): Uint8Array<ArrayBuffer> {
  checkSettings("onnx", options, ["classOutput"]);
  const classOutput = checkBoolean("onnx: classOutput", options.classOutput ?? false);
  const { architecture, weights } = model;
  checkLayers(architecture.layers);
  checkSize(weights);
  const graph = new GraphWriter(weights, classOutput ? ["class"] : []);
  const inputs = architecture.inputs.map((shape, i) => {
    return { name: graph.unique(architecture.inputs.length === 1 ? "input" : `input_${i}`), shape };
  });
  const { values, valuesOfLayers } = writeNodes(graph, architecture, inputs);
  const outputs = nameOutputs(graph, architecture, values);
  const outputInfos = outputs.map((output) => toInfo(output, TensorProto_DataType.FLOAT));
  if (classOutput) outputInfos.push(writeClasses(graph, outputs));
  return encodeModel(
    create(ModelProtoSchema, {
      irVersion: BigInt(IR_VERSION),
      opsetImport: [{ version: BigInt(OPSET) }],
      producerName: "neurone",
      graph: {
        name: "neurone",
        node: graph.nodes,
        initializer: graph.initializers,
        input: inputs.map((input) => toInfo(input, TensorProto_DataType.FLOAT)),
        output: outputInfos,
      },
      metadataProps: Object.entries(metadataOf(model, valuesOfLayers)).map(([key, value]) => {
        return { key, value: JSON.stringify(value) };
      }),
    }),
  );
}

function checkLayers(layers: readonly LayerData[]): void {
  // As UTF-8, half a character of one name would be the same as that of another.
  const torn = layers.find(({ name }) => /\p{Surrogate}/u.test(name));
  if (torn)
    throw new ConfigError(`onnx: a layer's name of whole characters expected, got ${JSON.stringify(torn.name)}`);
  const unknown = layers.filter(({ kind, config }) => {
    return !Object.hasOwn(layerWriters, kind) || !writesActivation(config["activation"]);
  });
  if (unknown.length === 0) return;
  const list = unknown.map(({ kind, name, config }) => {
    const activation =
      config["activation"] === undefined ? "" : ` of activation ${JSON.stringify(config["activation"])}`;
    return `${JSON.stringify(name)} (${kind}${activation})`;
  });
  throw new ConfigError(`onnx: layers that ONNX knows expected, got ${list.join(", ")}`);
}

function checkSize(weights: readonly WeightData[]): void {
  const bytes = weights.reduce((sum, { data }) => sum + 4 * data.length, 0);
  if (bytes > LARGEST) throw new ConfigError(`onnx: weights of at most ${LARGEST} bytes expected, got ${bytes}`);
}

/** Writes the layers' applications; returns all values, and the names of those that each layer computes. */
function writeNodes(graph: GraphWriter, architecture: Architecture, inputs: readonly GraphValue[]) {
  const values = [...inputs];
  const valuesOfLayers = architecture.layers.map((): string[] => []);
  for (const { layer: index, inputs: read, shape } of architecture.nodes) {
    const { kind, name: layer, config } = architecture.layers[index] as LayerData;
    const own = valuesOfLayers[index] as string[];
    const name = graph.unique(own.length === 0 ? layer : `${layer}:${own.length}`);
    const operands = read.map((value) => values[value] as GraphValue);
    const to = new ApplicationWriter(graph, layer, name);
    const [names, inputShapes] = [operands.map((one) => one.name), operands.map((one) => one.shape)];
    to.finish((layerWriters[kind] as LayerWriter)(to, { config, inputs: names, inputShapes, shape }));
    values.push({ name, shape });
    own.push(name);
  }
  return { values, valuesOfLayers };
}

/** The outputs; an input among them, and one that is there already, comes by an Identity, as names must differ. */
function nameOutputs(
  graph: GraphWriter,
  { inputs, outputs }: Architecture,
  values: readonly GraphValue[],
): GraphValue[] {
  return outputs.map((number, i) => {
    const value = values[number] as GraphValue;
    const before = outputs.slice(0, i).filter((other) => other === number).length;
    if (number >= inputs.length && before === 0) return value;
    const name = graph.unique(number < inputs.length ? `output_${i}` : `${value.name}_output_${before}`);
    new ApplicationWriter(graph, name, name).finish(value.name);
    return { name, shape: value.shape };
  });
}

function writeClasses(graph: GraphWriter, outputs: readonly GraphValue[]): ValueInfoProto {
  const [output] = outputs;
  const classes = output?.shape.at(-1) ?? 0;
  if (!output || outputs.length > 1 || classes < 2) {
    const shapes = outputs.map(({ shape }) => formatShape(shape)).join(", ");
    throw new ConfigError(`onnx: classOutput expects one output of 2 or more classes, got outputs of ${shapes}`);
  }
  const to = new ApplicationWriter(graph, "class", "class");
  to.finish(to.node("ArgMax", [output.name], [int("axis", -1), int("keepdims", 0)]));
  return toInfo({ name: "class", shape: output.shape.slice(0, -1) }, TensorProto_DataType.INT64);
}

function toInfo({ name, shape }: GraphValue, elemType: TensorProto_DataType): ValueInfoProto {
  const sizes = shape.map((size) => ({ value: { case: "dimValue", value: BigInt(size) } }) as const);
  const dim = [{ value: { case: "dimParam", value: "batch" } } as const, ...sizes];
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: "tensorType", value: { elemType, shape: { dim } } } },
  });
}

function metadataOf({ architecture, metadata }: ModelData, valuesOfLayers: readonly (readonly string[])[]) {
  const { seed, list, layers } = architecture;
  const neurone = {
    seed,
    list,
    layers: layers.map(({ name, config }, i) => {
      const settings = TRAINING_SETTINGS.filter((setting) => config[setting] !== undefined);
      const training = Object.fromEntries(settings.map((setting) => [setting, config[setting] as Json]));
      return { name, values: valuesOfLayers[i] as readonly string[], ...(settings.length > 0 ? { training } : {}) };
    }),
  };
  return { ...metadata, neurone };
}
