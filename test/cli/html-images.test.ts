import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { idxBytes } from "../data/bytes.js";
import { temporaryFolder } from "../temporary-folder.js";
import { neurone } from "./neurone.js";

const SIDE = 8;

/** Class 0 is dark on its left, class 1 on its right, and one test example has the wrong label. */
function writeImages(folder: string): string {
  const pixels = (n: number) =>
    Array.from({ length: n * SIDE * SIDE }, (_, i) => {
      const isRight = i % SIDE >= SIDE / 2;
      return isRight === (Math.floor(i / (SIDE * SIDE)) % 2 === 1) ? 200 : 10;
    });
  const path = join(folder, "images");
  mkdirSync(path);
  for (const [part, n] of [
    ["train", 64],
    ["t10k", 6],
  ] as const) {
    const labels = Array.from({ length: n }, (_, i) => (part === "t10k" && i === 3 ? 0 : i % 2));
    writeFileSync(join(path, `${part}-images-idx3-ubyte`), idxBytes(8, [n, SIDE, SIDE], pixels(n)));
    writeFileSync(join(path, `${part}-labels-idx1-ubyte`), idxBytes(8, [n], labels));
  }
  return path;
}

test("a report on images shows the mistakes and the first layer's weights", async () => {
  const folder = temporaryFolder();
  const path = writeImages(folder);
  const report = join(folder, "report.html");
  const { code } = await neurone(
    `train ${path} --layers 5,2 --activation tanh --learning-rate 0.05 --epochs 20 --report ${report}`,
  );
  expect(code).toBe(0);
  const page = readFileSync(report, "utf8");
  const images = [...page.matchAll(/<img src="data:image\/png;base64,([^"]+)" width="8" height="8" alt="([^"]+)">/g)];
  expect(images.map(([, , alt]) => alt)).toEqual([
    "test example 3, 0",
    ...Array.from({ length: 5 }, (_, unit) => `weights of unit ${unit}`),
  ]);
  const decode = (i: number) => PNG.sync.read(Buffer.from(images[i]?.[1] as string, "base64"));
  const mistake = decode(0);
  expect([...mistake.data.subarray(0, 4 * SIDE)].filter((_, i) => i % 4 === 0)).toEqual([
    10, 10, 10, 10, 200, 200, 200, 200,
  ]);
  expect(decode(1)).toMatchObject({ width: 8, height: 8 });
  expect(page).toContain("<bdi>0</bdi> taken for <b><bdi>1</bdi></b>");
  expect(page).toContain("all 5 units");
});
