import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { saveFlowers } from "./models.js";
import { lastLine, neurone } from "./neurone.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "neurone-inspect-"));
});

afterAll(() => rm(folder, { recursive: true }));

/** A file of safetensors: the length of its header, the header, the tensors' bytes. */
function tensorFile(header: object, bytes: number): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + bytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

describe.each([
  ["flowers.safetensors", "safetensors"],
  ["flowers.onnx", "onnx"],
  ["flowers.json", "tfjs"],
])("neurone inspect %s", (name, format) => {
  test("shows layers, shapes, parameters and names", async () => {
    const path = await saveFlowers(folder, name);
    const { code, stdout, stderr } = await neurone(`inspect ${path}`);
    const lines = stdout.split("\n");
    expect(lines.slice(0, 8)).toEqual([
      `${path}: ${format}`,
      "Layer  Output shape  Parameters  Settings",
      expect.stringMatching(/^-+$/),
      expect.stringMatching(/^dense {2}\[batch, 3\] +9 /),
      "Parameters: 9, trained: 9",
      "inputs: [2], outputs: [3]",
      "classes: rose, iris, lily",
      "features: width, length",
    ]);
    expect(lines.filter((line) => /^(neurone|classNames|featureNames):/.test(line))).toEqual([]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  test("prints all of it as one JSON object with --json", async () => {
    const { stdout } = await neurone(`inspect ${await saveFlowers(folder, name)} --json`);
    expect(stdout.split("\n")).toHaveLength(2);
    expect(lastLine(stdout)).toMatchObject({
      format,
      parameters: 9,
      inputs: [[2]],
      outputs: [[3]],
      classNames: ["rose", "iris", "lily"],
      featureNames: ["width", "length"],
      weightsHash: expect.stringMatching(/^[0-9a-f]{16}$/),
      tensors: [{ name: "dense/kernel", shape: [2, 3] }, { name: "dense/bias" }],
      architecture: { layers: [{ kind: "dense", config: { units: 3, activation: "softmax" } }] },
    });
  });
});

test("tensors without a network are listed, with what else the file says", async () => {
  const path = join(folder, "other.safetensors");
  const header = {
    __metadata__: { made: "by\u001b[2J others", long: "x".repeat(500) },
    "conv.weight": { dtype: "BF16", shape: [2, 3], data_offsets: [0, 12] },
  };
  await writeFile(path, tensorFile(header, 12));
  const { code, stdout } = await neurone(`inspect ${path}`);
  expect(stdout.split("\n")).toEqual([
    `${path}: safetensors`,
    "tensor conv.weight  BF16  [2, 3]",
    "1 tensor of 6 numbers",
    "made: by?[2J others",
    `long: ${"x".repeat(160)}... (500 characters)`,
    "",
  ]);
  expect(code).toBe(0);
  expect(lastLine((await neurone(`inspect ${path} --json`)).stdout)).toEqual({
    format: "safetensors",
    tensors: [{ name: "conv.weight", dtype: "BF16", shape: [2, 3] }],
    metadata: header.__metadata__,
    parameters: 6,
  });
});

test("a network that cannot be built is told with the reason", async () => {
  const path = join(folder, "unknown.json");
  const layers = [{ class_name: "LSTM", config: { name: "lstm", units: 4, batch_input_shape: [null, 5, 6] } }];
  const topology = { model_config: { class_name: "Sequential", config: { name: "net", layers } } };
  await writeFile(path, JSON.stringify({ format: "layers-model", modelTopology: topology, weightsManifest: [] }));
  const { code, stdout } = await neurone(`inspect ${path}`);
  expect(stdout).toMatch(/^no model can be made of it: .*LSTM/m);
  expect(stdout).toContain("0 tensors of 0 numbers\n");
  expect(code).toBe(0);
  expect(lastLine((await neurone(`inspect ${path} --json`)).stdout).unsupported).toContain("LSTM");
});

test.each([
  ["inspect", 2, /missing required argument 'model'; see neurone inspect --help/],
  ["inspect nowhere.onnx", 2, /nowhere\.onnx/],
  ["inspect package.json", 1, /package\.json/],
])("neurone %s ends with one line", async (args, code, message) => {
  const result = await neurone(args);
  expect(result.stderr).toMatch(/^neurone: [^\n]+\n$/);
  expect(result.stderr).toMatch(message);
  expect(result).toMatchObject({ code, stdout: "" });
});
