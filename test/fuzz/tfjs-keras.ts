import type { Json } from "../../src/base/json.js";
import type { Files } from "./target.js";

type Settings = { readonly [setting: string]: Json };

/** A layer as Keras says it: its class, its settings, and the sizes of its weights by their names. */
type Layer = readonly [className: string, config: Settings, weights?: Readonly<Record<string, readonly number[]>>];

const dense = (units: number, size: number, config: Settings = {}): Layer => [
  "Dense",
  {
    units,
    activation: "relu",
    use_bias: true,
    kernel_initializer: { class_name: "GlorotUniform", config: {} },
    ...config,
  },
  { kernel: [size, units], bias: [units] },
];
const normalization = (size: number): Layer => [
  "BatchNormalization",
  { axis: [-1], epsilon: 1e-3, center: true, scale: true, momentum: 0.99, trainable: false },
  { gamma: [size], beta: [size], moving_mean: [size], moving_variance: [size] },
];

const SEQUENCES: readonly (readonly Layer[])[] = [
  [dense(3, 4), ["ReLU", { max_value: 6, negative_slope: 0, threshold: 0 }], dense(2, 3, { activation: "softmax" })],
  [dense(3, 4, { kernel_regularizer: { class_name: "L1L2", config: { l1: 0, l2: 0.5 } } }), ["Dropout", { rate: 0.5 }]],
  [normalization(4), ["LeakyReLU", { alpha: 0.25 }], dense(1, 4, { activation: "hard_sigmoid" })],
  [["Reshape", { target_shape: [2, -1] }], normalization(2), ["Flatten", {}], dense(2, 4)],
  [
    ["Rescaling", { scale: 0.5, offset: 0 }],
    ["ELU", { alpha: 1 }],
    ["Softmax", { axis: -1 }],
  ],
  [["Activation", { activation: "swish" }], dense(2, 4, { use_bias: false })],
];

/** Models as Keras's converter writes them: sequential ones, stored as they are or as whole numbers. */
export function kerasModels(): readonly Files[] {
  return SEQUENCES.flatMap((layers) =>
    ["float32", "float16", "uint8", "uint16"].map((dtype) => toFiles(layers, dtype)),
  );
}

function toFiles(layers: readonly Layer[], dtype: string): Files {
  const named = layers.map(([className, config], i) => {
    const batch_input_shape = i === 0 ? { batch_input_shape: [null, 4] } : {};
    return {
      class_name: className,
      config: { name: `layer_${i}`, trainable: true, dtype: "float32", ...batch_input_shape, ...config },
    };
  });
  const quantization = dtype.startsWith("uint") ? { dtype, scale: 0.5, min: 0, original_dtype: "float32" } : { dtype };
  const weights = layers.flatMap(([, { use_bias: useBias }, sizes = {}], i) =>
    Object.entries(sizes)
      .filter(([name]) => name !== "bias" || useBias !== false)
      .map(([name, shape]) => ({
        name: `layer_${i}/${name}`,
        shape,
        dtype: "float32",
        ...(dtype === "float32" ? {} : { quantization }),
      })),
  );
  const bytes = { float32: 4, float16: 2, uint8: 1, uint16: 2 }[dtype] as number;
  const count = weights.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
  const json = {
    format: "layers-model",
    generatedBy: "keras v2.15.0",
    convertedBy: "TensorFlow.js Converter v4.22.0",
    modelTopology: {
      keras_version: "2.15.0",
      backend: "tensorflow",
      model_config: { class_name: "Sequential", config: { name: "sequential", layers: named } },
    },
    weightsManifest: [{ paths: ["group1-shard1of1.bin"], weights }],
  };
  return [
    { name: "model.json", bytes: new TextEncoder().encode(JSON.stringify(json)) },
    // As f32, f16 or whole numbers, bytes of 1 are numbers above 0.
    { name: "group1-shard1of1.bin", bytes: new Uint8Array(count * bytes).fill(1) },
  ];
}
