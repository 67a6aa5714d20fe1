import type { Codec } from "../../shared/link-state.js";

/** Curves to choose, and the one that the reader drew. */
export const TARGETS = ["sine", "step", "bump", "abs", "chirp", "drawn"] as const;
export type TargetName = (typeof TARGETS)[number];

/** A curve is known at so many places from -1 to 1; the networks learn from all of them. */
export const SAMPLES = 101;
export const placeOf = (sample: number): number => (2 * sample) / (SAMPLES - 1) - 1;
export const sampleAt = (x: number): number =>
  Math.min(SAMPLES - 1, Math.max(0, Math.round(((x + 1) / 2) * (SAMPLES - 1))));

/** Heights of a curve, hundredths from -1 to 1: what its link carries. */
const LEVELS = 100;
export const toLevel = (y: number): number =>
  (Math.round(LEVELS * (1 + Math.min(1, Math.max(-1, y)))) - LEVELS) / LEVELS;

const formulas: Readonly<Record<Exclude<TargetName, "drawn">, (x: number) => number>> = {
  sine: (x) => 0.8 * Math.sin(2 * Math.PI * x),
  step: (x) => (x < -0.2 ? -0.6 : 0.6),
  bump: (x) => 1.6 * Math.exp(-18 * x * x) - 0.8,
  abs: (x) => 1.6 * Math.abs(x) - 0.8,
  chirp: (x) => 0.8 * Math.sin(4.5 * (x + 1.1) ** 2),
};

export const presetOf = (name: Exclude<TargetName, "drawn">): readonly number[] =>
  Array.from({ length: SAMPLES }, (_, sample) => toLevel(formulas[name](placeOf(sample))));

const toHex = (height: number) => Math.round(height).toString(16).padStart(2, "0");

/** A curve in a link: two hexadecimal digits for each height. */
export const curveCodec: Codec<readonly number[]> = {
  parse(text) {
    if (text.length !== 2 * SAMPLES || !/^[0-9a-f]*$/.test(text)) return undefined;
    const heights = text.match(/../g) as readonly string[];
    const curve = heights.map((height) => (Number.parseInt(height, 16) - LEVELS) / LEVELS);
    return curve.every((y) => y <= 1) ? curve : undefined;
  },
  format: (curve) => curve.map((y) => toHex(LEVELS * (1 + y))).join(""),
};

type Place = readonly [x: number, y: number];

/** The curve, and on it what a pen leaves on its way from one place to another. */
export function drawOn(curve: readonly number[], from: Place, to: Place): readonly number[] {
  const [first, last] = [sampleAt(from[0]), sampleAt(to[0])];
  const [low, high] = [Math.min(first, last), Math.max(first, last)];
  return curve.map((y, sample) => {
    if (sample < low || sample > high) return y;
    const part = first === last ? 1 : (sample - first) / (last - first);
    return toLevel(from[1] + part * (to[1] - from[1]));
  });
}

/** The curve, raised or lowered around a place: there by `by`, less and less beside it. */
export function raise(curve: readonly number[], sample: number, by: number): readonly number[] {
  const WIDTH = 4;
  return curve.map((y, i) => toLevel(y + by * Math.exp(-(((i - sample) / WIDTH) ** 2))));
}
