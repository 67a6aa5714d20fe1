import { createRequire } from "node:module";
import type { Shape } from "../../src/base/tensor.js";
import type { Prediction } from "../../src/index.js";

/*
 * As much of TensorFlow.js's API as is used here: its packages are installed for these tests only.
 */

export interface TfTensor {
  readonly shape: Shape;
  dataSync(): Float32Array;
}

export interface TfSymbolicTensor {
  readonly shape: Shape;
}

export interface TfLayer {
  readonly name: string;
  apply(inputs: TfSymbolicTensor | readonly TfSymbolicTensor[]): TfSymbolicTensor;
  getConfig(): Record<string, unknown>;
}

export interface TfModel {
  readonly layers: readonly TfLayer[];
  readonly inputs: readonly TfSymbolicTensor[];
  readonly weights: readonly { readonly name: string; readonly originalName: string; readonly shape: Shape }[];
  compile(config: { optimizer: string; loss: string }): void;
  trainOnBatch(x: TfTensor, y: TfTensor): Promise<unknown>;
  getWeights(): TfTensor[];
  getUserDefinedMetadata(): Record<string, unknown>;
  setUserDefinedMetadata(metadata: Record<string, unknown>): void;
  setWeights(weights: readonly TfTensor[]): void;
  predict(inputs: TfTensor | readonly TfTensor[]): TfTensor | TfTensor[];
  save(handler: unknown, config?: { includeOptimizer: boolean }): Promise<unknown>;
}

/** A model as TensorFlow.js hands it to whoever stores it. */
export interface Artifacts {
  readonly modelTopology: unknown;
  readonly format?: string;
  readonly generatedBy?: string;
  readonly convertedBy?: string | null;
  readonly trainingConfig?: unknown;
  readonly userDefinedMetadata?: Record<string, unknown>;
  readonly weightSpecs: readonly Record<string, unknown>[];
  readonly weightData: ArrayBuffer;
}

interface Core {
  readonly version_core: string;
  setBackend(name: string): Promise<boolean>;
  env(): { set(flag: string, value: boolean): void };
  tensor(data: Float32Array, shape: Shape): TfTensor;
  tidy<T>(work: () => T): T;
  readonly serialization: {
    readonly SerializationMap: { getMap(): { readonly classNameMap: Readonly<Record<string, unknown>> } };
  };
  disposeVariables(): void;
  readonly io: {
    fromMemory(artifacts: Artifacts): unknown;
    withSaveHandler(save: (artifacts: Artifacts) => Promise<unknown>): unknown;
  };
}

type LayerMaker = (config?: Record<string, unknown>) => TfLayer;

interface Layers {
  input(config: { shape: Shape }): TfSymbolicTensor;
  sequential(config: { layers: readonly TfLayer[] }): TfModel;
  model(config: {
    inputs: TfSymbolicTensor | readonly TfSymbolicTensor[];
    outputs: TfSymbolicTensor | readonly TfSymbolicTensor[];
  }): TfModel;
  loadLayersModel(handler: unknown): Promise<TfModel>;
  readonly layers: Readonly<Record<string, LayerMaker>>;
  readonly regularizers: { l1l2(config: { l1: number; l2: number }): unknown };
}

const require = createRequire(import.meta.url);

/** TensorFlow.js on its CPU backend. */
export async function loadTensorFlow(): Promise<Core & Layers> {
  const core: Core = require("@tensorflow/tfjs-core");
  require("@tensorflow/tfjs-backend-cpu");
  const layers: Layers = require("@tensorflow/tfjs-layers");
  // Keeps it from telling that there is a faster backend.
  core.env().set("IS_TEST", true);
  await core.setBackend("cpu");
  return { ...core, ...layers };
}

/** What a model predicts for a batch, as a list. */
export function predict(tf: Core, model: TfModel, inputs: readonly Prediction[]): Prediction[] {
  return tf.tidy(() => {
    const tensors = inputs.map(({ data, shape }) => tf.tensor(data, shape));
    const outputs = model.predict(tensors.length === 1 ? (tensors[0] as TfTensor) : tensors);
    return [outputs].flat().map((tensor) => ({ data: tensor.dataSync(), shape: tensor.shape }));
  });
}

/** The model as TensorFlow.js stores it. */
export async function save(tf: Core, model: TfModel, includeOptimizer = false): Promise<Artifacts> {
  let saved: Artifacts | undefined;
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    saved = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
  });
  await model.save(handler, { includeOptimizer });
  return saved as Artifacts;
}

/** The model of files as `writeTfjs` writes them. */
export function load(tf: Core & Layers, files: readonly { name: string; bytes: Uint8Array }[]): Promise<TfModel> {
  const byName = new Map(files.map(({ name, bytes }) => [name, bytes]));
  const { weightsManifest, ...artifacts } = JSON.parse(new TextDecoder().decode(files[0]?.bytes)) as Artifacts & {
    weightsManifest: readonly { paths: string[]; weights: Record<string, unknown>[] }[];
  };
  const shards = weightsManifest.flatMap(({ paths }) => paths.map((path) => byName.get(path) as Uint8Array));
  const weightData = new Uint8Array(Buffer.concat(shards)).buffer;
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  return tf.loadLayersModel(tf.io.fromMemory({ ...artifacts, weightSpecs, weightData }));
}

/** What is stored as files: the model file, and what reads the weights beside it. */
export function toFiles(artifacts: Artifacts) {
  const { weightSpecs, weightData, ...rest } = artifacts;
  const bytes = new Uint8Array(weightData);
  const middle = Math.floor(bytes.length / 2);
  const shards: Record<string, Uint8Array> = { "a.bin": bytes.subarray(0, middle), "b.bin": bytes.subarray(middle) };
  const json = { ...rest, weightsManifest: [{ paths: ["./a.bin", "./b.bin"], weights: weightSpecs }] };
  return {
    json: new TextEncoder().encode(JSON.stringify(json)),
    readShard: async (path: string) => shards[path] as Uint8Array,
  };
}
