import { basename, join, resolve } from "node:path";
import { ConfigError, type Dataset, type EngineInfo, type Model, type Optimizer, type Prediction } from "../index.js";
import { type ClassifierData, countExamples, DEFAULT_TEST_SPLIT, isCsv } from "./dataset.js";
import { writeText } from "./files.js";
import { grouped, percent } from "./html/elements.js";
import { drawPage, type Facts, type Report, type Setting } from "./html/page.js";
import type { Kernel } from "./html/weights.js";
import { commandLine, type Invocation, optionValues } from "./invocation.js";
import { tryBeside } from "./keeping.js";
import { buildOptimizer } from "./model.js";
import type { TrainOptions } from "./options.js";
import { formatDuration, formatNumber } from "./progress.js";
import type { Recording } from "./recording.js";
import { countConfusions, imageSide, worstMistakes } from "./report.js";
import type { Course } from "./stopwatch.js";

/** What a training came to. */
export interface Outcome extends Course {
  /** On the test part. */
  readonly loss: number;
  readonly accuracy: number;
  readonly prediction: Prediction;
  /** Whether steps were done in earlier runs. */
  readonly isResumed: boolean;
}

/** A training that is over. */
export interface Training {
  /** The dataset's. */
  readonly name: string;
  readonly dataset: ClassifierData;
  readonly net: Model;
  readonly options: TrainOptions;
  readonly invocation: Invocation;
  readonly engine: EngineInfo;
  readonly outcome: Outcome;
  readonly recording: Recording;
}

const MOST_IMAGES = 24;
const MOST_ROWS = 12;

/**
 * Whether a report can be written to `target`, found out before hours of training.
 * @throws ConfigError for a name that is no page's, or a folder that cannot be written to
 */
export async function checkReport(target: string): Promise<void> {
  if (!/\.html?$/i.test(target)) throw new ConfigError(`--report: a name that ends with .html expected, got ${target}`);
  await tryBeside("--report", target, (folder) => writeText(join(folder, basename(target)), ""));
}

/** Writes the page. @throws StorageError where that fails; the file is then as it was before */
export async function writeReport(target: string, training: Training): Promise<void> {
  await writeText(target, await drawPage(describe(training)));
}

function describe({ name, dataset, net, options, invocation, engine, outcome, recording }: Training): Report {
  const { test, classNames } = dataset;
  const side = imageSide(test);
  const features = featuresOf(test);
  const kernel = firstKernel(net, features, side);
  const most = side === undefined ? MOST_ROWS : MOST_IMAGES;
  const hash = net.weightsHash();
  const { version, command } = invocation;
  return {
    dataset: basename(resolve(name)),
    about: describeData(dataset, features.length, options),
    made: new Date(),
    version,
    notices: noticesOf(outcome, options),
    figures: figuresOf(outcome, options, test),
    facts: [
      ["build of the core", engine.build],
      ["threads", `${engine.threads}`],
      ["seed", `${options.seed}`],
      ["weights hash", hash],
      ["host", `Node ${process.versions.node}, ${process.platform} ${process.arch}`],
    ],
    curves: recording,
    counts: countConfusions(test, outcome.prediction),
    classNames,
    mistakes: worstMistakes(test.y.data, outcome.prediction, most),
    test: { values: test.x.data, features, side },
    kernel,
    summary: net.summary().split("\n"),
    settings: settingsOf(name, net, options, invocation),
    command: commandLine(command),
    commandNote: noteOn(outcome, options, engine),
  };
}

function describeData({ train, test, classNames }: ClassifierData, features: number, options: TrainOptions): string {
  const { training, validation } = countExamples(train, options);
  const parts = [
    `${grouped(training)} training examples`,
    ...(validation > 0 ? [`${grouped(validation)} validation examples`] : []),
    `${grouped(test.y.shape[0] as number)} test examples`,
    `${grouped(features)} features`,
    `${grouped(classNames.length)} classes`,
  ];
  return parts.join(", ");
}

function noticesOf({ status, epochs, isResumed }: Outcome, options: TrainOptions): string[] {
  const notices: string[] = [];
  const reached = `${epochs} of ${options.epochs} epochs`;
  if (isResumed) notices.push("The training went on from an earlier run; the time below is of this run alone.");
  if (status === "diverged") {
    notices.push(
      "The training diverged: the loss is no number any more, and the results on this page mean nothing. A smaller learning rate may help.",
    );
  }
  if (status === "interrupted") {
    notices.push(`The training was interrupted after ${reached}. This page shows what it had come to.`);
  }
  if (status === "completed" && epochs < options.epochs) {
    notices.push(
      `The training stopped after ${reached}, as the loss did not get better any more. The weights are those of the best epoch.`,
    );
  }
  return notices;
}

function figuresOf(outcome: Outcome, options: TrainOptions, test: Dataset): Facts {
  const { accuracy, loss, epochs, seconds, samplesPerSecond, isResumed } = outcome;
  const rows = test.y.shape[0] as number;
  return [
    ["test accuracy", percent(accuracy)],
    ["test loss", formatNumber(loss)],
    [`mistakes in ${grouped(rows)}`, grouped(Math.round((1 - accuracy) * rows))],
    ["epochs", `${grouped(epochs)} of ${grouped(options.epochs)}`],
    [isResumed ? "time of this run" : "training time", formatDuration(seconds)],
    // A run that found nothing left to do has no speed.
    ...(samplesPerSecond > 0 ? [["samples a second", grouped(Math.round(samplesPerSecond))] as const] : []),
  ];
}

/** The features' names, or their numbers from 0 where they have none. */
function featuresOf({ x, featureNames }: Dataset): string[] {
  const count = x.data.length / (x.shape[0] as number);
  return Array.from({ length: count }, (_, i) => featureNames?.[i] || `${i}`);
}

function firstKernel(net: Model, features: readonly string[], side: number | undefined): Kernel {
  const [kernel] = net.getWeights().filter(({ name }) => name.endsWith("/kernel"));
  if (!kernel) throw new ConfigError("report: a model with a dense layer expected");
  return { values: kernel.data, units: kernel.shape[1] as number, features, side };
}

/** Every option, with what was taken where the command line left it out. */
function settingsOf(name: string, net: Model, options: TrainOptions, { command }: Invocation): Setting[] {
  const optimizer = buildOptimizer(options);
  const settings = typeof optimizer === "string" ? {} : { ...optimizer.config, ...rateOf(optimizer) };
  const units = net.getWeights().filter((weight) => weight.name.endsWith("/bias"));
  const taken: Readonly<Record<string, unknown>> = {
    ...settings,
    layers: units.map(({ shape }) => shape[0]).join(),
    json: "no",
    ...((options.checkpoint ?? options.resume) !== undefined && { checkpointEvery: "1epoch" }),
    ...(isCsv(name) && {
      testSplit: DEFAULT_TEST_SPLIT,
      label: "the last column",
      header: "where it looks so",
      delimiter: ",",
    }),
  };
  return optionValues(command).map(({ flag, name, value, isDefault }) => {
    return { flag, value: value ?? `${taken[name] ?? "none"}`, isDefault };
  });
}

/** The learning rate it begins with. */
function rateOf({ learningRate }: Optimizer) {
  return { learningRate: typeof learningRate === "number" ? learningRate : learningRate.config["initialRate"] };
}

function noteOn({ status }: Outcome, { numerics }: TrainOptions, { build }: EngineInfo): string {
  if (status === "interrupted") {
    return "With the same data this command goes the whole way; the weights hash below is of where this training was stopped.";
  }
  if (status === "diverged") {
    return "With the same data this command diverges, too; the weights hash below is of where this training was stopped.";
  }
  const where =
    numerics === "reproducible" ? "on every machine" : `on machines that take the ${build} build of the core`;
  return `With the same data this command, run to its end, comes to the same weights, bit for bit, ${where}.`;
}
