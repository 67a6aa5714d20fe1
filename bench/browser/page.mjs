// Times training and prediction in a page, one thread and as many as the library chooses in turns.
import { init } from "../../dist/index.js";
import { tasks } from "../lib/tasks.mjs";
import { median } from "../peers/lib/median.mjs";

const CREWS = [1, "auto"];
const ROUNDS = 9;
const WARM_UP = 500;
/** Milliseconds that a sample takes at least: clocks of pages are coarse. */
const SAMPLE = 60;

const find = (selector) => document.querySelector(selector);

/** Milliseconds that one of `times` runs takes. */
async function clock(run, times) {
  const start = performance.now();
  for (let i = 0; i < times; i++) await run();
  return (performance.now() - start) / times;
}

/** Runs until all is warm; returns how many runs fill a sample. */
async function warmUp(run) {
  const start = performance.now();
  for (let times = 1; ; ) {
    const took = (await clock(run, times)) * times;
    if (took < SAMPLE) times *= 2;
    else if (performance.now() - start >= WARM_UP) return times;
  }
}

/** The medians of `runs`, in turns, and of how many times as fast the second is within a round. */
async function measure({ name, count, unit }, runs) {
  const times = [];
  for (const run of runs) times.push(await warmUp(run));
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const took = [];
    for (const [i, run] of runs.entries()) took.push(await clock(run, times[i]));
    rounds.push(took);
  }
  const perSecond = runs.map((_, i) => Math.round((count * 1000) / median(rounds.map((took) => took[i]))));
  return { name, unit, perSecond, ratio: median(rounds.map(([one, auto]) => one / auto)) };
}

function show({ name, unit, perSecond, ratio }) {
  const cells = [name, ...perSecond.map((speed) => `${speed} ${unit}/s`), `${ratio.toFixed(2)} x`];
  const row = find("tbody").insertRow();
  for (const cell of cells) row.insertCell().textContent = cell;
}

async function main() {
  const sets = [];
  const engines = [];
  for (const threads of CREWS) {
    engines.push(await init({ threads }));
    const set = tasks();
    // A model takes the engine of its first run.
    for (const { run } of set) await run();
    sets.push(set);
  }
  const results = [];
  for (const [i, task] of sets[0].entries()) {
    find("#state").textContent = task.name;
    results.push(await measure(task, [task.run, sets[1][i].run]));
    show(results.at(-1));
  }
  const { hardwareConcurrency, userAgent } = navigator;
  const engine = { build: engines[0].build, threads: engines.map(({ threads }) => threads) };
  const report = { userAgent, hardwareConcurrency, crossOriginIsolated, engine, results };
  find("pre").textContent = JSON.stringify(report, null, 2);
  find("#state").textContent = `done: ${engine.build} build, auto has up to ${engine.threads[1]} threads`;
  return report;
}

/** For the program that drives the browser. */
window.report = main();
window.report.catch((error) => {
  find("#state").textContent = String(error);
});
