import { transfer } from "comlink";
import { engine, init } from "neurone";
import { serve } from "../../shared/serve.js";
import type { Job, Pace, Report } from "./job.js";
import { type Position, START } from "./position.js";
import type { Change } from "./settings.js";
import { columnsOf, readTable } from "./table.js";
import { type Tell, Trainer } from "./trainer.js";

let trainer: Trainer | undefined;
let tell: Tell | undefined;

async function send(report: Report): Promise<void> {
  const { map, tiles } = report;
  await tell?.(transfer(report, tiles ? [map.buffer, tiles.buffer] : [map.buffer]));
}

const api = {
  /** Starts the engine, whose bits are the same on every machine. `hear` is told how the network does, and resolves once that is drawn. Resolves to the number of threads. */
  async open(hear: Tell, threads: number | "auto"): Promise<number> {
    tell = hear;
    await init({ numerics: "reproducible", threads });
    return engine().threads;
  },

  /** A new network in the place of the last one. Resolves to the examples that are kept for the test. Throws as neurone does. */
  async create(job: Job): Promise<readonly number[]> {
    trainer?.dispose();
    trainer = undefined;
    trainer = new Trainer(job, send);
    await trainer.show();
    return trainer.testIndices;
  },

  train(until: Position, pace: Pace): void {
    trainer?.train(until, pace);
  },

  pause(): void {
    trainer?.pause();
  },

  /** Sets a weight; resolves to where training stood. */
  async edit(change: Change): Promise<Position> {
    return trainer ? trainer.edit(change) : START;
  },

  columnsOf,
  readTable,
};

export type Api = typeof api;
serve(api);
