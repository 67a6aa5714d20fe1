import { type FilesByName, join, text } from "./bytes.js";

type Settings = { readonly [setting: string]: unknown };

const layer = (className: string, config: Settings, name = "d") => {
  return { class_name: className, config: { name, batch_input_shape: [null, 3], ...config } };
};
const dense = layer("Dense", { units: 2, activation: "relu" });
const kernel = { name: "d/kernel", shape: [3, 2], dtype: "float32" };
const bias = { name: "d/bias", shape: [2], dtype: "float32" };
/** Beside the models of this folder lie weights of 32 bytes, and files of other lengths. */
const SHARD = "weights.bin";

const root = {
  format: "layers-model",
  modelTopology: { class_name: "Sequential", config: { name: "s", layers: [dense] } },
  weightsManifest: [{ paths: [SHARD], weights: [kernel, bias] }],
};
const json = (parts: Settings) => text(JSON.stringify({ ...root, ...parts }));
const topology = (modelTopology: unknown) => json({ modelTopology });
const sequence = (...layers: readonly unknown[]) =>
  topology({ class_name: "Sequential", config: { name: "s", layers } });
/** A layer without weights. */
const alone = (className: string, config: Settings) =>
  json({
    modelTopology: { class_name: "Sequential", config: { name: "s", layers: [layer(className, config)] } },
    weightsManifest: [],
  });
const settings = (config: Settings) => sequence({ ...dense, config: { ...dense.config, ...config } });
const manifest = (...groups: readonly unknown[]) => json({ weightsManifest: groups });
const weights = (...all: readonly unknown[]) => manifest({ paths: [SHARD], weights: all });
const path = (...paths: readonly unknown[]) => manifest({ paths, weights: [kernel, bias] });
const quantized = (quantization: unknown) =>
  manifest({ paths: ["short.bin"], weights: [kernel, bias].map((weight) => ({ ...weight, quantization })) });

const input = {
  class_name: "InputLayer",
  name: "i",
  config: { name: "i", batch_input_shape: [null, 3] },
  inbound_nodes: [],
};
const activation = (name: string, ...inbound_nodes: readonly unknown[]) => {
  return { class_name: "Activation", name, config: { name, activation: "relu" }, inbound_nodes };
};
const graph = (parts: Settings, ...layers: readonly unknown[]) =>
  json({
    modelTopology: {
      class_name: "Model",
      config: {
        name: "m",
        layers: [input, ...layers],
        input_layers: [["i", 0, 0]],
        output_layers: [["a", 0, 0]],
        ...parts,
      },
    },
    weightsManifest: [],
  });
const reading = (...places: readonly unknown[]) => graph({}, activation("a", places));

/** Model files that TensorFlow.js did not write, or that say more than neurone does. */
export const tfjs: FilesByName = {
  empty: new Uint8Array(),
  cut: json({}).subarray(0, -1),
  "no-json": text("{"),
  list: text("[]"),
  bom: join([0xef, 0xbb, 0xbf], json({})),
  "no-utf8": join(text('{"'), [0xff], text('":1}')),
  "key-twice": text('{"format":"layers-model","format":"layers-model"}'),
  "key-proto": text('{"modelTopology":{"__proto__":{}}}'),
  "key-in-two-spellings": topology({ class_name: "Sequential", className: "Model" }),
  "nested-deep": text(`{"modelTopology":${"[".repeat(1000)}${"]".repeat(1000)}}`),
  "format-graph-model": json({ format: "graph-model" }),
  "topology-missing": json({ modelTopology: undefined }),
  "topology-text": topology("Sequential"),
  "class-unknown": topology({ class_name: "constructor", config: {} }),
  "layers-none": sequence(),
  "layers-object": topology({ class_name: "Sequential", config: { layers: {} } }),
  "layer-names-twice": sequence(dense, dense),
  "layer-name-empty": sequence(layer("Dense", { units: 2, name: "" })),
  "layers-unsupported": sequence(
    layer("Conv2D", {}, "a"),
    layer("LSTM", {}, "b"),
    layer("constructor", {}, "c"),
    layer("Dense", { units: 2, activation: "constructor" }, "d"),
  ),
  "model-in-model": sequence(layer("Sequential", { layers: [dense] })),
  "setting-unknown": settings({ code: "x" }),
  "units-0": settings({ units: 0 }),
  "units-fraction": settings({ units: 1.5 }),
  "units-2^31": settings({ units: 2 ** 31 }),
  "units-giant": settings({ units: 2 ** 31 - 1 }),
  "units-text": settings({ units: "2" }),
  "use-bias-text": settings({ use_bias: "no" }),
  "trainable-number": settings({ trainable: 1 }),
  "regularizer-constructor": settings({ kernel_regularizer: { class_name: "constructor", config: {} } }),
  "regularizer-text": settings({ kernel_regularizer: { class_name: "L2", config: { l2: "1" } } }),
  "regularizer-negative": settings({ kernel_regularizer: { class_name: "L2", config: { l2: -1 } } }),
  "input-shape-missing": sequence({ class_name: "Dense", config: { name: "d", units: 2 } }),
  "input-shape-open": settings({ batch_input_shape: [null, null] }),
  "input-shape-0": settings({ batch_input_shape: [null, 0] }),
  "input-shape-overflow": settings({ batch_input_shape: [null, 2 ** 31 - 1, 2 ** 31 - 1] }),
  "input-shape-33-axes": settings({ batch_input_shape: [null, ...new Array(33).fill(1)] }),
  "relu-max": alone("ReLU", { max_value: 5 }),
  "softmax-axis": alone("Softmax", { axis: 2 }),
  "leaky-relu-1e39": alone("LeakyReLU", { alpha: 1e39 }),
  "dropout-rate-1": alone("Dropout", { rate: 1 }),
  "reshape-other-size": alone("Reshape", { target_shape: [4] }),
  "reshape-size-negative": alone("Reshape", { target_shape: [-3] }),
  "reshape-overflow": alone("Reshape", { target_shape: [2 ** 53, 2 ** 53] }),
  "concatenate-of-one": alone("Concatenate", { axis: -1 }),
  "normalization-trainable": alone("BatchNormalization", { axis: -1 }),
  "normalization-axis": alone("BatchNormalization", { axis: 5, trainable: false }),
  "normalization-huge": json({
    modelTopology: {
      class_name: "Sequential",
      config: {
        name: "s",
        layers: [layer("BatchNormalization", { axis: 2, trainable: false, batch_input_shape: [null, 2 ** 29, 2] })],
      },
    },
    weightsManifest: [
      {
        paths: [SHARD],
        weights: ["gamma", "beta", "moving_mean", "moving_variance"].map((name) => ({
          name: `d/${name}`,
          shape: [2],
          dtype: "float32",
        })),
      },
    ],
  }),
  "place-nowhere": reading(["z", 0, 0, {}]),
  "place-constructor": reading(["i", "constructor", 0, {}]),
  "place-length": reading(["i", "length", 0, {}]),
  "place-application-1": reading(["i", 1, 0, {}]),
  "place-application-negative": reading(["i", -1, 0, {}]),
  "place-output-1": reading(["i", 0, 1, {}]),
  "place-text": reading("i"),
  "place-with-arguments": reading(["i", 0, 0, { mask: true }]),
  "places-none": reading(),
  "reads-itself": reading(["a", 0, 0, {}]),
  "reads-in-a-circle": graph({}, activation("a", [["b", 0, 0, {}]]), activation("b", [["a", 0, 0, {}]])),
  "applications-none": graph({}, activation("a")),
  "leads-nowhere": graph({}, activation("a", [["i", 0, 0, {}]]), activation("b", [["i", 0, 0, {}]])),
  "two-inputs": graph(
    {},
    activation("a", [
      ["i", 0, 0, {}],
      ["i", 0, 0, {}],
    ]),
  ),
  "input-layers-none": graph({ input_layers: [] }, activation("a", [["i", 0, 0, {}]])),
  "input-layers-twice": graph(
    {
      input_layers: [
        ["i", 0, 0],
        ["i", 0, 0],
      ],
    },
    activation("a", [["i", 0, 0, {}]]),
  ),
  "input-layers-no-input": graph({ input_layers: [["a", 0, 0]] }, activation("a", [["i", 0, 0, {}]])),
  "output-layers-none": graph({ output_layers: [] }, activation("a", [["i", 0, 0, {}]])),
  "path-parent": path("../weights.bin"),
  "path-parent-inside": path("a/../../weights.bin"),
  "path-absolute": path("/etc/passwd"),
  "path-windows": path("C:\\weights.bin"),
  "path-backslash": path("..\\weights.bin"),
  "path-url": path("https://example.com/weights.bin"),
  "path-encoded": path("%2e%2e/weights.bin"),
  "path-query": path("weights.bin?x"),
  "path-nul": path("weights.bin\u0000"),
  "path-empty": path(""),
  "path-dot": path("."),
  "path-number": path(1),
  "path-twice": path(SHARD, SHARD),
  "paths-text": manifest({ paths: SHARD, weights: [] }),
  "shard-missing": path("missing.bin"),
  "shard-short": path("short.bin"),
  "shard-long": path(SHARD, "short.bin"),
  "shards-none": path(),
  "manifest-object": json({ weightsManifest: {} }),
  "weight-twice": weights(kernel, bias, { ...bias, shape: [0] }),
  "weight-in-two-groups": manifest(
    { paths: [SHARD], weights: [kernel, bias] },
    { paths: ["short.bin"], weights: [{ ...bias, dtype: "uint8", shape: [8] }] },
  ),
  "weight-missing": weights(kernel, { ...bias, name: "e/bias" }),
  "weight-of-no-layer": manifest({ paths: [SHARD, "short.bin"], weights: [kernel, bias, { ...bias, name: "e/bias" }] }),
  "weight-turned": weights({ ...kernel, shape: [2, 3] }, bias),
  "weight-shape-negative": weights({ ...kernel, shape: [-3, -2] }, bias),
  "weight-shape-fraction": weights({ ...kernel, shape: [1.5, 4] }, bias),
  "weight-shape-overflow": weights({ ...kernel, shape: new Array(32).fill(2 ** 31 - 1) }, bias),
  "weight-shape-2^32": weights({ ...kernel, shape: [2 ** 32] }, bias),
  "weight-shape-33-axes": weights({ ...kernel, shape: [6, ...new Array(32).fill(1)] }, bias),
  "weight-texts": weights({ ...kernel, dtype: "string" }, bias),
  "weight-type-constructor": weights({ ...kernel, dtype: "constructor" }, bias),
  "weight-integers": weights({ ...kernel, dtype: "int32" }, bias),
  "weight-complex": weights({ ...kernel, dtype: "complex64", shape: [3] }, bias),
  "quantization-text": quantized("uint8"),
  "quantization-type": quantized({ dtype: "constructor", scale: 1, min: 0 }),
  "quantization-scale-missing": quantized({ dtype: "uint8", min: 0 }),
  "quantization-scale-text": quantized({ dtype: "uint8", scale: "1", min: 0 }),
  "quantization-to-int32": quantized({ dtype: "int32", scale: 1, min: 0 }),
};

/** What lies beside the models. */
export const shards: FilesByName = { [SHARD]: new Uint8Array(32), "short.bin": new Uint8Array(8) };
