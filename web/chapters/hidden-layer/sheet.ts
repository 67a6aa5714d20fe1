/** The part of the plane of the inputs that is drawn. */
export const RANGE = { min: -2, max: 2 };
/** Places a side of the maps. */
export const SIDE = 61;

const LINES = 9;
const SAMPLES = 41;
const at = (part: number) => RANGE.min + part * (RANGE.max - RANGE.min);

/** The lines of a sheet of squared paper over the plane, each a row of points: first those along x2, then those along x1. */
const sheet = Array.from({ length: 2 * LINES }, (_, line) =>
  Array.from({ length: SAMPLES }, (_, i) => {
    const across = at((line % LINES) / (LINES - 1));
    const along = at(i / (SAMPLES - 1));
    return line < LINES ? [across, along] : [along, across];
  }),
);

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

/** Places of a map of the square from -bound to bound, row by row from the top, [places, 2]. */
export function mapPlaces(bound: number): Float32Array {
  const part = (i: number) => bound * ((2 * i) / (SIDE - 1) - 1);
  return Float32Array.from({ length: 2 * SIDE * SIDE }, (_, i) => {
    const place = i >> 1;
    return i % 2 === 0 ? part(place % SIDE) : -part(Math.floor(place / SIDE));
  });
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
