// Measures neurone against its peers: node bench/peers/run.mjs --help
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { problems } from "./lib/check.mjs";
import { DIGITS, referenceOutput, writeWeights } from "./lib/inputs.mjs";
import { describeMachine } from "./lib/machine.mjs";
import { measure } from "./lib/measure.mjs";
import { readOptions } from "./lib/options.mjs";
import { summarize, table } from "./lib/report.mjs";

const say = (text) => console.error(text);

async function main() {
  const { quick, json, rounds, tasks, systems } = readOptions();
  if (!existsSync(new URL("node_modules", import.meta.url))) {
    throw new Error("the peers are not installed: npm ci --prefix bench/peers");
  }
  if (!existsSync(new URL("../../dist/index.js", import.meta.url))) {
    throw new Error("neurone is not built: npm ci && npm run build");
  }
  const machine = describeMachine();
  const { cpu, coresForThisProcess, os, versions } = machine;
  console.log(`${cpu}, cores: ${coresForThisProcess}, ${os}`);
  console.log(
    `${Object.entries(versions)
      .map((entry) => entry.join(" "))
      .join(", ")}\n`,
  );

  const folder = mkdtempSync(join(tmpdir(), "neurone-peers-"));
  const report = { machine, quick, rounds, tasks: [], problems: [] };
  try {
    for (const task of tasks) {
      const limits = quick ? task.quick : task.full;
      const weights = writeWeights(task, folder);
      const job = { ...task, ...DIGITS, weights, rows: task.kind === "train" ? limits.amount : task.batch };
      const able = systems.filter((system) => system.tasks.includes(task.name));
      const results = summarize(await measure(task, able, { job, limits, rounds, say }));
      console.log(table(task, results));
      report.tasks.push({ name: task.name, title: task.title, amountUnit: task.amountUnit, systems: results });
      const reference = task.kind === "predict" ? referenceOutput(task, weights, task.batch - 1) : undefined;
      report.problems.push(...problems(task, results, reference));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  if (json) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  if (report.problems.length > 0) throw new Error(`not a comparison:\n  ${report.problems.join("\n  ")}`);
}

try {
  await main();
} catch (error) {
  say(`bench/peers: ${error.message}`);
  process.exitCode = 1;
}
