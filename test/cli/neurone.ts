import { PassThrough, Readable } from "node:stream";
import { run } from "../../src/cli/program.js";

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command reads from and writes to, and what it wrote. */
export function catchOutput(signal = new AbortController().signal, input: readonly string[] = []) {
  const texts = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof texts) => {
    const through = new PassThrough();
    through.on("data", (chunk) => {
      texts[name] += String(chunk);
    });
    return through;
  };
  return { texts, io: { stdin: Readable.from(input), stdout: stream("stdout"), stderr: stream("stderr"), signal } };
}

/** Runs a command line, its arguments parted by spaces, in this process. */
export async function neurone(args: string, signal?: AbortSignal): Promise<Result> {
  const { texts, io } = catchOutput(signal);
  const argv = args.split(" ").filter((part) => part !== "");
  const code = await run(argv, "1.2.3", io);
  return { code, ...texts };
}

/** What `--json` printed. */
export function lastLine(text: string) {
  return JSON.parse(text.trimEnd().split("\n").at(-1) as string);
}
