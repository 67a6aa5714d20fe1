import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigError, DataError, FormatError, type NeuroneError } from "../../src/base/errors.js";
import { folder } from "../../src/data/folder.js";
import { gzip, idxBytes } from "./bytes.js";

let path: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "neurone-folder-"));
});
afterEach(() => rm(path, { recursive: true }));

type Files = Readonly<Record<string, Uint8Array>>;

const images = idxBytes(8, [2, 2, 1], [1, 2, 3, 4]);
const labels = idxBytes(8, [2], [1, 0]);
const mnistFiles: Files = {
  "train-images-idx3-ubyte": images,
  "train-labels-idx1-ubyte": labels,
  "t10k-images-idx3-ubyte": idxBytes(8, [1, 2, 1], [9, 8]),
  "t10k-labels-idx1-ubyte": idxBytes(8, [1], [2]),
};

async function write(files: Files) {
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(path, name), bytes);
}

const renamed = (rename: (name: string) => string): Files =>
  Object.fromEntries(Object.entries(mnistFiles).map(([name, bytes]) => [rename(name), bytes]));

describe("data.folder", () => {
  it.each<{ what: string; files: Files }>([
    { what: "MNIST's names", files: mnistFiles },
    {
      what: "gzip",
      files: Object.fromEntries(Object.entries(mnistFiles).map(([name, bytes]) => [`${name}.gz`, gzip(bytes)])),
    },
    { what: "a plain file and its broken gzip twin", files: { ...mnistFiles, "train-images-idx3-ubyte.gz": labels } },
    { what: "test in place of t10k", files: renamed((name) => name.replace("t10k", "test")) },
    { what: "a name before", files: renamed((name) => `emnist-digits-${name}`) },
    { what: "other files beside", files: { ...mnistFiles, "readme.md": labels, "train.log": labels } },
  ])("reads $what", async ({ files }) => {
    await write(files);
    expect(await folder(path)).toEqual({
      train: { x: { data: Uint8Array.of(1, 2, 3, 4), shape: [2, 2] }, y: { data: Int32Array.of(1, 0), shape: [2] } },
      test: { x: { data: Uint8Array.of(9, 8), shape: [1, 2] }, y: { data: Int32Array.of(2), shape: [1] } },
    });
  });

  it.each<{ what: string; files: Files; error: typeof NeuroneError; message: RegExp }>([
    {
      what: "two files of one kind",
      files: { "train-images-old": images },
      error: ConfigError,
      message: /one file of images expected in .*, found train-images-idx3-ubyte, train-images-old/,
    },
    {
      what: "fewer labels than images",
      files: { "train-labels-idx1-ubyte": idxBytes(8, [1], [1]) },
      error: FormatError,
      message: /^train-labels-idx1-ubyte: 2 labels expected, one an example of train-images-idx3-ubyte, got 1$/,
    },
    {
      what: "images for labels",
      files: { "train-labels-idx1-ubyte": images },
      error: FormatError,
      message: /^train-labels-idx1-ubyte: whole numbers of shape \[n\] expected as labels, got \[2, 2, 1\]$/,
    },
    {
      what: "labels with fractions",
      files: { "t10k-labels-idx1-ubyte": idxBytes(13, [1], [0x3f, 0, 0, 0]) },
      error: FormatError,
      message: /^t10k-labels-idx1-ubyte: whole numbers of shape \[n\] expected as labels/,
    },
    {
      what: "labels below 0",
      files: { "train-labels-idx1-ubyte": idxBytes(9, [2], [1, 255]) },
      error: DataError,
      message: /^train-labels-idx1-ubyte: class ids from 0 expected, got -1 for example 1$/,
    },
    {
      what: "a truncated file",
      files: { "t10k-images-idx3-ubyte": images.subarray(0, 17) },
      error: FormatError,
      message: /^t10k-images-idx3-ubyte: the header announces u8 \[2, 2, 1\], so 20 bytes expected, got 17$/,
    },
  ])("refuses $what", async ({ files, error, message }) => {
    await write({ ...mnistFiles, ...files });
    await expect(folder(path)).rejects.toThrow(error);
    await expect(folder(path)).rejects.toThrow(message);
  });

  it.each([
    { missing: "train-images-idx3-ubyte", message: /a file train-images\* expected in ".*", found none/ },
    { missing: "t10k-labels-idx1-ubyte", message: /a file t10k-labels\* expected in ".*", found none/ },
  ])("refuses a folder without $missing", async ({ missing, message }) => {
    await write(mnistFiles);
    await rm(join(path, missing));
    await expect(folder(path)).rejects.toThrow(ConfigError);
    await expect(folder(path)).rejects.toThrow(message);
  });

  it("refuses a folder that is not there", async () => {
    await expect(folder(join(path, "nowhere"))).rejects.toThrow(ConfigError);
    await expect(folder(join(path, "nowhere"))).rejects.toThrow(
      /^data\.folder: a folder expected, ".*" cannot be listed/,
    );
  });

  it("refuses a file that cannot be read", async () => {
    await write(mnistFiles);
    await rm(join(path, "train-images-idx3-ubyte"));
    await mkdir(join(path, "train-images-idx3-ubyte"));
    await expect(folder(path)).rejects.toThrow(ConfigError);
    await expect(folder(path)).rejects.toThrow(/^data\.folder: train-images-idx3-ubyte cannot be read in "/);
  });
});
