import { ConfigError, FormatError, type Shape } from "../index.js";
import { decodeJpeg, isJpeg } from "./jpeg.js";
import { decodePng, isPng } from "./png.js";
import type { RgbaImage } from "./rgba.js";

/** How a model takes an image. */
export interface ImageLayout {
  readonly height: number;
  readonly width: number;
  /** 1 for grey, 3 for red, green and blue. */
  readonly channels: 1 | 3;
  /** `[channels, height, width]`, PyTorch's way; else `[height, width, channels]`. */
  readonly channelsFirst: boolean;
}

/** A source pixel's share of a target pixel, along one side. */
interface Overlap {
  readonly source: number;
  readonly target: number;
  /** The length that they have in common; all of a target pixel's add up to the source's whole side. */
  readonly length: number;
}

const WHITE = 255;

export function isImage(bytes: Uint8Array): boolean {
  return isPng(bytes) || isJpeg(bytes);
}

/** Decodes a PNG or JPEG image. @throws FormatError, whatever else `bytes` are */
export async function decodeImage(bytes: Uint8Array, file: string): Promise<RgbaImage> {
  if (isPng(bytes)) return decodePng(bytes, file);
  if (isJpeg(bytes)) return decodeJpeg(bytes, file);
  throw new FormatError(`${file}: a PNG or JPEG image expected, got other bytes`);
}

/**
 * The image that an input of this shape is: `[784]` is grey and square, `[28, 28]` grey, `[28, 28, 3]` and `[3, 28, 28]`
 * have colours.
 * @throws ConfigError for a shape that is none
 */
export function imageLayout(shape: Shape): ImageLayout {
  const [first = 0, second = 0, third = 0] = shape;
  const side = Math.sqrt(first);
  if (shape.length === 1 && Number.isInteger(side)) {
    return { height: side, width: side, channels: 1, channelsFirst: false };
  }
  if (shape.length === 2) return { height: first, width: second, channels: 1, channelsFirst: false };
  if (shape.length === 3 && isChannels(third)) {
    return { height: first, width: second, channels: third, channelsFirst: false };
  }
  if (shape.length === 3 && isChannels(first)) {
    return { height: second, width: third, channels: first, channelsFirst: true };
  }
  const forms = "[side * side], [height, width] or [height, width, 1 or 3]";
  throw new ConfigError(`the model takes no images: an input ${forms} expected, it has [${shape.join(", ")}]`);
}

function isChannels(size: number): size is 1 | 3 {
  return size === 1 || size === 3;
}

/**
 * The pixels of an image as the layout wants them, 0 to 255: over white where it is transparent, grey by luminance,
 * resized to the whole of the layout by the mean over the area that each pixel covers.
 * @param invert for dark ink on light paper, where the model learnt the opposite
 */
export function toPixels(image: RgbaImage, layout: ImageLayout, invert: boolean): Uint8Array {
  const { height, width, channels, channelsFirst } = layout;
  const area = image.width * image.height;
  const sums = new Float64Array(height * width * channels);
  const across = overlaps(image.width, width);
  const row = new Float64Array(width * channels);
  let decoded = -1;
  for (const down of overlaps(image.height, height)) {
    if (down.source !== decoded) addRow(image, down.source, channels, across, row.fill(0));
    decoded = down.source;
    const start = down.target * row.length;
    for (let i = 0; i < row.length; i++) {
      sums[start + i] = (sums[start + i] as number) + down.length * (row[i] as number);
    }
  }
  const pixels = new Uint8Array(sums.length);
  for (let i = 0; i < sums.length; i++) {
    const value = Math.round((sums[i] as number) / area);
    const place = channelsFirst ? (i % channels) * height * width + Math.floor(i / channels) : i;
    pixels[place] = invert ? WHITE - value : value;
  }
  return pixels;
}

/** Adds a row of the image, resized along its width only, to `row`, `[width, channels]`. */
function addRow(
  { data, width }: RgbaImage,
  y: number,
  channels: 1 | 3,
  across: readonly Overlap[],
  row: Float64Array,
): void {
  for (const { source, target, length } of across) {
    const at = 4 * (y * width + source);
    const opacity = (data[at + 3] as number) / 255;
    const overWhite = (channel: number) => WHITE + opacity * ((data[at + channel] as number) - WHITE);
    const [red, green, blue] = [overWhite(0), overWhite(1), overWhite(2)];
    // Luminance by ITU-R BT.601.
    const values = channels === 1 ? [(299 * red + 587 * green + 114 * blue) / 1000] : [red, green, blue];
    for (const [channel, value] of values.entries()) {
      const place = target * channels + channel;
      row[place] = (row[place] as number) + length * value;
    }
  }
}

/** Both sides are one long: in units of which a source pixel spans `target` and a target pixel `source`. */
function overlaps(source: number, target: number): Overlap[] {
  const found: Overlap[] = [];
  for (let i = 0, j = 0; i < source && j < target; ) {
    const [end, otherEnd] = [(i + 1) * target, (j + 1) * source];
    const length = Math.min(end, otherEnd) - Math.max(i * target, j * source);
    found.push({ source: i, target: j, length });
    if (end <= otherEnd) i++;
    if (otherEnd <= end) j++;
  }
  return found;
}
