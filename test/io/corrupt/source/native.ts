import { createHash } from "node:crypto";
import type { Json } from "../../../../src/base/json.js";
import { changed, type FilesByName, flipped, join, text } from "./bytes.js";
import { file } from "./safetensors.js";

type Entry = { readonly [key: string]: unknown };

/** A tensor of zeros or of given numbers. */
interface Tensor {
  readonly dtype?: "F32" | "F64" | "I64";
  readonly shape: readonly number[];
  readonly numbers?: readonly number[];
}
type Tensors = Readonly<Record<string, Tensor>>;

function container(metadata: Entry, tensors: Tensors): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [name, { dtype = "F32", shape, numbers = [] }] of Object.entries(tensors)) {
    const size = shape.reduce((product, n) => product * n, 1);
    const data = dtype === "F32" ? new Float32Array(size) : new Float64Array(size);
    data.set(numbers);
    header[name] = { dtype, shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
    parts.push(new Uint8Array(data.buffer));
  }
  return file(JSON.stringify(header), join(...parts));
}

const dense = { kind: "dense", name: "d", config: { units: 2, activation: "relu" } };
const architecture: Entry = {
  inputs: [[3]],
  layers: [dense],
  nodes: [{ layer: 0, inputs: [0], shape: [2] }],
  outputs: [1],
  list: false,
  seed: 1,
};
const entry: Entry = { version: 1, architecture, metadata: {} };
const kernel: Tensors = { "d/kernel": { shape: [3, 2] }, "d/bias": { shape: [2] } };

/** A model file of neurone's whose entry is this one. */
const model = (neurone: Entry | string, tensors = kernel) =>
  container({ neurone: typeof neurone === "string" ? neurone : JSON.stringify(neurone) }, tensors);
/** The same with some parts of its architecture as given. */
const built = (parts: Entry, tensors = kernel) =>
  model({ ...entry, architecture: { ...architecture, ...parts } }, tensors);
/** The same of a single layer without weights, [3] in and, unless it is said, out. */
const layer = (kind: string, config: Entry, shape = [3], inputs = [0]) =>
  built({ layers: [{ kind, name: "l", config }], nodes: [{ layer: 0, inputs, shape }] }, {});
const settings = (config: Entry) => built({ layers: [{ ...dense, config: { units: 2, ...config } }] });

const loss = [{ name: "meanSquaredError" }];
const optimizer = { name: "sgd", config: { learningRate: 0.1 } };
const compiled = (parts: Entry) => model({ ...entry, compile: { optimizer, loss, metrics: [[]], ...parts } });
const node = (parts: Entry) => built({ nodes: [{ layer: 0, inputs: [0], shape: [2], ...parts }] });
const scheduled = (learningRate: Json) => compiled({ optimizer: { name: "sgd", config: { learningRate } } });
const normalization = (tensors: Tensors) =>
  built(
    { layers: [{ kind: "normalization", name: "n", config: {} }], nodes: [{ layer: 0, inputs: [0], shape: [3] }] },
    tensors,
  );

/** Files of neurone's own that no neurone wrote. */
export const native: FilesByName = {
  "tensors-alone": container({ format: "pt" }, kernel),
  "no-json": model("{"),
  list: model("[]"),
  "key-twice": model('{"version":1,"version":1}'),
  "key-proto": model('{"version":1,"__proto__":{}}'),
  "nested-deep": model(`{"version":1,"architecture":${"[".repeat(1000)}${"]".repeat(1000)}}`),
  "version-newer": model({ ...entry, version: 2 }),
  "version-text": model({ ...entry, version: "1" }),
  "version-missing": model({ architecture, metadata: {} }),
  "entry-unknown": model({ ...entry, code: "x" }),
  "architecture-missing": model({ version: 1, metadata: {} }),
  "architecture-key-unknown": built({ script: "x" }),
  "inputs-no-list": built({ inputs: { 0: [3] } }),
  "inputs-missing": built({ inputs: [] }),
  "input-size-0": built({ inputs: [[0]] }),
  "input-size-2^31": built({ inputs: [[2 ** 31]] }),
  "input-size-negative": built({ inputs: [[-3]] }),
  "input-size-fraction": built({ inputs: [[1.5]] }),
  "input-33-axes": built({ inputs: [new Array(33).fill(1)] }),
  "input-unused": built({ inputs: [[3], [3]], outputs: [2] }),
  "seed-negative": built({ seed: -1 }),
  "seed-2^53": built({ seed: 2 ** 53 }),
  "list-number": built({ list: 1 }),
  "outputs-none": built({ outputs: [] }),
  "output-beyond": built({ outputs: [2] }),
  "output-text": built({ outputs: ["1"] }),
  "node-layer-beyond": node({ layer: 1 }),
  "node-layer-negative": node({ layer: -1 }),
  "node-layer-text": node({ layer: "length" }),
  "node-reads-itself": node({ inputs: [1] }),
  "node-reads-later": built({
    layers: [{ kind: "flatten", name: "f", config: {} }],
    nodes: [
      { layer: 0, inputs: [2], shape: [3] },
      { layer: 0, inputs: [1], shape: [3] },
    ],
  }),
  "node-reads-nowhere": node({ inputs: [99] }),
  "node-reads-fraction": node({ inputs: [0.5] }),
  "node-reads-nothing": node({ inputs: [] }),
  "node-reads-two": built({ inputs: [[3], [3]], nodes: [{ layer: 0, inputs: [0, 1], shape: [2] }], outputs: [2] }),
  "node-shape-other": node({ shape: [3] }),
  "node-shape-huge": node({ shape: [2 ** 40] }),
  "node-key-unknown": node({ call: "x" }),
  "layer-name-twice": built({ layers: [dense, { ...dense }] }),
  "layer-name-empty": built({ layers: [{ ...dense, name: "" }] }),
  "layer-name-number": built({ layers: [{ ...dense, name: 1 }] }),
  "layer-config-list": built({ layers: [{ ...dense, config: [] }] }),
  "layer-unknown": layer("conv9d", {}),
  "layer-constructor": layer("constructor", {}),
  "layer-proto": layer("__proto__", {}),
  "layer-toString": layer("toString", {}),
  "layer-kind-long": layer("x".repeat(3000), {}),
  "setting-unknown": settings({ code: "x" }),
  "setting-constructor": settings({ constructor: "x" }),
  "setting-initializer-object": settings({ kernelInitializer: { fill: "x" } }),
  "initializer-constructor": settings({ kernelInitializer: "constructor" }),
  "activation-unknown": settings({ activation: "reluu" }),
  "activation-constructor": settings({ activation: "constructor" }),
  "activation-toString": settings({ activation: "toString" }),
  "activation-affine": settings({ activation: "affine" }),
  "activation-object-constructor": settings({ activation: { constructor: 1 } }),
  "activation-constant-text": settings({ activation: { threshold: "x" } }),
  "activation-constant-1e39": settings({ activation: { elu: 1e39 } }),
  "activation-list": settings({ activation: ["relu"] }),
  "regularizer-list": settings({ kernelRegularizer: [] }),
  "regularizer-negative": settings({ kernelRegularizer: { l1: -1, l2: 0 } }),
  "units-0": settings({ units: 0 }),
  "units-fraction": settings({ units: 1.5 }),
  "units-2^31": settings({ units: 2 ** 31 }),
  "units-giant": built(
    {
      layers: [{ ...dense, config: { units: 2 ** 31 - 1 } }],
      nodes: [{ layer: 0, inputs: [0], shape: [2 ** 31 - 1] }],
    },
    {},
  ),
  "softmax-of-one": built({ layers: [{ ...dense, config: { units: 1, activation: "softmax" } }] }),
  "dropout-rate-1": layer("dropout", { rate: 1 }),
  "dropout-rate-text": layer("dropout", { rate: "0.5" }),
  "rescaling-1e39": layer("rescaling", { scale: 1e39 }),
  "reshape-other-size": layer("reshape", { targetShape: [4] }),
  "reshape-two-open": layer("reshape", { targetShape: [-1, -1] }),
  "reshape-huge": layer("reshape", { targetShape: [2 ** 31 - 1, 2 ** 31 - 1] }),
  "concatenate-axis": layer("concatenate", { axis: 9 }, [6], [0, 0]),
  "add-of-one": layer("add", {}),
  "add-of-others": built(
    {
      inputs: [[3], [2]],
      layers: [{ kind: "add", name: "a", config: {} }],
      nodes: [{ layer: 0, inputs: [0, 1], shape: [3] }],
      outputs: [2],
    },
    {},
  ),
  "normalization-scale-missing": normalization({ "n/offset": { shape: [3] } }),
  "normalization-lengths": normalization({ "n/scale": { shape: [3] }, "n/offset": { shape: [2] } }),
  "normalization-nan": normalization({
    "n/scale": { shape: [3], numbers: [1, Number.NaN, 1] },
    "n/offset": { shape: [3] },
  }),
  "normalization-infinite": normalization({
    "n/scale": { shape: [3] },
    "n/offset": { shape: [3], numbers: [Infinity] },
  }),
  "weight-missing": built({}, { "d/kernel": { shape: [3, 2] } }),
  "weight-more": built({}, { ...kernel, "e/kernel": { shape: [1] } }),
  "weight-turned": built({}, { ...kernel, "d/kernel": { shape: [2, 3] } }),
  "weight-flat": built({}, { ...kernel, "d/kernel": { shape: [6] } }),
  "weight-integers": built({}, { ...kernel, "d/bias": { shape: [2], dtype: "I64" } }),
  "metadata-missing": model({ version: 1, architecture }),
  "metadata-unknown": model({ ...entry, metadata: { code: "x" } }),
  "metadata-names-number": model({ ...entry, metadata: { classNames: [1, 2] } }),
  "compile-list": model({ ...entry, compile: [] }),
  "compile-unknown": compiled({ code: "x" }),
  "compile-no-loss": compiled({ loss: null }),
  "loss-unknown": compiled({ loss: [{ name: "mae" }] }),
  "loss-toString": compiled({ loss: [{ name: "toString" }] }),
  "loss-two": compiled({ loss: [...loss, ...loss] }),
  "loss-delta-text": compiled({ loss: [{ name: "huber", delta: "1" }] }),
  "loss-weights-text": compiled({ lossWeights: ["1"] }),
  "metric-valueOf": compiled({ metrics: [[{ name: "valueOf" }]] }),
  "metric-twice": compiled({ metrics: [["accuracy", "accuracy"]] }),
  "metric-k-0": compiled({ metrics: [[{ name: "topKAccuracy", k: 0 }]] }),
  "optimizer-missing": compiled({ optimizer: null }),
  "optimizer-constructor": compiled({ optimizer: { name: "constructor", config: {} } }),
  "optimizer-setting-unknown": compiled({ optimizer: { name: "sgd", config: { learningRate: 0.1, update: "x" } } }),
  "optimizer-rate-text": scheduled("0.1"),
  "optimizer-rate-negative": scheduled(-0.1),
  "schedule-constructor": scheduled({ name: "constructor", config: {} }),
  "schedule-setting-unknown": scheduled({ name: "step", config: { initialRate: 0.1, steps: 1, at: "x" } }),
  "schedule-length-0": scheduled({ name: "step", config: { initialRate: 0.1, steps: 0 } }),
  "schedule-in-schedule": scheduled({
    name: "warmup",
    config: { steps: 1, schedule: { name: "toString", config: {} } },
  }),
};

const state: Entry = {
  ...{ steps: 5, epochs: 1, learningRateScale: 1, epoch: 1, step: 1, rows: 10, batchSize: 3 },
  ...{ stopped: false, shuffle: true, logNames: ["loss"], callbacks: [{ wait: 0 }] },
};
/** What training has of two epochs of 4 steps, one of which is done, and of the second a step. */
const training: Tensors = {
  "training:history/loss": { dtype: "F64", shape: [1] },
  "training:totals": { dtype: "F64", shape: [2] },
  "training:theta": { shape: [8] },
  "training:optimizer/0/d/kernel": { shape: [3, 2] },
  "training:optimizer/0/d/bias": { shape: [2] },
  "training:callback/0/d/kernel": { shape: [3, 2] },
  "training:callback/0/d/bias": { shape: [2] },
};

const DIGITS = 64;

/** A checkpoint with the checksum that it has. */
function checkpointOf(parts: Entry, tensors: Tensors): Uint8Array {
  const neurone = JSON.stringify({ ...entry, training: { ...state, ...parts } });
  return signed(container({ checksum: "0".repeat(DIGITS), neurone }, { ...tensors, ...kernel }));
}

function signed(bytes: Uint8Array): Uint8Array {
  return changed(bytes, placeOf(bytes, '"checksum":"') + 12, ...text(createHash("sha256").update(bytes).digest("hex")));
}

const without = (name: string) => Object.fromEntries(Object.entries(training).filter(([key]) => key !== name));
const instead = (name: string, tensor: Tensor) => ({ ...training, [name]: tensor });
const placeOf = (bytes: Uint8Array, part: string) => Buffer.from(bytes).indexOf(part);

/** The checkpoint that the others were. */
export const soundCheckpoint: Uint8Array = checkpointOf({}, training);
const sound = soundCheckpoint;

/** Damaged checkpoints, and ones under a right checksum that no training wrote. */
export const checkpoint: FilesByName = {
  "flip-in-length": flipped(sound, 0),
  "flip-in-length-high": flipped(sound, 7),
  "flip-before-checksum": flipped(sound, placeOf(sound, "checksum")),
  "flip-in-checksum": flipped(sound, placeOf(sound, '"checksum":"') + 20),
  "flip-in-architecture": flipped(sound, placeOf(sound, "relu")),
  "flip-in-state": flipped(sound, placeOf(sound, 'steps\\":5') + 8),
  "flip-in-offsets": flipped(sound, placeOf(sound, "data_offsets") + 15),
  "flip-in-totals": flipped(sound, -104),
  "flip-in-weights": flipped(sound, -1),
  "flip-in-the-middle": flipped(sound, sound.length >> 1),
  "cut-by-one": sound.subarray(0, -1),
  "cut-in-header": sound.subarray(0, 300),
  "cut-in-checksum": sound.subarray(0, 60),
  "zeros-behind": join(sound, new Uint8Array(8)),
  "zeros-in-the-middle": changed(sound, 512, ...new Uint8Array(64)),
  empty: new Uint8Array(),
  "model-alone": model(entry),
  "checksum-in-capitals": changed(
    sound,
    placeOf(sound, '"checksum":"') + 12,
    ...text(Buffer.from(sound).toString("latin1", 37, 101).toUpperCase()),
  ),
  "no-state": signed(container({ checksum: "0".repeat(DIGITS), neurone: JSON.stringify(entry) }, kernel)),
  "state-list": signed(
    container({ checksum: "0".repeat(DIGITS), neurone: JSON.stringify({ ...entry, training: [] }) }, kernel),
  ),
  "state-key-unknown": checkpointOf({ code: "x" }, training),
  "state-step-missing": checkpointOf({ step: undefined }, training),
  "state-step-negative": checkpointOf({ step: -1 }, training),
  "state-steps-2^53": checkpointOf({ steps: 2 ** 53 }, training),
  "state-epoch-fraction": checkpointOf({ epoch: 0.5 }, training),
  "state-scale-negative": checkpointOf({ learningRateScale: -1 }, training),
  "state-scale-null": checkpointOf({ learningRateScale: null }, training),
  "state-stopped-number": checkpointOf({ stopped: 0 }, training),
  "state-callbacks-object": checkpointOf({ callbacks: {} }, training),
  "tensor-unknown": checkpointOf({}, { ...training, "training:code": { shape: [1] } }),
  "totals-f32": checkpointOf({}, instead("training:totals", { shape: [2] })),
  "theta-f64": checkpointOf({}, instead("training:theta", { dtype: "F64", shape: [8] })),
  "history-f32": checkpointOf({}, instead("training:history/loss", { shape: [1] })),
  "slot-f64": checkpointOf({}, instead("training:optimizer/0/d/bias", { dtype: "F64", shape: [2] })),
  "slots-with-a-gap": checkpointOf({}, { ...training, "training:optimizer/2/d/bias": { shape: [2] } }),
  "callback-that-is-none": checkpointOf({}, { ...training, "training:callback/1/d/bias": { shape: [2] } }),
  "callback-constructor": checkpointOf({}, { ...training, "training:callback/constructor/x": { shape: [2] } }),
};

/** Checkpoints that are whole, but of no moment of their training. */
export const resumed: FilesByName = {
  "totals-missing": checkpointOf({}, without("training:totals")),
  "totals-longer": checkpointOf({}, instead("training:totals", { dtype: "F64", shape: [3] })),
  "theta-shorter": checkpointOf({}, instead("training:theta", { shape: [7] })),
  "history-shorter": checkpointOf({}, instead("training:history/loss", { dtype: "F64", shape: [0] })),
  "step-beyond-epoch": checkpointOf({ step: 5 }, training),
  "slot-missing": checkpointOf({}, without("training:optimizer/0/d/bias")),
  "slot-of-other-shape": checkpointOf({}, instead("training:optimizer/0/d/kernel", { shape: [2, 3] })),
  "slot-of-no-weight": checkpointOf({}, { ...training, "training:optimizer/0/e/bias": { shape: [2] } }),
  "slots-two": checkpointOf(
    {},
    { ...training, "training:optimizer/1/d/kernel": { shape: [3, 2] }, "training:optimizer/1/d/bias": { shape: [2] } },
  ),
};
