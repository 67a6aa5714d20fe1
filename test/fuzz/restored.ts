import type { ModelData } from "../../src/io/model-data.js";
import { readNative, writeNative } from "../../src/io/native.js";
import { restoreModel } from "../../src/train/restore.js";
import { check } from "./target.js";

/** Restores a model that was read. What the file says must be what the model is: written and read again, it is the same. */
export async function checkModel(data: ModelData): Promise<void> {
  const model = restoreModel(data, "file");
  const again = restoreModel(await readNative(writeNative(model.toData()), "again"), "again");
  check(again.weightsHash() === model.weightsHash(), "its weights are others when it is saved and loaded");
  check(again.summary() === model.summary(), "its layers are others when it is saved and loaded");
}
