import { Command, Option } from "commander";
import type { Interval } from "../index.js";
import type { CsvSettings } from "./csv.js";
import {
  addCsvOptions,
  count,
  type EngineSettings,
  fraction,
  interval,
  jsonOption,
  notNegative,
  numericsOption,
  positive,
  rate,
  threadsOption,
  units,
  wholeNumber,
} from "./shared-options.js";

/** `neurone train`'s options, checked as far as they can be without the dataset. */
export interface TrainOptions extends CsvSettings, EngineSettings {
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
  readonly save?: string;
  readonly checkpoint?: string;
  readonly checkpointEvery?: Interval;
  readonly resume?: string;
  readonly report?: string;
  readonly json?: true;
}

const NOTES = `
The model: dense layers, the last one with softmax. Pixels (bytes) are divided by 255; other numbers are scaled to mean 0
and variance 1 by the training part's statistics. In a .csv file every column but the label's is a feature. Labels are
names, or whole numbers that are classes (at most 256 different ones); a label column of other numbers is refused.

With --resume and the same other options a training that was stopped, or killed, comes to the same weights as if it never
had been. It begins anew where the folder holds no checkpoint yet, so the same line can start it, too. --epochs is part of
the cosine schedule: who may want more epochs later begins with --schedule constant. Interrupted (Ctrl-C, SIGTERM), a
training is kept where it stands; --save waits for its end.

Text for people goes to standard error. Ctrl-C stops after the current step and prints what was reached; a second one
stops at once. Exit code: 0 done, 1 failed or interrupted, 2 bad usage.

Examples:
  neurone train mnist
  neurone train mnist --layers 256,64,10 --optimizer adam --epochs 10 --dropout 0.2
  neurone train iris.csv --label species --layers 8,3 --epochs 50
  neurone train mnist --epochs 20 --resume digits --checkpoint-every 30s --save digits.safetensors
  neurone train mnist --validation-split 0.1 --report digits.html`;

/** The `train` command without its action. */
export function trainCommand(): Command {
  const command = new Command("train")
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
    .option("--momentum <factor>", "the optimizer's momentum", rate)
    .option("--weight-decay <factor>", "the optimizer's weight decay", notNegative)
    .option("--dropout <rate>", "after every dense layer but the last: the part of its outputs to drop", rate, 0)
    .option("--batch-size <n>", "examples in a step", count, 32)
    .option("--epochs <n>", "passes over the training part", count, 5)
    .option("--seed <n>", "decides the first weights, every shuffle, split and dropout", wholeNumber, 1)
    .option("--patience <n>", "stop after so many epochs without a better loss (of the validation part, if any)", count)
    .option("--validation-split <f>", "the part of the training examples to validate on after each epoch", fraction)
    .option("--test-split <f>", "the part of a .csv file to test on (default: 0.2)", fraction)
    .option("--save <file>", "keep the model: .safetensors, .onnx, or .json (TensorFlow.js)")
    .option("--checkpoint <folder>", "keep the training there from time to time, so that it can be resumed")
    .option("--checkpoint-every <length>", "how often, like 500steps, 2epochs or 30s (default: 1epoch)", interval)
    .option("--resume <folder>", "go on from its newest checkpoint, or that file, and keep the training there")
    .option("--report <file>", "write a page (.html): curves, mistakes, weights, settings, how to train it again");
  return addCsvOptions(command)
    .addOption(threadsOption())
    .addOption(numericsOption())
    .addOption(jsonOption())
    .addHelpText("after", NOTES);
}
