import { FormatError } from "../index.js";

/** A decoded image. */
export interface RgbaImage {
  readonly width: number;
  readonly height: number;
  /** `[height, width, 4]`: red, green, blue and opacity, 0 to 255 each. */
  readonly data: Uint8Array;
}

/** Enough for any photo: its pixels take 64 MiB decoded. */
export const MOST_PIXELS = 2 ** 24;
/** JPEG's own limit. A PNG may be higher, but then its decoder would hold a buffer for each of its millions of rows. */
const LONGEST_SIDE = 2 ** 16 - 1;

/** @throws FormatError for an image without pixels or with more than are decoded */
export function checkSize(width: number, height: number, file: string): void {
  const isFine = width > 0 && height > 0 && Math.max(width, height) <= LONGEST_SIDE && width * height <= MOST_PIXELS;
  if (isFine) return;
  const limits = `1 to ${LONGEST_SIDE} pixels a side and at most ${MOST_PIXELS} in all`;
  throw new FormatError(`${file}: an image of ${limits} expected, got ${width} x ${height}`);
}
