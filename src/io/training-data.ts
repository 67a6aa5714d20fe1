import type { Json } from "../base/json.js";
import type { RawTensor } from "./safetensors.js";

/** What the names of tensors that are no weights of the model begin with. */
export const TRAINING = "training:";

/** What a checkpoint holds besides the model. */
export interface TrainingData {
  readonly state: Json;
  /** Their names begin with `TRAINING`. */
  readonly tensors: readonly RawTensor[];
}
