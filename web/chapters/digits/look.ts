import { type Model, metrics } from "neurone";
import type { Digits } from "./dataset.js";
import { HARDEST } from "./settings.js";

/** A test image that the network gives its digit the least. */
export interface HardExample {
  /** Its place among the test images. */
  readonly index: number;
  readonly label: number;
  readonly predicted: number;
  /** Of the predicted digit. */
  readonly confidence: number;
}

/** How a network does on the test images. */
export interface Look {
  readonly accuracy: number;
  /** `[true digit][predicted digit]`. */
  readonly confusion: readonly (readonly number[])[];
  readonly hardest: readonly HardExample[];
  /** Of `hardest`, one after the other. */
  readonly images: Uint8Array;
}

/** Asks `net` for all test images. `images` are as the network takes them, `size` bytes each. */
export async function lookAt(net: Model, { images, labels }: Digits, size: number): Promise<Look> {
  const prediction = await net.predict(images);
  const { data } = prediction;
  const confusion = metrics.confusionMatrix(labels, prediction);
  const right = confusion.reduce((sum, row, digit) => sum + (row[digit] as number), 0);
  // The cross entropy falls as the right digit's probability rises: the least one is the greatest loss.
  const given = (index: number) => data[10 * index + (labels[index] as number)] as number;
  const order = Array.from(labels.keys()).sort((a, b) => given(a) - given(b));
  const hardest = order.slice(0, HARDEST).map((index) => {
    const scores = data.subarray(10 * index, 10 * index + 10);
    const confidence = Math.max(...scores);
    return { index, label: labels[index] as number, predicted: scores.indexOf(confidence), confidence };
  });
  const shown = new Uint8Array(hardest.length * size);
  hardest.forEach(({ index }, i) => {
    shown.set(images.subarray(index * size, (index + 1) * size), i * size);
  });
  return { accuracy: right / labels.length, confusion, hardest, images: shown };
}

/** The weights of each hidden unit as an image, [units, size], each unit's largest 127 or -127. */
export function weightTiles(net: Model): Int8Array {
  const kernel = net.getWeights()[0];
  if (!kernel) throw new Error("the network has no weights");
  const [size = 0, units = 0] = kernel.shape;
  const tiles = new Int8Array(size * units);
  for (let unit = 0; unit < units; unit++) {
    let largest = 1e-12;
    for (let i = unit; i < size * units; i += units) largest = Math.max(largest, Math.abs(kernel.data[i] as number));
    for (let i = 0; i < size; i++) {
      tiles[unit * size + i] = Math.round((127 * (kernel.data[i * units + unit] as number)) / largest);
    }
  }
  return tiles;
}
