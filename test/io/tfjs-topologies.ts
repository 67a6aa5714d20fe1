import { expect } from "vitest";
import { FormatError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import { readTfjs } from "../../src/io/tfjs/index.js";

export type Settings = { readonly [key: string]: Json };

export const encode = (json: Json) => new TextEncoder().encode(JSON.stringify(json));

/** Reads a model file beside which there is one file of weights for each of its groups. */
export function read(json: Json, ...shards: readonly Uint8Array[]) {
  let next = 0;
  return readTfjs(encode(json), async () => shards[next++] ?? new Uint8Array(), "net.json");
}

export const floats = (...numbers: readonly number[]) => new Uint8Array(Float32Array.from(numbers).buffer);

/** An input of a Sequential model. */
export const input = (name: string, ...shape: readonly number[]) => {
  return {
    class_name: "InputLayer",
    config: { name, batch_input_shape: [null, ...shape], dtype: "float32", sparse: false },
  };
};

/** A Sequential model of one layer named `x`. */
export function oneLayer(
  className: string,
  config: Settings,
  shape: readonly number[],
  weights: Settings = {},
): Settings {
  return {
    format: "layers-model",
    modelTopology: {
      class_name: "Sequential",
      config: {
        name: "s",
        layers: [input("i", ...shape), { class_name: className, config: { name: "x", ...config } }],
      },
    },
    weightsManifest: [
      {
        paths: ["w.bin"],
        weights: Object.entries(weights).map(([name, shape]) => ({ name: `x/${name}`, shape, dtype: "float32" })),
      },
    ],
  };
}

/** A functional model: `nodes` are layers with the places they read. */
export function graph(layers: readonly Json[], inputs: Json, outputs: Json): Settings {
  return {
    modelTopology: {
      class_name: "Functional",
      config: { name: "f", layers, input_layers: inputs, output_layers: outputs },
    },
  };
}

export const node = (className: string, name: string, config: Settings, ...inbound: readonly Json[]) => {
  return { class_name: className, name, config: { name, ...config }, inbound_nodes: inbound };
};
export const inputNode = (name: string, ...shape: readonly number[]) => ({
  ...input(name, ...shape),
  name,
  inbound_nodes: [],
});

/** What the converter makes of a model of Keras 2. */
export const converted = {
  format: "layers-model",
  generatedBy: "keras v2.15.0",
  convertedBy: "TensorFlow.js Converter v4.22.0",
  modelTopology: {
    keras_version: "2.15.0",
    backend: "tensorflow",
    model_config: {
      class_name: "Sequential",
      config: {
        name: "sequential",
        layers: [
          {
            class_name: "InputLayer",
            config: {
              batch_input_shape: [null, 2],
              dtype: "float32",
              sparse: false,
              ragged: false,
              name: "dense_input",
            },
          },
          {
            class_name: "Dense",
            config: {
              name: "dense",
              trainable: true,
              dtype: "float32",
              batch_input_shape: [null, 2],
              units: 2,
              activation: "swish",
              use_bias: true,
              kernel_initializer: { class_name: "GlorotUniform", config: { seed: null } },
              bias_initializer: { class_name: "Zeros", config: {} },
              kernel_regularizer: { class_name: "L2", config: { l2: 0.5 } },
              bias_regularizer: { class_name: "L1", config: { l1: 0.25 } },
              activity_regularizer: null,
              kernel_constraint: null,
              bias_constraint: null,
            },
          },
          {
            class_name: "BatchNormalization",
            config: {
              name: "norm",
              trainable: false,
              dtype: "float32",
              axis: [1],
              momentum: 0.99,
              epsilon: 3,
              center: true,
              scale: true,
              beta_initializer: { class_name: "Zeros", config: {} },
              beta_regularizer: null,
              synchronized: false,
            },
          },
          {
            class_name: "Dropout",
            config: { name: "dropout", trainable: false, rate: 0.5, noise_shape: null, seed: null },
          },
        ],
      },
    },
    training_config: { loss: "mse" },
  },
  weightsManifest: [
    {
      paths: ["group1-shard1of1.bin"],
      weights: [
        { name: "dense/kernel", shape: [2, 2], dtype: "float32" },
        { name: "dense/bias", shape: [2], dtype: "float32" },
        ...["gamma", "beta", "moving_mean", "moving_variance"].map((parameter) => {
          return { name: `norm/${parameter}`, shape: [2], dtype: "float32" };
        }),
      ],
    },
  ],
};
export const convertedWeights = floats(1, 2, 3, 4, 5, 6, 8, 4, 1, 2, 3, 4, 1, 13);

/** Expects that reading fails with a FormatError that names the file. */
export async function expectRefused(json: Json, message: string | RegExp, ...shards: readonly Uint8Array[]) {
  const error = await read(json, ...shards).then(
    () => expect.fail("it was read"),
    (error: Error) => error,
  );
  expect(error).toBeInstanceOf(FormatError);
  expect(error.message).toMatch(/^net\.json: /);
  expect(error.message).toMatch(message);
}

/** A copy of `json` with the value at a path of keys replaced, or removed. */
export function changed(json: Json, path: readonly (string | number)[], value?: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value as Json;
  const copy = (Array.isArray(json) ? [...json] : { ...(json as object) }) as Record<string | number, Json>;
  if (rest.length === 0 && value === undefined) delete copy[key];
  else copy[key] = changed(copy[key] as Json, rest, value);
  return copy as Json;
}
