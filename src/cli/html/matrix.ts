import { type Counts, mostConfused } from "../report.js";
import { grouped, table } from "./elements.js";
import { html, isolated, type Markup } from "./markup.js";
import { shadeClass } from "./ramps.js";

/** More classes than this make a table that nobody reads. */
const MOST_CLASSES = 40;
const MOST_PAIRS = 8;
/** Longer names of columns stand upright. */
const LONGEST_LEVEL = 3;

/** The confusion matrix as a heat map; of very many classes those that are part of most mistakes. */
export function drawMatrix(counts: Counts, names: readonly string[]): Markup {
  const shown = mostMistaken(counts, MOST_CLASSES);
  const isUpright = shown.some((id) => (names[id] as string).length > LONGEST_LEVEL);
  const name = (id: number) => isolated(names[id] as string);
  const worst = Math.max(...shown.map((actual) => mistakesIn(counts[actual] as readonly number[], actual, shown)));
  const rows = shown.map((actual) => {
    const row = counts[actual] as readonly number[];
    const total = row.reduce((sum, count) => sum + count, 0);
    const cells = shown.map((predicted) => {
      const count = row[predicted] as number;
      // Mistakes are few: their own scale, by the root, shows where they are.
      const shade =
        actual === predicted ? shadeClass("blue", count / total) : shadeClass("orange", Math.sqrt(count / worst));
      return html`<td class="${shade}">${grouped(count)}</td>`;
    });
    return html`<tr><th scope="row">${name(actual)}</th>${cells}</tr>`;
  });
  const left = names.length - shown.length;
  const meaning = "Rows: the true class. Columns: what it was taken for. Blue is right, orange is wrong.";
  const note = left > 0 ? ` The ${shown.length} classes with the most mistakes; ${left} others are left out.` : "";
  const size = shown.length > 20 ? "matrix tiny" : shown.length > 12 ? "matrix small" : "matrix";
  const heads = shown.map((id) => html`<th scope="col"><span>${name(id)}</span></th>`);
  const head = html`<tr class="${isUpright ? "upright" : "level"}"><td></td>${heads}</tr>`;
  return table("Confusion matrix", meaning + note, size, head, rows);
}

/** The pairs of classes that were confused most often. */
export function listConfused(counts: Counts, names: readonly string[]): Markup {
  const pairs = mostConfused(counts, MOST_PAIRS);
  if (pairs.length === 0) return html`<p>No test example was taken for another class.</p>`;
  const items = pairs.map(({ actual, predicted, count }) => {
    return html`<li>${isolated(names[actual] as string)} taken for ${isolated(names[predicted] as string)}: ${grouped(count)}</li>
`;
  });
  return html`<h3>Most confused</h3>
<ol class="pairs">
${items}</ol>`;
}

/** The ids of the classes with the most mistakes, in their own order; all where they are few. */
function mostMistaken(counts: Counts, limit: number): number[] {
  const ids = counts.map((_, id) => id);
  const mistakes = ids.map((id) => {
    return counts.reduce(
      (sum, row, other) => sum + (other === id ? 0 : (row[id] as number) + (counts[id]?.[other] ?? 0)),
      0,
    );
  });
  return ids
    .sort((a, b) => (mistakes[b] as number) - (mistakes[a] as number))
    .slice(0, limit)
    .sort((a, b) => a - b);
}

/** The greatest count of a row that is a mistake, among the columns shown. */
function mistakesIn(row: readonly number[], actual: number, shown: readonly number[]): number {
  return Math.max(0, ...shown.filter((id) => id !== actual).map((id) => row[id] as number));
}
