import { Command, InvalidArgumentError, Option } from "commander";

/** `neurone train`'s options, checked as far as they can be without the dataset. */
export interface TrainOptions {
  readonly layers?: readonly number[];
  readonly activation: string;
  readonly loss: string;
  readonly optimizer: string;
  readonly learningRate?: number;
  readonly schedule: "constant" | "cosine";
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly dropout: number;
  readonly batchSize: number;
  readonly epochs: number;
  readonly seed: number;
  readonly patience?: number;
  readonly validationSplit?: number;
  readonly testSplit?: number;
  readonly label?: string;
  readonly header?: boolean;
  readonly delimiter?: string;
  readonly threads: number | "auto";
  readonly numerics: "fast" | "reproducible";
  readonly json?: true;
}

const NOTES = `
The model: dense layers, the last one with softmax. Pixels (bytes) are divided by 255; other numbers are scaled to mean 0
and variance 1 by the training part's statistics. In a .csv file every column but the label's is a feature. Labels are
names, or whole numbers that are classes (at most 256 different ones); a label column of other numbers is refused.

Text for people goes to standard error. Ctrl-C stops after the current step and prints what was reached; a second one
stops at once. Exit code: 0 done, 1 failed or interrupted, 2 bad usage.

Examples:
  neurone train mnist
  neurone train mnist --layers 256,64,10 --optimizer adam --epochs 10 --dropout 0.2
  neurone train iris.csv --label species --layers 8,3 --epochs 50`;

/** The `train` command without its action. */
export function trainCommand(): Command {
  return new Command("train")
    .description("train a classifier and test it; the defaults make `neurone train mnist` learn to read digits")
    .argument("<dataset>", "mnist, a folder of IDX files, or a .csv file")
    .option(
      "--layers <units>",
      "units of each dense layer, the last one's the number of classes (default: 128,<classes>)",
      units,
    )
    .option("--activation <name>", "of every layer but the last", "relu")
    .option(
      "--loss <name>",
      "the loss; classes become one-hot rows where it wants them",
      "sparseCategoricalCrossentropy",
    )
    .option("--optimizer <name>", "the optimizer", "sgd")
    .option(
      "--learning-rate <rate>",
      "the learning rate it starts with (default: 0.3 for sgd, times 1 - momentum; else the optimizer's own)",
      positive,
    )
    .addOption(
      new Option("--schedule <kind>", "constant, or cosine: down to a tenth of the learning rate by the last epoch")
        .choices(["constant", "cosine"])
        .default("cosine"),
    )
    .option("--momentum <factor>", "the optimizer's momentum", notNegative)
    .option("--weight-decay <factor>", "the optimizer's weight decay", notNegative)
    .option("--dropout <rate>", "after every dense layer but the last: the part of its outputs to drop", rate, 0)
    .option("--batch-size <n>", "examples in a step", count, 32)
    .option("--epochs <n>", "passes over the training part", count, 5)
    .option("--seed <n>", "decides the first weights, every shuffle, split and dropout", wholeNumber, 1)
    .option("--patience <n>", "stop after so many epochs without a better loss (of the validation part, if any)", count)
    .option("--validation-split <f>", "the part of the training examples to validate on after each epoch", fraction)
    .option("--test-split <f>", "the part of a .csv file to test on (default: 0.2)", fraction)
    .option("--label <column>", "the label's column in a .csv file: its name, or its number from 0 (default: the last)")
    .option("--header", "a .csv file's first row names the columns (default: where it looks so)")
    .option("--no-header", "a .csv file's first row is an example")
    .option("--delimiter <text>", 'what separates the cells of a .csv file, "tab" among others (default: ",")')
    .option("--threads <n>", 'threads that share a step, 1 to 128, or "auto": as many as are fastest', threads, "auto")
    .addOption(
      new Option("--numerics <kind>", "fast, or reproducible: the same bits on every engine")
        .choices(["fast", "reproducible"])
        .default("fast"),
    )
    .option("--json", "print the result as one JSON object on the last line of standard output")
    .addHelpText("after", NOTES);
}

function units(text: string): readonly number[] {
  return text
    .split(",")
    .map((part) => parse(part, /^[1-9]\d*$/, () => true, "Whole numbers of at least 1, like 128,10, are"));
}

function count(text: string): number {
  return parse(text, /^\d+$/, (value) => value >= 1, "A whole number of at least 1 is");
}

function wholeNumber(text: string): number {
  return parse(text, /^\d+$/, () => true, "A whole number of at least 0 is");
}

function threads(text: string): number | "auto" {
  return text === "auto"
    ? text
    : parse(text, /^\d+$/, (value) => value >= 1 && value <= 128, 'A whole number from 1 to 128, or "auto", is');
}

function positive(text: string): number {
  return parse(text, DECIMAL, (value) => value > 0, "A number above 0 is");
}

function notNegative(text: string): number {
  return parse(text, DECIMAL, () => true, "A number of at least 0 is");
}

function rate(text: string): number {
  return parse(text, DECIMAL, (value) => value < 1, "A number from 0 to below 1 is");
}

function fraction(text: string): number {
  return parse(text, DECIMAL, (value) => value > 0 && value < 1, "A number between 0 and 1 is");
}

const DECIMAL = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Number() alone would take "", "0x10" and " 1". */
function parse(text: string, form: RegExp, fits: (value: number) => boolean, wanted: string): number {
  const value = Number(text);
  const isKept = form === DECIMAL ? Number.isFinite(value) : Number.isSafeInteger(value);
  if (!form.test(text) || !isKept || !fits(value)) throw new InvalidArgumentError(`${wanted} expected.`);
  return value;
}
