import type { CallbackState, OpenedCheckpoint, RunState } from "../io/index.js";
import type { ModelData } from "../io/model-data.js";
import type { Callback } from "./callbacks.js";
import type { Checkpointer } from "./checkpoint.js";
import { Epoch, type Pauses, type Training } from "./epoch.js";
import { evaluate } from "./evaluate.js";
import { type History, historyOf, Logbook, type Needs } from "./logbook.js";
import type { FitOptions } from "./options.js";
import type { Resumption } from "./resumption.js";
import type { Session } from "./session.js";
import type { Weight } from "./weights.js";

/** What a run works with. */
export interface RunParts {
  readonly session: Session;
  readonly validating: Session | undefined;
  readonly needs: Needs;
  /** What the logs of an epoch will hold. */
  readonly logNames: readonly string[];
}

/** The epochs of one `fit`, with its callbacks: it can be kept between any two steps, and go on from what was kept. */
export class Run {
  readonly #training: Training;
  readonly #options: FitOptions;
  readonly #session: Session;
  readonly #validating: Session | undefined;
  readonly #needs: Needs;
  readonly #logNames: readonly string[];
  readonly #callbacks: readonly Callback[];
  readonly #checkpointers: readonly Checkpointer[];
  /** What epochs pause for. */
  readonly #pauses: Pauses | undefined;
  readonly #logbook = new Logbook();
  /** The number of the epoch under way or, between epochs, of the next. */
  #epoch = 0;
  /** The epoch under way, once it can be kept in its midst. */
  #current: Epoch | undefined;
  #theta: Float32Array | undefined;
  /** Where each kept the run last. */
  readonly #keptAt = new Map<Checkpointer, string>();
  /** Whether an epoch is being closed: a run that ends there, by a callback that throws, is at no place where it could go on. */
  #isClosing = false;
  /** Whether what came of a disposal was kept: a model that is gone trains no more. */
  #wasDisposed = false;

  constructor(training: Training, options: FitOptions, { session, validating, needs, logNames }: RunParts) {
    this.#training = training;
    this.#options = options;
    this.#session = session;
    this.#validating = validating;
    this.#needs = needs;
    this.#logNames = logNames;
    this.#callbacks = options.callbacks ?? [];
    this.#checkpointers = this.#callbacks.flatMap(({ checkpointer }) => checkpointer ?? []);
    // Epochs of tiny networks take microseconds: where nothing is kept, nothing is waited for.
    this.#pauses =
      this.#checkpointers.length === 0
        ? undefined
        : { stepsLeft: () => this.#stepsLeft(), pause: () => this.#keepIfDue() };
  }

  /** Trains to the end. `resumption` gives the checkpoint where the run goes on, which may be forgotten then. */
  async finish(resumption: Resumption): Promise<History> {
    const { model, pace } = this.#training;
    const { epochs = 1 } = this.#options;
    if (resumption.from) await this.#check(resumption.from);
    const earlier = resumption.from && historyOf(resumption.from.run.history);
    for (const callback of this.#callbacks) await callback.onTrainBegin?.(model, this.#logNames, earlier);
    for (const checkpointer of this.#checkpointers) {
      await checkpointer.begin(this.#model(), this.#state(), resumption.from?.path);
    }
    if (resumption.from) this.#restore(resumption.from);
    delete resumption.from;
    try {
      while (this.#epoch < epochs && (this.#current || !model.stopped)) if (!(await this.#runEpoch())) break;
      if (this.#pauses) await this.#keepNew();
    } catch (error) {
      // Told to stop: what was reached shall not be lost.
      if (pace.isAborted) await this.#keepNew();
      throw error;
    }
    for (const callback of this.#callbacks) await callback.onTrainEnd?.(model);
    return this.#logbook.read();
  }

  /** One epoch, the rest of the current one or a new one; whether it had a step. */
  async #runEpoch(): Promise<boolean> {
    const { weights, compiled, pace, model, state } = this.#training;
    if (!this.#current) {
      pace.check();
      for (const callback of this.#callbacks) await callback.onEpochBegin?.(this.#epoch, model);
      if (model.stopped) return false;
      this.#theta = this.#needs.thetaChange ? weights.trainable() : undefined;
      this.#current = new Epoch(this.#training, this.#options, this.#session, this.#epoch);
    }
    const epoch = this.#current;
    let logs = await epoch.finish(this.#pauses);
    if (epoch.step === 0) return false;
    if (this.#needs.gradientNorm) logs = { ...logs, gradientNorm: epoch.gradientNorm };
    if (this.#theta) logs = { ...logs, thetaChange: distance(this.#theta, weights.trainable()) };
    if (this.#validating) {
      const found = Object.entries(await evaluate(this.#validating, compiled, weights, pace));
      logs = { ...logs, ...Object.fromEntries(found.map(([name, value]) => [`val_${name}`, value])) };
    }
    // A model that is disposed of ends its epoch early; resumed, the training goes on with the rest of it.
    if (model.disposed) await this.#keepNew();
    this.#isClosing = true;
    this.#current = undefined;
    state.epochs++;
    this.#logbook.append(logs);
    for (const callback of this.#callbacks) await callback.onEpochEnd?.(this.#epoch, logs, model);
    this.#epoch++;
    this.#isClosing = false;
    if (this.#pauses) await this.#keepIfDue(this.#epoch);
    return true;
  }

  #stepsLeft(): number {
    const { steps } = this.#training.state;
    return Math.min(...this.#checkpointers.map((checkpointer) => checkpointer.stepsLeft(steps)));
  }

  /** `ended`: the number of epochs that are over, at the end of one. */
  async #keepIfDue(ended?: number): Promise<void> {
    const { steps } = this.#training.state;
    await this.#keep(this.#checkpointers.filter((checkpointer) => checkpointer.isDue(steps, ended)));
  }

  /** Keeps the run where that was not done at this place already. */
  async #keepNew(): Promise<void> {
    await this.#keep(this.#checkpointers.filter((checkpointer) => this.#keptAt.get(checkpointer) !== this.#place));
  }

  async #keep(checkpointers: readonly Checkpointer[]): Promise<void> {
    if (checkpointers.length === 0 || this.#wasDisposed || this.#isClosing) return;
    this.#wasDisposed = this.#training.model.disposed;
    const model = this.#model();
    const run = this.#state();
    for (const checkpointer of checkpointers) {
      await checkpointer.keep(model, run);
      this.#keptAt.set(checkpointer, this.#place);
    }
  }

  /** Where the run stands. */
  get #place(): string {
    return `${this.#epoch} ${this.#current?.step ?? "begins"}`;
  }

  #model(): ModelData {
    const { describe, weights } = this.#training;
    return { ...describe(), weights: weights.read() };
  }

  /** Copies of everything besides the weights. */
  #state(): RunState {
    const { state, model, examples } = this.#training;
    const { batchSize = 32, shuffle = true } = this.#options;
    const current = this.#current;
    return {
      state: { ...state },
      epoch: this.#epoch,
      step: current?.step ?? 0,
      stopped: model.told,
      rows: examples.rows,
      batchSize,
      shuffle,
      slots: this.#slotViews().map((views) => views.map((view) => ({ ...view, data: view.data.slice() }))),
      totals: current && this.#session.totals(),
      theta: current && this.#theta,
      history: this.#logbook.columns(),
      logNames: this.#logNames,
      callbacks: this.#callbacks.filter(({ getState }) => getState).map((callback) => callback.getState?.()),
    };
  }

  /** Throws `ConfigError` where `resumed` is of another training, `FormatError` where it is not whole. */
  async #check(resumed: OpenedCheckpoint): Promise<void> {
    const { describe, examples, compiled, weights } = this.#training;
    const { batchSize = 32, shuffle = true, epochs = 1 } = this.#options;
    const stateful = this.#callbacks.filter((callback) => callback.getState).length;
    const trained = weights.places.filter(({ trainable }) => trainable);
    const { checkResumable } = await import("../io/index.js");
    checkResumable(resumed, {
      model: describe(),
      settings: { examples: examples.rows, batchSize, shuffle, "stateful callbacks": stateful },
      logNames: this.#logNames,
      epochs,
      weights: weights.places,
      trained,
      slots: trained.length > 0 ? compiled.optimizer.slots : 0,
      steps: this.#session.steps,
      totals: this.#session.totals().length,
      theta: this.#needs.thetaChange ? weights.trainable().length : 0,
    });
  }

  /** Puts everything where the checkpoint has it. */
  #restore({ model, run: kept }: OpenedCheckpoint): void {
    const { state, weights } = this.#training;
    this.#callbacks
      .filter((callback) => callback.getState)
      .forEach((callback, i) => {
        callback.setState?.(kept.callbacks[i] as CallbackState);
      });
    weights.restore(model.weights);
    this.#slotViews().forEach((views, i) => {
      const found = new Map(kept.slots[i]?.map(({ name, data }) => [name, data]));
      for (const { name, data } of views) data.set(found.get(name) as Float32Array);
    });
    Object.assign(state, kept.state);
    this.#logbook.restore(kept.history);
    this.#epoch = kept.epoch;
    this.#theta = kept.theta;
    if (kept.stopped) this.#training.model.stop();
    if (!kept.totals) return;
    this.#current = new Epoch(this.#training, this.#options, this.#session, this.#epoch);
    this.#current.goOn(kept.step, kept.totals);
  }

  /** The optimizer's state in the engine's memory, weight by weight. */
  #slotViews(): Weight[][] {
    const { memory, weights, compiled } = this.#training;
    const trained = weights.places.filter(({ trainable }) => trainable);
    const count = trained.length > 0 ? compiled.optimizer.slots : 0;
    return Array.from({ length: count }, (_, i) =>
      trained.map(({ name, shape, buffer: { offset, bytes } }) => {
        return { name, shape, data: memory.slots(i * weights.trainableBytes + offset, bytes / 4) };
      }),
    );
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
