#!/usr/bin/env node
import packageJson from "../../package.json" with { type: "json" };
import { run } from "./program.js";

/** Within this time a second signal is the first one's echo: npx forwards a Ctrl-C that its child got from the terminal. */
const ECHO_MS = 300;
/** By convention 128 + the signal's number. */
const INTERRUPTED = 130;

const interruption = new AbortController();
let interruptedAt = 0;

const interrupt = () => {
  if (!interruption.signal.aborted) {
    interruptedAt = performance.now();
    interruption.abort();
  } else if (performance.now() - interruptedAt > ECHO_MS) {
    process.exit(INTERRUPTED);
  }
};
process.on("SIGINT", interrupt);
// What a system sends that wants its programs to end.
process.on("SIGTERM", interrupt);

// Whoever read the output may have left: `neurone train mnist --json | head -0`.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const { stdin, stdout, stderr } = process;
process.exitCode = await run(process.argv.slice(2), packageJson.version, {
  stdin,
  stdout,
  stderr,
  signal: interruption.signal,
});
