/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** A class for cells: its ground and its text, which can be read on it. */
export interface Shade {
  readonly name: string;
  readonly background: Colour;
  readonly text: Colour;
}

/** Steps from the paper's colour to the full one. */
const LEVELS = 8;
const BLACK: Colour = [0, 0, 0];
const WHITE: Colour = [255, 255, 255];

/** What is right, or above 0; and what is wrong, or below it. They differ for those who see no red and green, too. */
export const BLUE: Colour = [31, 95, 191];
export const ORANGE: Colour = [194, 65, 12];
/** The page's ground by night, and the same two on it. */
export const NIGHT: Colour = [20, 24, 29];
export const NIGHT_BLUE: Colour = [92, 160, 255];
export const NIGHT_ORANGE: Colour = [255, 140, 66];

/** The class of a cell that is `part`, 0 to 1, of the most: none for nothing. */
export function shadeClass(ramp: "blue" | "orange", part: number): string {
  return part > 0 ? `${ramp}-${Math.min(LEVELS, Math.ceil(part * LEVELS))}` : "none";
}

/** All classes of two ramps that begin at `paper`. */
export function shades(paper: Colour, blue: Colour, orange: Colour): Shade[] {
  return Object.entries({ blue, orange }).flatMap(([ramp, colour]) =>
    Array.from({ length: LEVELS }, (_, i) => {
      const background = mix(paper, colour, (i + 1) / LEVELS);
      const text = contrast(background, BLACK) > contrast(background, WHITE) ? BLACK : WHITE;
      return { name: `${ramp}-${i + 1}`, background, text };
    }),
  );
}

/** From white at 0 to blue at 1 and orange at -1; grey for what is no number. */
export function divergingColour(value: number): Colour {
  if (!Number.isFinite(value)) return [128, 128, 128];
  return mix(WHITE, value < 0 ? ORANGE : BLUE, Math.min(1, Math.abs(value)));
}

/** The contrast ratio of two colours, 1 to 21 (WCAG 2.2). */
export function contrast(a: Colour, b: Colour): number {
  const [less = 0, more = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (more + 0.05) / (less + 0.05);
}

export function toHex(colour: Colour): string {
  return `#${colour.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

function mix(from: Colour, to: Colour, part: number): Colour {
  const at = (i: 0 | 1 | 2) => Math.round(from[i] + part * (to[i] - from[i]));
  return [at(0), at(1), at(2)];
}

/** Relative luminance (WCAG 2.2). */
function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
