import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import type { data } from "../../src/data/index.js";
import { gzip, idxBytes } from "./bytes.js";

describe("the readers, bundled for a browser", () => {
  let bundled: typeof data;
  /** Bytes as the bundle's own realm has them. */
  let bytesOf: (bytes: Uint8Array) => Uint8Array;

  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL("../../src/data/index.ts", import.meta.url))],
      bundle: true,
      write: false,
      platform: "neutral",
      format: "iife",
      globalName: "neurone",
      logLevel: "silent",
    });
    // What browsers have and the language itself has not; above all no process, Buffer or require.
    const browser = createContext({ DecompressionStream, ReadableStream });
    runInContext(outputFiles[0]?.text as string, browser);
    bundled = runInContext("neurone.data", browser);
    bytesOf = runInContext("(bytes) => Uint8Array.from(bytes)", browser);
  });

  it("read CSV", () => {
    const { x, y, classNames } = bundled.csv("a,b\n1,x\n2,y\n");
    expect([[...x.data], [...y.data], classNames]).toEqual([
      [1, 2],
      [0, 1],
      ["x", "y"],
    ]);
    expect(() => bundled.csv("a,b\n1,x\nword,y\n")).toThrow('CSV, line 3, column 1 ("a"): a number expected');
  });

  it("read IDX, plain and gzip", async () => {
    const bytes = idxBytes(8, [3], [1, 2, 3]);
    for (const given of [bytes, gzip(bytes)]) expect([...(await bundled.idx(bytesOf(given))).data]).toEqual([1, 2, 3]);
  });

  it.each(["folder", "mnist"] as const)("say that data.%s takes Node", async (name) => {
    const message = new RegExp(
      `^data\\.${name} reads files, which takes Node; elsewhere, fetch the files and use data\\.idx$`,
    );
    await expect(name === "mnist" ? bundled.mnist() : bundled[name]("digits")).rejects.toThrow(
      expect.objectContaining({ name: "ConfigError", message: expect.stringMatching(message) }),
    );
  });
});
