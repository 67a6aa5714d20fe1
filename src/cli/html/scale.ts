/** Where values stand along an axis. */
export interface Scale {
  /** Values worth a line and a number, ascending. */
  readonly ticks: readonly number[];
  /** What a tick is called. */
  label(tick: number): string;
  /** 0 at the axis's beginning, 1 at its end. */
  at(value: number): number;
}

/** Values that differ by more than this factor are told apart by their powers of ten alone. */
const LARGEST_RATIO = 1000;

/** A scale from a round number to a round number that takes all values, which are finite and one at least. */
export function valueScale(values: readonly number[]): Scale {
  const [least, most] = extent(values);
  if (least > 0 && most / least > LARGEST_RATIO) return logarithmic(least, most);
  const step = roundStep(most === least ? Math.abs(most) || 1 : most - least, 5);
  const from = Math.floor(least / step);
  const to = Math.max(from + 1, Math.ceil(most / step));
  return linear(step, from, to, from * step, to * step);
}

/** A scale from `from` to `to`, with ticks at round whole numbers in between. */
export function countScale(from: number, to: number): Scale {
  // Long numbers need their room.
  const step = Math.max(1, roundStep(to - from, to < 1e4 ? 8 : 5));
  return linear(step, Math.ceil(from / step), Math.floor(to / step), from, to);
}

function linear(step: number, firstTick: number, lastTick: number, from: number, to: number): Scale {
  return {
    ticks: Array.from({ length: lastTick - firstTick + 1 }, (_, i) => (firstTick + i) * step),
    label: (tick) => formatTick(tick, step),
    // A single value stands in the middle.
    at: (value) => (to > from ? (value - from) / (to - from) : 0.5),
  };
}

/** Powers of ten, at most six or so of them named. */
function logarithmic(least: number, most: number): Scale {
  const from = Math.floor(Math.log10(least));
  const to = Math.ceil(Math.log10(most));
  const step = Math.max(1, Math.ceil((to - from) / 6));
  const exponents = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
  return {
    ticks: exponents.map((exponent) => 10 ** exponent),
    label: (tick) => (tick >= 1e-3 && tick < 1e5 ? `${Number(tick.toPrecision(1))}` : tick.toExponential(0)),
    at: (value) => (Math.log10(value) - from) / (to - from),
  };
}

/** 1, 2 or 5 times a power of ten that parts `length` into about `count` steps. */
function roundStep(length: number, count: number): number {
  const power = 10 ** Math.floor(Math.log10(length / count || 1));
  const times = length / count / power;
  return power * (times > 5 ? 10 : times > 2 ? 5 : times > 1 ? 2 : 1);
}

function formatTick(tick: number, step: number): string {
  if (Math.abs(tick) >= 1e6 || step < 1e-5) return tick === 0 ? "0" : tick.toExponential(1);
  return tick.toLocaleString("en-US", { maximumFractionDigits: 5 });
}

/** The least and the greatest; a spread would fail for very many. */
function extent(values: readonly number[]): [number, number] {
  return values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
}
