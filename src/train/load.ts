import { checkSettings } from "../base/check.js";
import { FormatError, OutOfMemoryError } from "../base/errors.js";
import type { CheckpointFile, FileInfo, LoadOptions, Source } from "../io/index.js";
import type { Model, Prediction } from "./model.js";
import { restoreModel } from "./restore.js";
import type { Weight } from "./weights.js";

/**
 * A model from a file: of neurone's own, a checkpoint too, of ONNX, or a layers model of TensorFlow.js. `source` is a path or a `file:` URL
 * in Node; an address in a browser, or `indexeddb://name`; a `Blob`, an `ArrayBuffer` or bytes; or several files, as a
 * `model.json` and its shards: by name, or a list of `File`s. Layers are made by `layers.*` alone: nothing in a file is code, a path or an address. A
 * model with several outputs, or one made with a list of them, is a `Model<Prediction[]>`.
 * @throws FormatError for bytes that are not what their format says, and for what neurone has no layer for, naming all of it;
 * ConfigError for a source that cannot be read; OutOfMemoryError for a model that does not fit
 */
export async function load<P extends Prediction | Prediction[] = Prediction>(
  source: Source,
  options: LoadOptions = {},
): Promise<Model<P>> {
  checkSettings("load", options, ["format", "signal"]);
  const { readModelFrom } = await import("../io/index.js");
  const { model, file } = await readModelFrom(source, options);
  return restoreModel(model, file) as Model<P>;
}

/**
 * The tensors of a file of safetensors by name, as f32 (F64 is rounded), for `setWeights`: such as PyTorch's.
 * @throws FormatError for bytes that are no safetensors and for tensors of other types; ConfigError as `load` does
 */
export async function loadWeights(source: Source): Promise<Record<string, Weight>> {
  const { readTensors } = await import("../io/index.js");
  return Object.fromEntries((await readTensors(source)).map((tensor) => [tensor.name, tensor]));
}

/** Node only: the checkpoints of a folder, the newest first; none where it is missing. Throws `ConfigError` where it cannot be read. */
export async function checkpoints(path: string): Promise<CheckpointFile[]> {
  const { listCheckpoints } = await import("../io/index.js");
  return listCheckpoints(path);
}

/** What a file holds: tensors, texts, layers or operators, also where no model can be made of it. Throws as `load` does. */
export async function inspect(source: Source, options: LoadOptions = {}): Promise<FileInfo> {
  checkSettings("inspect", options, ["format", "signal"]);
  const { lookInto } = await import("../io/index.js");
  const { file, info, model } = await lookInto(source, options);
  if (!model) return info;
  try {
    restoreModel(model, file);
    return { ...info, architecture: model.architecture };
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof OutOfMemoryError)) throw error;
    return { ...info, unsupported: error.message };
  }
}
