import { join } from "node:path";
import { layers, type Model, type ModelMetadata, model, sequential, input as symbolic } from "../../src/index.js";

export const flowers = { classNames: ["rose", "iris", "lily"], featureNames: ["width", "length"] } as const;
type Output = "softmax" | "linear" | "sigmoid";

/** A classifier of (width, length): a rose's score is the width, an iris's the length, a lily's 0. */
export function saveFlowers(
  folder: string,
  name: string,
  metadata: ModelMetadata = flowers,
  output: Output = "softmax",
) {
  const net = sequential({ layers: [layers.dense({ inputShape: [2], units: 3, activation: output })] });
  net.setWeights([
    [
      [1, 0, 0],
      [0, 1, 0],
    ],
    [0, 0, 0],
  ]);
  return save(net, folder, name, metadata);
}

/** One output for (width, length): the difference of the two, through `output`. */
export function saveDifference(folder: string, name: string, output: Output, metadata: ModelMetadata = {}) {
  const net = sequential({ layers: [layers.dense({ inputShape: [2], units: 1, activation: output })] });
  net.setWeights([[[1], [-1]], [0]]);
  return save(net, folder, name, metadata);
}

/** A model that answers what it is given, divided by 255 where it scales. */
export function saveEcho(folder: string, name: string, inputShape: readonly number[], scales: boolean) {
  const first = scales
    ? [layers.flatten({ inputShape }), layers.rescaling({ scale: 1 / 255 })]
    : [layers.activation({ inputShape, activation: "linear" })];
  return save(sequential({ layers: [...first, layers.flatten()] }), folder, name);
}

/** A model of two inputs. */
export function saveSum(folder: string, name: string) {
  const inputs = [symbolic({ shape: [2] }), symbolic({ shape: [2] })];
  return save(model({ inputs, outputs: layers.add().apply(inputs) }), folder, name);
}

async function save(net: Model, folder: string, name: string, metadata: ModelMetadata = {}): Promise<string> {
  net.metadata = metadata;
  const path = join(folder, name);
  await net.save(path);
  return path;
}
