import { areaMeans, type Bitmap, inkBox } from "./bitmap.js";

/** The sides of MNIST's images, and of the square within that the ink fits into. */
export const SIDE = 28;
const BOX = 20;
/** The sides of the images of ink or no ink. */
export const SMALL_SIDE = 16;
/** The least mean brightness of a small pixel with ink in it, as neurone's `data.mnist({ size: 16 })` has it. */
const INK = 64;

/**
 * A drawing as an image of MNIST: its ink is scaled to fit into 20 x 20 pixels, its proportions kept and its edges grey,
 * and lies in 28 x 28 with its centre of mass at (14, 14). Source: LeCun, Cortes and Burges, "The MNIST database of
 * handwritten digits". Nothing drawn: all black.
 */
export function normalize(bitmap: Bitmap): Uint8Array {
  const image = new Uint8Array(SIDE * SIDE);
  const box = inkBox(bitmap);
  if (!box) return image;
  const longest = Math.max(box.width, box.height);
  const columns = Math.max(1, Math.round((box.width * BOX) / longest));
  const rows = Math.max(1, Math.round((box.height * BOX) / longest));
  const ink = areaMeans(bitmap, box, columns, rows);
  let [mass, massX, massY] = [0, 0, 0];
  ink.forEach((value, place) => {
    mass += value;
    massX += value * (place % columns);
    massY += value * Math.floor(place / columns);
  });
  const left = offset(massX / mass, columns);
  const top = offset(massY / mass, rows);
  ink.forEach((value, place) => {
    image[(top + Math.floor(place / columns)) * SIDE + left + (place % columns)] = Math.round(value);
  });
  return image;
}

/** Where ink of `length` pixels starts so that its centre comes to pixel 14, as in MNIST; none of it falls over the edge. */
function offset(center: number, length: number): number {
  return Math.min(SIDE - length, Math.max(0, Math.round(SIDE / 2 - center)));
}

/** Images of 28 x 28, one after the other, as 16 x 16 of ink (1) or no ink (0). */
export function toInk(images: Uint8Array): Uint8Array {
  const size = SIDE * SIDE;
  const small = SMALL_SIDE * SMALL_SIDE;
  const whole = { left: 0, top: 0, width: SIDE, height: SIDE };
  const ink = new Uint8Array((images.length / size) * small);
  for (let i = 0; i < images.length / size; i++) {
    const data = images.subarray(i * size, (i + 1) * size);
    const means = areaMeans({ data, width: SIDE, height: SIDE }, whole, SMALL_SIDE, SMALL_SIDE);
    means.forEach((mean, place) => {
      ink[i * small + place] = mean >= INK ? 1 : 0;
    });
  }
  return ink;
}
