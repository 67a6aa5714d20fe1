// How near each kernel comes to what the machine can do: node bench/kernels.mjs [--build baseline|relaxed] [--json file]
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { alternate } from "./lib/alternate.mjs";
import { activations } from "./lib/families/activations.mjs";
import { columnSums } from "./lib/families/column-sums.mjs";
import { gathers } from "./lib/families/gathers.mjs";
import { losses } from "./lib/families/losses.mjs";
import { optimizers } from "./lib/families/optimizers.mjs";
import { products } from "./lib/families/products.mjs";
import { importSource } from "./lib/import-source.mjs";
import { loadLimits } from "./lib/limits.mjs";
import { bestBuild, Workbench } from "./lib/workbench.mjs";
import { describeMachine } from "./peers/lib/machine.mjs";

/** Milliseconds that each kernel is timed, and as long before that to be warm. */
const TIME = 250;

/** The part of the limit that a matrix product has to reach. */
const LARGE = 0.85;
const SMALL = 0.7;

const FAMILIES = [
  { title: "Matrix products, M x N x K", unit: "GFLOP/s", make: products },
  { title: "Activations", unit: "GB/s", make: activations },
  { title: "Losses, of logits", unit: "GB/s", make: losses },
  { title: "Optimizers", unit: "GB/s", make: optimizers },
  { title: "Sums of columns", unit: "GB/s", make: columnSums },
  { title: "Batches of bytes", unit: "GB/s", make: gathers },
];

const { values: options } = parseArgs({ options: { build: { type: "string" }, json: { type: "string" } } });
const build = options.build ?? bestBuild();
if (!["baseline", "relaxed"].includes(build)) throw new Error(`--build: baseline or relaxed, not ${build}`);

const workbench = await Workbench.create(build, await importSource("./source.ts"));
const limits = await loadLimits(build, workbench.memory);
const machine = describeMachine();
console.log(`${machine.cpu}, Node ${machine.versions.node}, ${build} build, 1 thread`);

const report = { machine, build, families: [] };
for (const { title, unit, make } of FAMILIES) {
  workbench.clear();
  const contests = make(workbench, limits);
  const results = (await alternate(contests, { time: TIME })).map(({ samples, limit, kernel, ratio }, i) => {
    const { name, work, limitWork, large = false } = contests[i];
    const speed = (amount, milliseconds) => amount / milliseconds / 1e6;
    return {
      name,
      large,
      samples,
      speed: speed(work, kernel),
      limit: speed(limitWork, limit),
      part: (ratio * work) / limitWork,
    };
  });
  console.log(`\n${title}`);
  console.table(Object.fromEntries(results.map((result) => [result.name, row(result, unit)])));
  report.families.push({ title, unit, results });
}
if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);

const wanted = ({ large }) => (large ? LARGE : SMALL);
const below = report.families[0].results.filter((product) => product.part < wanted(product));
const names = below.map((product) => `${product.name} (${percent(product.part)} of ${percent(wanted(product))})`);
console.log(`Matrix products below what we aim at: ${names.join("; ") || "none"}`);

function row({ speed, limit, part }, unit) {
  return { [unit]: speed.toFixed(1), limit: limit.toFixed(1), part: percent(part) };
}

function percent(part) {
  return `${(part * 100).toFixed(0)} %`;
}
