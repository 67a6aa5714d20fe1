import { batch, computed, effect, signal } from "@preact/signals";
import { codecs, field, linkState } from "../../shared/link-state.js";
import { linspace, mapPlaces, roundPlace } from "../../shared/places.js";
import { seedCodec } from "../../shared/seed.js";
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
  seed: field(seedCodec, 1),
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
  const losses = await api.losses(name, mapPlaces(landscapes[name].range, SIDE));
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
const FUNCTION_PLACES = 61;
export const functionInputs = (name: LandscapeName): Float32Array => linspace(landscapes[name].xRange, FUNCTION_PLACES);

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

export function moveStart(x: number, y: number): void {
  state.start.value = [roundPlace(x), roundPlace(y)];
}

export function chooseSurface(name: LandscapeName): void {
  batch(() => {
    state.start.value = landscapes[name].start;
    state.step.value = 0;
  });
}
