import type { Prediction } from "neurone";
import { featuresOf } from "./features.js";
import { type Job, PACES, type Pace, type Report, type Score, TILE, type Window } from "./job.js";
import { Learner } from "./learner.js";
import { buildNetwork, type Network } from "./network.js";
import { isBefore, type Position, START } from "./position.js";
import type { Output } from "./recipe.js";
import type { Change } from "./settings.js";

/** Milliseconds between two reports. */
const REPORTED = 55;
/** Milliseconds of two frames, in which a report is drawn. What goes beyond, so many times, the page then has peace; so long at most. */
const DRAWN = 34;
const PEACE = 4;
const LONGEST = 400;

/** Hears of a training; resolves once it is drawn. */
export type Tell = (report: Report) => Promise<void> | void;

/** Trains one network as far as it is told, and says how it does. */
export class Trainer {
  readonly #job: Job;
  readonly #network: Network;
  readonly #tell: Tell;
  readonly #places: Float32Array;
  readonly #tilePlaces: Float32Array;
  readonly #learner: Learner;
  #target = START;
  #pace: Pace = "fast";
  #reported = Number.NEGATIVE_INFINITY;
  /** Whether the last report is still being drawn, and by how much the one before was late. */
  #drawing = false;
  #late = 0;
  #diverged = false;
  #looping = false;
  #disposed = false;
  #wake: (() => void) | undefined;
  /** What uses the network does so one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  /** Throws `DataError` where there are too few examples. */
  constructor(job: Job, tell: Tell) {
    this.#job = job;
    this.#network = buildNetwork(job.experiment);
    this.#tell = tell;
    const { features, batchSize } = job.experiment.settings;
    this.#learner = new Learner(this.#network, batchSize, job.edits);
    this.#places = featuresOf(grid(job.window, job.side), features);
    this.#tilePlaces = featuresOf(grid(job.window, TILE), features);
  }

  /** Which examples are kept for the test. */
  get testIndices(): readonly number[] {
    return this.#network.test.indices;
  }

  /** Trains until it is there, or `pause`. */
  train(until: Position, pace: Pace): void {
    this.#target = until;
    this.#pace = pace;
    this.#wake?.();
    this.#loop();
  }

  /** Stops after the slice under way. */
  pause(): void {
    this.#target = START;
    this.#wake?.();
  }

  /** Sets a weight between two batches, instead of those that were to be set later; resolves to where that was. */
  edit(change: Change): Promise<Position> {
    return this.#alone(async () => {
      this.#learner.edit(change);
      await this.#report();
      return this.#learner.at;
    });
  }

  show(): Promise<void> {
    return this.#alone(() => this.#report());
  }

  dispose(): void {
    this.#disposed = true;
    this.#wake?.();
    this.#learner.dispose();
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }

  async #loop(): Promise<void> {
    if (this.#looping) return;
    this.#looping = true;
    try {
      while (this.#isOnTheWay()) {
        const start = performance.now();
        await this.#alone(() => this.#train());
        // The end is reported below, as one.
        if (!this.#isOnTheWay()) break;
        if (this.#isDue()) await this.#alone(() => this.#report());
        const rest = PACES[this.#pace].milliseconds - (performance.now() - start);
        if (rest > 0 && this.#isOnTheWay()) await this.#sleep(rest);
      }
      this.#looping = false;
      await this.show();
    } catch (error) {
      this.#looping = false;
      // What was disposed of meanwhile cannot go on, and need not.
      if (!this.#disposed) throw error;
    }
  }

  #isOnTheWay(): boolean {
    return !this.#disposed && isBefore(this.#learner.at, this.#target);
  }

  async #train(): Promise<void> {
    if (this.#isOnTheWay()) await this.#learner.advance(this.#target, PACES[this.#pace].epochs);
  }

  /** A page that is busy, or not looked at, hears less often: its frames come first. */
  #isDue(): boolean {
    const pause = REPORTED + Math.min(LONGEST, PEACE * this.#late);
    return !this.#drawing && performance.now() - this.#reported >= pause;
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #report(): Promise<void> {
    if (this.#disposed) return;
    const { net, view, train, test } = this.#network;
    const weights = net.getWeights();
    const finite = weights.every(({ data }) => data.every(Number.isFinite));
    if (finite) view.setWeights(weights.map(({ data }) => data));
    const scores = [await this.#score(train), await this.#score(test)] as const;
    const layers = this.#job.neurons && finite ? await view.predict(this.#tilePlaces) : [];
    const { data: map } = await net.predict(this.#places);
    this.#diverged = !Number.isFinite(scores[0].loss);
    if (this.#diverged) this.#target = START;
    const sent = performance.now();
    [this.#reported, this.#drawing] = [sent, true];
    const drawn = this.#tell({
      id: this.#job.id,
      running: this.#looping,
      ...this.#learner.at,
      steps: this.#learner.steps,
      train: scores[0],
      test: scores[1],
      diverged: this.#diverged,
      map,
      tiles: layers.length > 0 ? tilesOf(layers, this.#network.output) : undefined,
      weights,
      hash: net.weightsHash(),
    });
    Promise.resolve(drawn).then(() => {
      this.#late = Math.max(0, performance.now() - sent - DRAWN);
      this.#drawing = false;
    });
  }

  async #score({ x, y, indices }: Network["train"]): Promise<Score> {
    const { net } = this.#network;
    const { examples, task } = this.#job.experiment;
    const { loss } = await net.evaluate(x, y);
    if (task.kind === "regression") return { loss, accuracy: Number.NaN };
    const { data, shape } = await net.predict(x);
    const units = shape[1] as number;
    const right = indices.filter((index, row) => {
      return classOf(data.subarray(row * units, (row + 1) * units)) === examples[index]?.y;
    });
    return { loss, accuracy: right.length / indices.length };
  }
}

/** The class that outputs stand for: the largest one's, or the sign of one. */
function classOf(outputs: Float32Array): number {
  if (outputs.length === 1) return (outputs[0] as number) >= 0 ? 1 : 0;
  return outputs.indexOf(Math.max(...outputs));
}

/** The middles of `side` x `side` cells of the window, row by row from the top. */
function grid({ x1, x2 }: Window, side: number) {
  const part = (i: number) => (i + 0.5) / side;
  return Array.from({ length: side * side }, (_, i) => ({
    x1: x1.min + part(i % side) * (x1.max - x1.min),
    x2: x2.max - part(Math.floor(i / side)) * (x2.max - x2.min),
  }));
}

/**
 * The neurons' outputs as bytes. Those of a neuron that go beyond -1 and 1 are divided by the largest; a probability counts from the
 * one half where two classes are as likely.
 */
function tilesOf(layers: readonly Prediction[], { activation }: Output): Uint8Array {
  const cells = TILE * TILE;
  const neurons = layers.reduce((sum, { shape }) => sum + (shape[1] as number), 0);
  const tiles = new Uint8Array(neurons * cells);
  let tile = 0;
  for (const [i, { data, shape }] of layers.entries()) {
    const units = shape[1] as number;
    const isProbability = activation === "softmax" && i === layers.length - 1;
    const said = isProbability ? data.map((part) => 2 * part - 1) : data;
    for (let unit = 0; unit < units; unit++) {
      let largest = 1;
      for (let at = unit; at < said.length; at += units) largest = Math.max(largest, Math.abs(said[at] as number));
      for (let cell = 0; cell < cells; cell++) {
        tiles[tile++] = 127.5 * (1 + (said[cell * units + unit] as number) / largest);
      }
    }
  }
  return tiles;
}
