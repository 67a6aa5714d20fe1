/** A place in a grid: columns from the left, rows from the top. */
type Place = readonly [column: number, row: number];
export type Segment = readonly [from: Place, to: Place];

/** The corners of a cell, around it. */
const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const;

/**
 * Where values `[side, side]`, row-major, pass through `level`: marching squares, straight from edge to edge of each cell. Of a cell whose
 * corners lie on both sides crosswise, the edges are joined in turn.
 */
export function contour(values: ArrayLike<number>, side: number, level: number): Segment[] {
  const segments: Segment[] = [];
  for (let row = 0; row < side - 1; row++) {
    for (let column = 0; column < side - 1; column++) {
      const crossed: Place[] = [];
      CORNERS.forEach(([x, y], i) => {
        const [nextX, nextY] = CORNERS[(i + 1) % 4] as (typeof CORNERS)[0];
        const here = (values[(row + y) * side + column + x] as number) - level;
        const there = (values[(row + nextY) * side + column + nextX] as number) - level;
        if (here < 0 === there < 0) return;
        const part = here / (here - there);
        crossed.push([column + x + part * (nextX - x), row + y + part * (nextY - y)]);
      });
      for (let i = 0; i + 1 < crossed.length; i += 2) segments.push([crossed[i] as Place, crossed[i + 1] as Place]);
    }
  }
  return segments;
}
