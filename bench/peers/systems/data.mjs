// The data as JavaScript systems take them.
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { job } from "./protocol.mjs";

/** The corners of XOR and their answers. */
export const CORNERS = [0, 0, 0, 1, 1, 0, 1, 1];
export const ANSWERS = [0, 1, 1, 0];

/** The pixels of the job's rows as they are stored, 0 to 255. */
export function bytePixels() {
  return read(job.images, job.rows * job.layers[0]);
}

/** The pixels of the job's rows in [0, 1]: prepared before the time is taken, which is a gift to whom it is given. */
export function floatPixels() {
  return Float32Array.from(bytePixels(), (pixel) => pixel / 255);
}

/** The class of each of the job's rows. */
export function classes() {
  return Int32Array.from(read(job.labels, job.rows));
}

/** The initial weights by layer, kernels as [inputs, units]. */
export function initialWeights() {
  const { buffer } = new Uint8Array(readFileSync(job.weights));
  let offset = 0;
  const next = (length) => {
    const part = new Float32Array(buffer, offset, length);
    offset += part.byteLength;
    return part;
  };
  return job.layers.slice(1).map((units, i) => {
    const inputs = job.layers[i];
    return { inputs, units, kernel: next(inputs * units), bias: next(units) };
  });
}

/** The numbers below `n` in a random order. */
export function shuffled(n) {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  return order;
}

function read({ path, header }, length) {
  const bytes = new Uint8Array(length);
  const file = openSync(path);
  readSync(file, bytes, 0, length, header);
  closeSync(file);
  return bytes;
}
