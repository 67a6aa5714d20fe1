import type { Codec } from "../../shared/link-state.js";
import type { Bitmap } from "./bitmap.js";

/** Where a pen went, x and y in turn, whole numbers from 0 to 255 on the pad. */
export type Stroke = readonly number[];

/** The largest coordinate on the pad. */
export const LARGEST = 255;
/** The pen's width in parts of the drawing's longer side: after scaling as thick as MNIST's, between two and three pixels. */
const PEN = 0.14;
/** The pen's width at least, so that a dot is one. */
const LEAST_PEN = 8;
/** What a drawing holds at most, here and in a link. */
export const MOST_STROKES = 40;
export const MOST_POINTS = 400;

/** The pen's grey trace, as large as the drawing: a pixel is a step of the coordinates. */
export function render(strokes: readonly Stroke[]): Bitmap {
  const xs = strokes.flatMap((stroke) => stroke.filter((_, i) => i % 2 === 0));
  const ys = strokes.flatMap((stroke) => stroke.filter((_, i) => i % 2 === 1));
  if (xs.length === 0) return { data: new Uint8Array(0), width: 0, height: 0 };
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [wide, high] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const radius = Math.max(LEAST_PEN, PEN * Math.max(wide, high)) / 2;
  const margin = Math.ceil(radius) + 1;
  const [width, height] = [wide + 2 * margin + 1, high + 2 * margin + 1];
  const bitmap = { data: new Uint8Array(width * height), width, height };
  for (const stroke of strokes) {
    const points = pointsOf(stroke).map(([x, y]) => [x - left + margin, y - top + margin] as const);
    points.forEach((point, i) => {
      drawLine(bitmap, points[i - 1] ?? point, point, radius);
    });
  }
  return bitmap;
}

type Point = readonly [x: number, y: number];

export function pointsOf(stroke: Stroke): Point[] {
  return Array.from({ length: stroke.length >> 1 }, (_, i) => [stroke[2 * i] as number, stroke[2 * i + 1] as number]);
}

/** A line with round ends; how much of a pixel it covers is taken from the distance of the pixel's middle. */
function drawLine({ data, width }: Bitmap, from: Point, to: Point, radius: number): void {
  const reach = radius + 1;
  for (let y = Math.ceil(Math.min(from[1], to[1]) - reach); y <= Math.max(from[1], to[1]) + reach; y++) {
    for (let x = Math.ceil(Math.min(from[0], to[0]) - reach); x <= Math.max(from[0], to[0]) + reach; x++) {
      const covered = Math.round(255 * Math.min(1, Math.max(0, radius + 0.5 - distance([x, y], from, to))));
      const place = y * width + x;
      if (covered > (data[place] as number)) data[place] = covered;
    }
  }
}

/** From a point to the nearest point of a line between two others. */
function distance([x, y]: Point, from: Point, to: Point): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const square = dx * dx + dy * dy;
  const part = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - from[0]) * dx + (y - from[1]) * dy) / square));
  return Math.hypot(x - from[0] - part * dx, y - from[1] - part * dy);
}

/** The same line, to less than `tolerance`, through fewer points (Douglas and Peucker, 1973). */
export function simplify(stroke: Stroke, tolerance = 1): Stroke {
  const points = pointsOf(stroke);
  const keep = new Set([0, points.length - 1]);
  const ranges: [number, number][] = [[0, points.length - 1]];
  for (let range = ranges.pop(); range; range = ranges.pop()) {
    const [first, last] = range;
    let [farthest, most] = [first, tolerance];
    for (let i = first + 1; i < last; i++) {
      const off = distance(points[i] as Point, points[first] as Point, points[last] as Point);
      if (off >= most) [farthest, most] = [i, off];
    }
    if (farthest === first) continue;
    keep.add(farthest);
    ranges.push([first, farthest], [farthest, last]);
  }
  return points.filter((_, i) => keep.has(i)).flat();
}

/** In a link: the coordinates of each stroke as base64url, strokes parted by points. */
export const strokesCodec: Codec<readonly Stroke[]> = {
  parse(text) {
    if (text === "") return [];
    if (!/^[\w.-]*$/.test(text)) return undefined;
    const parts = text.split(".");
    if (parts.length > MOST_STROKES) return undefined;
    const strokes: Stroke[] = [];
    for (const part of parts) {
      const coordinates = decode(part);
      const points = (coordinates?.length ?? 0) / 2;
      if (!coordinates || !Number.isInteger(points) || points < 1 || points > MOST_POINTS) return undefined;
      strokes.push(coordinates);
    }
    return strokes;
  },
  format: (strokes) => strokes.map(encode).join("."),
};

const encode = (stroke: Stroke): string =>
  btoa(String.fromCharCode(...stroke))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

function decode(text: string): number[] | undefined {
  try {
    return Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  } catch {
    return undefined;
  }
}
