import type { PlacedPoint } from "../../shared/placed-points.js";
import type { Network } from "./worker.js";

export const DATA = ["xor", "and", "or", "free"] as const;
export type Data = (typeof DATA)[number];

export const ACTIVATIONS = ["relu", "linear", "sigmoid", "tanh", "threshold"] as const;

/** The lecture's network, which separates XOR. */
export const LECTURE = { W: [0.5, -0.5, -0.5, 0.5], b1: [0, 0], g: "relu", w2: [4, 4], b2: -1 } as const;

const gate = (...kinds: readonly number[]): readonly PlacedPoint[] =>
  [
    [-1, -1],
    [-1, 1],
    [1, -1],
    [1, 1],
  ].map(([x, y], i) => ({ x: x as number, y: y as number, kind: kinds[i] as number }));

const GATES: Readonly<Record<Exclude<Data, "free">, readonly PlacedPoint[]>> = {
  xor: gate(0, 1, 1, 0),
  and: gate(0, 0, 0, 1),
  or: gate(0, 1, 1, 1),
};

export const examplesOf = (data: Data, points: readonly PlacedPoint[]): readonly PlacedPoint[] =>
  data === "free" ? points : GATES[data];

/** Class 1 is where y is not negative. */
export const isRight = ({ kind }: PlacedPoint, y: number): boolean => y >= 0 === (kind === 1);

/** Goals that are ticked off. */
export const GOALS = ["and", "own", "sigmoid", "free"] as const;
export type Goal = (typeof GOALS)[number];

/** The goals that are reached where these examples have these outputs. */
export function goalsReached(
  data: Data,
  { W, g }: Network,
  examples: readonly PlacedPoint[],
  y: Float32Array,
): readonly Goal[] {
  const kinds = new Set(examples.map(({ kind }) => kind));
  if (kinds.size < 2 || !examples.every((example, i) => isRight(example, y[i] as number))) return [];
  if (data === "and" || data === "free") return [data];
  if (data !== "xor") return [];
  const own = W.some((weight, i) => weight !== LECTURE.W[i]);
  return [...(own ? (["own"] as const) : []), ...(g === "sigmoid" ? (["sigmoid"] as const) : [])];
}
