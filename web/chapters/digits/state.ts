import { batch, computed, effect, signal } from "@preact/signals";
import { proxy } from "comlink";
import { codecs, field, linkState } from "../../shared/link-state.js";
import { seedCodec } from "../../shared/seed.js";
import { latest, openWorker } from "../../shared/worker.js";
import type { Look } from "./look.js";
import { FORMS, MOST_EPOCHS, OPTIMIZERS, type Settings } from "./settings.js";
import { type Stroke, strokesCodec } from "./strokes.js";
import type { Report } from "./trainer.js";
import type { Api, Means, Reading, Source } from "./worker.js";

export const HIDDEN = ["16", "32", "64", "128", "256"] as const;
export const BATCH_SIZES = ["16", "32", "64", "128"] as const;
/** A learning rate that suits each optimizer. */
const RATES: Readonly<Record<Settings["optimizer"], number>> = { adam: 0.001, momentum: 0.05, sgd: 0.1 };
export const MOST_EPOCHS_AT_A_TIME = 20;
const MOST_BATCHES = 100_000;
/** Nothing but a drawing is read. */
const NO_TEST_IMAGE = -1;

/** What the reader has set, drawn and trained: in the page's address. */
export const state = linkState({
  form: field(codecs.choice(FORMS), "grey"),
  hidden: field(codecs.choice(HIDDEN), "128"),
  opt: field(codecs.choice(OPTIMIZERS), "adam"),
  rate: field(codecs.number(1e-4, 1), RATES.adam),
  batch: field(codecs.choice(BATCH_SIZES), "32"),
  epochs: field(codecs.integer(1, MOST_EPOCHS_AT_A_TIME), 6),
  seed: field(seedCodec, 1),
  /** Batches that the network has learnt from: whoever opens the link trains as far. */
  trained: field(codecs.integer(0, MOST_BATCHES), 0),
  strokes: field(strokesCodec, [] as readonly Stroke[]),
  test: field(codecs.integer(NO_TEST_IMAGE, 9999), NO_TEST_IMAGE),
});

/** Curves over epochs; null where a value is of no such point. */
export interface Curves {
  readonly epochs: readonly number[];
  readonly loss: readonly (number | null)[];
  readonly accuracy: readonly (number | null)[];
  readonly test: readonly (number | null)[];
}

const NO_CURVES: Curves = { epochs: [], loss: [], accuracy: [], test: [] };
/** The test accuracy that the chapter asks for. */
export const GOAL = 0.95;

/** Nothing while the engine starts and the digits come. */
export const means = signal<Means | undefined>(undefined);
export const training = signal<Pick<Report, "running" | "batches" | "steps" | "seconds">>({
  running: false,
  batches: 0,
  steps: 1,
  seconds: 0,
});
export const curves = signal(NO_CURVES);
export const look = signal<(Look & { readonly side: number }) | undefined>(undefined);
export const tiles = signal<Int8Array>(new Int8Array(0));
/** After how many seconds of training the goal was reached. */
export const reached = signal<number | undefined>(undefined);
export const reading = signal<Reading | undefined>(undefined);
/** The stroke that is being drawn. */
export const stroke = signal<Stroke>([]);

export const isReady = computed(() => look.value !== undefined);
/** Whether the network is the one that the settings say. */
export const isMade = signal(false);
/** A network learns no more when it has seen all digits so often. */
export const isFinished = computed(() => training.value.batches >= MOST_EPOCHS * training.value.steps);
export const isDrawn = computed(() => state.strokes.value.length > 0 || stroke.value.length > 0);

const { api } = openWorker<Api>();

function hear(report: Report): void {
  const { points, look: newLook, tiles: newTiles, ...where } = report;
  batch(() => {
    training.value = where;
    state.trained.value = where.batches;
    if (where.batches === 0 && newLook) [curves.value, reached.value] = [NO_CURVES, undefined];
    if (points.length > 0 || newLook) curves.value = longer(curves.value, report);
    if (newTiles) tiles.value = newTiles;
    if (!newLook) return;
    look.value = { ...newLook, side: Math.sqrt(newLook.images.length / newLook.hardest.length) };
    if (newLook.accuracy >= GOAL) reached.value ??= where.seconds;
  });
}

function longer({ epochs, loss, accuracy, test }: Curves, { points, steps, batches, look }: Report): Curves {
  const rows = Array.from({ length: points.length / 3 }, (_, i) => points.subarray(3 * i, 3 * i + 3));
  const ahead = look ? [look.accuracy] : [];
  return {
    epochs: [...epochs, ...rows.map(([at = 0]) => at / steps), ...ahead.map(() => batches / steps)],
    loss: [...loss, ...rows.map(([, value]) => value ?? null), ...ahead.map(() => null)],
    accuracy: [...accuracy, ...rows.map(([, , value]) => value ?? null), ...ahead.map(() => null)],
    test: [...test, ...rows.map(() => null), ...ahead],
  };
}

const make = latest(async (trained: number) => {
  const { form, hidden, opt, rate, batch, seed } = state;
  const settings: Settings = {
    form: form.peek(),
    hidden: Number(hidden.peek()),
    optimizer: opt.peek(),
    learningRate: rate.peek(),
    batchSize: Number(batch.peek()),
    seed: seed.peek(),
  };
  await api.create(settings);
  if (trained > 0) await api.train(trained);
});

async function create(trained: number): Promise<void> {
  isMade.value = false;
  await make(trained);
  isMade.value = true;
}

/** A network that has learnt nothing, as the reader's settings say. */
export const startOver = () => create(0);

/** Other optimizers need other steps. */
export function chooseOptimizer(optimizer: Settings["optimizer"]): void {
  state.rate.value = RATES[optimizer];
  startOver();
}

function trainOn(batches: number): void {
  const where = training.peek();
  // As it looks from the press on: the worker's first report may take a while.
  training.value = { ...where, running: true };
  api.train(where.batches + batches);
}

export const train = () => trainOn(state.epochs.peek() * training.peek().steps);
export const trainOneBatch = () => trainOn(1);
export const pause = () => api.pause();

export function clearPad(): void {
  batch(() => {
    [state.strokes.value, stroke.value, state.test.value] = [[], [], NO_TEST_IMAGE];
  });
}

/** Puts a test image in the drawing's place. */
export function readTestImage(index: number): void {
  batch(() => {
    [state.strokes.value, stroke.value, state.test.value] = [[], [], index];
  });
}

/** What is to be read; nothing to read comes after what was asked for before, too. */
const read = latest(async (source: Source | undefined) => {
  reading.value = source && (await api.read(source));
});

/** Downloads the network as a file. */
export async function download(format: "safetensors" | "onnx"): Promise<void> {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([(await api.save(format)) as Uint8Array<ArrayBuffer>]));
  link.download = `digits.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Opens the worker and makes what the address says, now and when it changes. */
export async function start(): Promise<void> {
  means.value = await api.open(proxy(hear));
  create(state.trained.peek());
  addEventListener("hashchange", () => create(state.trained.peek()));
  // What is read is read again when it or the network has changed.
  effect(() => {
    if (!look.value) return;
    if (state.test.value !== NO_TEST_IMAGE) read({ index: state.test.value });
    else if (isDrawn.value) read({ strokes: [...state.strokes.value, stroke.value] });
    else read(undefined);
  });
}
