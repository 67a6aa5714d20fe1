import type { PNG } from "pngjs";
import { divergingColour } from "./ramps.js";

/** A small square image that is part of the page. */
export interface Picture {
  readonly side: number;
  /** A data address. */
  readonly source: string;
}

/** A grey image, as the model got it: `pixels` is `[side, side]`, 0 black, 255 white. */
export function greyPicture(pixels: ArrayLike<number>, side: number): Promise<Picture> {
  return encode(pixels, side, 0, (grey) => [grey, grey, grey]);
}

/** Numbers, `[side, side]`: white for 0, blue up to `most`, orange down to its opposite. */
export function signedPicture(values: ArrayLike<number>, side: number, most: number): Promise<Picture> {
  return encode(values, side, 2, (value) => divergingColour(most > 0 ? value / most : value));
}

/** `colorType`: PNG's, 0 for grey, 2 for colours. */
async function encode(
  values: ArrayLike<number>,
  side: number,
  colorType: 0 | 2,
  colourOf: (value: number) => readonly number[],
): Promise<Picture> {
  const { PNG } = await import("pngjs");
  const image: PNG = new PNG({ width: side, height: side });
  for (let i = 0; i < values.length; i++) image.data.set([...colourOf(values[i] as number), 255], 4 * i);
  const bytes = PNG.sync.write(image, { colorType });
  return { side, source: `data:image/png;base64,${bytes.toString("base64")}` };
}
