import { checkBoolean, checkInteger, checkNumber, checkSettings, lookUp, show } from "../base/check.js";
import { ConfigError } from "../base/errors.js";
import type { WriteOptions } from "../io/index.js";
import type { Callback } from "./callbacks.js";
import type { Tensors } from "./examples.js";

/** Where training stands, told some ten times a second and at the end of each epoch. */
export interface Progress {
  /** Counted from 0. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps of this epoch that are done. */
  readonly step: number;
  readonly steps: number;
  /** Examples of this epoch that are done. */
  readonly samples: number;
  /** Of this epoch so far: the mean, or the sum where the loss says so. */
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface FitOptions {
  /** Examples a step. Larger than the data: all of them. Default 32. */
  readonly batchSize?: number;
  /** Passes over the data. Default 1. */
  readonly epochs?: number;
  /** A new order of the examples each epoch, from the model's seed. Default true. */
  readonly shuffle?: boolean;
  /** Evaluated after each epoch: `val_loss` and so on in the logs. */
  readonly validationData?: readonly [x: Tensors, y: Tensors, sampleWeight?: ArrayLike<number>];
  /** The fraction of the examples, the last ones, that is kept from training and used as validation data. */
  readonly validationSplit?: number;
  readonly callbacks?: readonly Callback[];
  /** One number of at least 0 an example: how much it counts in the loss. */
  readonly sampleWeight?: ArrayLike<number>;
  /** The same by class id; classes that are missing count 1. */
  readonly classWeight?: { readonly [id: number]: number };
  /** Stops after the current step: `fit` rejects with the signal's reason, the model keeps what it learnt. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /**
   * Node only: goes on from the newest checkpoint of this folder, or from the one that is this file, to the same end as if training
   * had never stopped; from the beginning where the folder holds none. Data, settings and callbacks must be those of the training
   * that `callbacks.checkpoint` kept: of another model or another training a `ConfigError` says where they differ, and a damaged
   * checkpoint is a `FormatError` that names the next older good one. `epochs` may be more than they were. The history is that of the
   * whole training.
   */
  readonly resume?: string;
}

export interface EvaluateOptions {
  /** Examples a step; it does not change the result. Default 256. */
  readonly batchSize?: number;
  readonly sampleWeight?: ArrayLike<number>;
  readonly signal?: AbortSignal;
}

export interface PredictOptions {
  /** Examples at a time; it does not change the result. Default 256. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
}

export interface SaveOptions extends WriteOptions {
  /** Whether optimizer, loss and metrics go along. Default true. */
  readonly compile?: boolean;
}

const EVENTS = { onTrainBegin: true, onEpochBegin: true, onBatchEnd: true, onEpochEnd: true, onTrainEnd: true };

const FIT_SETTINGS = [
  "batchSize",
  "epochs",
  "shuffle",
  "validationData",
  "validationSplit",
  "callbacks",
  "sampleWeight",
  "classWeight",
  "signal",
  "onProgress",
  "resume",
];

/** Throws `ConfigError` for options that cannot be used. */
export function checkFitOptions(options: FitOptions): void {
  checkSettings("fit", options, FIT_SETTINGS);
  const { validationData, validationSplit, callbacks = [], shuffle = true, onProgress } = options;
  checkInteger("batchSize", options.batchSize ?? 32, 1);
  checkInteger("epochs", options.epochs ?? 1, 0);
  checkSignal(options.signal);
  if (validationSplit !== undefined) {
    checkNumber("validationSplit", validationSplit, 0, 1);
    if (validationData) throw new ConfigError("validationData and validationSplit: give one of them");
  }
  if (validationData !== undefined && (!Array.isArray(validationData) || validationData.length < 2)) {
    throw new ConfigError(`validationData must be [x, y] or [x, y, sampleWeight], got ${show(validationData)}`);
  }
  checkBoolean("shuffle", shuffle);
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new ConfigError(`onProgress must be a function, got ${show(onProgress)}`);
  }
  if (!Array.isArray(callbacks)) throw new ConfigError(`callbacks must be a list, got ${show(callbacks)}`);
  callbacks.forEach((callback: unknown, i) => {
    const hint = typeof callback === "function" ? " (call it: callbacks.earlyStopping())" : "";
    if (typeof callback !== "object" || callback === null) {
      throw new ConfigError(
        `callbacks[${i}] must be an object with onEpochEnd and its like, got ${show(callback)}${hint}`,
      );
    }
    // A callback may hold whatever else it likes, but a misspelt event would never come.
    const events = Object.keys(callback).filter((key) => /^on[A-Z]/.test(key));
    for (const event of events) lookUp(`callbacks[${i}]: event`, event, EVENTS);
    const { getState, setState } = callback as Callback;
    if (!getState !== !setState) throw new ConfigError(`callbacks[${i}]: getState and setState belong together`);
  });
}

/** Throws `ConfigError` for options that cannot be used. */
export function checkEvaluateOptions(options: EvaluateOptions): void {
  checkSettings("evaluate", options, ["batchSize", "sampleWeight", "signal"]);
  checkInteger("batchSize", options.batchSize ?? 1, 1);
  checkSignal(options.signal);
}

/** Throws `ConfigError` for options that cannot be used. */
export function checkPredictOptions(options: PredictOptions): void {
  checkSettings("predict", options, ["batchSize", "signal"]);
  checkInteger("batchSize", options.batchSize ?? 1, 1);
  checkSignal(options.signal);
}

/** Throws `ConfigError` for options that cannot be used. */
export function checkSaveOptions(options: SaveOptions): SaveOptions {
  const { compile = true, classOutput = false } = checkSettings("save", options, ["format", "classOutput", "compile"]);
  checkBoolean("save: compile", compile);
  checkBoolean("save: classOutput", classOutput);
  return options;
}

function checkSignal(signal: unknown): void {
  if (signal === undefined || signal instanceof AbortSignal) return;
  throw new ConfigError(`signal must be an AbortSignal, got ${show(signal)}`);
}
