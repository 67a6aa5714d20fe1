import { median } from "./median.mjs";
import { SystemProcess } from "./process.mjs";

/** Rounds that tell which of several settings is the fastest. */
const TRIAL_ROUNDS = 3;

/**
 * Measures `systems` at one task, in turns: one round of each, then the next round of each, so that a machine whose
 * speed drifts drifts for all. Only one process works at a time. `job` is what all are told. Returns what each came to;
 * a system that fails has an `error`.
 */
export async function measure(task, systems, { job, limits, rounds, say }) {
  const runs = [];
  for (const system of systems) {
    say(`${task.name}: ${system.name} warms up`);
    runs.push(await prepare(task, system, job, limits));
  }
  for (let round = 1; round <= rounds; round++) {
    say(`${task.name}: round ${round} of ${rounds}`);
    for (const run of runs.filter(({ result }) => !result.error)) await attempt(run, () => measureRound(run));
  }
  for (const { child } of runs) await child?.stop();
  return runs.map(({ result }) => result);
}

/** A system that is warm, with the best of its settings. */
async function prepare(task, system, job, limits) {
  let best = system.settings[0];
  if (system.settings.length > 1) {
    const speeds = [];
    for (const settings of system.settings) speeds.push(await trial(task, system, settings, job, limits));
    best = system.settings[speeds.indexOf(Math.max(...speeds))];
  }
  const run = await start(task, system, best, job, limits);
  if (system.settings.length > 1) run.result.about += `; the best of ${system.settings.length} settings`;
  return run;
}

/** The median speed with `settings`, 0 where it fails. */
async function trial(task, system, settings, job, limits) {
  const run = await start(task, system, settings, job, limits);
  for (let round = 0; round < TRIAL_ROUNDS && !run.result.error; round++) await attempt(run, () => measureRound(run));
  await run.child?.stop();
  return run.result.error ? 0 : median(run.result.speeds);
}

/** Starts a system: it does the amount that all do, then a whole round, which sets the length of the measured ones. */
async function start(task, system, settings, job, limits) {
  const run = { result: { name: system.name, about: "", loss: task.loss, losses: [], speeds: [] } };
  await attempt(run, async () => {
    run.child = new SystemProcess(system.file, { ...job, ...settings });
    Object.assign(run.result, await run.child.ready());
    const check = await run.child.go(task.check);
    run.result.checkLoss = check.loss;
    run.result.warmUp = fitting(task, limits, task.check / check.seconds);
    const warmUp = await run.child.go(run.result.warmUp);
    run.result.amount = fitting(task, limits, run.result.warmUp / warmUp.seconds);
  });
  return run;
}

async function measureRound({ child, result }) {
  const { seconds, loss, output } = await child.go(result.amount);
  result.speeds.push(result.amount / seconds);
  result.losses.push(loss);
  result.output = output;
}

/** How much fits into a round at `speed`; whole batches of rows, so that all steps are alike. */
function fitting(task, { amount, seconds }, speed) {
  if (speed * seconds >= amount) return amount;
  const unit = task.kind === "train" ? task.batch : 1;
  return unit * Math.max(1, Math.floor((speed * seconds) / unit));
}

/** Notes the error that `action` throws as the run's, and ends its process. */
async function attempt(run, action) {
  try {
    await action();
  } catch (error) {
    run.result.error = error.message;
    await run.child?.stop();
  }
}
