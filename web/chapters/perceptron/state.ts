import { batch, computed, effect, signal } from "@preact/signals";
import { codecs, field, linkState } from "../../shared/link-state.js";
import { pointsCodec } from "../../shared/placed-points.js";
import { reducedMotion } from "../../shared/scheme.js";
import { latest, openWorker } from "../../shared/worker.js";
import { DATA_SETS, type DataSet, MOST_POINTS, makePoints, RANDOM, RANGE } from "./data.js";
import { ahead, behind } from "./strides.js";
import type { Chunk, End, Learner, Settings, Update } from "./track.js";
import type { Api } from "./worker.js";

export const STRIDES = ["update", "epoch"] as const;
export const SPEEDS = ["1", "4", "15"] as const;
export const RATES = { perceptron: { min: 0.25, max: 2 }, adaline: { min: 0.01, max: 1 } } as const;
export const MOST_SEED = 9999;
/** A dozen of mistakes: enough to see the line turn. */
const FIRST_SEED = 12;
/** A link goes no further, so that it opens soon. */
const FURTHEST = 20_000;

const points = pointsCodec(RANGE.min, RANGE.max, 2, MOST_POINTS);
const steps = codecs.integer(0, FURTHEST);
const stepsInLink = { ...steps, format: (value: number) => steps.format(Math.min(value, FURTHEST)) };

/** The steps come last: what stands before them sets them to 0 when it changes. */
export const state = linkState({
  seed: field(codecs.integer(0, MOST_SEED), FIRST_SEED),
  points: field(points, makePoints("separable", FIRST_SEED)),
  /** The class that a click places. */
  kind: field(codecs.choice(["0", "1"]), "1"),
  eta: field(codecs.number(RATES.perceptron.min, RATES.perceptron.max), 1),
  rate: field(codecs.number(RATES.adaline.min, RATES.adaline.max), 0.1),
  shuffle: field(codecs.flag, false),
  stride: field(codecs.choice(STRIDES), "update"),
  speed: field(codecs.choice(SPEEDS), "4"),
  /** How many updates of the perceptron and of ADALINE are seen. */
  perceptron: field(stepsInLink, 0),
  adaline: field(stepsInLink, 0),
});

/** What a learner has done so far, further than is seen. */
export interface Path {
  readonly updates: readonly Update[];
  readonly losses: readonly number[];
  readonly end: End | undefined;
}
const NOTHING: Path = { updates: [], losses: [], end: undefined };

export const LEARNERS = ["perceptron", "adaline"] as const;
export const paths = { perceptron: signal(NOTHING), adaline: signal(NOTHING) };
export const isPlaying = signal(false);

/** Which of the sets the points are. */
const currentSet = computed<DataSet>(() => {
  const text = points.format(state.points.value);
  return DATA_SETS.find((name) => points.format(makePoints(name, state.seed.value)) === text) ?? "own";
});
export const dataSet = signal<DataSet>(currentSet.peek());
effect(() => {
  dataSet.value = currentSet.value;
});

export function choose(name: DataSet, seed = state.seed.peek()): void {
  const isRandom = RANDOM.includes(name);
  batch(() => {
    state.seed.value = seed;
    if (isRandom || name !== currentSet.peek()) state.points.value = makePoints(name, seed);
  });
}

/** Where a learner is on its path, and whether that is the path's end. */
export function seen(learner: Learner) {
  const path = paths[learner].value;
  const at = Math.min(state[learner].value, path.updates.length);
  return { at, path, end: at === path.updates.length ? path.end : undefined };
}
export type Seen = ReturnType<typeof seen>;

const { api } = openWorker<Api>();
/** Counts the settings: what comes of older ones is not taken. */
let opened = 0;
/** So far the paths are known beyond what is seen. */
const AHEAD = 300;

const extend = async (learner: Learner) => {
  const path = paths[learner];
  while (!path.peek().end && path.peek().updates.length < state[learner].peek() + AHEAD) {
    const run = opened;
    const chunk: Chunk = await api.more(learner);
    if (run !== opened) return;
    const { updates, losses } = path.peek();
    path.value = { updates: [...updates, ...chunk.updates], losses: [...losses, ...chunk.losses], end: chunk.end };
  }
};
const extendWhenNeeded = { perceptron: latest(() => extend("perceptron")), adaline: latest(() => extend("adaline")) };

const settings = computed<Settings>(() => ({
  points: state.points.value,
  rates: { perceptron: state.eta.value, adaline: state.rate.value },
  shuffle: state.shuffle.value,
  seed: state.seed.value,
}));

effect(() => {
  const wanted = settings.value;
  opened++;
  batch(() => {
    for (const learner of LEARNERS) {
      if (opened > 1) state[learner].value = 0;
      paths[learner].value = NOTHING;
    }
    if (opened > 1) isPlaying.value = false;
  });
  if (wanted.points.length === 0) return;
  api.open(wanted);
  for (const learner of LEARNERS) extendWhenNeeded[learner](undefined);
});
for (const learner of LEARNERS) {
  effect(() => {
    const { value } = state[learner];
    if (value > 0 && state.points.peek().length > 0) extendWhenNeeded[learner](undefined);
  });
}

/** Whether a learner's next update has come from the worker, or its end. */
const isKnown = (learner: Learner) => {
  const { at, path, end } = seen(learner);
  return at < path.updates.length || end !== undefined;
};
const isOver = computed(() => LEARNERS.every((learner) => seen(learner).end));
/** A learner whose next update is not known keeps the other one waiting: they go side by side. */
export const canStep = computed(() => LEARNERS.every(isKnown) && !isOver.value);
export const canGoBack = computed(() => LEARNERS.some((learner) => state[learner].value > 0));

/** One stride further, of each learner that has not come to its end. */
export function step(): void {
  if (!canStep.peek()) return;
  const had = seen("perceptron").end;
  batch(() => {
    for (const learner of LEARNERS) {
      const { at, path } = seen(learner);
      state[learner].value = ahead(path.updates, at, state.stride.peek());
    }
  });
  const isNew = had === undefined && seen("perceptron").end !== undefined;
  if (isNew || isOver.peek()) isPlaying.value = false;
}

export function back(): void {
  batch(() => {
    isPlaying.value = false;
    for (const learner of LEARNERS) {
      const { at, path } = seen(learner);
      state[learner].value = behind(path.updates, at, state.stride.peek());
    }
  });
}

export function startOver(): void {
  batch(() => {
    isPlaying.value = false;
    for (const learner of LEARNERS) state[learner].value = 0;
  });
}

effect(() => {
  if (!isPlaying.value || reducedMotion.value) return undefined;
  const timer = setInterval(step, 1000 / Number(state.speed.value));
  return () => clearInterval(timer);
});
