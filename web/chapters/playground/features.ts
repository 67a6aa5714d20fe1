import type { Example } from "./data-sets.js";

/** What a network may see of a point. */
export const FEATURES = ["x1", "x2", "x1x1", "x2x2", "x1x2", "sinx1", "sinx2"] as const;
export type Feature = (typeof FEATURES)[number];

const FORMULAS: Readonly<Record<Feature, (x1: number, x2: number) => number>> = {
  x1: (x1) => x1,
  x2: (_, x2) => x2,
  x1x1: (x1) => x1 * x1,
  x2x2: (_, x2) => x2 * x2,
  x1x2: (x1, x2) => x1 * x2,
  sinx1: (x1) => Math.sin(x1),
  sinx2: (_, x2) => Math.sin(x2),
};

/** `[n, features]`, row-major, in f32. */
export function featuresOf(
  points: readonly Pick<Example, "x1" | "x2">[],
  features: readonly Feature[],
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(points.length * features.length);
  let place = 0;
  for (const { x1, x2 } of points) for (const feature of features) values[place++] = FORMULAS[feature](x1, x2);
  return values;
}

/** The shortest decimal number that is this f32. */
export function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}
