import { transfer } from "comlink";
import { init } from "neurone";
import { serve } from "../../shared/serve.js";
import type { Settings } from "./settings.js";
import { type Pace, type Report, Trainer } from "./trainer.js";

let trainer: Trainer | undefined;
let tell: ((report: Report) => void) | undefined;

function send(report: Report): void {
  const { shallow, deep, contributions, weights } = report;
  tell?.(
    transfer(
      report,
      [shallow.values, deep.values, contributions, weights].map(({ buffer }) => buffer),
    ),
  );
}

const api = {
  /** Starts the engine, whose bits are the same on every machine. `hear` is told how the networks do. */
  async open(hear: (report: Report) => void): Promise<void> {
    tell = hear;
    await init({ numerics: "reproducible", threads: 1 });
  },

  /** New networks for the curve `y`, in the place of the last ones. */
  async create(settings: Settings, y: Float32Array): Promise<void> {
    trainer?.dispose();
    trainer = new Trainer(settings, y, send);
    await trainer.show();
  },

  /** Trains until so many epochs are done in all, or `pause`. */
  async train(until: number, pace: Pace): Promise<void> {
    await trainer?.train(until, pace);
  },

  pause(): void {
    trainer?.pause();
  },
};

export type Api = typeof api;
serve(api);
