import { DataError } from "../base/errors.js";
import { Random, streams } from "../base/random.js";
import type { TrainingState } from "../io/index.js";
import type { Way } from "../runtime/crew.js";
import type { TrainingModel } from "./callbacks.js";
import type { Compiled } from "./compile.js";
import type { Description } from "./describe.js";
import type { Examples } from "./examples.js";
import type { ModelMemory } from "./memory.js";
import type { Network } from "./network.js";
import type { FitOptions, Progress } from "./options.js";
import type { Pace } from "./pace.js";
import type { Session } from "./session.js";
import { type Logs, logsOf } from "./totals.js";
import type { Weights } from "./weights.js";

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
  /** What callbacks see of the model. Training is over when it was `told` to stop by its `stop()`, or the model disposed of. */
  readonly model: TrainingModel & { readonly stopped: boolean; readonly told: boolean; readonly disposed: boolean };
  /** The model as data, without its weights: compile settings only where a file can say them. */
  describe(): Description;
}

/** Milliseconds between two reports of progress. */
const PROGRESS_INTERVAL = 100;

/** Examples shuffled before the host may have its turn. */
const SHUFFLED_AT_ONCE = 5000;

/** What an epoch waits for between its steps, and never at its end. */
export interface Pauses {
  /** How many steps may run at most before the next pause. */
  stepsLeft(): number;
  pause(): Promise<void>;
}

/** One pass of training. */
export class Epoch {
  readonly #training: Training;
  readonly #options: FitOptions;
  readonly #session: Session;
  readonly #epoch: number;
  #step = 0;
  #told = Number.NEGATIVE_INFINITY;

  constructor(training: Training, options: FitOptions, session: Session, epoch: number) {
    this.#training = training;
    this.#options = options;
    this.#session = session;
    this.#epoch = epoch;
    session.clearTotals();
  }

  /** Mean over the steps, before clipping. */
  get gradientNorm(): number {
    return (this.#session.totals()[1] as number) / this.#step;
  }

  /** How many of its steps are done. */
  get step(): number {
    return this.#step;
  }

  /** Goes on behind step `step`, to which the steps before it came to `totals`. */
  goOn(step: number, totals: Float64Array): void {
    this.#step = step;
    this.#session.setTotals(totals);
  }

  /** Trains to its end, with pauses where some are wanted. */
  async finish(pauses: Pauses | undefined): Promise<Logs> {
    const session = this.#session;
    const { state, seed, model, pace } = this.#training;
    const { onProgress, callbacks = [], shuffle = true } = this.#options;
    const needsFiniteLoss = callbacks.some(({ needs }) => needs?.finiteLoss);
    const batchCallbacks = callbacks.filter((callback) => callback.onBatchEnd);
    if (shuffle && this.#step < session.steps) await permute(session, seed, state.epochs, pace);
    while (this.#step < session.steps && !model.stopped) {
      const most =
        batchCallbacks.length > 0 ? 1 : Math.min(session.stepsFrom(this.#step), pauses?.stepsLeft() ?? Infinity);
      const before = batchCallbacks.length > 0 ? session.totals() : undefined;
      await pace.work(most, session.crewFrom(this.#step), (count, way) => this.#run(count, way));
      if (needsFiniteLoss && !Number.isFinite(this.#logs().loss)) model.stop();
      if (before) {
        const logs = this.#batchLogs(before);
        for (const callback of batchCallbacks) await callback.onBatchEnd?.(this.#step - 1, logs, model);
      }
      const done = this.#step === session.steps;
      if (onProgress && (done || performance.now() - this.#told >= PROGRESS_INTERVAL)) this.#tell(onProgress);
      if (pauses && !done) await pauses.pause();
      await pace.rest();
    }
    return this.#logs();
  }

  async #run(count: number, way: Way): Promise<number> {
    const { state, compiled } = this.#training;
    const session = this.#session;
    const able = writeRates(session.scalars(), count, compiled, state, session.steps);
    const done = await session.run(this.#step, able, way, state.steps);
    this.#step += done;
    state.steps += done;
    return done;
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

/**
 * Writes the optimizer's numbers of the next `count` steps, up to the first whose learning rate is no number. Returns of how many;
 * throws `DataError` where there is none, so that what was trained before does not depend on how steps were grouped.
 */
export function writeRates(
  out: Float32Array,
  count: number,
  { optimizer }: Compiled,
  state: TrainingState,
  stepsPerEpoch: number,
): number {
  const { learningRate } = optimizer;
  for (let i = 0; i < count; i++) {
    const step = state.steps + i;
    const base = typeof learningRate === "number" ? learningRate : learningRate.at(step, stepsPerEpoch);
    if (!Number.isFinite(base)) {
      if (i > 0) return i;
      throw new DataError(`the learning rate of step ${step} is ${base}`);
    }
    optimizer.writeScalars(out, i * optimizer.scalars, step + 1, base * state.learningRateScale);
  }
  return count;
}
