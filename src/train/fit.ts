import { ConfigError } from "../base/errors.js";
import type { Callback } from "./callbacks.js";
import type { Compiled } from "./compile.js";
import type { Training } from "./epoch.js";
import { runEpochs } from "./epochs.js";
import { type History, Logbook, type Needs } from "./logbook.js";
import type { FitOptions } from "./options.js";
import type { Resumption } from "./resumption.js";
import { Run } from "./run.js";
import { Session } from "./session.js";
import { logsOf, totalsOf } from "./totals.js";

/** Trains, from where `resumption` says. Whatever happens, only the weights of whole steps and the training state are left behind. */
export async function fit(training: Training, options: FitOptions, resumption: Resumption): Promise<History> {
  const { memory, weights, compiled, validation, pace } = training;
  const { callbacks = [], epochs = 1, batchSize = 32, shuffle = true } = options;
  const isNeeded = (name: keyof NonNullable<Callback["needs"]>) => callbacks.some(({ needs }) => needs?.[name]);
  const needs = { gradientNorm: isNeeded("gradientNorm"), thetaChange: isNeeded("thetaChange") };
  const regions = memory.trainingRegions(weights, compiled.optimizer.slots);
  const config = { ...training, training: { needsNorm: needs.gradientNorm } };
  const isWatched = callbacks.length > 0 || validation || options.onProgress || resumption.from;
  const session = await Session.open(memory, config, batchSize, regions, pace, !isWatched && epochs > 1);
  let validating: Session | undefined;
  try {
    if (validation) {
      const { network } = training;
      const config = { network, weights, compiled, examples: validation };
      validating = await Session.open(memory, config, batchSize, memory.regions, pace);
    }
    const names = logNames(compiled, needs, validating !== undefined);
    if (session.epochsAtOnce === 1) {
      return await new Run(training, options, { session, validating, needs, logNames: names }).finish(resumption);
    }
    const logbook = new Logbook();
    await runEpochs(training, session, epochs, shuffle, (logs) => logbook.append(logs));
    return logbook.read();
  } finally {
    session.free();
    validating?.free();
  }
}

/** What the logs of an epoch will hold. */
function logNames(compiled: Compiled, needs: Needs, validating: boolean): readonly string[] {
  const own = Object.keys(logsOf(compiled, new Float64Array(totalsOf(compiled.heads).length), 1, 0));
  const asked = Object.entries(needs).flatMap(([name, isNeeded]) => (isNeeded ? [name] : []));
  const names = [...own, ...asked, ...(validating ? own.map((name) => `val_${name}`) : [])];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new ConfigError(`two numbers of the logs are called ${twice}: rename that output's layer`);
  return names;
}
