// What growth costs: time per sample as networks and batches double: node bench/growth.mjs [--svg file] [--rounds n]
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { init } from "../dist/index.js";
import { AXES } from "./lib/growth-axes.mjs";
import { growthSvg } from "./lib/growth-svg.mjs";
import { classifier, labels, pixels } from "./lib/tasks.mjs";
import { median } from "./peers/lib/median.mjs";

const ROWS = 4096;
/** Milliseconds that a point's share of a round takes at least. */
const SHARE = 60;
/** How much faster than the work the time may grow before it counts. */
const NOISE = 0.05;

const { values: options } = parseArgs({
  options: { svg: { type: "string" }, rounds: { type: "string", default: "15" } },
});
const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds: a number of at least 1, not ${options.rounds}`);

const x = pixels(ROWS);
const y = labels(ROWS);
const { build } = await init({ threads: 1 });

/** One run of `epochs` epochs, in nanoseconds per sample. */
async function time({ net, batch }, epochs) {
  const start = performance.now();
  await net.fit(x, y, { batchSize: batch, epochs });
  return ((performance.now() - start) * 1e6) / (epochs * ROWS);
}

/** The points of an axis with their networks, warm, and how many epochs fill their share of a round. */
async function prepare(points) {
  const runs = points.map(({ units, batch }) => ({ net: classifier(...units), batch }));
  for (const run of runs) {
    await time(run, 2);
    run.epochs = Math.ceil((SHARE * 1e6) / (ROWS * (await time(run, 2))));
  }
  return runs;
}

/** The points with the medians of their nanoseconds per sample, and of their growth from the point before in each round. */
async function measure({ name, points }) {
  const runs = await prepare(points);
  const times = runs.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, run] of runs.entries()) times[i].push(await time(run, run.epochs));
  }
  for (const { net } of runs) net.dispose();
  return {
    name,
    points: points.map(({ value, work }, i) => ({
      value,
      work,
      nanoseconds: median(times[i]),
      timeGrowth: i > 0 ? median(times[i].map((took, round) => took / times[i - 1][round])) : undefined,
      workGrowth: i > 0 ? work / points[i - 1].work : undefined,
    })),
  };
}

console.log(`${build} build, 1 thread, Node ${process.versions.node}, medians of ${rounds} rounds`);
const axes = [];
for (const axis of AXES) {
  const measured = await measure(axis);
  axes.push(measured);
  console.log(`\n${measured.name}`);
  console.table(
    measured.points.map(({ value, work, nanoseconds, timeGrowth, workGrowth }) => ({
      n: value,
      "multiply-adds per sample": Math.round(work),
      "ns per sample": Math.round(nanoseconds),
      "time grows": timeGrowth?.toFixed(3) ?? "",
      "work grows": workGrowth?.toFixed(3) ?? "",
      "time / work": timeGrowth ? (timeGrowth / workGrowth).toFixed(3) : "",
    })),
  );
}

const worse = axes.flatMap(({ name, points }) =>
  points
    .filter(({ timeGrowth, workGrowth }) => timeGrowth > workGrowth * (1 + NOISE))
    .map(({ value, timeGrowth, workGrowth }) => `${name}, to ${value} (${(timeGrowth / workGrowth).toFixed(2)} x)`),
);
console.log(`Steps worse than the work added, by more than ${NOISE * 100} %: ${worse.join("; ") || "none"}`);
if (options.svg) writeFileSync(options.svg, growthSvg(axes));
