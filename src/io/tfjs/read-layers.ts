import type { Json } from "../../base/json.js";
import type { Shape } from "../../base/tensor.js";
import type { WeightData } from "../model-data.js";
import { activationParts, denseParts, readActivation } from "./activations.js";
import { onePart, type Part, type Settings } from "./parts.js";
import { readNormalization } from "./read-normalization.js";
import type { SettingsReader } from "./settings.js";

/** A layer as neurone has it. */
export interface Translation {
  readonly parts: readonly Part[];
  /** The main part's weights, under their names within the layer. `shape` is that of the layer's input. */
  readonly weights?: (shape: Shape, source: WeightSource) => readonly WeightData[];
  /**
   * For a layer whose inputs must have one shape in all applications: throws `FormatError` for one that it cannot be
   * said for.
   */
  readonly check?: (shape: Shape) => void;
}

/** Where the weights of a layer come from. */
export interface WeightSource {
  /** The numbers of a weight of the layer's, which must have this shape. */
  take(parameter: string, shape: Shape): Float32Array;
  /** Room for numbers that are more than the files hold: throws `FormatError` once that is too much in one model. */
  room(numbers: number): Float32Array;
}

/** A class of layers there. */
interface LayerClass {
  /** Settings that are read, ... */
  readonly settings: readonly string[];
  /** ... and those that say nothing of what the layer computes. All others must be null or false. */
  readonly ignored?: readonly string[];
  /** The layer, or why neurone has none that does the same. */
  readonly read: (reader: SettingsReader) => Translation | string;
}

/** Settings that layers of all classes may have. */
const COMMON = ["name", "trainable", "dtype", "batch_input_shape"];

/** The layers that are read, by their class. Their settings: tfjs-layers 4.22, layers/*.ts. */
export const layerClasses: Readonly<Record<string, LayerClass>> = {
  Dense: {
    settings: ["units", "activation", "use_bias", "kernel_regularizer", "bias_regularizer"],
    ignored: ["kernel_initializer", "bias_initializer"],
    read(reader) {
      const units = reader.integer("units");
      if (units < 1 || units > 2 ** 31 - 1) throw reader.error("units", "a whole number of at least 1");
      const useBias = reader.flag("use_bias", true);
      const name = reader.text("activation", "linear");
      const activation = readActivation(name);
      if (!activation) return `activation ${JSON.stringify(name)}`;
      const config = {
        units,
        ...(useBias ? {} : { useBias }),
        ...readRegularizer(reader, "kernel_regularizer", "kernelRegularizer"),
        ...readRegularizer(reader, "bias_regularizer", "biasRegularizer"),
      };
      return {
        parts: denseParts("dense", config, activation),
        weights(shape, source) {
          const sizes = { kernel: [shape.at(-1) as number, units], ...(useBias ? { bias: [units] } : {}) };
          return Object.entries(sizes).map(([name, shape]) => ({ name, shape, data: source.take(name, shape) }));
        },
      };
    },
  },

  Activation: {
    settings: ["activation"],
    read(reader) {
      const name = reader.text("activation");
      const activation = readActivation(name);
      return activation ? { parts: activationParts(activation, "activation") } : `activation ${JSON.stringify(name)}`;
    },
  },

  ReLU: {
    settings: ["max_value", "negative_slope", "threshold"],
    read(reader) {
      const max = reader.has("max_value") ? reader.number("max_value") : undefined;
      if (max !== undefined && max !== 6) return `max_value ${max}`;
      if (reader.number("negative_slope", 0) !== 0) return `negative_slope ${reader.number("negative_slope")}`;
      if (reader.number("threshold", 0) !== 0) return `threshold ${reader.number("threshold")}`;
      return { parts: onePart("activation", { activation: max === 6 ? "relu6" : "relu" }) };
    },
  },

  LeakyReLU: {
    settings: ["alpha"],
    read: (reader) => ({ parts: onePart("activation", { activation: { leakyRelu: reader.number("alpha", 0.3) } }) }),
  },

  ELU: {
    settings: ["alpha"],
    read: (reader) => ({ parts: onePart("activation", { activation: { elu: reader.number("alpha", 1) } }) }),
  },

  Softmax: {
    settings: ["axis"],
    read(reader) {
      const given = reader.values["axis"];
      // TensorFlow.js's default is the first axis behind the batch, Keras's the last one.
      const axis = Array.isArray(given) && given.length === 1 ? given[0] : (given ?? 1);
      if (!Number.isSafeInteger(axis)) throw reader.error("axis", "a single axis");
      return {
        parts: onePart("activation", { activation: "softmax" }),
        check(shape) {
          if (axis !== -1 && axis !== shape.length)
            throw reader.error("axis", `the last one, ${shape.length} with the batch,`);
        },
      };
    },
  },

  Dropout: {
    settings: ["rate"],
    ignored: ["seed"],
    read: (reader) => ({ parts: onePart("dropout", { rate: reader.number("rate") }) }),
  },

  Flatten: {
    settings: ["data_format"],
    read(reader) {
      const format = reader.text("data_format", "channels_last");
      return /^channels_?last$/i.test(format)
        ? { parts: onePart("flatten", {}) }
        : `data_format ${JSON.stringify(format)}`;
    },
  },

  Reshape: {
    settings: ["target_shape"],
    read(reader) {
      const target = reader.list("target_shape").map((size) => (size === null ? -1 : size));
      const isSize = (size: unknown) => size === -1 || (Number.isSafeInteger(size) && (size as number) >= 1);
      if (!target.every(isSize) || target.filter((size) => size === -1).length > 1) {
        throw reader.error("target_shape", "sizes of at least 1, one of them -1 or null at most,");
      }
      return { parts: onePart("reshape", { targetShape: target }) };
    },
  },

  Rescaling: {
    settings: ["scale", "offset"],
    read: (reader) => ({
      parts: onePart("rescaling", { scale: reader.number("scale"), offset: reader.number("offset", 0) }),
    }),
  },

  BatchNormalization: {
    settings: ["axis", "epsilon", "center", "scale"],
    ignored: [
      ...[
        "momentum",
        "beta_initializer",
        "gamma_initializer",
        "moving_mean_initializer",
        "moving_variance_initializer",
      ],
      ...["beta_regularizer", "gamma_regularizer"],
    ],
    read: readNormalization,
  },

  Add: { settings: [], read: () => ({ parts: onePart("add", {}) }) },

  Concatenate: {
    settings: ["axis"],
    read(reader) {
      const axis = reader.integer("axis", -1);
      return axis === 0 ? "axis 0, the batch" : { parts: onePart("concatenate", { axis: axis < 0 ? axis : axis - 1 }) };
    },
  },
};

/** The layer of class `className`, or why neurone has none that does the same. */
export function readLayer(className: string, reader: SettingsReader): Translation | string {
  if (["Sequential", "Functional", "Model"].includes(className)) return "a model within the model";
  const layerClass = Object.hasOwn(layerClasses, className) ? layerClasses[className] : undefined;
  if (!layerClass) return "";
  const { settings, ignored = [], read } = layerClass;
  const known = [...COMMON, ...settings, ...ignored];
  const unknown = Object.keys(reader.values).find((key) => !known.includes(key) && isUsed(reader.values[key]));
  if (unknown !== undefined) return `setting ${unknown}`;
  const isFrozen = !reader.flag("trainable", true);
  const translation = read(reader);
  if (typeof translation === "string" || !isFrozen || className === "BatchNormalization") return translation;
  const parts = translation.parts.map((part) =>
    part.main ? { ...part, config: { ...part.config, trainable: false } } : part,
  );
  return { ...translation, parts };
}

/** As in Keras, null is nothing said; what is false is not done. */
function isUsed(value: Json | undefined): boolean {
  return value !== null && value !== false;
}

/** The factors of a regularizer by its class: Keras has some for one of them alone. */
const FACTORS: Readonly<Record<string, readonly string[]>> = { L1L2: ["l1", "l2"], L1: ["l1"], L2: ["l2"] };

/** The regularizer as a setting of neurone's; nothing where there is none. */
function readRegularizer(reader: SettingsReader, key: string, setting: string): Settings {
  if (!reader.has(key)) return {};
  const regularizer = reader.object(key);
  const className = regularizer.text("class_name");
  if (!Object.hasOwn(FACTORS, className)) throw regularizer.error("class_name", "L1L2, L1 or L2");
  const config = regularizer.object("config");
  const factors = FACTORS[className] as readonly string[];
  return { [setting]: Object.fromEntries(factors.map((factor) => [factor, config.number(factor)])) };
}
