import { execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Seconds that a system may take for one answer. */
const LIMIT = 180;
const KEPT_ERRORS = 10_000;

/** A system at work on one task: a process that answers "go <amount>" until it is stopped. */
export class SystemProcess {
  #child;
  #lines;
  #ended;
  #errors = "";

  constructor(file, job) {
    const { env, ...rest } = job;
    const path = fileURLToPath(new URL(`../systems/${file}`, import.meta.url));
    const program = file.endsWith(".py") ? python() : process.execPath;
    this.#child = spawn(program, [path, JSON.stringify(rest)], { env: { ...process.env, ...env } });
    this.#child.stderr.on("data", (text) => {
      this.#errors = (this.#errors + text).slice(-KEPT_ERRORS);
    });
    this.#child.on("error", ({ message }) => {
      this.#errors += message;
    });
    this.#ended = new Promise((resolve) => this.#child.once("close", resolve));
    // Writing to a process that has ended is an error of its own; what it said before it ended tells more.
    this.#child.stdin.on("error", () => {});
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** What the system says once it is ready. */
  ready() {
    return this.#answer();
  }

  /** One round. */
  go(amount) {
    this.#child.stdin.write(`go ${amount}\n`);
    return this.#answer();
  }

  async stop() {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  /** The next line that is JSON: libraries print lines of their own. Throws when the process ends or takes too long. */
  async #answer() {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#child.kill("SIGKILL");
    }, LIMIT * 1000);
    try {
      while (true) {
        const { value, done } = await this.#lines.next();
        if (late) throw new Error(`no answer within ${LIMIT} s`);
        if (done) throw new Error(await this.#lastWords());
        if (value.startsWith("{")) return JSON.parse(value);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** The error message among what an ended process printed, or its last line. */
  async #lastWords() {
    await this.#ended;
    const lines = this.#errors.split("\n").filter((line) => line.trim() !== "");
    const message = lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? "ended without a word";
    return message.trim();
  }
}

let found;

/** The first Python that has PyTorch. */
export function python() {
  found ??= [process.env.PYTHON, "python3", "/usr/bin/python3"].filter(Boolean).find((program) => {
    try {
      execFileSync(program, ["-c", "import torch"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
  if (!found) throw new Error("no Python with PyTorch; PYTHON may name one");
  return found;
}
