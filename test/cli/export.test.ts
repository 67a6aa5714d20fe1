import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inspect, load } from "../../src/index.js";
import { flowers, saveFlowers } from "./models.js";
import { neurone } from "./neurone.js";

let folder: string;
let source: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "neurone-export-"));
  source = await saveFlowers(folder, "flowers.safetensors");
});

afterAll(() => rm(folder, { recursive: true }));

test("a model goes through all formats and stays the same", async () => {
  const hash = (await load(source)).weightsHash();
  let from = source;
  for (const name of ["a.onnx", "b.json", "c.safetensors"]) {
    const to = join(folder, name);
    const { code, stdout, stderr } = await neurone(`export ${from} ${to}`);
    expect(stdout).toBe("");
    expect(stderr).toBe(`${from} was written to ${to}\n`);
    expect(code).toBe(0);
    from = to;
  }
  const net = await load(from);
  expect(net.weightsHash()).toBe(hash);
  expect(net.metadata).toEqual(flowers);
});

test("--format counts for more than the name", async () => {
  const to = join(folder, "model");
  expect(await neurone(`export ${source} ${to} --format onnx`)).toMatchObject({ code: 0 });
  expect((await inspect(to)).format).toBe("onnx");
});

test("--class-output adds the class to an ONNX model", async () => {
  const to = join(folder, "class.onnx");
  expect(await neurone(`export ${source} ${to} --class-output`)).toMatchObject({ code: 0 });
  expect((await inspect(to)).operators?.map(({ operator }) => operator)).toContain("ArgMax");
});

test.each([
  ["export SOURCE", 2, /missing required argument 'out'; see neurone export --help/],
  ["export SOURCE FOLDER/flowers.h5", 2, /flowers\.h5/],
  ["export SOURCE FOLDER/out --format h5", 2, /Allowed choices are safetensors, onnx, tfjs/],
  ["export SOURCE FOLDER/out.json --class-output", 2, /classOutput/],
  ["export nowhere.onnx FOLDER/out.json", 2, /nowhere\.onnx/],
  ["export FOLDER/broken.onnx FOLDER/out.json", 1, /broken\.onnx/],
  ["export SOURCE FOLDER/flowers.safetensors/out.onnx", 1, /out\.onnx/],
])("neurone %s ends with one line and writes nothing", async (args, code, message) => {
  await writeFile(join(folder, "broken.onnx"), Uint8Array.of(255, 255, 255));
  const before = await readFile(source);
  const result = await neurone(args.replaceAll("SOURCE", source).replaceAll("FOLDER", folder));
  expect(result.stderr).toMatch(/^neurone: [^\n]+\n$/);
  expect(result.stderr).toMatch(message);
  expect(result).toMatchObject({ code, stdout: "" });
  expect(await readFile(source)).toEqual(before);
  await expect(readFile(join(folder, "out.json"))).rejects.toThrow("ENOENT");
});
