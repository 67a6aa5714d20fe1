import { html, type Markup } from "./markup.js";
import { countScale, type Scale, valueScale } from "./scale.js";

export interface Point {
  readonly x: number;
  /** NaN and infinities are gaps. */
  readonly y: number;
}

export interface Line {
  /** `training` or `validation`: the class that styles it. */
  readonly kind: string;
  readonly points: readonly Point[];
}

export interface Chart {
  /** For the elements that others refer to, unique on the page. */
  readonly id: string;
  readonly title: string;
  /** The course in words, for who does not see it. */
  readonly description: string;
  readonly xLabel: string;
  /** Each with a point at least. */
  readonly lines: readonly Line[];
}

const [WIDTH, HEIGHT] = [440, 270];
const [LEFT, RIGHT, TOP, BOTTOM] = [56, 26, 12, 44];
/** A digit's, at most. */
const DIGIT_WIDTH = 8;
/** More points than these are no wider apart than a pixel. */
const MOST_POINTS = 400;
/** Fewer than these are shown as dots, too. */
const MOST_DOTS = 30;

/** Lines over a grid, in a box that is as wide as its place. */
export function lineChart({ id, title, description, xLabel, lines }: Chart): Markup {
  const finite = lines.flatMap(({ points }) => points.filter(({ y }) => Number.isFinite(y)));
  const xs = lines.flatMap(({ points }) => [points[0]?.x ?? 0, points.at(-1)?.x ?? 0]);
  const xScale = countScale(Math.min(...xs), Math.max(...xs));
  const yScale = valueScale(finite.length > 0 ? finite.map(({ y }) => y) : [0, 1]);
  const left = Math.max(LEFT, 8 + DIGIT_WIDTH * Math.max(...yScale.ticks.map((tick) => yScale.label(tick).length)));
  const place = { x: (x: number) => xOf(xScale, x, left), y: (y: number) => yOf(yScale, y) };
  return html`
<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">${title}</title>
<desc id="${id}-desc">${description}</desc>
${yScale.ticks.map((tick) => horizontal(left, place.y(tick), yScale.label(tick)))}
${xScale.ticks.map((tick) => vertical(place.x(tick), xScale.label(tick)))}
<text class="axis" x="${(left + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${xLabel}</text>
${lines.map(({ kind, points }) => drawLine(kind, points, place))}
</svg>`;
}

function xOf(scale: Scale, x: number, left: number): number {
  return round(left + scale.at(x) * (WIDTH - left - RIGHT));
}

function yOf(scale: Scale, y: number): number {
  return round(HEIGHT - BOTTOM - scale.at(y) * (HEIGHT - TOP - BOTTOM));
}

function horizontal(left: number, y: number, label: string): Markup {
  return html`<line class="grid" x1="${left}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/>
<text x="${left - 8}" y="${y + 4}" text-anchor="end">${label}</text>
`;
}

function vertical(x: number, label: string): Markup {
  const y = HEIGHT - BOTTOM;
  return html`<line class="tick" x1="${x}" x2="${x}" y1="${y}" y2="${y + 5}"/>
<text x="${x}" y="${y + 19}" text-anchor="middle">${label}</text>
`;
}

type Place = { readonly x: (x: number) => number; readonly y: (y: number) => number };

function drawLine(kind: string, points: readonly Point[], place: Place): Markup {
  const hasDots = points.length < MOST_DOTS;
  const runs = finiteRuns(points).map((run) => thin(run, MOST_POINTS));
  const lines = runs.map((run) => {
    const path = run.map(({ x, y }) => `${place.x(x)},${place.y(y)}`).join(" ");
    // A point between two gaps would be no line.
    const dots = hasDots || run.length === 1 ? run : [];
    const circles = dots.map(({ x, y }) => html`<circle cx="${place.x(x)}" cy="${place.y(y)}" r="2.5"/>`);
    return html`<polyline points="${path}"/>${circles}`;
  });
  return html`<g class="${kind}">${lines}</g>
`;
}

/** The stretches without gaps. */
function finiteRuns(points: readonly Point[]): Point[][] {
  const runs: Point[][] = [];
  let current: Point[] | undefined;
  for (const point of points) {
    if (!Number.isFinite(point.y)) current = undefined;
    else if (current) current.push(point);
    else {
      current = [point];
      runs.push(current);
    }
  }
  return runs;
}

/** Of many points, the lowest and the highest of each group, so that no peak is lost; first and last stay. */
function thin(points: readonly Point[], limit: number): readonly Point[] {
  if (points.length <= limit) return points;
  const size = Math.ceil((2 * points.length) / limit);
  const groups = Array.from({ length: Math.ceil(points.length / size) }, (_, i) => {
    return points.slice(i * size, (i + 1) * size);
  });
  const peaks = groups.flatMap((group) => {
    const byHeight = [...group].sort((a, b) => a.y - b.y);
    return [...new Set([byHeight[0] as Point, byHeight.at(-1) as Point])].sort((a, b) => a.x - b.x);
  });
  return [...new Set([points[0] as Point, ...peaks, points.at(-1) as Point])];
}

function round(coordinate: number): number {
  return Math.round(10 * coordinate) / 10;
}
