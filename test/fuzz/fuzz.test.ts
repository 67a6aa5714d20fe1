import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../src/base/errors.js";
import { describeFailures, run } from "./run.js";
import type { Files, Target } from "./target.js";
import { targets } from "./targets.js";

const CASES = 1000;
const SEED = 1;

describe.each(Object.entries(targets))("%s", (_, open) => {
  test("files without damage are read", async () => {
    const { valid, read } = await open();
    expect(valid.length).toBeGreaterThan(0);
    for (const files of valid) await read(files);
  });

  test(`${CASES} damaged ones are read, or refused with a FormatError`, async () => {
    const report = await run(await open(), { cases: CASES, seed: SEED });
    expect(describeFailures(report)).toBe("");
    // With all of them of one kind, little would be tried.
    expect(report.accepted).toBeGreaterThan(CASES / 10);
    expect(report.refused).toBeGreaterThan(CASES / 10);
    expect(report.accepted + report.refused).toBe(CASES);
  });
});

describe("the fuzzer", () => {
  const bytesOf = (files: Files) => (files[0] as Files[number]).bytes;
  const target = (read: Target["read"]): Target => ({
    valid: [],
    cases: fc.uint8Array({ maxLength: 8 }).map((bytes) => [{ name: "file", bytes }]),
    read,
  });

  test("tells what was accepted from what was refused", async () => {
    const even = target((files) => {
      if (bytesOf(files).length % 2 === 1) throw new FormatError("odd");
    });
    const { accepted, refused, failures } = await run(even, { cases: 200, seed: SEED });
    expect(accepted).toBeGreaterThan(50);
    expect(accepted + refused).toBe(200);
    expect(failures).toEqual([]);
  });

  test("finds each kind of failure, with the smallest file that has it", async () => {
    const fragile = target(async (files) => {
      const bytes = bytesOf(files);
      if (bytes.length > 3) throw new TypeError("long");
      if (bytes.some((byte) => byte >= 100)) throw new RangeError("large");
    });
    const report = await run(fragile, { cases: 200, seed: SEED });
    const smallest = report.failures.map(({ error, files }) => [error.name, ...bytesOf(files)]).sort();
    expect(smallest).toEqual([
      ["RangeError", 100],
      ["TypeError", 0, 0, 0, 0],
    ]);
    expect(describeFailures(report)).toMatch(/seed 1, case [\d:]+: TypeError: long\n.*\nfile: 00000000/s);
  });

  test("finds memory that no file vouches for", async () => {
    const kept: Uint8Array[] = [];
    const greedy = target((files) => {
      if (bytesOf(files)[0] === 255) kept.push(new Uint8Array(2 ** 27 + 2 ** 20));
    });
    const report = await run(greedy, { cases: 200, seed: SEED });
    expect(report.failures.map(({ error }) => error.message)).toEqual([expect.stringMatching(/^took 13\d{7} bytes/)]);
    expect(report.failures.map(({ files }) => [...bytesOf(files)])).toEqual([[255]]);
  });

  test("finds what takes too long", async () => {
    const slow = target(async (files) => {
      if (bytesOf(files).length === 8) await new Promise((resolve) => setTimeout(resolve, 30));
    });
    const report = await run(slow, { cases: 30, seed: SEED, mostMilliseconds: 20 });
    expect(report.failures.map(({ error }) => error.message)).toEqual([expect.stringMatching(/^took \d+ ms$/)]);
  });
});
