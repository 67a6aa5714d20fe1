import { type Dataset, metrics, type Prediction } from "../index.js";
import { printable } from "./printable.js";

/** How often each class was predicted as each: row = true class, column = predicted class, `[classes, classes]`. */
export type Counts = readonly (readonly number[])[];

/** Two classes and how many examples of `actual` were predicted as `predicted`. */
export interface Confusion {
  readonly actual: number;
  readonly predicted: number;
  readonly count: number;
}

/** An example the model got wrong, with the probability it gave to its wrong answer. */
export interface Mistake {
  readonly index: number;
  readonly actual: number;
  readonly predicted: number;
  readonly probability: number;
}

/** More classes than this make lines that no terminal shows whole. */
const WIDEST_MATRIX = 20;
const MOST_PAIRS = 5;
const MOST_IMAGES = 6;
/** Side below which bytes are hardly an image. */
const SMALLEST_IMAGE = 8;
/** From no ink to full ink. */
const SHADES = " .:-=+*#%@";
const GAP = "   ";

/** What a classifier got wrong: the confusion matrix, the most confused pairs, and images it was most sure of in error. */
export function reportMistakes(
  test: Dataset,
  classNames: readonly string[],
  prediction: Prediction,
  width = 80,
): string {
  const names = classNames.map(printable);
  const counts = countConfusions(test, prediction);
  if (counts === undefined) return "confusion matrix: left out, the model's answers are no numbers";
  const parts = [formatConfusions(counts, names)];
  const pairs = mostConfused(counts, MOST_PAIRS);
  if (pairs.length > 0) parts.push(formatMostConfused(pairs, names));
  const side = imageSide(test);
  if (side !== undefined) {
    const pictures = worstMistakes(test.y.data, prediction, MOST_IMAGES).map((mistake) => {
      const percent = Math.floor(100 * mistake.probability);
      const caption = `${names[mistake.actual]} taken for ${names[mistake.predicted]} (${percent} %)`;
      const pixels = test.x.data.subarray(mistake.index * side * side, (mistake.index + 1) * side * side);
      return { caption, lines: drawImage(pixels, side) };
    });
    if (pictures.length > 0) parts.push(`most confident mistakes\n${placeSideBySide(pictures, width)}`);
  }
  return parts.join("\n\n");
}

/** The confusion matrix; undefined where some answers are no numbers, which belong to no class. */
export function countConfusions({ y }: Dataset, prediction: Prediction): Counts | undefined {
  return prediction.data.every(Number.isFinite) ? metrics.confusionMatrix(y, prediction) : undefined;
}

/** The side of the square grey images that the examples are; undefined where they are none. */
export function imageSide({ x, y }: Dataset): number | undefined {
  const side = Math.sqrt(x.data.length / y.data.length);
  return x.data instanceof Uint8Array && Number.isInteger(side) && side >= SMALLEST_IMAGE ? side : undefined;
}

/** The matrix as a table; one line that says so when it has too many classes for that. */
export function formatConfusions(counts: Counts, names: readonly string[]): string {
  if (names.length > WIDEST_MATRIX) return `confusion matrix: left out, ${names.length} classes are too wide to print`;
  const labels = names.map((name) => truncate(name, 12));
  const cells = [
    ["", ...labels],
    ...counts.map((row, i) => [labels[i] as string, ...row.map((n) => (n === 0 ? "." : `${n}`))]),
  ];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => (row[column] as string).length))) ?? [];
  const lines = cells.map((row) => row.map((cell, column) => cell.padStart(widths[column] as number)).join("  "));
  return ["confusion matrix (rows: true class, columns: predicted class)", ...lines].join("\n");
}

/** The off-diagonal counts above 0, greatest first; equal ones in the order of their classes. */
export function mostConfused(counts: Counts, limit: number): Confusion[] {
  return counts
    .flatMap((row, actual) => row.map((count, predicted) => ({ actual, predicted, count })))
    .filter(({ actual, predicted, count }) => actual !== predicted && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, limit);
}

export function formatMostConfused(confusions: readonly Confusion[], names: readonly string[]): string {
  const lines = confusions.map(({ actual, predicted, count }) => {
    return `  ${names[actual]} taken for ${names[predicted]}: ${count}`;
  });
  return ["most confused", ...lines].join("\n");
}

/** The wrong predictions, the most confident first. `prediction` is `[n, classes]`, probabilities. */
export function worstMistakes(actual: ArrayLike<number>, prediction: Prediction, limit: number): Mistake[] {
  const [rows = 0, classes = 0] = prediction.shape;
  return Array.from({ length: rows }, (_, index) => {
    const scores = prediction.data.subarray(index * classes, (index + 1) * classes);
    const probability = Math.max(...scores);
    return { index, actual: actual[index] as number, predicted: scores.indexOf(probability), probability };
  })
    .filter((mistake) => mistake.actual !== mistake.predicted && Number.isFinite(mistake.probability))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, limit);
}

/**
 * A grey image as text, cropped to its ink. A character is about twice as high as wide, so it shows two rows of pixels.
 * @param pixels `[side, side]`, row-major, 0 for no ink, up to 255
 * @returns lines of equal length; none for an image without ink
 */
export function drawImage(pixels: ArrayLike<number>, side: number): string[] {
  const at = (row: number, column: number) => (row < side ? (pixels[row * side + column] as number) : 0);
  const places = Array.from({ length: side * side }, (_, i) => i).filter((i) => (pixels[i] as number) > 0);
  if (places.length === 0) return [];
  const columns = places.map((i) => i % side);
  const [left, right] = [Math.min(...columns), Math.max(...columns)];
  const [top, bottom] = [Math.floor((places[0] as number) / side), Math.floor((places.at(-1) as number) / side)];
  const lines: string[] = [];
  for (let row = top; row <= bottom; row += 2) {
    let line = "";
    for (let column = left; column <= right; column++) line += shade((at(row, column) + at(row + 1, column)) / 2);
    lines.push(line);
  }
  return lines;
}

/** Pictures side by side, as many as fit into `width` characters (at least one), each under its caption. */
export function placeSideBySide(
  pictures: readonly { caption: string; lines: readonly string[] }[],
  width: number,
): string {
  const columns: string[][] = [];
  let used = 0;
  for (const { caption, lines } of pictures) {
    const column = [caption, ...lines];
    const columnWidth = Math.max(...column.map((line) => line.length));
    used += columnWidth + (columns.length === 0 ? 0 : GAP.length);
    if (columns.length > 0 && used > width) break;
    columns.push(column.map((line) => line.padEnd(columnWidth)));
  }
  const height = Math.max(0, ...columns.map((column) => column.length));
  const rows = Array.from({ length: height }, (_, row) => {
    return columns
      .map((column) => column[row] ?? " ".repeat((column[0] as string).length))
      .join(GAP)
      .trimEnd();
  });
  return rows.join("\n");
}

function shade(ink: number): string {
  return SHADES[Math.min(SHADES.length - 1, Math.ceil((ink / 255) * (SHADES.length - 1)))] as string;
}

function truncate(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}~`;
}
