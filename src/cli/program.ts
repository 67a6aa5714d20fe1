import { Command, CommanderError } from "commander";
import { ConfigError, NeuroneError } from "../index.js";
import {
  type EvaluateOptions,
  type ExportOptions,
  evaluateCommand,
  exportCommand,
  inspectCommand,
  type JsonOption,
  type PredictOptions,
  predictCommand,
} from "./commands.js";
import { evaluate } from "./evaluate.js";
import { exportModel } from "./export.js";
import { inspectModel } from "./inspect.js";
import type { Io } from "./io.js";
import { type TrainOptions, trainCommand } from "./options.js";
import { predict } from "./predict.js";
import { printable } from "./printable.js";
import { train } from "./train.js";

/**
 * Runs one command line.
 * @param argv the arguments, without node and script
 * @returns the exit code: 0 success, 1 a run that failed or was interrupted, 2 bad usage
 */
export async function run(argv: readonly string[], version: string, io: Io): Promise<number> {
  const fail = (message: string, exitCode: number) => {
    io.stderr.write(`neurone: ${message}\n`);
    return exitCode;
  };
  if (argv.length === 0) return fail("a command is missing; try neurone train mnist, or neurone --help", 2);
  let exitCode = 0;
  const commands = [
    trainCommand().action(async (dataset: string, options: TrainOptions, command: Command) => {
      exitCode = await train(dataset, options, { version, command }, io);
    }),
    predictCommand().action(async (model: string, files: readonly string[], options: PredictOptions) => {
      exitCode = await predict(model, files, options, io);
    }),
    evaluateCommand().action(async (model: string, dataset: string, options: EvaluateOptions) => {
      exitCode = await evaluate(model, dataset, options, io);
    }),
    inspectCommand().action(async (model: string, options: JsonOption) => {
      exitCode = await inspectModel(model, options, io);
    }),
    exportCommand().action(async (model: string, out: string, options: ExportOptions) => {
      exitCode = await exportModel(model, out, options, io);
    }),
  ];
  const program = new Command("neurone")
    .description(
      "Neural networks on the CPU: train a classifier, test it, ask it and convert it from the command line.",
    )
    .version(version);
  for (const each of [program, ...commands]) {
    if (each !== program) program.addCommand(each);
    const help = each === program ? "neurone --help" : `neurone ${each.name()} --help`;
    each.exitOverride().configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text) => fail(oneLine(text, help), 2),
    });
  }
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has printed what it had to say: help and version end with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (io.signal.aborted && error === io.signal.reason) return fail("interrupted", 1);
    // Every setting here came from the command line, so one that cannot be used is bad usage.
    if (error instanceof NeuroneError) return fail(printable(error.message), error instanceof ConfigError ? 2 : 1);
    return fail(error instanceof Error ? (error.stack ?? error.message) : String(error), 1);
  }
}

/** Commander's message and suggestion in one line, with where to look for more. */
function oneLine(text: string, help: string): string {
  const message = text
    .replace(/^error: /, "")
    .trim()
    .replace(/\s*\n\s*/g, " ");
  return `${message}; see ${help}`.replace(/\.; see/, "; see");
}
