import { makeRandom, type Random } from "../../shared/random.js";

/** An example: its place in the plane, and its class id or the value that a regression shall give. */
export interface Example {
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
}

/** What is invented here, and what the reader brings along: points placed by hand, a table. */
export const DATA_SETS = ["circles", "xor", "gaussians", "spiral", "moons", "plane", "hills", "own"] as const;
export type DataSet = (typeof DATA_SETS)[number];
/** Of these there are as many classes as the reader wants, from 2 to this. */
export const MANY_CLASSES: readonly DataSet[] = ["circles", "gaussians", "spiral"];
export const MOST_CLASSES = 5;
/** What has numbers to predict instead of classes. */
export const REGRESSIONS: readonly DataSet[] = ["plane", "hills"];

/** The reader's own examples, at most: a link holds no more. */
export const MOST_EXAMPLES = 600;
/** The classes of them, at most: more different labels are measurements. */
export const MOST_LABELS = 8;

/** How far invented points lie from the middle. */
export const REACH = 6;

/** A number of the reader's own examples, as short as it is in a link. */
export const short = (value: number): number => Number(value.toPrecision(4));

export interface Recipe {
  readonly count: number;
  /** From 0 to 0.5. */
  readonly noise: number;
  readonly classes: number;
  readonly seed: number;
}

/** Draws example `i`. */
type Draw = (random: Random, i: number, recipe: Recipe) => Example;

const classOf = (i: number, { classes }: Recipe) => i % classes;
const between = ({ uniform }: Random, low: number, high: number) => low + (high - low) * uniform();
const around = (angle: number, radius: number, y: number): Example => ({
  x1: radius * Math.cos(angle),
  x2: radius * Math.sin(angle),
  y,
});

/** Rings around each other, as wide as the gaps between them. */
const circles: Draw = (random, i, recipe) => {
  const y = classOf(i, recipe);
  const width = 5 / (2 * recipe.classes - 1);
  return around(between(random, 0, 2 * Math.PI), between(random, 2 * y * width, (2 * y + 1) * width), y);
};

/** Four quadrants, those across from each other of one class, with an aisle between them. */
const xor: Draw = (random) => {
  const place = () => {
    const value = between(random, -5, 5);
    return value + (value < 0 ? -0.3 : 0.3);
  };
  const [x1, x2] = [place(), place()];
  return { x1, x2, y: x1 * x2 < 0 ? 0 : 1 };
};

const gaussians: Draw = (random, i, recipe) => {
  const y = classOf(i, recipe);
  const center = around(Math.PI / 4 + (2 * Math.PI * y) / recipe.classes, 3.2, y);
  const spread = 0.5 + 2 * recipe.noise;
  return { x1: center.x1 + spread * random.normal(), x2: center.x2 + spread * random.normal(), y };
};

/** Arms that wind about the middle, a turn and a half each. */
const spiral: Draw = (_, i, recipe) => {
  const y = classOf(i, recipe);
  const part = Math.floor(i / recipe.classes) / Math.ceil(recipe.count / recipe.classes);
  return around(2.75 * Math.PI * part + (2 * Math.PI * y) / recipe.classes, 0.3 + 5.2 * part, y);
};

const moons: Draw = (random, i) => {
  const angle = between(random, 0, Math.PI);
  const [x1, x2] = [3.2 * Math.cos(angle), 3.2 * Math.sin(angle)];
  return i % 2 === 0 ? { x1: x1 - 1.6, x2: x2 - 0.8, y: 0 } : { x1: x1 + 1.6, x2: 0.8 - x2, y: 1 };
};

const anywhere = (random: Random, value: (x1: number, x2: number) => number): Example => {
  const [x1, x2] = [between(random, -REACH, REACH), between(random, -REACH, REACH)];
  return { x1, x2, y: value(x1, x2) };
};

const plane: Draw = (random) => anywhere(random, (x1, x2) => (x1 + x2) / (2 * REACH));

/** Hills and hollows in turn, all as wide. */
const HILLS = [
  { x1: -4, x2: 2.5, y: 1 },
  { x1: 0, x2: 2.5, y: -1 },
  { x1: 4, x2: 2.5, y: 1 },
  { x1: -4, x2: -2.5, y: -1 },
  { x1: 0, x2: -2.5, y: 1 },
  { x1: 4, x2: -2.5, y: -1 },
];
const hills: Draw = (random) =>
  anywhere(random, (x1, x2) =>
    HILLS.reduce((sum, hill) => sum + hill.y * Math.exp(-((x1 - hill.x1) ** 2 + (x2 - hill.x2) ** 2) / 3), 0),
  );

const DRAWS: Readonly<Record<Exclude<DataSet, "own">, Draw>> = { circles, xor, gaussians, spiral, moons, plane, hills };

const round = (value: number) => Math.round(value * 1000) / 1000;

/**
 * The examples of a data set, decided by the recipe alone. Noise moves each place, or value of a regression, after its class is fixed.
 * Numbers have three decimals: short in a program, and the same in every browser.
 */
export function makeExamples(dataSet: Exclude<DataSet, "own">, recipe: Recipe): Example[] {
  const random = makeRandom(recipe.seed);
  const isRegression = REGRESSIONS.includes(dataSet);
  return Array.from({ length: recipe.count }, (_, i) => {
    const { x1, x2, y } = DRAWS[dataSet](random, i, recipe);
    const shift = () => recipe.noise * 2 * random.normal();
    if (isRegression) return { x1: round(x1), x2: round(x2), y: round(y + shift() / 2) };
    // Its clouds have the noise in their width.
    return dataSet === "gaussians"
      ? { x1: round(x1), x2: round(x2), y }
      : { x1: round(x1 + shift()), x2: round(x2 + shift()), y };
  });
}
