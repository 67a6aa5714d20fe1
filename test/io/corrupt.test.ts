import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../src/base/errors.js";
import { decodeImage } from "../../src/cli/images.js";
import { csv } from "../../src/data/csv.js";
import { idx } from "../../src/data/idx.js";
import { readCheckpoint, readNative } from "../../src/io/native.js";
import { inspectOnnx, readOnnx } from "../../src/io/onnx/index.js";
import { checkResumable, type Resuming } from "../../src/io/resumable.js";
import { readSafetensors, toFloat32 } from "../../src/io/safetensors.js";
import { inspectTfjs, readTfjs } from "../../src/io/tfjs/index.js";
import { restoreModel } from "../../src/train/restore.js";
import { chunk, header, pngOf } from "../cli/image-bytes.js";
import { concat, gzip, idxBytes } from "../data/bytes.js";
import { memoryOf } from "../fuzz/memory.js";
import { soundCheckpoint } from "./corrupt/source/native.js";
import { file as safetensorsOf } from "./corrupt/source/safetensors.js";

type Reader = (bytes: Uint8Array, file: string) => unknown;

const corpus = fileURLToPath(new URL("corrupt/", import.meta.url));
const bytesOf = (path: string) => new Uint8Array(readFileSync(`${corpus}files/${path}`));

/** What lies beside a model of TensorFlow.js. */
async function shard(path: string): Promise<Uint8Array> {
  try {
    return bytesOf(`tfjs/${path}`);
  } catch {
    throw new FormatError(`model: no file ${path}`);
  }
}

const places = [
  { name: "d/kernel", shape: [3, 2] },
  { name: "d/bias", shape: [2] },
];
/** The training that the checkpoints of `resume` are not of. */
const resuming = async (): Promise<Resuming> => ({
  model: (await readCheckpoint(soundCheckpoint, "sound")).model,
  settings: { examples: 10, batchSize: 3, shuffle: true, "stateful callbacks": 1 },
  logNames: ["loss"],
  ...{ weights: places, trained: places, slots: 1, epochs: 9, steps: 4, totals: 2, theta: 8 },
});

const readers: Readonly<Record<string, Reader>> = {
  safetensors: readSafetensors,
  weights: (bytes, file) => readSafetensors(bytes, file).tensors.map((tensor) => toFloat32(tensor, file)),
  native: async (bytes, file) => restoreModel(await readNative(bytes, file), file),
  checkpoint: readCheckpoint,
  resume: async (bytes, path) => checkResumable({ path, ...(await readCheckpoint(bytes, path)) }, await resuming()),
  onnx: (bytes, file) => restoreModel(readOnnx(bytes, file), file),
  tfjs: async (bytes, file) => restoreModel(await readTfjs(bytes, shard, file), file),
  idx: (bytes, file) => idx(bytes, { file }),
  csv: (bytes, file) => csv(new TextDecoder().decode(bytes), { file }),
  png: decodeImage,
  jpeg: decodeImage,
};

async function failure(read: Reader, bytes: Uint8Array): Promise<Error> {
  try {
    await read(bytes, "model");
  } catch (error) {
    return error as Error;
  }
  return expect.fail("it was read");
}

/** The table of README.md: files by reader, each with what is wrong and what the error says. */
const table = Object.entries(readers).map(([reader, read]) => {
  const [, section = ""] = readFileSync(`${corpus}README.md`, "utf8").split(`\n## ${reader}\n`);
  const rows = (section.split("\n## ")[0] as string).matchAll(/^\| `(.+?)` \| (.+?) \| `(.+)` \|$/gm);
  return { reader, read, files: [...rows].map(([, name = "", wrong = "", error = ""]) => ({ name, wrong, error })) };
});

describe.each(table)("$reader", ({ reader, read, files }) => {
  test("has a line on each file, and a file for each line", () => {
    const names = readdirSync(`${corpus}files/${reader}`).filter((name) => !name.endsWith(".bin"));
    expect(files.map(({ name }) => name).sort()).toEqual(names.sort());
  });

  test.each(files)("$name: $wrong", async ({ name, error: message }) => {
    const error = await failure(read, bytesOf(`${reader}/${name}`));
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toContain(message);
    expect(error.message).toMatch(/^model[:,] /);
  });
});

test("a checkpoint that is not damaged is read, and can be resumed", async () => {
  const checkpoint = await readCheckpoint(soundCheckpoint, "sound");
  expect(checkpoint.run).toMatchObject({ epoch: 1, step: 1, state: { steps: 5 } });
  checkResumable({ path: "sound", ...checkpoint }, await resuming());
});

test("a damaged checkpoint is no model either", async () => {
  const { files } = table.find(({ reader }) => reader === "checkpoint") as (typeof table)[number];
  const damaged = files.filter(({ name }) => /^(flip|cut|zeros)/.test(name));
  expect(damaged.length).toBeGreaterThan(10);
  for (const { name } of damaged) {
    expect(await failure(readNative, bytesOf(`checkpoint/${name}`)), name).toBeInstanceOf(FormatError);
  }
  expect((await readNative(soundCheckpoint, "sound")).weights).toHaveLength(2);
});

test("what is only looked at is told, or refused the same way", () => {
  for (const name of readdirSync(`${corpus}files/onnx`))
    orFormatError(() => inspectOnnx(bytesOf(`onnx/${name}`), name));
  for (const name of readdirSync(`${corpus}files/tfjs`))
    orFormatError(() => inspectTfjs(bytesOf(`tfjs/${name}`), name));
});

function orFormatError(look: () => unknown): void {
  try {
    look();
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
  }
}

const MEBIBYTE = 2 ** 20;

test("no file of a few kB takes more than a few MiB, whatever sizes it announces", async () => {
  for (const { reader, read, files } of table) {
    for (const { name } of files) {
      const bytes = bytesOf(`${reader}/${name}`);
      const taken = await memoryOf(() => failure(read, bytes));
      expect({ reader, name, most: Math.max(taken, 16 * MEBIBYTE) }).toEqual({ reader, name, most: 16 * MEBIBYTE });
    }
  }
});

describe("what is too large to be kept", () => {
  const tensors = (count: number) => {
    const entries = Array.from({ length: count }, (_, i) => `"${i}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`);
    return safetensorsOf(`{${entries.join()}}`);
  };
  const deep = (depth: number) => safetensorsOf(`{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`);
  const small = { width: 3, height: 2, depth: 8, colourType: 0 };
  const zeros = new Uint8Array(64 * MEBIBYTE);
  const grey = bytesOf("../../../fixtures/images/grey.jpg");
  const scan = grey.findIndex((byte, i) => byte === 0xff && grey[i + 1] === 0xda);

  const trained = { optimizer: { name: "sgd", config: { learningRate: 0.1 } } };
  /** A model of an input [1] and one layer behind it. */
  const chain = (parts: object, compile?: object) => {
    const architecture = {
      inputs: [[1]],
      layers: [{ kind: "add", name: "a", config: {} }],
      nodes: [{ layer: 0, inputs: [0, 0], shape: [1] }],
      ...{ outputs: [1], list: true, seed: 0, ...parts },
    };
    const neurone = JSON.stringify({ version: 1, architecture, compile, metadata: {} });
    return safetensorsOf(JSON.stringify({ __metadata__: { neurone } }));
  };

  test.each([
    {
      what: "a sum of a million",
      bytes: () => chain({ nodes: [{ layer: 0, inputs: new Array(1e6).fill(0), shape: [1] }] }),
    },
    {
      what: "200 000 outputs",
      bytes: () => {
        const count = 2e5;
        const loss = new Array(count).fill({ name: "meanSquaredError" });
        return chain({ outputs: new Array(count).fill(1) }, { ...trained, loss, metrics: new Array(count).fill([]) });
      },
    },
  ])("native: $what is only long, and read", async ({ bytes }) => {
    await (readers["native"] as Reader)(bytes(), "model");
  });

  test.each([
    {
      what: "a header of more than 16 MiB",
      reader: "safetensors",
      bytes: () => safetensorsOf(new Uint8Array(2 ** 24 + 1).fill(0x20)),
      error: "a header of at most 16777216 bytes expected",
      most: 0,
    },
    {
      what: "65537 tensors",
      reader: "safetensors",
      bytes: () => tensors(65537),
      error: "at most 65536 tensors expected",
      most: 64,
    },
    {
      what: "lists 100 000 deep",
      reader: "safetensors",
      bytes: () => deep(1e5),
      error: "JSON nested at most 64 deep expected",
      most: 16,
    },
    {
      what: "a million objects",
      reader: "safetensors",
      bytes: () => safetensorsOf(`{"a":[${"{},".repeat(2 ** 20)}1]}`),
      error: "JSON of at most 1048576 values expected",
      most: 16,
    },
    {
      what: "5000 metrics for each of 5000 outputs",
      reader: "native",
      bytes: () =>
        chain(
          { outputs: new Array(5000).fill(1) },
          { ...trained, loss: { name: "meanSquaredError" }, metrics: new Array(5000).fill("accuracy") },
        ),
      error: "metrics must be a list of lists",
      most: 16,
    },
    {
      what: "a million and one quotes",
      reader: "csv",
      bytes: () => new TextEncoder().encode('"'.repeat(1e6 + 1)),
      error: "a closing quote expected",
      most: 64,
    },
    {
      what: "a million quotes, which are a cell",
      reader: "csv",
      bytes: () => new TextEncoder().encode('"'.repeat(1e6)),
      error: "at least one column besides the label expected",
      most: 64,
    },
    {
      what: "300 000 rows of which the last is short",
      reader: "csv",
      bytes: () => new TextEncoder().encode(`${"1,2\n".repeat(3e5)}1\n`),
      error: "line 300001, column 2: 2 cells expected",
      most: 128,
    },
    {
      what: "64 MiB of gzip behind a file of 18 bytes",
      reader: "idx",
      bytes: () => gzip(concat(idxBytes(8, [2, 3], [1, 2, 3, 4, 5, 6]), zeros)),
      error: "so 18 bytes expected, more came",
      most: 40,
    },
    {
      what: "64 MiB of pixels behind six",
      reader: "png",
      bytes: () => pngOf(header(small), chunk("IDAT", new Uint8Array(deflateSync(zeros)))),
      error: "8 bytes of PNG pixels expected",
      most: 4,
    },
    {
      what: "64 MiB of pixels behind six, interlaced",
      reader: "png",
      bytes: () => pngOf(header({ ...small, interlaced: true }), chunk("IDAT", new Uint8Array(deflateSync(zeros)))),
      error: "10 bytes of PNG pixels expected",
      most: 4,
    },
    {
      what: "5000 scans",
      reader: "jpeg",
      bytes: () => concat(grey.subarray(0, scan), ...new Array(5000).fill(grey.subarray(scan, -2)), grey.subarray(-2)),
      error: "fewer than 257 scans expected",
      most: 4,
    },
  ])("$reader: $what", async ({ reader, bytes: make, error: message, most }) => {
    const bytes = make();
    let error: Error | undefined;
    const taken = await memoryOf(async () => {
      error = await failure(readers[reader] as Reader, bytes);
    });
    expect(error).toBeInstanceOf(FormatError);
    expect(error?.message).toContain(message);
    expect(taken).toBeLessThan((most + 1) * MEBIBYTE);
  });
});
