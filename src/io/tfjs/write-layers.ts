import { isJsonObject, type Json } from "../../base/json.js";
import { type Shape, sameShape, sizeOf } from "../../base/tensor.js";
import type { LayerData, WeightData } from "../model-data.js";
import { activationParts, denseParts, writeActivation } from "./activations.js";
import { onePart, type Part, type Settings } from "./parts.js";

/** A weight under its name within the layer. */
type Weight = Omit<WeightData, "name"> & { readonly parameter: string };

/** A layer as TensorFlow.js has it. */
export interface Written {
  readonly parts: readonly Part[];
  readonly weights?: readonly Weight[];
}

/** The layer's weights by their names within it. */
export type WeightOf = (parameter: string) => WeightData;

/** An application of a layer: the shapes of its first input and of its output for one example. */
export interface Applied {
  readonly from: Shape;
  readonly to: Shape;
}

/** The layer in TensorFlow.js's layers, or undefined where those cannot say it. There is one application at least. */
type Writer = (config: Settings, applications: readonly Applied[], weight: WeightOf) => Written | undefined;

/**
 * How each layer is said in TensorFlow.js's, by its kind. Their settings: tfjs-layers 4.22, layers/*.ts, `getConfig`.
 */
export const layerWriters: Readonly<Record<string, Writer>> = {
  dense(config, _applications, weight) {
    const activation = writeActivation(config["activation"]);
    const useBias = config["useBias"] !== false;
    if (!activation) return undefined;
    const settings = {
      units: config["units"] as number,
      use_bias: useBias,
      kernel_regularizer: writeRegularizer(config["kernelRegularizer"]),
      bias_regularizer: writeRegularizer(config["biasRegularizer"]),
    };
    const weights = (useBias ? ["kernel", "bias"] : ["kernel"]).map((parameter) => ({
      ...weight(parameter),
      parameter,
    }));
    return { parts: denseParts("Dense", settings, activation), weights };
  },

  activation({ activation: given }) {
    const activation = writeActivation(given);
    return activation && { parts: activationParts(activation, "Activation") };
  },

  dropout: ({ rate }) => ({ parts: onePart("Dropout", { rate: rate as number }) }),

  /** Their Flatten refuses an example that is flat. */
  flatten: (_config, applications) =>
    applications.every(({ from }) => from.length > 1) ? { parts: onePart("Flatten", {}) } : writeReshape(applications),

  reshape: (_config, applications) => writeReshape(applications),

  rescaling: ({ scale, offset = 0 }) => ({ parts: onePart("Rescaling", { scale, offset } as Settings) }),

  /**
   * A BatchNormalization that has nothing to take off and nothing to divide by. It has one factor for each place of an
   * axis, and so wants the example flat.
   */
  normalization(_config, applications, weight) {
    const shape = commonShape(applications.map(({ from }) => from));
    if (!shape) return undefined;
    const size = sizeOf(shape);
    const constant = (value: number) => ({ shape: [size], data: new Float32Array(size).fill(value) });
    const weights = [
      { ...weight("scale"), parameter: "gamma" },
      { ...weight("offset"), parameter: "beta" },
      { ...constant(0), parameter: "moving_mean" },
      { ...constant(1), parameter: "moving_variance" },
    ];
    const settings = { axis: -1, epsilon: 0, center: true, scale: true, trainable: false };
    const parts = onePart("BatchNormalization", settings);
    if (shape.length === 1) return { parts, weights };
    const reshape = (target: Shape) => ({ kind: "Reshape", config: { target_shape: target } });
    return { parts: [reshape([size]), ...parts, reshape(shape)], weights };
  },

  add: () => ({ parts: onePart("Add", {}) }),

  /**
   * Their axis counts the batch. They take every negative one for the last (tfjs-layers 4.22, backend/tfjs_backend.ts).
   */
  concatenate({ axis: given = -1 }, applications) {
    const axis = given as number;
    if (axis >= -1) return { parts: onePart("Concatenate", { axis: axis < 0 ? axis : axis + 1 }) };
    const rank = applications[0]?.from.length as number;
    const sameRank = applications.every(({ from }) => from.length === rank);
    return sameRank ? { parts: onePart("Concatenate", { axis: axis + rank + 1 }) } : undefined;
  },
};

/** The layer as messages name it: `"dense" (dense of activation "radial")`. */
export function describeLayer({ kind, name, config }: LayerData): string {
  const activation = config["activation"];
  const suffix = activation === undefined ? "" : ` of activation ${JSON.stringify(activation)}`;
  return `${JSON.stringify(name)} (${kind}${suffix})`;
}

/** Both factors are always said, as TensorFlow.js takes 0.01 for one that is missing. */
function writeRegularizer(given: Json | undefined): Json {
  if (!isJsonObject(given)) return null;
  return { class_name: "L1L2", config: { l1: given["l1"] ?? 0, l2: given["l2"] ?? 0 } };
}

/** With all sizes, as TensorFlow.js leaves one that is not said open for the layers behind. */
function writeReshape(applications: readonly Applied[]): Written | undefined {
  const shape = commonShape(applications.map(({ to }) => to));
  return shape && { parts: onePart("Reshape", { target_shape: shape }) };
}

/** The shape, if it is one only. */
function commonShape(shapes: readonly Shape[]): Shape | undefined {
  const [first] = shapes as [Shape];
  return shapes.every((shape) => sameShape(shape, first)) ? first : undefined;
}
