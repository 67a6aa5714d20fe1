import { checkInteger, checkNumber, checkSettings, show } from "../base/check.js";
import { ConfigError, DataError } from "../base/errors.js";
import { Random, streams } from "../base/random.js";
import type { Callback, TrainingModel } from "./callbacks.js";
import type { Compiled } from "./compile.js";
import type { Examples, Tensors } from "./examples.js";
import type { ModelMemory } from "./memory.js";
import type { Network } from "./network.js";
import type { Pace } from "./pace.js";
import { Session } from "./session.js";
import { type Logs, logsOf, totalsOf } from "./totals.js";
import type { Weights } from "./weights.js";

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
  /** Mean over this epoch so far. */
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
}

/** What training came to, a number an epoch. */
export interface History {
  /** The epochs that ran, counted from 0. */
  readonly epoch: readonly number[];
  readonly history: { readonly loss: readonly number[]; readonly [name: string]: readonly number[] };
}

/** What of a model changes by training, besides its weights. */
export interface TrainingState {
  /** Steps and epochs since `compile`. */
  steps: number;
  epochs: number;
  /** Multiplies the optimizer's learning rate. */
  learningRateScale: number;
}

/** Everything a run of `fit` works on. */
export interface Training {
  readonly network: Network;
  readonly weights: Weights;
  readonly compiled: Compiled;
  readonly memory: ModelMemory;
  readonly examples: Examples;
  readonly validation: Examples | undefined;
  readonly seed: number;
  readonly state: TrainingState;
  readonly pace: Pace;
  /** What callbacks see of the model; `stopped` is set by its `stop()`. */
  readonly model: TrainingModel & { readonly stopped: boolean };
}

/** Milliseconds between two reports of progress. */
const PROGRESS_INTERVAL = 100;

/** Examples shuffled before the host may have its turn. */
const SHUFFLED_AT_ONCE = 5000;

const SETTINGS = [
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
];

/** Throws `ConfigError` for options that cannot be used. */
export function checkFitOptions(options: FitOptions): void {
  checkSettings("fit", options, SETTINGS);
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
  if (typeof shuffle !== "boolean") throw new ConfigError(`shuffle must be true or false, got ${show(shuffle)}`);
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
  });
}

/** Throws `ConfigError` for what is no `AbortSignal`. */
export function checkSignal(signal: unknown): void {
  if (signal === undefined || signal instanceof AbortSignal) return;
  throw new ConfigError(`signal must be an AbortSignal, got ${show(signal)}`);
}

/** Trains. Whatever happens, only the weights of whole steps and the training state are left behind. */
export async function fit(training: Training, options: FitOptions): Promise<History> {
  const { memory, weights, compiled, validation, model, pace } = training;
  const { callbacks = [], epochs = 1, batchSize = 32 } = options;
  const isNeeded = (name: keyof NonNullable<Callback["needs"]>) => callbacks.some(({ needs }) => needs?.[name]);
  const needs = { gradientNorm: isNeeded("gradientNorm"), thetaChange: isNeeded("thetaChange") };
  const regions = memory.trainingRegions(weights, compiled.optimizer.slots);
  const config = { ...training, training: { needsNorm: needs.gradientNorm } };
  const session = await Session.open(memory.engine, config, batchSize, regions, pace);
  let validating: Session | undefined;
  try {
    if (validation) {
      const { network } = training;
      const config = { network, weights, compiled, examples: validation };
      validating = await Session.open(memory.engine, config, batchSize, memory.regions, pace);
    }
    const history: Record<string, number[]> & { loss: number[] } = { loss: [] };
    const ran: number[] = [];
    const names = logNames(compiled, needs, validating !== undefined);
    for (const callback of callbacks) await callback.onTrainBegin?.(model, names);
    for (let epoch = 0; epoch < epochs && !model.stopped; epoch++) {
      for (const callback of callbacks) await callback.onEpochBegin?.(epoch, model);
      if (model.stopped) break;
      const before = needs.thetaChange ? weights.trainable() : undefined;
      const run = new Epoch(training, options, session, epoch);
      let logs = await run.finish();
      if (needs.gradientNorm) logs = { ...logs, gradientNorm: run.gradientNorm };
      if (before) logs = { ...logs, thetaChange: distance(before, weights.trainable()) };
      if (validating) {
        const found = Object.entries(await evaluate(validating, compiled, weights, pace));
        logs = { ...logs, ...Object.fromEntries(found.map(([name, value]) => [`val_${name}`, value])) };
      }
      ran.push(epoch);
      for (const [name, value] of Object.entries(logs)) {
        history[name] ??= [];
        history[name].push(value);
      }
      for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs, model);
    }
    for (const callback of callbacks) await callback.onTrainEnd?.(model);
    return { epoch: ran, history };
  } finally {
    session.free();
    validating?.free();
  }
}

/** What the logs of an epoch will hold. */
function logNames(
  compiled: Compiled,
  needs: Readonly<Record<string, boolean>>,
  validating: boolean,
): readonly string[] {
  const own = Object.keys(logsOf(compiled, new Float64Array(totalsOf(compiled.heads).length), 1, 0));
  const asked = Object.keys(needs).filter((name) => needs[name]);
  return [...own, ...asked, ...(validating ? own.map((name) => `val_${name}`) : [])];
}

/** The logs of one pass over the session's examples. */
export async function evaluate(session: Session, compiled: Compiled, weights: Weights, pace: Pace): Promise<Logs> {
  session.clearTotals();
  for (let step = 0; step < session.steps; ) {
    step += pace.work(session.stepsFrom(step), (count) => {
      session.run(step, count, 0);
      return count;
    });
    await pace.rest();
  }
  return logsOf(compiled, session.totals(), session.rows, weights.penalty());
}

/** One pass of training. */
class Epoch {
  readonly #training: Training;
  readonly #options: FitOptions;
  readonly #session: Session;
  readonly #epoch: number;
  #step = 0;
  #told = performance.now();

  constructor(training: Training, options: FitOptions, session: Session, epoch: number) {
    this.#training = training;
    this.#options = options;
    this.#session = session;
    this.#epoch = epoch;
  }

  /** Mean over the steps, before clipping. */
  get gradientNorm(): number {
    return (this.#session.totals()[1] as number) / this.#step;
  }

  async finish(): Promise<Logs> {
    const session = this.#session;
    const { state, seed, model, pace } = this.#training;
    const { onProgress, callbacks = [], shuffle = true } = this.#options;
    const needsFiniteLoss = callbacks.some(({ needs }) => needs?.finiteLoss);
    const batchCallbacks = callbacks.filter((callback) => callback.onBatchEnd);
    if (shuffle) await permute(session, seed, state.epochs, pace);
    session.clearTotals();
    while (this.#step < session.steps && !model.stopped) {
      const most = batchCallbacks.length > 0 ? 1 : session.stepsFrom(this.#step);
      const before = batchCallbacks.length > 0 ? session.totals() : undefined;
      pace.work(most, (count) => this.#run(count));
      if (needsFiniteLoss && !Number.isFinite(this.#logs().loss)) model.stop();
      if (before) {
        const logs = this.#batchLogs(before);
        for (const callback of batchCallbacks) await callback.onBatchEnd?.(this.#step - 1, logs, model);
      }
      const done = this.#step === session.steps;
      if (onProgress && (done || performance.now() - this.#told >= PROGRESS_INTERVAL)) this.#tell(onProgress);
      await pace.rest();
    }
    state.epochs++;
    return this.#logs();
  }

  #run(count: number): number {
    const { state, compiled } = this.#training;
    const session = this.#session;
    writeRates(session.scalars(), count, compiled, state, session.steps);
    session.run(this.#step, count, state.steps);
    this.#step += count;
    state.steps += count;
    return count;
  }

  #logs(): Logs {
    const sums = this.#session.totals();
    return logsOf(this.#training.compiled, sums, this.#session.rowsIn(this.#step), (sums[0] as number) / this.#step);
  }

  /** Of the last step alone. */
  #batchLogs(before: Float64Array): Logs {
    const sums = this.#session.totals().map((sum, i) => sum - (before[i] as number));
    const rows = this.#session.rowsIn(this.#step) - this.#session.rowsIn(this.#step - 1);
    return logsOf(this.#training.compiled, sums, rows, sums[0] as number);
  }

  #tell(onProgress: (progress: Progress) => void): void {
    this.#told = performance.now();
    const { loss, ...metrics } = this.#logs();
    const { steps } = this.#session;
    const samples = this.#session.rowsIn(this.#step);
    const { epochs = 1 } = this.#options;
    onProgress({ epoch: this.#epoch, epochs, step: this.#step, steps, samples, loss, metrics });
  }
}

/** The order of an epoch depends on the seed and the epoch's number alone, not on the orders before it. */
async function permute(session: Session, seed: number, epoch: number, pace: Pace): Promise<void> {
  const random = new Random(seed, streams.shuffle, epoch);
  const order = session.order();
  for (let i = 0; i < order.length; i++) order[i] = i;
  for (let to = session.rows; to > 1; to -= SHUFFLED_AT_ONCE) {
    random.shuffle(session.order(), Math.max(1, to - SHUFFLED_AT_ONCE), to);
    await pace.rest();
  }
}

function writeRates(
  out: Float32Array,
  count: number,
  { optimizer }: Compiled,
  state: TrainingState,
  stepsPerEpoch: number,
): void {
  const { learningRate } = optimizer;
  for (let i = 0; i < count; i++) {
    const step = state.steps + i;
    const base = typeof learningRate === "number" ? learningRate : learningRate.at(step, stepsPerEpoch);
    if (!Number.isFinite(base)) throw new DataError(`the learning rate of step ${step} is ${base}`);
    optimizer.writeScalars(out, i * optimizer.scalars, step + 1, base * state.learningRateScale);
  }
}

/** The Euclidean distance of two points. */
function distance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}
