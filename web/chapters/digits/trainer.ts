import type { Callback, Model } from "neurone";
import type { Digits } from "./dataset.js";
import { type Look, lookAt, weightTiles } from "./look.js";
import { buildNetwork, sideOf } from "./network.js";
import { MOST_EPOCHS, type Settings } from "./settings.js";

/** Where training stands. What only comes now and then is missing in between. */
export interface Report {
  readonly running: boolean;
  /** Mini-batches done since the first, and how many an epoch has. */
  readonly batches: number;
  readonly steps: number;
  /** Spent training and testing, pauses not counted. */
  readonly seconds: number;
  /** New points of the curves, three numbers each: batches done, and loss and accuracy, means over the batches of the point. */
  readonly points: Float32Array;
  readonly look?: Look;
  readonly tiles?: Int8Array;
}

/** Milliseconds between two reports, and between two that bring the weights. */
const REPORTED = 50;
const TILED = 300;
/** Examples that make one point of the curves. */
const A_POINT = 320;
/** How often an epoch is interrupted to ask for the test images. */
const TESTS = 3;

/** A network that is trained as far as it is told, can be paused between any two batches, and says how it does. */
export class Trainer {
  readonly net: Model;
  readonly settings: Settings;
  readonly steps: number;
  readonly #test: Digits;
  readonly #report: (report: Report) => void;
  readonly #stop = new AbortController();
  #until = 0;
  #goOn: (() => void) | undefined;
  #batches = 0;
  #seconds = 0;
  #since: number | undefined;
  #sum = { loss: 0, accuracy: 0, batches: 0 };
  #points: number[] = [];
  #reported = 0;
  #tiled = 0;

  constructor(settings: Settings, train: Digits, test: Digits, report: (report: Report) => void) {
    this.settings = settings;
    this.#test = test;
    this.#report = report;
    this.net = buildNetwork(settings);
    this.steps = Math.ceil(train.labels.length / settings.batchSize);
    this.#run(train);
  }

  /** Says what the network can do now. */
  async show(): Promise<void> {
    const look = await lookAt(this.net, this.#test, sideOf(this.settings) ** 2);
    this.#tell({ look, tiles: weightTiles(this.net) });
  }

  /** Trains until so many batches are done in all, or `pause`. */
  train(until: number): void {
    this.#until = Math.min(until, MOST_EPOCHS * this.steps);
    if (this.#until > this.#batches) this.#goOn?.();
  }

  /** Stops after the current batch. */
  pause(): void {
    this.#until = 0;
  }

  dispose(): void {
    this.#stop.abort();
    this.#goOn?.();
    this.net.dispose();
  }

  /** One long `fit` that waits between two batches whenever it shall not go on. */
  async #run({ images, labels }: Digits): Promise<void> {
    await this.#pausedUntilTold();
    const callback: Callback = {
      onBatchEnd: async (_, logs) => {
        this.#batches++;
        this.#count(logs as { loss: number; accuracy: number });
        const tested = this.#batches % Math.ceil(this.steps / TESTS) === 0;
        if (this.#batches >= this.#until) await this.#pausedUntilTold();
        else if (tested) await this.show();
        else if (performance.now() - this.#reported >= REPORTED) {
          this.#tell(this.#areTilesDue() ? { tiles: weightTiles(this.net) } : {});
        }
      },
    };
    const { batchSize } = this.settings;
    const options = { batchSize, epochs: MOST_EPOCHS, callbacks: [callback], signal: this.#stop.signal };
    try {
      if (!this.#stop.signal.aborted) await this.net.fit(images, labels, options);
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
  }

  async #pausedUntilTold(): Promise<void> {
    if (this.#since !== undefined) {
      await this.show();
      this.#seconds += (performance.now() - this.#since) / 1000;
      this.#since = undefined;
      this.#tell({});
    }
    while (this.#batches >= this.#until && !this.#stop.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#goOn = resolve;
      });
    }
    this.#since = performance.now();
    this.#tell({});
  }

  #count({ loss, accuracy }: { readonly loss: number; readonly accuracy: number }): void {
    const sum = this.#sum;
    sum.loss += loss;
    sum.accuracy += accuracy;
    sum.batches++;
    if (sum.batches * this.settings.batchSize < A_POINT) return;
    this.#points.push(this.#batches, sum.loss / sum.batches, sum.accuracy / sum.batches);
    this.#sum = { loss: 0, accuracy: 0, batches: 0 };
  }

  #areTilesDue(): boolean {
    if (performance.now() - this.#tiled < TILED) return false;
    this.#tiled = performance.now();
    return true;
  }

  #tell(more: Pick<Report, "look" | "tiles">): void {
    if (this.#stop.signal.aborted) return;
    this.#reported = performance.now();
    const running = this.#since !== undefined;
    const { steps } = this;
    const batches = this.#batches;
    const seconds = this.#seconds + (this.#since === undefined ? 0 : (performance.now() - this.#since) / 1000);
    const points = Float32Array.from(this.#points);
    this.#points = [];
    this.#report({ running, batches, steps, seconds, points, ...more });
  }
}
