import type { PlacedPoint } from "../../shared/placed-points.js";

/** The gates, and the reader's own points. */
export const GOALS = ["and", "or", "not", "xor", "free"] as const;
export type Goal = (typeof GOALS)[number];

/** What one neuron can reach: all but XOR. */
export const REACHABLE = ["and", "or", "not", "free"] as const;
export type Reachable = (typeof REACHABLE)[number];

export const isReachable = (goal: Goal): goal is Reachable => goal !== "xor";

/** An input with the output that is wanted for it. */
export interface Example {
  readonly x: readonly number[];
  readonly target: 0 | 1;
}

const CORNERS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;

/** The truth table of a gate of two inputs: the outputs in the order of the corners. */
const gate = (...targets: readonly (0 | 1)[]): readonly Example[] =>
  CORNERS.map((x, i) => ({ x, target: targets[i] as 0 | 1 }));

const TABLES: Readonly<Record<Exclude<Goal, "free">, readonly Example[]>> = {
  and: gate(0, 0, 0, 1),
  or: gate(0, 1, 1, 1),
  xor: gate(0, 1, 1, 0),
  not: [
    { x: [0], target: 1 },
    { x: [1], target: 0 },
  ],
};

/** What the neuron is to compute. */
export function examplesOf(goal: Goal, points: readonly PlacedPoint[]): readonly Example[] {
  if (goal !== "free") return TABLES[goal];
  return points.map(({ x, y, kind }) => ({ x: [x, y], target: kind === 1 ? 1 : 0 }));
}

/** An output of one half or more is read as 1. */
export const isRight = ({ target }: Example, y: number): boolean => y >= 0.5 === (target === 1);

/** Whether all outputs are right, and examples of both classes there. */
export function isSolved(examples: readonly Example[], y: Float32Array): boolean {
  const targets = new Set(examples.map(({ target }) => target));
  return targets.size === 2 && examples.every((example, i) => isRight(example, y[i] as number));
}
