import { classColors, diverging, ground, mix, type Rgb } from "../../shared/colors.js";
import { TILE } from "./job.js";
import type { Layout } from "./layout.js";

/** How much of a class's colour its map has at most: points of the same colour shall be seen on it. */
const STRENGTH = 0.62;

/** Writes the colours of outputs `[places, units]` as words of an image: palettes make it cheap enough for every report. */
export type OutputColors = (map: Float32Array, units: number, words: Uint32Array) => void;

/** Shades from the ground to a class's colour. */
const SHADES = 64;

const wordOf = ([red, green, blue]: Rgb) => (255 << 24) | (blue << 16) | (green << 8) | red;

/** For one output from -`scale` to `scale`; `sharp`: its sign alone. */
export const signColors =
  (scale: number, sharp: boolean): OutputColors =>
  (map, _, words) => {
    const palette = Uint32Array.from({ length: 2 * SHADES + 1 }, (_, i) => {
      return wordOf(diverging((STRENGTH * (i - SHADES)) / SHADES));
    });
    for (let i = 0; i < words.length; i++) {
      const value = (map[i] as number) / scale;
      const part = sharp ? Math.sign(value) : Math.max(-1, Math.min(1, value));
      words[i] = palette[Math.round(SHADES * (1 + (part || 0)))] as number;
    }
  };

/** For the probabilities of classes: the likeliest one's colour, the fainter the less likely it is; `sharp`: in full. */
export const classColorsOf =
  (sharp: boolean): OutputColors =>
  (map, units, words) => {
    const palette = Uint32Array.from({ length: units * (SHADES + 1) }, (_, i) => {
      const color = classColors[Math.floor(i / (SHADES + 1))] ?? ground.peek();
      return wordOf(mix(ground.peek(), color, (STRENGTH * (i % (SHADES + 1))) / SHADES));
    });
    const chance = 1 / units;
    for (let i = 0; i < words.length; i++) {
      let likeliest = 0;
      for (let unit = 1; unit < units; unit++) {
        if ((map[i * units + unit] as number) > (map[i * units + likeliest] as number)) likeliest = unit;
      }
      const sure = sharp ? 1 : ((map[i * units + likeliest] as number) - chance) / (1 - chance);
      words[i] = palette[likeliest * (SHADES + 1) + Math.round(SHADES * (Math.max(0, sure) || 0))] as number;
    }
  };

/** Draws outputs `[side, side, units]` into a canvas of so many pixels. */
export function paintMap(canvas: HTMLCanvasElement, map: Float32Array, side: number, colors: OutputColors): void {
  const words = new Uint32Array(side * side);
  colors(map, map.length / words.length, words);
  const image = new ImageData(new Uint8ClampedArray(words.buffer), side, side);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

/** The colours of bytes, 0 for -1 and 255 for 1. */
const bytePalette = () => Uint32Array.from({ length: 256 }, (_, byte) => wordOf(diverging((byte - 127.5) / 127.5)));

const sheet = document.createElement("canvas");

/** Draws what each neuron says into its square. */
export function paintNeurons(
  canvas: HTMLCanvasElement,
  { node, width, height, nodes }: Layout,
  tiles: Uint8Array,
): void {
  const context = canvas.getContext("2d");
  const drawn = sheet.getContext("2d");
  const count = tiles.length / (TILE * TILE);
  const shown = nodes.filter(({ tile }) => tile !== undefined);
  // A report of a network that had other neurons.
  if (!context || !drawn || count !== shown.length) return;
  const palette = bytePalette();
  const words = new Uint32Array(tiles.length);
  for (let i = 0; i < tiles.length; i++) words[i] = palette[tiles[i] as number] as number;
  // One below the other, so that all tiles are one image.
  if (sheet.height !== count * TILE) [sheet.width, sheet.height] = [TILE, count * TILE];
  drawn.putImageData(new ImageData(new Uint8ClampedArray(words.buffer), TILE, count * TILE), 0, 0);
  const sharpness = Math.min(2, devicePixelRatio);
  if (canvas.width !== Math.round(width * sharpness) || canvas.height !== Math.round(height * sharpness)) {
    [canvas.width, canvas.height] = [Math.round(width * sharpness), Math.round(height * sharpness)];
  }
  context.setTransform(sharpness, 0, 0, sharpness, 0, 0);
  context.clearRect(0, 0, width, height);
  for (const { tile = 0, x, y } of shown) {
    context.drawImage(sheet, 0, tile * TILE, TILE, TILE, x - node / 2, y - node / 2, node, node);
  }
}
