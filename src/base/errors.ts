/**
 * Every error neurone throws on purpose. Each message names the argument, says what was expected and
 * what came; whatever was called is as it was before the call.
 */
export class NeuroneError extends Error {
  // Spelt out here and below: a minifier renames classes.
  override readonly name: string = "NeuroneError";
}

/** A tensor's shape does not fit where it was given: a batch, a layer's input, a weight. */
export class ShapeError extends NeuroneError {
  override readonly name = "ShapeError";
}

/** Data whose values cannot be used: NaN, infinity, a label out of range, nothing at all. */
export class DataError extends NeuroneError {
  override readonly name = "DataError";
}

/** Bytes or text that are not what their format says: a truncated IDX file, a word in a CSV's numeric column. */
export class FormatError extends NeuroneError {
  override readonly name = "FormatError";
}

/** What was to be kept could not be written: a full disk, a folder without permission, a browser's quota. What was there before still is. */
export class StorageError extends NeuroneError {
  override readonly name = "StorageError";
}

/** A setting that cannot be used: an unknown name, a number out of its range, calls in the wrong order. */
export class ConfigError extends NeuroneError {
  override readonly name = "ConfigError";
}

/** The wasm core trapped, or was used after it had. The model must be rebuilt from its last weights. */
export class EngineError extends NeuroneError {
  override readonly name = "EngineError";
}

/** More memory needed than the engine can address or the host gives. Nothing was allocated. */
export class OutOfMemoryError extends NeuroneError {
  override readonly name = "OutOfMemoryError";
  /** Bytes that the request would bring the engine's memory to. */
  readonly needed: number;
  /** Bytes that the engine's memory can hold. */
  readonly limit: number;

  constructor(what: string, needed: number, limit: number) {
    super(`${what}: ${needed} bytes needed, the limit is ${limit} bytes`);
    this.needed = needed;
    this.limit = limit;
  }
}
