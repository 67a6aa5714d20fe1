import { classColors, diverging, ground, mix, type Rgb } from "../../shared/colors.js";
import { TILE } from "./job.js";
import type { Layout } from "./layout.js";

/** How much of a class's colour its map has at most: points of the same colour shall be seen on it. */
const STRENGTH = 0.62;

/** The colour of an output of the network at a place. */
export type OutputColor = (output: Float32Array) => Rgb;

/** For one output from -`scale` to `scale`; `sharp`: its sign alone. */
export function signColor(scale: number, sharp: boolean): OutputColor {
  return ([value = 0]) => diverging(STRENGTH * (sharp ? Math.sign(value) : Math.max(-1, Math.min(1, value / scale))));
}

/** For the probabilities of classes: the likeliest one's colour, the fainter the less likely it is; `sharp`: in full. */
export function classColor(sharp: boolean): OutputColor {
  return (probabilities) => {
    const largest = Math.max(...probabilities);
    const chance = 1 / probabilities.length;
    const sure = sharp ? 1 : (largest - chance) / (1 - chance);
    const color = classColors[probabilities.indexOf(largest)] ?? ground.peek();
    return mix(ground.peek(), color, STRENGTH * Math.max(0, sure || 0));
  };
}

/** Draws outputs `[side, side, units]` into a canvas of so many pixels. */
export function paintMap(canvas: HTMLCanvasElement, map: Float32Array, side: number, color: OutputColor): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const image = context.createImageData(side, side);
  const units = map.length / (side * side);
  for (let i = 0; i < side * side; i++) {
    image.data.set(color(map.subarray(i * units, (i + 1) * units)), 4 * i);
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** The colours of bytes, 0 for -1 and 255 for 1, as words of an image. */
function paletteNow(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const [red, green, blue] = diverging((byte - 127.5) / 127.5);
    return (255 << 24) | (blue << 16) | (green << 8) | red;
  });
}

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
  const palette = paletteNow();
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
