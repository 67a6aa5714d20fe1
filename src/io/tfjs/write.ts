import { hashBytes } from "../../base/hash.js";
import type { ModelData, WeightData } from "../model-data.js";
import { writeGraph } from "./write-graph.js";

/** Bytes of a shard, which is what browsers cache well: the same as TensorFlow.js's converter cuts. */
const SHARD_BYTES = 4 * 2 ** 20;

/**
 * The model as TensorFlow.js's layers model: first the model file, JSON with the topology and a manifest of the
 * weights, then the weights as f32 in files of 4 MiB, which the model file names and expects beside itself.
 *
 * What TensorFlow.js has no single layer for comes as several that compute the same: a dense layer whose activation has
 * a constant as two, `hardSigmoid` as a clipped line, a normalization of examples of several axes between two of
 * Reshape; what it gets wrong comes by way of a linear activation: a value that a layer reads twice, and an output that
 * is there already. Characters that its names cannot hold become `_`. Seed and compile settings are left out, and so is
 * that a single output comes as a list.
 * @throws ConfigError, naming `modelFile`, for all layers and activations that TensorFlow.js 4.22 has no counterpart
 * for, and for examples of no or more than 4 axes
 */
export function writeTfjs(model: ModelData, modelFile: string): { name: string; bytes: Uint8Array }[] {
  const { topology, weights } = writeGraph(model.architecture, model.weights, modelFile);
  const shards = cut(weights, modelFile.replace(/\.json$/i, ""));
  const { classNames, featureNames } = model.metadata;
  const metadata = { ...(classNames ? { classNames } : {}), ...(featureNames ? { featureNames } : {}) };
  const json = {
    format: "layers-model",
    generatedBy: "neurone",
    convertedBy: null,
    modelTopology: topology,
    weightsManifest: [
      {
        paths: shards.map(({ name }) => name),
        weights: weights.map(({ name, shape }) => ({ name, shape, dtype: "float32" })),
      },
    ],
    ...(Object.keys(metadata).length > 0 ? { userDefinedMetadata: metadata } : {}),
  };
  return [{ name: modelFile, bytes: new TextEncoder().encode(JSON.stringify(json)) }, ...shards];
}

/**
 * All weights, one after the other, in files of equal size but for the last. Their names say whose they are and, by a hash, which:
 * those that a model file names are never written over by others.
 */
function cut(weights: readonly WeightData[], stem: string): { name: string; bytes: Uint8Array }[] {
  const views = weights.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const hash = hashBytes(views).slice(0, 8);
  const total = weights.reduce((sum, { data }) => sum + data.byteLength, 0);
  const count = Math.ceil(total / SHARD_BYTES);
  const shards = Array.from({ length: count }, (_, i) => ({
    name: `${stem}.${hash}.group1-shard${i + 1}of${count}.bin`,
    bytes: new Uint8Array(Math.min(SHARD_BYTES, total - i * SHARD_BYTES)),
  }));
  let at = 0;
  for (const bytes of views) {
    for (let done = 0; done < bytes.length; ) {
      const shard = shards[Math.floor(at / SHARD_BYTES)]?.bytes as Uint8Array;
      const begin = at % SHARD_BYTES;
      const part = bytes.subarray(done, done + shard.length - begin);
      shard.set(part, begin);
      done += part.length;
      at += part.length;
    }
  }
  return shards;
}
