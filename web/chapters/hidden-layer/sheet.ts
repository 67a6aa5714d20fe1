import { linspace } from "../../shared/places.js";

/** The part of the plane of the inputs that is drawn. */
export const RANGE = { min: -2, max: 2 };
/** Places a side of the maps. */
export const SIDE = 61;

/** Lines of each direction, and points of a line. */
const LINES = 9;
const SAMPLES = 41;
const [lines, samples] = [[...linspace(RANGE, LINES)], [...linspace(RANGE, SAMPLES)]] as const;

/** The lines of a sheet of squared paper over the plane, each a row of points: first those along x2, then those along x1. */
const sheet = [
  ...lines.map((line) => samples.map((sample) => [line, sample])),
  ...lines.map((line) => samples.map((sample) => [sample, line])),
];

/** All points of the sheet, [points, 2]. */
export const sheetPoints = Float32Array.from(sheet.flat(2));

/** The sheet's lines as paths, its points placed by `place`; `first` those that were upright. */
export function sheetPaths(points: Float32Array, place: (x: number, y: number) => string) {
  const paths = sheet.map((row, line) => {
    const places = row.map((_, i) => {
      const start = 2 * (line * SAMPLES + i);
      return place(points[start] as number, points[start + 1] as number);
    });
    return `M${places.join("L")}`;
  });
  return { first: paths.slice(0, LINES).join(""), second: paths.slice(LINES).join("") };
}

const BOUNDS = [1.25, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256, 512];

/** The smallest round number that none of the values exceeds. */
export function boundOf(values: Float32Array): number {
  const highest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return BOUNDS.find((bound) => bound >= highest) ?? (BOUNDS.at(-1) as number);
}

/** From `a` to `b`, a part of the way. */
export function between(a: Float32Array, b: Float32Array, part: number): Float32Array {
  return a.map((value, i) => value + part * ((b[i] as number) - value));
}

/** How far a step is done, 0..1, of three that follow one another. */
export const partOf = (step: number, number: 0 | 1 | 2): number => Math.min(1, Math.max(0, step - number));
