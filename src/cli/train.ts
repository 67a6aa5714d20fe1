import { type Callback, callbacks, type Dataset, init, type Model } from "../index.js";
import { type ClassifierData, countExamples, loadDataset } from "./dataset.js";
import { checkReport, writeReport } from "./html-report.js";
import type { Invocation } from "./invocation.js";
import type { Io } from "./io.js";
import { checkTarget, prepareResumption, type Resumption, type Status, saveResult } from "./keeping.js";
import { buildClassifier, targetsFor } from "./model.js";
import type { TrainOptions } from "./options.js";
import { printable } from "./printable.js";
import { createProgress, formatCount, formatDuration, formatNumber } from "./progress.js";
import { Recording } from "./recording.js";
import { reportMistakes } from "./report.js";
import { type Course, Stopwatch } from "./stopwatch.js";

/**
 * `neurone train`: trains, tests and prints what came of it.
 * @returns the exit code: 1 when the training was interrupted or diverged
 */
export async function train(name: string, options: TrainOptions, invocation: Invocation, io: Io): Promise<number> {
  const { numerics, threads, report } = options;
  if (report !== undefined) await checkReport(report);
  const engine = await init({ numerics, threads });
  const dataset = await loadDataset(name, options);
  const net = buildClassifier(name, dataset, options);
  net.metadata = { classNames: dataset.classNames, ...featureNamesOf(dataset.train) };
  const say = (text: string) => io.stderr.write(`${text}\n`);
  say(describe(name, dataset));
  say(net.summary());
  say(`core: ${engine.build} build, threads: ${engine.threads}`);

  if (options.save !== undefined) await checkTarget(net, options.save);
  const resumption = await prepareResumption(options, say);

  const recording = new Recording();
  const course = await fit(net, dataset, options, resumption, recording, io);
  if (course.status === "interrupted" && course.samplesPerSecond === 0 && resumption.steps === 0) {
    say("neurone: interrupted before anything was learned");
    return 1;
  }
  const { test, classNames } = dataset;
  const targets = targetsFor(test, classNames.length, options.loss);
  const { loss = Number.NaN, accuracy = Number.NaN } = await net.evaluate(test.x, targets);
  const prediction = await net.predict(test.x);
  if (course.status === "interrupted")
    say(`interrupted after ${formatCount(course.epochs, "whole epoch")}; this was reached:`);
  const status: Status = Number.isFinite(loss) ? course.status : "diverged";
  if (status === "diverged") say("neurone: the loss is no number any more; try a smaller --learning-rate");
  const pace = `${formatDuration(course.seconds)}, ${Math.round(course.samplesPerSecond)} samples/s`;
  say(`trained: ${formatCount(course.epochs, "epoch")} in ${pace}`);
  say(`test: loss ${formatNumber(loss)}, accuracy ${formatNumber(accuracy)}`);
  const saved = options.save === undefined ? {} : await saveResult(net, options.save, status, say);
  say(reportMistakes(test, classNames, prediction, io.stderr.columns));
  if (options.json) {
    const { build, threads } = engine;
    const weightsHash = net.weightsHash();
    const result = {
      dataset: name,
      testAccuracy: accuracy,
      testLoss: loss,
      ...course,
      status,
      build,
      threads,
      weightsHash,
      ...saved,
    };
    io.stdout.write(`${JSON.stringify(result)}\n`);
  }
  if (report !== undefined) {
    const outcome = { ...course, status, loss, accuracy, prediction, isResumed: resumption.steps > 0 };
    await writeReport(report, { name, dataset, net, options, invocation, engine, outcome, recording });
    say(`report: ${printable(report)}`);
  }
  return status === "completed" ? 0 : 1;
}

function describe(name: string, { train, test, classNames }: ClassifierData): string {
  const [trained, tested] = [train, test].map(({ y }) => y.shape[0] as number) as [number, number];
  const examples = `${formatCount(trained, "training example")}, ${formatCount(tested, "test example")}`;
  return `${name}: ${examples}, ${classNames.length} classes`;
}

/** The names of the features where they tell one from the other: a table may have columns without names, and twins. */
function featureNamesOf({ featureNames = [] }: Dataset) {
  const isTelling = featureNames.every((name) => name !== "") && new Set(featureNames).size === featureNames.length;
  return isTelling && featureNames.length > 0 ? { featureNames } : {};
}

/** Trains until it is done, the signal is aborted or the loss is no number any more. */
async function fit(
  net: Model,
  { train, classNames }: ClassifierData,
  options: TrainOptions,
  resumption: Resumption,
  recording: Recording,
  io: Io,
): Promise<Course> {
  const { batchSize, epochs, validationSplit = 0, patience, loss } = options;
  const { training: examples } = countExamples(train, options);
  const before = examplesAfter(resumption.steps, examples, batchSize);
  const progress = createProgress(io.stderr, { epochs, examples, before });
  const course = new Stopwatch(before, examples);
  let status: Course["status"] = "completed";
  const watcher: Callback = {
    onTrainBegin(_model, _logNames, earlier) {
      if (earlier) recording.begin(earlier);
      course.start();
    },
    onEpochBegin: () => course.start(),
    onEpochEnd(epoch, logs, model) {
      course.endEpoch();
      progress.endEpoch(epoch, logs);
      recording.endEpoch(epoch, logs);
      if (Number.isFinite(logs["loss"])) return;
      status = "diverged";
      model.stop();
    },
  };
  const monitor = validationSplit > 0 ? "val_loss" : "loss";
  const stoppers =
    patience === undefined ? [] : [callbacks.earlyStopping({ monitor, patience, restoreBestWeights: true })];
  let ended: { epochs?: number } = {};
  try {
    const whole = await net.fit(train.x, targetsFor(train, classNames.length, loss), {
      batchSize,
      epochs,
      validationSplit,
      signal: io.signal,
      callbacks: [watcher, ...stoppers, ...resumption.checkpointers],
      ...resumption.resume,
      onProgress({ epoch, samples, loss, metrics }) {
        course.read(samples);
        progress.update(epoch, samples, { loss, ...metrics });
        recording.update(epoch, samples, { loss, ...metrics });
      },
    });
    ended = { epochs: whole.epoch.length };
    // Of earlier runs, too, which the watcher did not see.
    if (!Number.isFinite(whole.history.loss.at(-1) ?? 0)) status = "diverged";
  } catch (error) {
    if (!io.signal.aborted || error !== io.signal.reason) throw error;
    status = "interrupted";
  } finally {
    progress.stop();
  }
  return { status, ...course.total(), ...ended };
}

/** Examples that so many steps have seen. */
function examplesAfter(steps: number, examples: number, batchSize: number): number {
  const perEpoch = Math.ceil(examples / batchSize);
  return Math.floor(steps / perEpoch) * examples + Math.min((steps % perEpoch) * batchSize, examples);
}
