import { median } from "./median.mjs";
import { OWN } from "./systems.mjs";

/**
 * Adds to each result its median speed and, for each of neurone's systems in `OWN`, how many times as fast neurone was:
 * the ratio in each round, and the median of these.
 */
export function summarize(results) {
  const measured = ({ error }) => !error;
  const own = results.filter((result) => OWN.includes(result.name) && measured(result));
  return results.map((result) => {
    if (!measured(result)) return result;
    const ratios = own.map(({ name, speeds }) => {
      const perRound = speeds.map((speed, round) => speed / result.speeds[round]);
      return [name, { perRound, median: median(perRound) }];
    });
    return { ...result, medianSpeed: median(result.speeds), ratios: Object.fromEntries(ratios) };
  });
}

/** The results of one task as a table in Markdown. */
export function table(task, results) {
  const head = [
    "system",
    `${task.amountUnit} a round`,
    `median ${task.show.unit}`,
    "slowest to fastest",
    ...OWN.map((name) => `${name} / it`),
    ...(task.kind === "predict" ? [] : ["loss"]),
    "runs on",
  ];
  const rows = results.map((result) => (result.error ? missing(result, head.length) : row(task, result)));
  return `${task.title}\n\n${align([head, head.map(() => "-"), ...rows])}\n`;
}

function row(task, { name, about, amount, loss, losses, medianSpeed, ratios, speeds }) {
  const shown = (speed) => round(task.show.of(speed));
  return [
    name,
    String(amount),
    shown(medianSpeed),
    `${shown(Math.min(...speeds))} to ${shown(Math.max(...speeds))}`,
    ...OWN.map((own) => (ratios[own] ? `${ratios[own].median.toFixed(2)} x` : "")),
    ...(task.kind === "predict" ? [] : [losses.at(-1).toPrecision(3)]),
    about + (loss === task.loss ? "" : `; ${loss}`),
  ];
}

const missing = ({ name, error }, columns) => [
  name,
  "not measured",
  ...Array(columns - 3).fill(""),
  error.replaceAll("|", "/"),
];

/** Three digits that matter, without an exponent. */
function round(value) {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(value)));
  return value.toFixed(Math.min(digits, 6));
}

function align(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column], cell === "-" ? "-" : " ")))
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}
