import { PassThrough } from "node:stream";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Output } from "../../src/cli/io.js";
import { createProgress, formatDuration, formatNumber, Meter } from "../../src/cli/progress.js";

const workload = { epochs: 2, examples: 100, before: 0 };
const logs = { loss: 0.25, accuracy: 0.9 };

function output(isTTY: boolean): { stream: Output; text: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 100 });
  let text = "";
  stream.on("data", (chunk) => {
    text += String(chunk);
  });
  return { stream, text: () => text };
}

function show(isTTY: boolean): string {
  const { stream, text } = output(isTTY);
  const progress = createProgress(stream, workload);
  progress.update(0, 50, logs);
  progress.endEpoch(0, logs);
  progress.update(1, 50, logs);
  progress.stop();
  return text();
}

afterEach(() => vi.unstubAllEnvs());

test("the meter tells speed so far and time left for all epochs", () => {
  let now = 1000;
  const meter = new Meter(workload, () => now);
  expect(meter.read(0, 0)).toEqual({ samplesPerSecond: 0, secondsLeft: Number.POSITIVE_INFINITY });
  now += 3000;
  expect(meter.read(1, 50)).toEqual({ samplesPerSecond: 50, secondsLeft: 1 });
});

describe("without a terminal", () => {
  test("each epoch is one plain line", () => {
    expect(show(false)).toMatch(/^epoch 1\/2: loss 0\.2500, accuracy 0\.9000, \d+ samples\/s, [\d.]+ s left\n$/);
  });

  test("nor with one that cannot move its cursor", () => {
    vi.stubEnv("TERM", "dumb");
    expect(show(true)).toMatch(/^epoch 1\/2: [^\r\x1b\n]*\n$/);
  });
});

test("on a terminal each epoch is a bar without colours, left on a fresh line", () => {
  vi.stubEnv("TERM", "xterm");
  const text = show(true);
  expect(text).toContain("epoch 1/2 [====================] 100% loss 0.2500, accuracy 0.9000");
  expect(text).toContain("epoch 2/2 [==========          ] 50%");
  expect(text.endsWith("\n")).toBe(true);
  expect(text).not.toMatch(/\x1b\[[\d;]*m/);
});

test("numbers keep their size visible", () => {
  expect([0, 0.25, 12.34567, 0.00012345, 1e7, Number.NaN].map(formatNumber)).toEqual([
    "0.0000",
    "0.2500",
    "12.3457",
    "1.234e-4",
    "1.000e+7",
    "NaN",
  ]);
});

test.each([
  [-1, "0 s"],
  [0, "0 s"],
  [0.00042, "0.00042 s"],
  [0.0913, "0.091 s"],
  [0.09, "0.09 s"],
  [0.5, "0.5 s"],
  [0.996, "1 s"],
  [1.24, "1.2 s"],
  [9.94, "9.9 s"],
  [9.96, "10 s"],
  [34.4, "34 s"],
  [59.4, "59 s"],
  [59.6, "1 min 0 s"],
  [125, "2 min 5 s"],
  [3599.4, "59 min 59 s"],
  [3599.5, "1 h 0 min"],
  [7170, "2 h 0 min"],
  [7500, "2 h 5 min"],
  [Infinity, "?"],
])("%s seconds are %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
