import type { PlacedPoint } from "../../shared/placed-points.js";
import { clamp, roundPlace } from "../../shared/places.js";
import { makeRandom, type Random } from "../../shared/random.js";

/** The part of the plane that is drawn: the gates' corners about its middle. */
export const RANGE = { min: -1.5, max: 2.5 };
const MIDDLE = 0.5;
export const MOST_POINTS = 60;

/** What there is to choose, and what the reader placed. */
export const DATA_SETS = ["separable", "overlapping", "and", "or", "xor", "own"] as const;
export type DataSet = (typeof DATA_SETS)[number];
/** Those that a seed decides. */
export const RANDOM: readonly DataSet[] = ["separable", "overlapping"];

/** A gate's four rows: the outputs in the order of the inputs 00, 01, 10, 11. */
const gate = (...kinds: readonly number[]): PlacedPoint[] => kinds.map((kind, i) => ({ x: i >> 1, y: i & 1, kind }));

const COUNT = 20;

/** Points on both sides of a line, with an aisle between them. */
function separable({ uniform, normal }: Random): PlacedPoint[] {
  const direction = [normal(), normal()] as const;
  const length = Math.hypot(...direction);
  const offset = 1.2 * uniform() - 0.6;
  const points: PlacedPoint[] = [];
  while (points.length < COUNT) {
    const [x, y] = [roundPlace(3.4 * uniform() - 1.2), roundPlace(3.4 * uniform() - 1.2)];
    const distance = ((x - MIDDLE) * direction[0] + (y - MIDDLE) * direction[1]) / length - offset;
    if (Math.abs(distance) > 0.12) points.push({ x, y, kind: distance > 0 ? 1 : 0 });
  }
  return points;
}

/** Two clouds that reach into each other. */
function overlapping({ normal }: Random): PlacedPoint[] {
  return Array.from({ length: COUNT }, (_, i) => {
    const kind = i % 2;
    const center = MIDDLE + (kind === 1 ? 0.55 : -0.55);
    return {
      x: clamp(roundPlace(center + 0.85 * normal()), RANGE),
      y: clamp(roundPlace(center + 0.85 * normal()), RANGE),
      kind,
    };
  });
}

/** The points of a data set; the reader starts with none. */
export function makePoints(dataSet: DataSet, seed: number): readonly PlacedPoint[] {
  switch (dataSet) {
    case "separable":
      return separable(makeRandom(seed));
    case "overlapping":
      return overlapping(makeRandom(seed));
    case "and":
      return gate(0, 0, 0, 1);
    case "or":
      return gate(0, 1, 1, 1);
    case "xor":
      return gate(0, 1, 1, 0);
    case "own":
      return [];
  }
}
