import { type ReadonlySignal, signal } from "@preact/signals";
import { proxy, type Remote } from "comlink";
import { latest, openWorker } from "../../shared/worker.js";
import { experimentOf, LEAST_EXAMPLES, windowOf } from "./experiment.js";
import type { RunValues } from "./fields.js";
import type { Pace, Report } from "./job.js";
import { epochsAt, isBefore, type Position, START } from "./position.js";
import type { Change } from "./settings.js";
import type { Api } from "./worker.js";

/** Losses and accuracies over epochs. */
export interface Curves {
  readonly epochs: readonly number[];
  readonly train: readonly number[];
  readonly test: readonly number[];
  readonly trainAccuracy: readonly number[];
  readonly testAccuracy: readonly number[];
}

const NO_CURVES: Curves = { epochs: [], train: [], test: [], trainAccuracy: [], testAccuracy: [] };
/** Points of a curve: where there are more, every second one goes. */
const MOST_POINTS = 300;

export type Status = "empty" | "making" | "ready";

/** A run with a worker of its own: trained there, known here by its last report. */
export class Lane {
  readonly #worker = openWorker<Api>();
  readonly #opened: Promise<number>;
  readonly #report = signal<Report | undefined>(undefined);
  readonly #curves = signal(NO_CURVES);
  readonly #status = signal<Status>("making");
  readonly #test = signal<ReadonlySet<number>>(new Set());
  readonly #refusal = signal<string | undefined>(undefined);
  readonly #create: (wanted: { readonly values: RunValues; readonly id: number }) => void;
  #id = 0;

  /** `side` and `neurons` as in a `Job`; `threads` as `init` takes them. */
  constructor(side: number, neurons: boolean, threads: number | "auto") {
    this.#opened = this.#worker.api.open(
      proxy((report: Report) => {
        this.#hear(report);
        return drawn();
      }),
      threads,
    );
    this.#create = latest(async ({ values, id }) => {
      await this.#opened;
      const job = {
        id,
        experiment: experimentOf(values),
        window: windowOf(values),
        edits: values.edits,
        side,
        neurons,
      };
      const test = await this.#worker.api.create(job).catch((error: Error) => this.#refuse(id, error));
      if (!test || id !== this.#id) return;
      this.#test.value = new Set(test);
      this.#status.value = "ready";
      if (isBefore(START, values)) this.train(values, "fast");
    });
  }

  get report(): ReadonlySignal<Report | undefined> {
    return this.#report;
  }

  get curves(): ReadonlySignal<Curves> {
    return this.#curves;
  }

  get status(): ReadonlySignal<Status> {
    return this.#status;
  }

  /** Which examples are kept for the test. */
  get test(): ReadonlySignal<ReadonlySet<number>> {
    return this.#test;
  }

  /**
   * Why there is no network for these points, in the engine's words: such as are too large for it. The reader may choose others, so
   * that this is no failure as `shared/failure.ts` has them; all else that goes wrong is left to it.
   */
  get refusal(): ReadonlySignal<string | undefined> {
    return this.#refusal;
  }

  get worker(): Remote<Api> {
    return this.#worker.api;
  }

  /** Makes a new network, and trains it as far as the values say. */
  begin(values: RunValues): void {
    this.#id++;
    this.#curves.value = NO_CURVES;
    this.#refusal.value = undefined;
    if (experimentOf(values).examples.length < LEAST_EXAMPLES) {
      this.#status.value = "empty";
      this.#report.value = undefined;
      this.#worker.api.pause();
      return;
    }
    this.#status.value = "making";
    this.#create({ values, id: this.#id });
  }

  train({ epoch, batches }: Position, pace: Pace): void {
    this.#worker.api.train({ epoch, batches }, pace);
  }

  pause(): void {
    this.#worker.api.pause();
  }

  /** Sets a weight; resolves to where training stood. */
  edit(change: Change): Promise<Position> {
    return this.#worker.api.edit(change);
  }

  close(): void {
    this.#worker.close();
  }

  #refuse(id: number, error: Error): void {
    // Of a run that is not wanted any more nobody wants to know.
    if (id !== this.#id) return;
    if (error.name !== "DataError") throw error;
    [this.#refusal.value, this.#report.value] = [error.message, undefined];
  }

  #hear(report: Report): void {
    if (report.id !== this.#id) return;
    this.#report.value = report;
    this.#curves.value = longer(this.#curves.value, report);
  }
}

/** Resolves when what was changed is on the screen. */
const drawn = () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));

/** The curves with a report's point: in the place of the last one where nothing was learnt since. */
function longer(curves: Curves, report: Report): Curves {
  const { train, test } = report;
  const epochs = epochsAt(report);
  const before = curves.epochs.filter((at) => at < epochs).length;
  const isFull = before >= MOST_POINTS;
  const add = (values: readonly number[], value: number) => {
    const kept = values.slice(0, before);
    return [...(isFull ? kept.filter((_, i) => i % 2 === 0) : kept), value];
  };
  return {
    epochs: add(curves.epochs, epochs),
    train: add(curves.train, train.loss),
    test: add(curves.test, test.loss),
    trainAccuracy: add(curves.trainAccuracy, train.accuracy),
    testAccuracy: add(curves.testAccuracy, test.accuracy),
  };
}
