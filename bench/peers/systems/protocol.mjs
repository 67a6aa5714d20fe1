// What each system's process and run.mjs say to each other: a job on the command line, then lines of JSON.
import { createInterface } from "node:readline";

/** What this process shall do: the task's fields, the system's settings, and where the data lies. */
export const job = JSON.parse(process.argv[2]);

/**
 * Prepares the round of the job's kind, says that the system is ready, and answers each line "go <amount>" with the
 * seconds that the round took and what it came to: `{ loss }` or `{ output }`. Ends with the input.
 *
 * `about` tells readers what runs; `loss` what the system minimizes, where it is not what the task says.
 */
export async function serve(about, kinds, loss) {
  const round = kinds[job.kind]();
  say({ about, loss });
  for await (const line of createInterface({ input: process.stdin })) {
    const amount = Number(line.slice("go ".length));
    const start = performance.now();
    const result = await round(amount);
    const seconds = (performance.now() - start) / 1000;
    say({ seconds, ...result });
  }
  // A system may have workers that would keep the process alive.
  process.exit();
}

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
