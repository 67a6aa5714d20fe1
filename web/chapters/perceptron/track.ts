import { layers, sequential } from "neurone";
import type { PlacedPoint } from "../../shared/placed-points.js";

export type Learner = "perceptron" | "adaline";

export interface Settings {
  /** At least one. Class 0 is -1, class 1 is +1. */
  readonly points: readonly PlacedPoint[];
  /** Each learner's learning rate. */
  readonly rates: Readonly<Record<Learner, number>>;
  /** A new order of the examples each epoch, which the seed decides. */
  readonly shuffle: boolean;
  readonly seed: number;
}

/** Weights and bias between two updates. */
export interface Line {
  readonly w: readonly [number, number];
  readonly b: number;
}

export interface Update {
  readonly epoch: number;
  /** The number of the point that caused it. */
  readonly example: number;
  readonly before: Line;
  readonly after: Line;
  /** w . x + b of that point before the update. */
  readonly z: number;
  /** How many points are on the wrong side, or on the line, after it. */
  readonly wrong: number;
}

/** What comes of some epochs more. */
export interface Chunk {
  /** In whole epochs. */
  readonly updates: readonly Update[];
  /** Of ADALINE: each epoch's loss. */
  readonly losses: readonly number[];
  readonly end: End | undefined;
}

/** How a learner came to its end: without mistakes, with weights that stay, or with weights beyond all bounds. */
export type End =
  | {
      readonly kind: "converged";
      readonly epochs: number;
      /** The distance of the nearest point from the line. */
      readonly margin: number;
      /** How many updates there can be at most, by the margin of this line. */
      readonly bound: number;
    }
  | { readonly kind: "settled" }
  | { readonly kind: "diverged" };

/** A learner that goes on where it was. */
export interface Track {
  more(): Promise<Chunk>;
  dispose(): void;
}

/** The points as a model takes them. */
export function examplesOf(points: readonly PlacedPoint[]) {
  return {
    x: Float32Array.from(points.flatMap(({ x, y }) => [x, y])),
    y: Float32Array.from(points, ({ kind }) => (kind === 1 ? 1 : -1)),
  };
}

export const lineOf = (weights: ArrayLike<number>, bias: number): Line => ({
  w: [weights[0] as number, weights[1] as number],
  b: bias,
});

/** w . x + b of every point for every line, [points, lines]: each line as one linear unit of a layer. */
async function sums(x: Float32Array, lines: readonly Line[]): Promise<Float32Array> {
  const layer = layers.dense({ inputShape: [2], units: lines.length });
  using net = sequential({ layers: [layer] });
  net.setWeights([[lines.map(({ w }) => w[0]), lines.map(({ w }) => w[1])], lines.map(({ b }) => b)]);
  return (await net.predict(x)).data;
}

/** Adds to each update what the sums say of it. */
export async function judge(
  updates: readonly Omit<Update, "z" | "wrong">[],
  { x, y }: ReturnType<typeof examplesOf>,
): Promise<readonly Update[]> {
  const [first] = updates;
  if (!first) return [];
  const lines = [first.before, ...updates.map(({ after }) => after)];
  const z = await sums(x, lines);
  const wrong = new Int32Array(lines.length);
  z.forEach((sum, i) => {
    if (sum * (y[Math.floor(i / lines.length)] as number) <= 0) (wrong[i % lines.length] as number)++;
  });
  return updates.map((update, i) => ({
    ...update,
    z: z[update.example * lines.length + i] as number,
    wrong: wrong[i + 1] as number,
  }));
}
