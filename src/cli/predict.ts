import { ConfigError, init, type Prediction } from "../index.js";
import type { PredictOptions } from "./commands.js";
import { type Examples, readExamples } from "./examples.js";
import type { Io } from "./io.js";
import { printable } from "./printable.js";
import { formatNumber } from "./progress.js";
import { type Classes, classScores, openModel, predictWith, scaleBytes } from "./saved-model.js";

/** What is printed of one example. */
type Answer =
  | {
      readonly example: string;
      readonly class: number;
      readonly className: string;
      /** Missing where the scores are no probabilities. */
      readonly probability?: number;
      readonly scores: readonly number[];
    }
  | { readonly example: string; readonly values: readonly number[] };

/**
 * `neurone predict`: says what the model makes of each example, a line each, or all as one JSON object.
 * @returns the exit code
 */
export async function predict(
  path: string,
  files: readonly string[],
  options: PredictOptions,
  io: Io,
): Promise<number> {
  const { numerics, top = 1, json } = options;
  if (files.indexOf("-") !== files.lastIndexOf("-")) throw new ConfigError("standard input, -, can be read once only");
  await init({ numerics, threads: 1 });
  const model = await openModel(path);
  const all: Answer[] = [];
  for (const file of files) {
    const examples = await readExamples(file, model, options, io);
    const prediction = await predictWith(model, scaleBytes(examples.x, model), io.signal);
    const answers = toAnswers(prediction, model.classes, namesOf(examples, files.length > 1));
    if (json) all.push(...answers);
    else for (const answer of answers) io.stdout.write(`${format(answer, model.classes, top)}\n`);
  }
  if (json) io.stdout.write(`${JSON.stringify({ predictions: all })}\n`);
  return 0;
}

/** An image's file, a row's number; of several files both. */
function namesOf({ file, x, isImage }: Examples, isOneOfSeveral: boolean): string[] {
  if (isImage) return [file];
  return Array.from({ length: x.shape[0] as number }, (_, row) => (isOneOfSeveral ? `${file}:${row}` : `${row}`));
}

function toAnswers(prediction: Prediction, classes: Classes | undefined, names: readonly string[]): Answer[] {
  const { data } = classes ? classScores(prediction, classes) : prediction;
  const columns = data.length / names.length;
  return names.map((example, row) => {
    const values = [...data.subarray(row * columns, (row + 1) * columns)];
    if (!classes) return { example, values };
    const id = byScore(values)[0] as number;
    const probability = classes.output === "scores" ? {} : { probability: values[id] as number };
    return { example, class: id, className: classes.names[id] as string, ...probability, scores: values };
  });
}

/** The class ids, the one of the greatest score first, of equal ones the first. */
function byScore(scores: readonly number[]): number[] {
  return [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number));
}

/** `0  7  99.8 %`, and as much for each of the next best classes. */
function format(answer: Answer, classes: Classes | undefined, top: number): string {
  if ("values" in answer) return [printable(answer.example), ...answer.values.map(formatNumber)].join("  ");
  const { example, scores } = answer;
  const best = byScore(scores).slice(0, top);
  const parts = best.flatMap((id) => {
    const score = scores[id] as number;
    const shown = classes?.output === "scores" ? formatNumber(score) : `${(100 * score).toFixed(1)} %`;
    return [classes?.names[id] as string, shown];
  });
  return [example, ...parts].map(printable).join("  ");
}
