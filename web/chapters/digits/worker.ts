import { transfer } from "comlink";
import { engine, init } from "neurone";
import { serve } from "../../shared/serve.js";
import { type Digits, fetchDigits } from "./dataset.js";
import { sideOf } from "./network.js";
import { normalize, toInk } from "./normalize.js";
import type { Settings } from "./settings.js";
import { render, type Stroke } from "./strokes.js";
import { type Report, Trainer } from "./trainer.js";

/** What is read: a drawing, or one of the test images. */
export type Source = { readonly strokes: readonly Stroke[] } | { readonly index: number };

/** What there is to train with. */
export interface Means {
  readonly threads: number;
  /** How many images there are to train on and to test on. */
  readonly trainImages: number;
  readonly testImages: number;
}

/** What a network makes of an image. */
export interface Reading {
  /** As the network sees it: 0..255, or 0 and 1. */
  readonly image: Uint8Array;
  readonly side: number;
  /** What softmax is applied to, and what comes of it, by digit. */
  readonly z: Float32Array;
  readonly probabilities: Float32Array;
  /** The digit that it is, of a test image. */
  readonly label: number | undefined;
}

let digits: Promise<{ readonly train: Digits; readonly test: Digits }>;
let ink: { readonly train: Digits; readonly test: Digits } | undefined;
let trainer: Trainer | undefined;
let tell: ((report: Report) => void) | undefined;

function send(report: Report): void {
  const arrays = [report.points, report.tiles, report.look?.images];
  tell?.(
    transfer(
      report,
      arrays.flatMap((array) => (array ? [array.buffer] : [])),
    ),
  );
}

/** The digits as networks of this form take them. */
async function digitsFor(form: Settings["form"]) {
  const grey = await digits;
  if (form === "grey") return grey;
  const asInk = ({ images, labels }: Digits) => ({ images: toInk(images), labels });
  ink ??= { train: asInk(grey.train), test: asInk(grey.test) };
  return ink;
}

function current(): Trainer {
  if (!trainer) throw new Error("there is no network yet");
  return trainer;
}

async function read({ net, settings }: Trainer, source: Source): Promise<Reading> {
  const side = sideOf(settings);
  let image: Uint8Array;
  let label: number | undefined;
  if ("index" in source) {
    const { images, labels } = (await digitsFor(settings.form)).test;
    const index = source.index % labels.length;
    image = images.slice(index * side * side, (index + 1) * side * side);
    label = labels[index];
  } else {
    const drawn = normalize(render(source.strokes));
    image = settings.form === "grey" ? drawn : toInk(drawn);
  }
  // What the right digit is changes no output.
  const trace = await net.trace(image, [label ?? 0]);
  const last = trace.layers.at(-1);
  if (!last?.z) throw new Error("the last layer has no softmax");
  return { image, side, z: last.z.data, probabilities: last.output.data, label };
}

const api = {
  /**
   * Starts the engine, whose bits are the same on every machine, and fetches the digits.
   * `hear` is told what is new of the network; after a new one was made, the first report is of no batches.
   */
  async open(hear: (report: Report) => void): Promise<Means> {
    tell = hear;
    digits = fetchDigits(new URL("../data/digits.bin.gz", import.meta.url));
    const [{ train, test }] = await Promise.all([digits, init({ numerics: "reproducible", threads: "auto" })]);
    return { threads: engine().threads, trainImages: train.labels.length, testImages: test.labels.length };
  },

  /** A new network in the place of the last one. */
  async create(settings: Settings): Promise<void> {
    const { train, test } = await digitsFor(settings.form);
    trainer?.dispose();
    trainer = new Trainer(settings, train, test, send);
    await trainer.show();
  },

  /** Trains until so many batches are done in all. */
  train(until: number): void {
    current().train(until);
  },

  pause(): void {
    current().pause();
  },

  async read(source: Source): Promise<Reading> {
    const reader = current();
    try {
      return await read(reader, source);
    } catch (error) {
      // A network that was replaced meanwhile says nothing any more: its successor is asked.
      if (reader === trainer) throw error;
      return api.read(source);
    }
  },

  /** The bytes of a file of the network. */
  async save(format: "safetensors" | "onnx"): Promise<Uint8Array> {
    const bytes = await current().net.save({ format });
    return transfer(bytes, [bytes.buffer]);
  },
};

export type Api = typeof api;
serve(api);
