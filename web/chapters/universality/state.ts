import { batch, computed, effect, signal } from "@preact/signals";
import { proxy } from "comlink";
import { codecs, field, linkState } from "../../shared/link-state.js";
import { reducedMotion } from "../../shared/scheme.js";
import { seedCodec } from "../../shared/seed.js";
import { latest, openWorker } from "../../shared/worker.js";
import { ACTIVATIONS, MOST_EPOCHS, MOST_NEURONS } from "./settings.js";
import { curveCodec, presetOf, TARGETS, type TargetName } from "./targets.js";
import type { Pace, Report } from "./trainer.js";
import type { Api } from "./worker.js";

export const RATE = { min: 1e-4, max: 0.1 };
export const DEPTHS = ["2", "3"] as const;
export const SPEEDS = ["slow", "fast"] as const;

/** What there is to change before the reader has drawn anything. */
const FIRST_CURVE = presetOf("sine");

export const state = linkState({
  n: field(codecs.integer(1, MOST_NEURONS), 30),
  f: field(codecs.choice(ACTIVATIONS), "tanh"),
  depth: field(codecs.choice(DEPTHS), "2"),
  eta: field(codecs.number(RATE.min, RATE.max), 0.01),
  seed: field(seedCodec, 1),
  target: field(codecs.choice(TARGETS), "sine"),
  drawn: field(curveCodec, FIRST_CURVE),
  /** Epochs that both networks have learnt: whoever opens the link trains as far. */
  epochs: field(codecs.integer(0, MOST_EPOCHS), 0),
  speed: field(codecs.choice(SPEEDS), "slow"),
  /** The neuron that is looked at, from 1. */
  neuron: field(codecs.integer(1, MOST_NEURONS), 8),
  parts: field(codecs.flag, true),
});

/** What a pen is drawing just now. */
export const drawing = signal<readonly number[] | undefined>(undefined);
/** The curve that is to be fitted. */
export const target = computed<readonly number[]>(
  () => drawing.value ?? (state.target.value === "drawn" ? state.drawn.value : presetOf(state.target.value)),
);
/** Whether the reader drew it. */
export const isOwn = computed(
  () => state.target.value === "drawn" && curveCodec.format(state.drawn.value) !== curveCodec.format(FIRST_CURVE),
);

export const report = signal<Report | undefined>(undefined);
/** The same for what is read rather than watched: some four times a second, and whenever a training starts or stops. */
export const calmReport = signal<Report | undefined>(undefined);
const CALM = 240;
let calmed = 0;
export const neuron = computed(() => Math.min(state.neuron.value, state.n.value));

/** The losses so far. */
export interface Losses {
  readonly epochs: readonly number[];
  readonly shallow: readonly number[];
  readonly deep: readonly number[];
}
const NO_LOSSES: Losses = { epochs: [], shallow: [], deep: [] };
export const losses = signal(NO_LOSSES);
/** Points of the curves of losses at most; where there are more, every other one goes. */
const MOST_POINTS = 400;

function longer({ epochs, shallow, deep }: Losses, report: Report): Losses {
  if (report.epochs === 0) {
    return { epochs: [0], shallow: [report.shallow.loss], deep: [report.deep.loss] };
  }
  if (report.epochs === epochs.at(-1)) return { epochs, shallow, deep };
  const thinned = <T>(values: readonly T[]) =>
    values.length < MOST_POINTS ? values : values.filter((_, i) => i % 2 === 0);
  return {
    epochs: [...thinned(epochs), report.epochs],
    shallow: [...thinned(shallow), report.shallow.loss],
    deep: [...thinned(deep), report.deep.loss],
  };
}

/** Some twenty rounds a second; for those who want less motion two. */
const PACES: Readonly<Record<(typeof SPEEDS)[number], Pace>> = {
  slow: { epochs: 6, milliseconds: 45 },
  fast: { epochs: 40, milliseconds: 45 },
};
const STILL: Pace = { epochs: 500, milliseconds: 500 };
const HURRIED: Pace = { epochs: 250, milliseconds: 0 };

const { api } = openWorker<Api>();

function hear(news: Report): void {
  batch(() => {
    report.value = news;
    const now = performance.now();
    if (news.running && news.epochs > 0 && now - calmed < CALM) return;
    calmed = now;
    calmReport.value = news;
    state.epochs.value = news.epochs;
    losses.value = longer(losses.value, news);
  });
}

/** Whether the next networks train as soon as they are there. */
let goesOn = false;

const create = latest(async (epochs: number) => {
  const { n, f, depth, eta, seed } = state;
  const settings = {
    neurons: n.peek(),
    depth: Number(depth.peek()),
    activation: f.peek(),
    learningRate: eta.peek(),
    seed: seed.peek(),
  };
  await api.create(settings, Float32Array.from(target.peek()));
  if (epochs > 0) api.train(epochs, HURRIED);
  else if (goesOn) train();
});

export function train(): void {
  goesOn = true;
  api.train(MOST_EPOCHS, reducedMotion.peek() ? STILL : PACES[state.speed.peek()]);
}

export function pause(): void {
  goesOn = false;
  api.pause();
}

/** Networks that have learnt nothing. */
export function startOver(): void {
  goesOn = false;
  create(0);
}

/** New networks as the settings are now, which learn at once, unless nothing is to move by itself. */
export function changed(): void {
  goesOn = !reducedMotion.peek();
  create(0);
}

export function chooseSpeed(): void {
  if (calmReport.peek()?.running) train();
}

/** The reader's own curve. */
export function draw(curve: readonly number[]): void {
  batch(() => {
    [state.drawn.value, state.target.value, drawing.value] = [curve, "drawn" as TargetName, undefined];
  });
  changed();
}

/** Opens the worker and goes as far as the address says, now and when it changes. */
export async function start(): Promise<void> {
  await api.open(proxy(hear));
  create(state.epochs.peek());
  addEventListener("hashchange", () => {
    goesOn = false;
    create(state.epochs.peek());
  });
}

effect(() => {
  if (reducedMotion.value && calmReport.peek()?.running) pause();
});
