import type { Counts } from "../report.js";
import { grouped, percent, table } from "./elements.js";
import { html, isolated, type Markup } from "./markup.js";

/** How well one class was told from the others. NaN where there is nothing to divide by. */
export interface ClassQuality {
  /** Test examples of the class. */
  readonly support: number;
  /** Of those taken for the class, the part that is of it. */
  readonly precision: number;
  /** Of those of the class, the part that was taken for it. */
  readonly recall: number;
  /** The harmonic mean of the two. */
  readonly f1: number;
}

/** Precision, recall and F1 of each class, by the confusion matrix. */
export function classQualities(counts: Counts): ClassQuality[] {
  return counts.map((row, id) => {
    const right = row[id] as number;
    const support = row.reduce((sum, count) => sum + count, 0);
    const taken = counts.reduce((sum, other) => sum + (other[id] as number), 0);
    return { support, precision: right / taken, recall: right / support, f1: (2 * right) / (support + taken) };
  });
}

export function listClasses(counts: Counts, names: readonly string[]): Markup {
  const rows = classQualities(counts).map(({ support, precision, recall, f1 }, id) => {
    const parts = [precision, recall, f1].map((part) => html`<td>${percent(part, 1)}</td>`);
    return html`<tr><th scope="row">${isolated(names[id] as string)}</th>${parts}<td>${grouped(support)}</td></tr>`;
  });
  const note =
    "Precision is the part of the examples taken for a class that are of it, recall the part of a class's examples that were taken for it, F1 the harmonic mean of the two.";
  const heads = ["class", "precision", "recall", "F1", "examples"].map((name) => html`<th scope="col">${name}</th>`);
  return table("Quality by class", note, "wide", html`<tr>${heads}</tr>`, rows);
}
