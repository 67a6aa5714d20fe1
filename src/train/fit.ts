import { ConfigError } from "../base/errors.js";
import type { Way } from "../runtime/crew.js";
import type { Callback } from "./callbacks.js";
import type { Compiled } from "./compile.js";
import { Epoch, type Training } from "./epoch.js";
import { runEpochs } from "./epochs.js";
import type { FitOptions } from "./options.js";
import type { Pace } from "./pace.js";
import { Session } from "./session.js";
import { type Logs, logsOf, totalsOf } from "./totals.js";
import type { Weights } from "./weights.js";

/** What training came to, a number an epoch. */
export interface History {
  /** The epochs that ran, counted from 0. */
  readonly epoch: readonly number[];
  readonly history: { readonly loss: readonly number[]; readonly [name: string]: readonly number[] };
}

/** Trains. Whatever happens, only the weights of whole steps and the training state are left behind. */
export async function fit(training: Training, options: FitOptions): Promise<History> {
  const { memory, weights, compiled, validation, model, pace } = training;
  const { callbacks = [], epochs = 1, batchSize = 32, shuffle = true } = options;
  const isNeeded = (name: keyof NonNullable<Callback["needs"]>) => callbacks.some(({ needs }) => needs?.[name]);
  const needs = { gradientNorm: isNeeded("gradientNorm"), thetaChange: isNeeded("thetaChange") };
  const regions = memory.trainingRegions(weights, compiled.optimizer.slots);
  const config = { ...training, training: { needsNorm: needs.gradientNorm } };
  const isWatched = callbacks.length > 0 || validation !== undefined || options.onProgress !== undefined;
  const session = await Session.open(memory, config, batchSize, regions, pace, !isWatched && epochs > 1);
  let validating: Session | undefined;
  try {
    if (validation) {
      const { network } = training;
      const config = { network, weights, compiled, examples: validation };
      validating = await Session.open(memory, config, batchSize, memory.regions, pace);
    }
    const history: Record<string, number[]> & { loss: number[] } = { loss: [] };
    const ran: number[] = [];
    const names = logNames(compiled, needs, validating !== undefined);
    const append = (logs: Logs) => {
      for (const name in logs) {
        history[name] ??= [];
        history[name].push(logs[name] as number);
      }
    };
    if (session.epochsAtOnce > 1) {
      await runEpochs(training, session, epochs, shuffle, (logs) => {
        ran.push(ran.length);
        append(logs);
      });
      return { epoch: ran, history };
    }
    for (const callback of callbacks) await callback.onTrainBegin?.(model, names);
    for (let epoch = 0; epoch < epochs && !model.stopped; epoch++) {
      for (const callback of callbacks) await callback.onEpochBegin?.(epoch, model);
      if (model.stopped) break;
      const before = needs.thetaChange ? weights.trainable() : undefined;
      const run = new Epoch(training, options, session, epoch);
      let logs = await run.finish();
      if (run.isEmpty) break;
      if (needs.gradientNorm) logs = { ...logs, gradientNorm: run.gradientNorm };
      if (before) logs = { ...logs, thetaChange: distance(before, weights.trainable()) };
      if (validating) {
        const found = Object.entries(await evaluate(validating, compiled, weights, pace));
        logs = { ...logs, ...Object.fromEntries(found.map(([name, value]) => [`val_${name}`, value])) };
      }
      ran.push(epoch);
      append(logs);
      for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs, model);
    }
    for (const callback of callbacks) await callback.onTrainEnd?.(model);
    return { epoch: ran, history };
  } finally {
    session.free();
    validating?.free();
  }
}

/** What the logs of an epoch will hold. */
function logNames(
  compiled: Compiled,
  needs: Readonly<Record<string, boolean>>,
  validating: boolean,
): readonly string[] {
  const own = Object.keys(logsOf(compiled, new Float64Array(totalsOf(compiled.heads).length), 1, 0));
  const asked = Object.keys(needs).filter((name) => needs[name]);
  const names = [...own, ...asked, ...(validating ? own.map((name) => `val_${name}`) : [])];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new ConfigError(`two numbers of the logs are called ${twice}: rename that output's layer`);
  return names;
}

/** The logs of one pass over the session's examples. */
export async function evaluate(session: Session, compiled: Compiled, weights: Weights, pace: Pace): Promise<Logs> {
  session.clearTotals();
  for (let step = 0; step < session.steps; ) {
    const from = step;
    const run = (count: number, way: Way) => session.run(from, count, way, 0);
    step += await pace.work(session.stepsFrom(step), session.crewFrom(step), run);
    await pace.rest();
  }
  return logsOf(compiled, session.totals(), session.rows, weights.penalty());
}

/** The Euclidean distance of two points. */
function distance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}
