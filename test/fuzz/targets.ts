import { jpeg, png } from "./images.js";
import { onnx } from "./onnx.js";
import { checkpoint, native, safetensors } from "./safetensors.js";
import { csvFiles, idxFiles } from "./tables.js";
import type { Target } from "./target.js";
import { tfjs } from "./tfjs.js";

/** Every reader of files, by its format. */
export const targets: Readonly<Record<string, () => Promise<Target>>> = {
  ...{ safetensors, native, checkpoint, onnx, tfjs },
  ...{ idx: idxFiles, csv: csvFiles, png, jpeg },
};
