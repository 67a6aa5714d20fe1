import { Command, CommanderError } from "commander";
import { ConfigError, NeuroneError } from "../index.js";
import type { Io } from "./io.js";
import { type TrainOptions, trainCommand } from "./options.js";
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
  const command = trainCommand().action(async (dataset: string, options: TrainOptions) => {
    exitCode = await train(dataset, options, io);
  });
  const program = new Command("neurone")
    .description("Neural networks on the CPU: train a classifier from the command line.")
    .version(version)
    .addCommand(command);
  for (const each of [program, command]) {
    each.exitOverride().configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text) => fail(oneLine(text, each === command ? "neurone train --help" : "neurone --help"), 2),
    });
  }
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has printed what it had to say: help and version end with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    // Every setting here came from the command line, so one that cannot be used is bad usage.
    if (error instanceof ConfigError) return fail(error.message, 2);
    if (error instanceof NeuroneError) return fail(error.message, 1);
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
