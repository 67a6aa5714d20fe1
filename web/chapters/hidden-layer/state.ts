import { computed, effect, signal } from "@preact/signals";
import { codecs, field, linkState } from "../../shared/link-state.js";
import { type PlacedPoint, pointsCodec } from "../../shared/placed-points.js";
import { mapPlaces, symmetric } from "../../shared/places.js";
import { latest, openWorker } from "../../shared/worker.js";
import { ACTIVATIONS, DATA, type Data, examplesOf, GOALS, goalsReached, LECTURE } from "./goals.js";
import { boundOf, RANGE, SIDE, sheetPoints } from "./sheet.js";
import type { Api, Network, Steps } from "./worker.js";

/** What weights and biases may be. */
export const WEIGHTS = { min: -50, max: 50 };
export const MOST_POINTS = 40;

const weight = codecs.number(WEIGHTS.min, WEIGHTS.max);
const place = codecs.number(RANGE.min, RANGE.max);
const EXAMPLE_POINTS: readonly PlacedPoint[] = [
  { x: -1.4, y: 0.6, kind: 1 },
  { x: -0.7, y: 1.3, kind: 1 },
  { x: 0.8, y: -1.2, kind: 1 },
  { x: 1.5, y: -0.4, kind: 1 },
  { x: -1.1, y: -1.2, kind: 0 },
  { x: -0.2, y: 0.1, kind: 0 },
  { x: 0.7, y: 0, kind: 0 },
  { x: 1.2, y: 1.5, kind: 0 },
];

export const state = linkState({
  W: field(codecs.tuple(weight, 4), LECTURE.W),
  b1: field(codecs.tuple(weight, 2), LECTURE.b1),
  g: field(codecs.choice(ACTIVATIONS), LECTURE.g),
  w2: field(codecs.tuple(weight, 2), LECTURE.w2),
  b2: field(weight, LECTURE.b2),
  data: field(codecs.choice(DATA), "xor"),
  points: field(pointsCodec(RANGE.min, RANGE.max, 2, MOST_POINTS), EXAMPLE_POINTS),
  /** The class that a click places. */
  kind: field(codecs.choice(["0", "1"]), "1"),
  probe: field(codecs.tuple(place, 2), [1.5, -0.5]),
  /** How many of the three steps are done. */
  step: field(codecs.number(0, 3), 3),
  reached: field(codecs.list(codecs.choice(GOALS), GOALS.length), []),
});

export const network = computed<Network>(() => ({
  W: state.W.value,
  b1: state.b1.value,
  g: state.g.value,
  w2: state.w2.value,
  b2: state.b2.value,
}));

/** As the lecture has it. */
export function reset(): void {
  for (const name of ["W", "b1", "g", "w2", "b2"] as const) state[name].value = LECTURE[name] as never;
}

/** Some points with their way through the network. */
export interface Way extends Steps {
  readonly x: Float32Array;
}

/** What the engine found. */
export interface Seen {
  readonly network: Network;
  readonly data: Data;
  readonly examples: readonly PlacedPoint[];
  readonly points: Way;
  readonly probe: Way;
  readonly sheet: Way;
  /** y over the plane of the inputs. */
  readonly map: Float32Array;
  /** Of the planes of u and h: they are drawn from minus this to this. */
  readonly uBound: number;
  readonly hBound: number;
  /** w2 . h + b2 over the plane of h. */
  readonly readout: Float32Array;
}

export const seen = signal<Seen | undefined>(undefined);

const { api } = openWorker<Api>();
const inputPlaces = mapPlaces(RANGE, SIDE);

interface Question {
  readonly network: Network;
  readonly data: Data;
  readonly examples: readonly PlacedPoint[];
  readonly probe: readonly number[];
}

const ask = latest(async ({ network, data, examples, probe }: Question) => {
  const parts = [examples.flatMap(({ x, y }) => [x, y]), probe, sheetPoints, inputPlaces];
  const x = Float32Array.from(parts.flatMap((part) => [...part]));
  const all = await api.steps(network, x);
  let start = 0;
  const [points, probed, sheet, map] = parts.map(({ length }): Way => {
    const [from, to] = [start, start + length];
    start = to;
    const pairs = (values: Float32Array) => values.slice(from, to);
    return { x: pairs(x), u: pairs(all.u), h: pairs(all.h), y: all.y.slice(from / 2, to / 2) };
  }) as [Way, Way, Way, Way];
  const hBound = boundOf(sheet.h);
  const readout = await api.readout(network, mapPlaces(symmetric(hBound), SIDE));
  seen.value = {
    network,
    data,
    examples,
    points,
    probe: probed,
    sheet,
    map: map.y,
    uBound: boundOf(sheet.u),
    hBound,
    readout,
  };
});

effect(() => {
  const { data, points, probe } = state;
  const examples = examplesOf(data.value, points.value);
  ask({ network: network.value, data: data.value, examples, probe: probe.value });
});

effect(() => {
  if (!seen.value) return;
  const { data, network, examples, points } = seen.value;
  const before = state.reached.peek();
  const more = goalsReached(data, network, examples, points.y).filter((goal) => !before.includes(goal));
  if (more.length > 0) state.reached.value = [...before, ...more];
});
