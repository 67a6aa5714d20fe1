import cliProgress from "cli-progress";
import type { Output } from "./io.js";

/** Numbers by their name: loss, accuracy, val_loss, ... */
export type Logs = Readonly<Record<string, number>>;

/** How much training there is to do. */
export interface Workload {
  readonly epochs: number;
  /** Examples in an epoch. */
  readonly examples: number;
  /** Examples that were seen before this run. */
  readonly before: number;
}

/** Shows a training's course. */
export interface Progress {
  /** @param seen examples of this epoch seen so far; @param epoch from 0 */
  update(epoch: number, seen: number, logs: Logs): void;
  endEpoch(epoch: number, logs: Logs): void;
  /** Leaves the output on a fresh line, wherever the training stopped. */
  stop(): void;
}

/** Examples a second so far, and the seconds that the rest will take at that speed. */
export class Meter {
  readonly #workload: Workload;
  readonly #now: () => number;
  readonly #start: number;

  /** @param now a clock in milliseconds */
  constructor(workload: Workload, now: () => number = () => performance.now()) {
    this.#workload = workload;
    this.#now = now;
    this.#start = now();
  }

  /** @param epoch from 0; @param seen examples of that epoch seen so far */
  read(epoch: number, seen: number): { samplesPerSecond: number; secondsLeft: number } {
    const { epochs, examples, before } = this.#workload;
    const done = epoch * examples + seen;
    const seconds = (this.#now() - this.#start) / 1000;
    const samplesPerSecond = seconds > 0 ? (done - before) / seconds : 0;
    const secondsLeft = samplesPerSecond > 0 ? (epochs * examples - done) / samplesPerSecond : Infinity;
    return { samplesPerSecond, secondsLeft };
  }
}

/** A bar for each epoch on a terminal that can move its cursor, else a plain line for each. */
export function createProgress(output: Output, workload: Workload): Progress {
  const canRedraw = output.isTTY === true && process.env["TERM"] !== "dumb";
  return canRedraw ? new BarProgress(output, workload) : new LineProgress(output, workload);
}

class LineProgress implements Progress {
  readonly #output: Output;
  readonly #workload: Workload;
  readonly #meter: Meter;

  constructor(output: Output, workload: Workload) {
    this.#output = output;
    this.#workload = workload;
    this.#meter = new Meter(workload);
  }

  update(): void {}

  endEpoch(epoch: number, logs: Logs): void {
    const { epochs, examples } = this.#workload;
    const { samplesPerSecond, secondsLeft } = this.#meter.read(epoch, examples);
    this.#output.write(`epoch ${epoch + 1}/${epochs}: ${formatState(logs, samplesPerSecond, secondsLeft)}\n`);
  }

  stop(): void {}
}

class BarProgress implements Progress {
  readonly #output: Output;
  readonly #workload: Workload;
  readonly #meter: Meter;
  #bar: cliProgress.SingleBar | undefined;

  constructor(output: Output, workload: Workload) {
    this.#output = output;
    this.#workload = workload;
    this.#meter = new Meter(workload);
  }

  update(epoch: number, seen: number, logs: Logs): void {
    const { samplesPerSecond, secondsLeft } = this.#meter.read(epoch, seen);
    const payload = { state: formatState(logs, samplesPerSecond, secondsLeft) };
    if (this.#bar) this.#bar.update(seen, payload);
    else this.#bar = this.#start(epoch, seen, payload);
  }

  endEpoch(epoch: number, logs: Logs): void {
    this.update(epoch, this.#workload.examples, logs);
    this.stop();
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #start(epoch: number, seen: number, payload: object): cliProgress.SingleBar {
    const bar = new cliProgress.SingleBar({
      format: `epoch ${epoch + 1}/${this.#workload.epochs} [{bar}] {percentage}% {state}`,
      stream: this.#output,
      barsize: barSize(this.#output.columns),
      barCompleteChar: "=",
      barIncompleteChar: " ",
      // Cuts lines at the terminal's width instead of switching its wrapping off: an exit at any time leaves it as it was.
      linewrap: true,
      // An interrupt ends the training first, and that stops the bar.
      gracefulExit: false,
    });
    bar.start(this.#workload.examples, seen, payload);
    return bar;
  }
}

/** `loss 0.2563, accuracy 0.9241, 51234 samples/s, 4 s left`: the time is that of all epochs to come. */
function formatState(logs: Logs, samplesPerSecond: number, secondsLeft: number): string {
  const numbers = Object.entries(logs).map(([name, value]) => `${name} ${formatNumber(value)}`);
  return [...numbers, `${Math.round(samplesPerSecond)} samples/s`, `${formatDuration(secondsLeft)} left`].join(", ");
}

/** Four decimals; powers of ten where those would show nothing but zeros or an endless row of digits. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  return value === 0 || (size >= 1e-3 && size < 1e6) || !Number.isFinite(value)
    ? value.toFixed(4)
    : value.toExponential(3);
}

/** `1 epoch`, `5 epochs`. */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `0.09 s`, `1.2 s`, `34 s`, `2 min 5 s`, `2 h 5 min`; `?` for a time that cannot be told yet. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  if (seconds < 9.95) return `${Number(Math.max(0, seconds).toPrecision(2))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What a line of text leaves of a narrow terminal. */
function barSize(columns = 80): number {
  return Math.max(5, Math.min(20, columns - 76));
}
