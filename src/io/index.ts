/* What the library loads when a model is first saved or loaded. */
export {
  type CheckpointFile,
  type CheckpointFolder,
  listCheckpoints,
  type OpenedCheckpoint,
  openCheckpoint,
  openCheckpointFolder,
} from "./checkpoints.js";
export {
  type Format,
  type LoadOptions,
  lookInto,
  modelBytes,
  readModelFrom,
  readTensors,
  type WriteOptions,
  writeModel,
} from "./formats.js";
export type { FileInfo } from "./model-data.js";
export { checkResumable } from "./resumable.js";
export type { CallbackState, RunState, TrainingState } from "./run-state.js";
export type { NamedBytes, Source } from "./storage.js";
