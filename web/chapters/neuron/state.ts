import { batch, computed, effect, signal } from "@preact/signals";
import type { Activation } from "neurone";
import { codecs, field, linkState } from "../../shared/link-state.js";
import { type PlacedPoint, pointsCodec } from "../../shared/placed-points.js";
import { linspace, mapPlaces, roundPlace } from "../../shared/places.js";
import { latest, openWorker } from "../../shared/worker.js";
import { ACTIVATIONS } from "./activations.js";
import { type Example, examplesOf, GOALS, type Goal, isReachable, isSolved, REACHABLE } from "./goals.js";
import type { Api, Neuron, Values } from "./worker.js";

/** The part of the plane that is drawn, and what weights may be: the arrow's tip lies in the plane. */
export const RANGE = { min: -2, max: 2 };
export const BIAS = { min: -4, max: 4 };
/** Of the sum z, in the drawing of the activation function. */
export const SUMS = { min: -5, max: 5 };
export const MOST_POINTS = 40;
/** Places a side of the map. */
export const SIDE = 81;

const place = codecs.number(RANGE.min, RANGE.max);
const EXAMPLE_POINTS: readonly PlacedPoint[] = [
  { x: -1.5, y: -0.3, kind: 0 },
  { x: -1.1, y: 0.4, kind: 0 },
  { x: -0.3, y: -1.2, kind: 0 },
  { x: 0.4, y: -1.4, kind: 0 },
  { x: -0.5, y: 1.5, kind: 1 },
  { x: 0.6, y: 0.3, kind: 1 },
  { x: 1.4, y: -0.4, kind: 1 },
  { x: 1.2, y: 1.3, kind: 1 },
];

export const state = linkState({
  w1: field(place, 1),
  w2: field(place, -0.5),
  b: field(codecs.number(BIAS.min, BIAS.max), 0.25),
  f: field(codecs.choice(ACTIVATIONS), "sigmoid"),
  /** Of the threshold. */
  a: field(place, 0),
  goal: field(codecs.choice(GOALS), "and"),
  points: field(pointsCodec(RANGE.min, RANGE.max, 2, MOST_POINTS), EXAMPLE_POINTS),
  /** The class that a click places. */
  kind: field(codecs.choice(["0", "1"]), "1"),
  probe: field(codecs.tuple(place, 2), [-0.75, 1.25]),
  reached: field(codecs.list(codecs.choice(REACHABLE), REACHABLE.length), []),
});

/** NOT has one input: the second weight is out of use. */
export const hasOneInput = computed(() => state.goal.value === "not");

export const activation = computed<Activation>(() =>
  state.f.value === "threshold" ? { threshold: state.a.value } : state.f.value,
);

/** The weights as the plane shows them. */
export const weights = computed<readonly [number, number]>(() => [
  state.w1.value,
  hasOneInput.value ? 0 : state.w2.value,
]);

export const moveProbe = (x: number, y: number): void => {
  state.probe.value = [roundPlace(x), roundPlace(y)];
};

/** What the engine found for the examples, and after them for the probe. */
export interface Seen extends Values {
  readonly goal: Goal;
  readonly examples: readonly Example[];
}

export const seen = signal<Seen | undefined>(undefined);
export const map = signal<Float32Array>(new Float32Array(SIDE * SIDE));
export const curve = signal<Values | undefined>(undefined);

/** The sums at which the curve is computed. */
export const CURVE_SUMS = linspace(SUMS, 401);
const inputPlaces = mapPlaces(RANGE, SIDE);

const { api } = openWorker<Api>();

interface Question {
  readonly neuron: Neuron;
  /** The same neuron with both weights, for the plane. */
  readonly inPlane: Neuron;
  readonly goal: Goal;
  readonly examples: readonly Example[];
  readonly probe: readonly number[];
}

const ask = latest(async ({ neuron, inPlane, goal, examples, probe }: Question) => {
  const inputs = neuron.weights.length;
  const points = Float32Array.from([...examples.flatMap(({ x }) => x), ...probe.slice(0, inputs)]);
  const [values, outputs] = await Promise.all([api.values(neuron, points), api.outputs(inPlane, inputPlaces)]);
  batch(() => {
    seen.value = { ...values, goal, examples };
    map.value = outputs;
  });
});

effect(() => {
  const { b, goal, points, probe } = state;
  const inPlane = { weights: weights.value, bias: b.value, activation: activation.value };
  const neuron = { ...inPlane, weights: hasOneInput.value ? weights.value.slice(0, 1) : weights.value };
  ask({ neuron, inPlane, goal: goal.value, examples: examplesOf(goal.value, points.value), probe: probe.value });
});

const askCurve = latest(async (activation: Activation) => {
  curve.value = await api.curve(activation, CURVE_SUMS);
});
effect(() => void askCurve(activation.value));

effect(() => {
  if (!seen.value) return;
  const { goal, examples, y } = seen.value;
  const { reached } = state;
  if (!isReachable(goal) || reached.peek().includes(goal) || !isSolved(examples, y)) return;
  reached.value = [...reached.peek(), goal];
});
