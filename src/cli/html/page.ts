import type { Counts, Mistake } from "../report.js";
import { listClasses } from "./classes.js";
import { type Curves, drawCurves } from "./curves.js";
import { definitions, scrollable, section } from "./elements.js";
import { html, isolated, type Markup } from "./markup.js";
import { drawMatrix, listConfused } from "./matrix.js";
import { drawMistakes, type Examples } from "./mistakes.js";
import { STYLE } from "./style.js";
import { drawWeights, type Kernel } from "./weights.js";

/** A setting as it was used. */
export interface Setting {
  readonly flag: string;
  readonly value: string;
  /** Whether the command line left it out. */
  readonly isDefault: boolean;
}

/** Names and what they are, as they are shown. */
export type Facts = readonly (readonly [name: string, value: string])[];

/** All that the page tells of a training. */
export interface Report {
  readonly dataset: string;
  /** What the data is. */
  readonly about: string;
  readonly made: Date;
  readonly version: string;
  /** What a reader should know first: that the training was interrupted, or failed. */
  readonly notices: readonly string[];
  /** The results in short. */
  readonly figures: Facts;
  /** Where and how it ran. */
  readonly facts: Facts;
  readonly curves: Curves;
  /** Undefined where the answers are no numbers: there is no matrix then. */
  readonly counts: Counts | undefined;
  readonly classNames: readonly string[];
  /** The worst, the most confident first. */
  readonly mistakes: readonly Mistake[];
  readonly test: Examples;
  readonly kernel: Kernel;
  /** The architecture, a line each. */
  readonly summary: readonly string[];
  readonly settings: readonly Setting[];
  /** The command that trains the same again, and what holds for it. */
  readonly command: string;
  readonly commandNote: string;
}

/** Neither scripts nor anything from elsewhere, whatever the data should manage to put into the page. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** The whole page: one file, complete in itself. */
export async function drawPage(report: Report): Promise<string> {
  const { dataset, made, counts, classNames } = report;
  const parts: readonly Markup[] = [
    section("curves", "Training", drawCurves(report.curves)),
    ...(counts ? drawCounts(counts, classNames) : []),
    section("mistakes", "Most confident mistakes", await drawMistakesOf(report)),
    section("weights", "First-layer weights", await drawWeights(report.kernel)),
    section("model", "Architecture", scrollable("Architecture", lines(report.summary))),
    section("settings", "Settings", settingsList(report.settings)),
    section(
      "again",
      "Train it again",
      html`<p>${report.commandNote}</p>
<pre class="command"><code>${report.command}</code></pre>
<div class="follow">${definitions("facts", report.facts)}</div>`,
    ),
  ];
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="neurone ${report.version}">
<title>${dataset}: training report</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<p class="kicker">neurone ${report.version}, <time datetime="${made.toISOString()}">${made.toISOString().slice(0, 16).replace("T", " ")} UTC</time></p>
<h1>${isolated(dataset)}: training report</h1>
<p class="under">${report.about}</p>
${report.notices.map((notice) => html`<p class="notice" role="note">${notice}</p>\n`)}
${definitions("figures", report.figures)}
</header>
${parts}
</main>
</body>
</html>
`.text;
}

function drawCounts(counts: Counts, classNames: readonly string[]): Markup[] {
  const confused = html`<div class="follow">${listConfused(counts, classNames)}</div>`;
  return [
    section("matrix", "Confusion matrix", drawMatrix(counts, classNames), confused),
    section("classes", "Quality by class", listClasses(counts, classNames)),
  ];
}

async function drawMistakesOf({ mistakes, counts, test, classNames }: Report): Promise<Markup> {
  if (mistakes.length > 0) return drawMistakes(mistakes, test, classNames);
  return html`<p>${counts ? "There are none." : "The model was sure of none of them: its answers are no numbers."}</p>`;
}

function lines(texts: readonly string[]): Markup {
  return html`<pre>${texts.map((text, i) => html`${i === 0 ? "" : html`\n`}${text}`)}</pre>`;
}

function settingsList(settings: readonly Setting[]): Markup {
  const entries = settings.map(({ flag, value, isDefault }) => {
    return [flag, isDefault ? isolated(value) : html`<b>${isolated(value)}</b>`] as const;
  });
  return html`<p class="note">Every option as it was used; bold where the command line gave it, else the default.</p>
${definitions("facts", entries)}`;
}
