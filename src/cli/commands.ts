import { Command, Option } from "commander";
import type { Format } from "../index.js";
import type { CsvSettings } from "./csv.js";
import type { ExampleSettings } from "./examples.js";
import {
  addCsvOptions,
  addTableOptions,
  count,
  type EngineSettings,
  jsonOption,
  numericsOption,
  threadsOption,
} from "./shared-options.js";

export interface JsonOption {
  readonly json?: true;
}

export interface PredictOptions extends ExampleSettings, JsonOption, Pick<EngineSettings, "numerics"> {
  readonly top?: number;
}

export interface EvaluateOptions extends CsvSettings, EngineSettings, JsonOption {}

export interface ExportOptions {
  readonly format?: Format;
  readonly classOutput?: true;
}

const MODEL = "a file of safetensors, ONNX (.onnx) or TensorFlow.js (model.json)";

const PREDICT_NOTES = `
Each example is a line: its number or its file's name, then the class and its probability, or the model's numbers.

A file's kind is told by its bytes. Columns of a .csv file are taken by name where it has a header and the model knows
its features' names, else all in order. Images become as large as the model's input by the mean over each pixel's area,
and grey where it has one channel, over white where they are transparent. Pixels (bytes) are divided by 255 by the model
itself or, where it does not begin with a rescaling or normalization layer, before it sees them.

Examples:
  neurone predict digits.safetensors seven.png --invert
  neurone predict iris.safetensors new-flowers.csv --top 3
  cat digits.idx.gz | neurone predict digits.onnx - --json`;

const EVALUATE_NOTES = `
Of mnist and of a folder the test part is taken, of a .csv file every row. The columns of a .csv file are taken by name
where it has a header and the model knows its features' names; its labels must be classes that the model knows. Bytes are
scaled as \`neurone predict\` does. Text for people goes to standard error.`;

/** The `predict` command without its action. */
export function predictCommand(): Command {
  const command = new Command("predict")
    .description("say what a model makes of examples: images, or rows of a table")
    .argument("<model>", MODEL)
    .argument("<file...>", "PNG or JPEG images, IDX or .csv files, or - for standard input")
    .option("--top <k>", "show the k best classes", count)
    .option("--invert", "images are dark ink on light paper, and the model learnt light on dark, as MNIST is");
  return addTableOptions(command)
    .addOption(numericsOption())
    .addOption(jsonOption())
    .addHelpText("after", PREDICT_NOTES);
}

/** The `evaluate` command without its action. */
export function evaluateCommand(): Command {
  const command = new Command("evaluate")
    .description("test a classifier on a dataset")
    .argument("<model>", MODEL)
    .argument("<dataset>", "mnist, a folder of IDX files, or a .csv file");
  return addCsvOptions(command)
    .addOption(threadsOption())
    .addOption(numericsOption())
    .addOption(jsonOption())
    .addHelpText("after", EVALUATE_NOTES);
}

/** The `inspect` command without its action. */
export function inspectCommand(): Command {
  return new Command("inspect")
    .description("show a model's layers, or what else its file holds")
    .argument("<model>", MODEL)
    .addOption(jsonOption());
}

/** The `export` command without its action. */
export function exportCommand(): Command {
  return new Command("export")
    .description("write a model in another format")
    .argument("<model>", MODEL)
    .argument("<out>", "where to: a name that ends with .safetensors, .onnx or .json (TensorFlow.js, shards beside it)")
    .addOption(
      new Option("--format <name>", "the format, whatever the name ends with").choices(["safetensors", "onnx", "tfjs"]),
    )
    .option("--class-output", "ONNX only: an output more, `class`, the id of the most likely class");
}
