import { batch, computed, effect, signal } from "@preact/signals";
import { codecs, field, linkState } from "../../shared/link-state.js";
import { latest, openWorker } from "../../shared/worker.js";
import type { Path, Settings } from "./descend.js";
import { LANDSCAPES, type LandscapeName, landscapes, type Pair } from "./landscapes.js";
import { OPTIMIZERS, type OptimizerName } from "./optimizers.js";
import { lengthOf, placeAt, verdictOf } from "./verdict.js";
import type { Api, Slope } from "./worker.js";

export const RATE = { min: 1e-4, max: 10 };
export const ITERATIONS = { min: 10, max: 1000 };
export const TOLERANCE = { min: 1e-6, max: 1 };
export const BATCHES = ["all", "4", "1"] as const;
/** Places a side of the map. */
export const SIDE = 81;

const weight = codecs.number(-8, 8);
const tolerance = codecs.number(TOLERANCE.min, TOLERANCE.max);

export const state = linkState({
  surface: field(codecs.choice(LANDSCAPES), "valley"),
  start: field(codecs.tuple(weight, 2), landscapes.valley.start),
  eta: field(codecs.number(RATE.min, RATE.max), 0.05),
  batch: field(codecs.choice(BATCHES), "all"),
  seed: field(codecs.integer(0, 999_999), 1),
  most: field(codecs.integer(ITERATIONS.min, ITERATIONS.max), 300),
  byTheta: field(codecs.flag, false),
  theta: field(tolerance, 1e-4),
  byGradient: field(codecs.flag, true),
  gradient: field(tolerance, 1e-2),
  /** Steps that are walked. */
  step: field(codecs.integer(0, ITERATIONS.max), 0),
});

export const landscape = computed(() => landscapes[state.surface.value]);
export const start = computed<Pair>(() => {
  const { min, max } = landscape.value.range;
  const [first, second] = state.start.value.map((value) => Math.min(max, Math.max(min, value)));
  return [first as number, second as number];
});

export interface Surface {
  readonly name: LandscapeName;
  /** The loss, [SIDE, SIDE], from the top left. */
  readonly losses: Float32Array;
  readonly lowest: number;
  readonly highest: number;
}
export type Paths = Readonly<Record<OptimizerName, Path>>;
/** What is known of the places where the walkers are. */
export interface Seen extends Slope {
  readonly name: LandscapeName;
  readonly step: number;
  readonly functions: readonly Float32Array[];
}

export const surface = signal<Surface | undefined>(undefined);
export const paths = signal<Paths | undefined>(undefined);
export const seen = signal<Seen | undefined>(undefined);

/** Steps until the last walker stands still. */
export const longest = computed(() => {
  const all = paths.value;
  return all ? Math.max(...OPTIMIZERS.map((name) => lengthOf(all[name]))) : 0;
});
export const shownStep = computed(() => Math.min(state.step.value, longest.value));
export const verdict = computed(() =>
  paths.value && surface.value ? verdictOf(paths.value.sgd, surface.value.lowest) : undefined,
);

const { api } = openWorker<Api>();

const askSurface = latest(async (name: LandscapeName) => {
  const { min, max } = landscapes[name].range;
  const at = (i: number) => min + (i / (SIDE - 1)) * (max - min);
  const places = new Float32Array(2 * SIDE * SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    places[2 * i] = at(i % SIDE);
    places[2 * i + 1] = at(SIDE - 1 - Math.floor(i / SIDE));
  }
  const losses = await api.losses(name, places);
  const [lowest, highest] = [losses.reduce((a, b) => Math.min(a, b)), losses.reduce((a, b) => Math.max(a, b))];
  surface.value = { name, losses, lowest, highest };
});
effect(() => void askSurface(state.surface.value));

const askPaths = latest(async (settings: Settings) => {
  paths.value = await api.paths(settings);
});
effect(() => {
  const { surface, eta, batch, seed, most, byTheta, theta, byGradient, gradient } = state;
  askPaths({
    landscape: surface.value,
    start: start.value,
    learningRate: eta.value,
    batchSize: batch.value === "all" ? landscape.value.x.length : Number(batch.value),
    seed: seed.value,
    iterations: most.value,
    thetaTolerance: byTheta.value ? theta.value : undefined,
    gradientTolerance: byGradient.value ? gradient.value : undefined,
  });
});

/** Where the networks' functions are drawn. */
export const FUNCTION_PLACES = 61;
export function functionInputs(name: LandscapeName): Float32Array {
  const { min, max } = landscapes[name].xRange;
  return Float32Array.from({ length: FUNCTION_PLACES }, (_, i) => min + (i / (FUNCTION_PLACES - 1)) * (max - min));
}

interface Question {
  readonly name: LandscapeName;
  readonly step: number;
  readonly places: readonly [Pair, ...Pair[]];
}
const look = latest(async ({ name, step, places }: Question) => {
  const [slope, functions] = await Promise.all([
    api.slope(name, places[0]),
    api.functions(name, places, functionInputs(name)),
  ]);
  seen.value = { ...slope, functions, name, step };
});
effect(() => {
  const all = paths.value;
  if (!all) return;
  const step = shownStep.value;
  const [first, ...others] = OPTIMIZERS.map((name) => placeAt(all[name], step));
  look({ name: state.surface.peek(), step, places: [first as Pair, ...others] });
});

/** Hundredths: short numbers in links and texts. */
const round = (value: number) => Math.round(100 * value) / 100;

export function moveStart(x: number, y: number): void {
  state.start.value = [round(x), round(y)];
}

export function chooseSurface(name: LandscapeName): void {
  batch(() => {
    state.start.value = landscapes[name].start;
    state.step.value = 0;
  });
}
