import type { FilesByName } from "./bytes.js";
import { jpegs, pngs } from "./images.js";
import { checkpoint, native, resumed } from "./native.js";
import { onnx } from "./onnx.js";
import { safetensors, weights } from "./safetensors.js";
import { csv, idx } from "./tables.js";
import { shards, tfjs } from "./tfjs.js";

const named = (files: FilesByName, extension: string) =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${name}.${extension}`, bytes]));

/** The corpus: files by folder, which is the reader that they are for, and by name. */
export const corpus: Readonly<Record<string, FilesByName>> = {
  safetensors: named(safetensors, "safetensors"),
  weights: named(weights, "safetensors"),
  native: named(native, "safetensors"),
  checkpoint: named(checkpoint, "safetensors"),
  resume: named(resumed, "safetensors"),
  onnx: named(onnx, "onnx"),
  tfjs: { ...named(tfjs, "tfjs"), ...shards },
  idx: named(idx, "idx"),
  csv: named(csv, "csv"),
  png: named(pngs, "png"),
  jpeg: named(jpegs, "jpg"),
};
