import { checkInteger, checkNumber, checkSettings, lookUp, show } from "../base/check.js";
import { ConfigError } from "../base/errors.js";
import type { Json } from "../base/json.js";
import type { CallbackState } from "../io/index.js";
import { type CheckpointConfig, type Checkpointer, folderCheckpointer } from "./checkpoint.js";
import type { History } from "./logbook.js";
import type { Logs } from "./totals.js";
import type { Weight, WeightsLike } from "./weights.js";

/** The model as callbacks see it while `fit` runs. */
export interface TrainingModel {
  getWeights(): Weight[];
  setWeights(weights: WeightsLike): void;
  /** Ends training after the current step. */
  stop(): void;
  /** Multiplies the optimizer's learning rate from the next step on; 1 after `compile`. */
  learningRateScale: number;
}

/** What `fit` calls while it trains, and waits for. Epochs and batches count from 0 in each call of `fit`. */
export interface Callback {
  /**
   * What costs time and `fit` does for this callback: the epoch's logs hold `gradientNorm` (mean over its steps) and
   * `thetaChange` (how far the epoch moved the trainable weights); training stops when the loss is not finite any more.
   */
  readonly needs?: { readonly gradientNorm?: boolean; readonly thetaChange?: boolean; readonly finiteLoss?: boolean };
  /**
   * `logNames` are the names that each epoch's logs will have; `earlier` is what the training that goes on had come to, undefined for
   * one that begins.
   */
  onTrainBegin?(model: TrainingModel, logNames: readonly string[], earlier?: History): void | Promise<void>;
  onEpochBegin?(epoch: number, model: TrainingModel): void | Promise<void>;
  /** Makes every step a call of its own into the core. */
  onBatchEnd?(batch: number, logs: Logs, model: TrainingModel): void | Promise<void>;
  onEpochEnd?(epoch: number, logs: Logs, model: TrainingModel): void | Promise<void>;
  onTrainEnd?(model: TrainingModel): void | Promise<void>;
  /** What the callback knows between two steps, for checkpoints; whoever has it needs `setState` too. */
  getState?(): CallbackState;
  /** Takes what `getState` returned, after `onTrainBegin`, where `fit` goes on from a checkpoint. */
  setState?(state: CallbackState): void;
  /** @internal Of `callbacks.checkpoint` alone. */
  readonly checkpointer?: Checkpointer;
}

interface MonitorConfig {
  /** A name of the logs. Default: `val_loss` where there is validation data, else `loss`. */
  readonly monitor?: string;
  /** Whether smaller or greater is better. Default: greater for accuracies, precision, recall, F1, else smaller. */
  readonly mode?: "min" | "max";
  /** What counts as an improvement: more than this. Default 0. */
  readonly minDelta?: number;
  /** Epochs without improvement that are let pass. */
  readonly patience?: number;
}

const MONITOR_SETTINGS = ["monitor", "mode", "minDelta", "patience"];

/** The callbacks that come along; each throws `ConfigError` for settings it does not know or that cannot be used. */
export const callbacks = {
  /**
   * Stops when `monitor` has not improved for `patience` epochs (default 0, the same as 1), and puts the best epoch's
   * weights back when training ends (`restoreBestWeights`, default true). As Keras does, but for the last default.
   * `fit` throws `ConfigError` for a `monitor` that its logs will not have.
   */
  earlyStopping: (config: MonitorConfig & { readonly restoreBestWeights?: boolean } = {}): Callback => {
    checkSettings("earlyStopping", config, ["restoreBestWeights", ...MONITOR_SETTINGS]);
    const { restoreBestWeights = true } = config;
    const monitor = new Monitor("earlyStopping", config, 0);
    let best: Weight[] | undefined;
    return {
      onTrainBegin(_, logNames) {
        monitor.begin(logNames);
        best = undefined;
      },
      onEpochEnd(_, logs, model) {
        if (monitor.improves(logs)) best = restoreBestWeights ? model.getWeights() : undefined;
        else if (monitor.waited >= monitor.patience) model.stop();
      },
      onTrainEnd(model) {
        if (best && monitor.waited > 0) model.setWeights(best);
        best = undefined;
      },
      getState: () => ({ data: monitor.state, ...(best ? { weights: best } : {}) }),
      setState({ data, weights }) {
        monitor.state = data;
        best = weights?.length ? [...weights] : undefined;
      },
    };
  },
  /**
   * Multiplies the learning rate by `factor` (default 0.1) when `monitor` has not improved for more than `patience` epochs
   * (default 10), down to `minScale` (default 0) of the optimizer's own rate. PyTorch's ReduceLROnPlateau.
   */
  reduceLROnPlateau: (
    config: MonitorConfig & { readonly factor?: number; readonly minScale?: number } = {},
  ): Callback => {
    checkSettings("reduceLROnPlateau", config, ["factor", "minScale", ...MONITOR_SETTINGS]);
    const { factor = 0.1, minScale = 0 } = config;
    checkNumber("reduceLROnPlateau: factor", factor, 0, 1);
    checkNumber("reduceLROnPlateau: minScale", minScale, 0, 1);
    const monitor = new Monitor("reduceLROnPlateau", config, 10);
    return {
      onTrainBegin(_, logNames) {
        monitor.begin(logNames);
      },
      onEpochEnd(_, logs, model) {
        if (monitor.improves(logs) || monitor.waited <= monitor.patience) return;
        model.learningRateScale = Math.max(minScale, model.learningRateScale * factor);
        monitor.waited = 0;
      },
      getState: () => ({ data: monitor.state }),
      setState({ data }) {
        monitor.state = data;
      },
    };
  },
  /** Stops in the middle of an epoch when the loss is not finite any more. */
  terminateOnNaN: (): Callback => ({ needs: { finiteLoss: true } }),
  /**
   * Stops when training stands still: the mean norm of the gradient over an epoch's steps is at most `gradientTolerance`, or
   * the epoch moved the trainable weights, taken as one vector theta, by at most `thetaTolerance`. One of them at least;
   * with both, either stops. The logs then hold `gradientNorm` and `thetaChange`.
   */
  convergence: (config: { readonly gradientTolerance?: number; readonly thetaTolerance?: number }): Callback => {
    checkSettings("convergence", config, ["gradientTolerance", "thetaTolerance"]);
    const { gradientTolerance, thetaTolerance } = config;
    if (gradientTolerance === undefined && thetaTolerance === undefined) {
      throw new ConfigError("convergence: give gradientTolerance, thetaTolerance or both");
    }
    if (gradientTolerance !== undefined) checkNumber("convergence: gradientTolerance", gradientTolerance, 0);
    if (thetaTolerance !== undefined) checkNumber("convergence: thetaTolerance", thetaTolerance, 0);
    const reached = (value: number | undefined, tolerance: number | undefined) =>
      value !== undefined && tolerance !== undefined && value <= tolerance;
    return {
      needs: { gradientNorm: gradientTolerance !== undefined, thetaChange: thetaTolerance !== undefined },
      onEpochEnd(_, logs, model) {
        if (reached(logs.gradientNorm, gradientTolerance) || reached(logs.thetaChange, thetaTolerance)) model.stop();
      },
    };
  },
  /**
   * Node only: keeps the training in a folder, so that `fit` with `resume` goes on as if it had never stopped: weights, optimizer,
   * random numbers, the place in the epoch, the callbacks' states and the history, to the bit. A checkpoint is there whole or not
   * at all, whenever the process dies; `load` reads it too. One more comes at the end of training, and when its signal stops it in the
   * middle of an epoch. `fit` rejects with `ConfigError` where the folder holds checkpoints and `resume` is missing, and with
   * `StorageError` where one cannot be written.
   */
  checkpoint: (config: CheckpointConfig): Callback => ({ checkpointer: folderCheckpointer(config) }),
};

/** The best value so far of one number of the logs. NaN is never an improvement. */
class Monitor {
  readonly patience: number;
  /** Epochs since the last improvement. */
  waited = 0;
  readonly #who: string;
  readonly #config: MonitorConfig;
  readonly #minDelta: number;
  #name = "loss";
  #sign = -1;
  #best: number | undefined;

  constructor(who: string, config: MonitorConfig, patience: number) {
    const { monitor, mode } = config;
    this.#who = who;
    this.#config = config;
    this.patience = checkInteger(`${who}: patience`, config.patience ?? patience);
    this.#minDelta = checkNumber(`${who}: minDelta`, config.minDelta ?? 0, 0);
    if (monitor !== undefined && typeof monitor !== "string") {
      throw new ConfigError(`${who}: monitor must be a name, got ${show(monitor)}`);
    }
    if (mode !== undefined && mode !== "min" && mode !== "max") {
      throw new ConfigError(`${who}: mode must be "min" or "max", got ${show(mode)}`);
    }
  }

  /** Starts anew. Throws `ConfigError` when the logs will not hold what is to be watched. */
  begin(logNames: readonly string[]): void {
    const { monitor } = this.#config;
    const byDefault = logNames.includes("val_loss") ? "val_loss" : "loss";
    const names = Object.fromEntries(logNames.map((name) => [name, name]));
    this.#name = lookUp(`${this.#who}: monitor`, monitor ?? byDefault, names);
    const isScore = /(^|_)(\w*accuracy|precision|recall|f1)$/i.test(this.#name);
    this.#sign = (this.#config.mode ?? (isScore ? "max" : "min")) === "max" ? 1 : -1;
    this.waited = 0;
    this.#best = undefined;
  }

  /** What it knows since `begin`; numbers as texts, since the best may be infinite. */
  get state(): Json {
    return { of: this.#who, waited: this.waited, best: this.#best === undefined ? null : String(this.#best) };
  }

  set state(state: Json) {
    const { of, waited, best } = Object(state) as { of?: unknown; waited?: unknown; best?: unknown };
    if (of !== this.#who) throw new ConfigError(`${this.#who}: a state of its own expected, got one of ${show(of)}`);
    this.waited = checkInteger(`${this.#who}: waited`, waited);
    this.#best = best === null ? undefined : Number(best);
  }

  /** Takes an epoch's logs: whether they are the best so far. */
  improves(logs: Logs): boolean {
    const value = logs[this.#name] as number;
    const better = this.#best === undefined ? !Number.isNaN(value) : this.#sign * (value - this.#best) > this.#minDelta;
    if (better) this.#best = value;
    this.waited = better ? 0 : this.waited + 1;
    return better;
  }
}
