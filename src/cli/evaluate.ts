import { ConfigError, type Dataset, init, type Loss, losses, metrics, type Tensor } from "../index.js";
import type { EvaluateOptions } from "./commands.js";
import { loadTestData } from "./dataset.js";
import { asExamples } from "./examples.js";
import type { Io } from "./io.js";
import { targetsFor } from "./model.js";
import { printable } from "./printable.js";
import { formatCount, formatNumber } from "./progress.js";
import { reportMistakes } from "./report.js";
import { type Classes, classScores, openModel, predictWith, type SavedModel, scaleBytes } from "./saved-model.js";

/** The loss of a model that brings none along. */
const LOSSES = {
  softmax: losses.sparseCategoricalCrossentropy(),
  sigmoid: losses.binaryCrossentropy(),
  scores: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
} as const;

/**
 * `neurone evaluate`: tests a classifier on a dataset and prints what it got wrong.
 * @returns the exit code
 */
export async function evaluate(path: string, name: string, options: EvaluateOptions, io: Io): Promise<number> {
  const { numerics, threads, json } = options;
  const engine = await init({ numerics, threads });
  const model = await openModel(path);
  const { classes, featureNames, input, net } = model;
  if (!classes) {
    throw new ConfigError(
      `${path}: a classifier expected, whose last activation is softmax or sigmoid or whose classes have names`,
    );
  }
  const test = await loadTestData(name, options, { classNames: classes.names, featureNames });
  const x = scaleBytes(asExamples(test.x, input, name), model);
  const say = (text: string) => io.stderr.write(`${text}\n`);
  say(printable(`${name}: ${formatCount(test.y.shape[0] as number, "test example")}, ${classes.names.length} classes`));
  const loss = await lossOn(model, classes, x, test, io.signal);
  const scores = classScores(await predictWith(model, x, io.signal), classes);
  const accuracy = accuracyOf(metrics.confusionMatrix(test.y, scores));
  say(`test: loss ${formatNumber(loss)}, accuracy ${formatNumber(accuracy)}`);
  say(reportMistakes(pictured(test, classes), classes.names, scores, io.stderr.columns));
  if (json) {
    const result = {
      model: path,
      dataset: name,
      testAccuracy: accuracy,
      testLoss: loss,
      examples: test.y.shape[0],
      build: engine.build,
      threads: engine.threads,
      weightsHash: net.weightsHash(),
    };
    io.stdout.write(`${JSON.stringify(result)}\n`);
  }
  return 0;
}

/** The model's own loss, or cross entropy where its file says none. */
async function lossOn(
  { net }: SavedModel,
  { names, output }: Classes,
  x: Tensor,
  test: Dataset,
  signal: AbortSignal,
): Promise<number> {
  if (net.losses.length === 0) net.compile({ loss: LOSSES[output] });
  const [{ name }] = net.losses as readonly [Loss];
  const y = output === "sigmoid" ? test.y : targetsFor(test, names.length, name);
  return (await net.evaluate(x, y, { signal })).loss;
}

function accuracyOf(counts: readonly (readonly number[])[]): number {
  const right = counts.reduce((sum, row, id) => sum + (row[id] as number), 0);
  return right / counts.flat().reduce((sum, count) => sum + count, 0);
}

/** Mistakes are drawn with the probability they had: images are none where the scores are no probabilities. */
function pictured(test: Dataset, { output }: Classes): Dataset {
  return output === "scores" ? { ...test, x: { ...test.x, data: Float32Array.from(test.x.data) } } : test;
}
