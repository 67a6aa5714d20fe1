export interface Range {
  readonly min: number;
  readonly max: number;
}

/** The number, or the end of the range that is nearest to it. */
export const clamp = (value: number, { min, max }: Range): number => Math.min(max, Math.max(min, value));

export const symmetric = (bound: number): Range => ({ min: -bound, max: bound });

/** So many numbers from one end of the range to the other, evenly spaced. */
export function linspace({ min, max }: Range, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => min + (i / (count - 1)) * (max - min));
}

/** Places of a map over the square of the range, row by row from the top as `HeatMap` draws them, [side * side, 2]. */
export function mapPlaces(range: Range, side: number): Float32Array {
  const along = linspace(range, side);
  return Float32Array.from({ length: 2 * side * side }, (_, i) => {
    const place = i >> 1;
    return along[i % 2 === 0 ? place % side : side - 1 - Math.floor(place / side)] as number;
  });
}

/** Hundredths: short numbers in links, formulas and texts. */
export const roundPlace = (value: number): number => Math.round(100 * value) / 100;
