import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("../../examples/", import.meta.url));

/** What each example must print. */
const outputs: Readonly<Record<string, RegExp>> = {
  "back-propagation.mjs": /dL\/dw1 {2}by hand 0\.009419 {2}by neurone 0\.009419/,
  "branches.mjs": /loss \d\.\d+ -> 0\.\d+\n\[ 3, 3 \] \[ 3, 1 \]/,
  "classics.mjs":
    /^majority of 0 1 0: 0, of 1 1 0: 1\n(.*: margin 0\.[3-9]\d\n){3}one number instead of two: \[ '(1\.|0\.9).*'-(1\.|0\.9)/,
  "digits.mjs": /accuracy on the 10,000 test images: 0\.9/,
  "flowers.mjs": /100 % right/,
  "keep.mjs":
    /^somebody pulled the plug in epoch 777\nresumed: 1500 epochs, the same weights\n(.* 0\.0\d+( {2}(0\.9\d+|1\.000)){2} {2}0\.0\d+\n){3}$/,
  "perceptron.mjs":
    /^AND: separated after 9 epochs, 18 updates\n( {2}.*\n){19}OR: separated after 6 epochs, 9 updates\n( {2}.*\n){10}XOR: not separated after 50 epochs, 200 updates\n$/,
  "xor.mjs": /0 xor 0 = 0\.0\d+\n0 xor 1 = (0\.9\d+|1\.000)\n/,
};

test.each(readdirSync(folder))("examples/%s runs with the package's own name", async (file) => {
  expect(outputs[file], "every example has a line here").toBeDefined();
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { cwd: folder });
  expect(stderr).toBe("");
  expect(stdout).toMatch(outputs[file] as RegExp);
});
