import { computed } from "@preact/signals";
import { scheme } from "./scheme.js";

export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * Colours of classes, told apart with every kind of colour blindness (Okabe and Ito, 2008; the darker ones lightened on dark ground by
 * the style sheet's `--class-n`). Shapes tell them apart, too.
 */
export const classColors: readonly Rgb[] = [
  [230, 120, 0],
  [0, 114, 178],
  [0, 140, 105],
  [190, 95, 150],
  [150, 130, 0],
  [40, 150, 210],
  [200, 80, 0],
  [110, 110, 110],
  [120, 80, 180],
  [170, 40, 40],
];

const NEGATIVE: Rgb = [225, 112, 0];
const POSITIVE: Rgb = [0, 110, 185];
const GROUNDS: Readonly<Record<"light" | "dark", Rgb>> = { light: [250, 250, 247], dark: [30, 33, 39] };

/** The ground of maps and images of weights in the current scheme. */
export const ground = computed<Rgb>(() => GROUNDS[scheme.value]);

export function mix(from: Rgb, to: Rgb, part: number): Rgb {
  const at = (i: 0 | 1 | 2) => Math.round(from[i] + (to[i] - from[i]) * part);
  return [at(0), at(1), at(2)];
}

/** Orange for -1, the ground for 0, blue for 1; beyond as at the ends. Not a number: the ground. */
export function diverging(value: number): Rgb {
  const part = Math.min(1, Math.abs(value) || 0);
  return mix(ground.value, value < 0 ? NEGATIVE : POSITIVE, part);
}

/** The ground for 0, full ink for 1. */
export function sequential(value: number): Rgb {
  return mix(ground.value, POSITIVE, Math.min(1, Math.max(0, value || 0)));
}

export const css = ([red, green, blue]: Rgb): string => `rgb(${red} ${green} ${blue})`;
