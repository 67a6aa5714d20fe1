import type { Mistake } from "../report.js";
import { percent, table } from "./elements.js";
import { html, isolated, type Markup } from "./markup.js";
import { greyPicture } from "./pixels.js";

/** The test examples, `[n, features]`. */
export interface Examples {
  readonly values: ArrayLike<number>;
  /** What the features are called. */
  readonly features: readonly string[];
  /** The side of the square images that they are; undefined where they are none. */
  readonly side: number | undefined;
}

/** A row of more numbers is no help. */
const MOST_FEATURES = 8;

/** The worst mistakes, one at least, as images where they are some, else as rows of numbers. */
export async function drawMistakes(
  mistakes: readonly Mistake[],
  examples: Examples,
  names: readonly string[],
): Promise<Markup> {
  const { side } = examples;
  return side === undefined ? asRows(mistakes, examples, names) : asImages(mistakes, examples, side, names);
}

async function asImages(
  mistakes: readonly Mistake[],
  { values }: Examples,
  side: number,
  names: readonly string[],
): Promise<Markup> {
  const size = side * side;
  const items = await Promise.all(
    mistakes.map(async ({ index, actual, predicted, probability }) => {
      const pixels = Uint8Array.from({ length: size }, (_, i) => values[index * size + i] as number);
      const { source } = await greyPicture(pixels, side);
      const [right, wrong] = [names[actual] as string, names[predicted] as string];
      return html`
<li><figure>
<img src="${source}" width="${side}" height="${side}" alt="test example ${index}, ${right}">
<figcaption>${isolated(right)} taken for <b>${isolated(wrong)}</b><br>${certainty(probability)}</figcaption>
</figure></li>`;
    }),
  );
  return html`<ul class="tiles mistakes">${items}
</ul>`;
}

function asRows(mistakes: readonly Mistake[], { values, features }: Examples, names: readonly string[]): Markup {
  const shown = features.slice(0, MOST_FEATURES);
  const rows = mistakes.map(({ index, actual, predicted, probability }) => {
    const numbers = shown.map((_, i) => html`<td>${formatValue(values[index * features.length + i] as number)}</td>`);
    const classes = [actual, predicted].map((id) => html`<td class="name">${isolated(names[id] as string)}</td>`);
    return html`<tr>${classes}<td>${certainty(probability)}</td>${numbers}</tr>`;
  });
  const left = features.length - shown.length;
  const heads = shown.map((feature) => html`<th scope="col">${isolated(feature)}</th>`);
  const head = html`<tr><th scope="col" class="name">true class</th><th scope="col" class="name">taken for</th><th scope="col">probability</th>${heads}</tr>`;
  const note = left > 0 ? `Test examples with their first ${MOST_FEATURES} features; ${left} more are left out.` : "";
  return table("Most confident mistakes", note || "Test examples with their features.", "wide", head, rows);
}

/** Never 100 % for what is not certain. */
function certainty(probability: number): string {
  return percent(Math.floor(1000 * probability) / 1000, 1);
}

function formatValue(value: number): string {
  return `${Number(value.toPrecision(5))}`;
}
