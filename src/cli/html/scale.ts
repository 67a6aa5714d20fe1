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
/** An axis is no shorter than this part of its values: the labels of a finer one would have too many digits. */
const LEAST_PART = 1e-6;

/**
 * A scale from a round number to a round number that takes all values, which are finite and one at least. It does not go
 * beyond 1 where none of them does.
 */
export function valueScale(values: readonly number[]): Scale {
  const [least, most] = extent(values);
  if (least > 0 && most / least > LARGEST_RATIO) return logarithmic(least, most);
  const size = Math.max(Math.abs(least), Math.abs(most));
  const step = roundStep(most === least ? size || 1 : Math.max(most - least, LEAST_PART * size), 5);
  const [low, high] = [Math.floor(inSteps(least, step)), Math.ceil(inSteps(most, step))];
  // A single value gets a step of room, to the side of 0 where there is one.
  const [from, to] = low < high ? [low, high] : high > 0 ? [high - 1, high] : [low, low + 1];
  return linear(step, from, to, ofSteps(from, step), ofSteps(to, step));
}

/** A scale from `from` to `to`, with ticks at round whole numbers in between. */
export function countScale(from: number, to: number): Scale {
  // Long numbers need their room.
  const step = Math.max(1, roundStep(to - from, to < 1e4 ? 8 : 5));
  return linear(step, Math.ceil(from / step), Math.floor(to / step), from, to);
}

function linear(step: number, firstTick: number, lastTick: number, from: number, to: number): Scale {
  return {
    ticks: Array.from({ length: lastTick - firstTick + 1 }, (_, i) => ofSteps(firstTick + i, step)),
    label: tickFormat(step, Math.max(Math.abs(from), Math.abs(to))),
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

/** Steps below 1 are parts of 1, which multiples of a fraction would miss. */
function inSteps(value: number, step: number): number {
  return step < 1 ? value * Math.round(1 / step) : value / step;
}

function ofSteps(count: number, step: number): number {
  return step < 1 ? count / Math.round(1 / step) : count * step;
}

/** As many digits as tell ticks apart, up to `size`; powers of ten where those are mostly zeros. */
function tickFormat(step: number, size: number): (tick: number) => string {
  const last = exponentOf(step);
  if ((size >= 1e6 && step >= 1e5) || (size < 1e-3 && step < 1e-5)) {
    const digits = Math.max(0, exponentOf(size) - last);
    return (tick) => (tick === 0 ? "0" : tick.toExponential(digits));
  }
  return (tick) => tick.toLocaleString("en-US", { maximumFractionDigits: Math.max(0, -last) });
}

/** Of the power of ten, to the first digit. */
function exponentOf(value: number): number {
  return Number(value.toExponential(0).split("e")[1]);
}

/** The least and the greatest; a spread would fail for very many. */
function extent(values: readonly number[]): [number, number] {
  return values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
}
