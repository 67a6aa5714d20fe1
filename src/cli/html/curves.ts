import { formatNumber, type Logs } from "../progress.js";
import { grouped, table } from "./elements.js";
import { type Line, lineChart, type Point } from "./line-chart.js";
import { html, type Markup } from "./markup.js";

/** What a training's loss and metrics were. */
export interface Curves {
  /** After each whole epoch; `at` counts them from 1. */
  readonly epochs: readonly Entry[];
  /** Of the first epoch so far; `at` is the number of examples seen. */
  readonly firstEpoch: readonly Entry[];
}

export interface Entry {
  readonly at: number;
  readonly logs: Logs;
}

/** More rows of numbers than this are for no reader. */
const MOST_ROWS = 60;
const VALIDATION = "val_";

/** A chart for the loss and each metric, by epoch or, of one epoch alone, within it; and the epochs' numbers. */
export function drawCurves({ epochs, firstEpoch }: Curves): Markup {
  const isWithin = epochs.length < 2 && firstEpoch.length > 0;
  const entries = isWithin ? withValidation(firstEpoch, epochs[0]) : epochs;
  if (entries.length === 0) return html`<p>There are no figures to draw: the training did not last long enough.</p>`;
  const names = Object.keys((entries[0] as Entry).logs).filter((name) => !name.startsWith(VALIDATION));
  const xLabel = isWithin ? "examples of the first epoch (mean so far)" : "epoch";
  return html`<div class="charts">${names.map((name) => figure(name, entries, xLabel))}</div>
${epochs.length > 0 ? numbers(epochs) : ""}`;
}

/** The validation, if any, comes at the epoch's end. */
function withValidation(within: readonly Entry[], whole: Entry | undefined): readonly Entry[] {
  const { at, logs } = within.at(-1) as Entry;
  const validation = Object.entries(whole?.logs ?? {}).filter(([name]) => name.startsWith(VALIDATION));
  return [...within.slice(0, -1), { at, logs: { ...logs, ...Object.fromEntries(validation) } }];
}

function figure(name: string, entries: readonly Entry[], xLabel: string): Markup {
  const lines = [name, VALIDATION + name].flatMap((key, i) => {
    const points = entries.flatMap(({ at, logs }) => (key in logs ? { x: at, y: logs[key] as number } : []));
    return points.length > 0 ? [{ kind: i === 0 ? "training" : "validation", points }] : [];
  });
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const description = lines.map(describe).join(" ");
  return html`
<figure class="card">
<h3>${title}</h3>
${lineChart({ id: `curve-${name}`, title: `${title}, by ${xLabel}`, description, xLabel, lines })}
<figcaption>${lines.map(legend)}</figcaption>
</figure>`;
}

/** `Training: 0.8920 at 1, 0.4820 at 3.` */
function describe({ kind, points }: Line): string {
  const [first, last] = [points[0] as Point, points.at(-1) as Point];
  const ends = [...new Set([first, last])].map(({ x, y }) => `${formatNumber(y)} at ${grouped(x)}`);
  const broken = points.find(({ y }) => !Number.isFinite(y));
  const gap = broken ? `; no finite number from ${grouped(broken.x)} on` : "";
  return `${kind === "training" ? "Training" : "Validation"}: ${ends.join(", ")}${gap}.`;
}

/** A sample of the line, and where it ends. */
function legend({ kind, points }: Line): Markup {
  const { y } = points.at(-1) as Point;
  return html`<span class="legend"><svg class="chart" width="28" height="10" viewBox="0 0 28 10" aria-hidden="true"
><g class="${kind}"><polyline points="0,5 28,5"/></g></svg> ${kind}: ${formatNumber(y)} at the end</span> `;
}

/** The epochs' numbers; of many, every so many, and the last. */
function numbers(epochs: readonly Entry[]): Markup {
  const names = Object.keys((epochs[0] as Entry).logs);
  const stride = Math.ceil(epochs.length / MOST_ROWS);
  const shown = epochs.filter((_, i) => i % stride === 0 || i === epochs.length - 1);
  const rows = shown.map(({ at, logs }) => {
    const cells = names.map((name) => html`<td>${formatNumber(logs[name] ?? Number.NaN)}</td>`);
    return html`<tr><th scope="row">${at}</th>${cells}</tr>`;
  });
  const note = stride === 1 ? "Each epoch." : `Every ${stride} epochs, and the last.`;
  const heads = ["epoch", ...names].map((name) => html`<th scope="col">${name}</th>`);
  return html`<details>
<summary>The same in numbers</summary>
${table("Epochs in numbers", note, "numbers", html`<tr>${heads}</tr>`, rows)}
</details>`;
}
