import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { layers, sequential } from "../../src/index.js";
import { idxBytes } from "../data/bytes.js";
import { flowers, saveDifference, saveFlowers } from "./models.js";
import { lastLine, neurone } from "./neurone.js";

let folder: string;
let flowerModel: string;
let table: string;

async function put(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "neurone-evaluate-"));
  flowerModel = await saveFlowers(folder, "flowers.safetensors");
  // One of the four is wrong: a lily that is as long as an iris.
  table = await put("flowers.csv", "length,width,name\n0,5,rose\n6,0,iris\n-4,-4,lily\n3,0,lily\n");
});

afterAll(() => rm(folder, { recursive: true }));

describe("a .csv file", () => {
  test("is taken whole, its classes and columns by the model's names", async () => {
    const { code, stdout, stderr } = await neurone(`evaluate ${flowerModel} ${table} --threads 1 --json`);
    const softmax = (scores: readonly number[], id: number) =>
      -Math.log(Math.exp(scores[id] as number) / scores.reduce((sum, score) => sum + Math.exp(score), 0));
    const total = softmax([5, 0, 0], 0) + softmax([0, 6, 0], 1) + softmax([-4, -4, 0], 2) + softmax([0, 3, 0], 2);
    expect(stdout.split("\n")).toHaveLength(2);
    expect(lastLine(stdout)).toEqual({
      model: flowerModel,
      dataset: table,
      testAccuracy: 0.75,
      testLoss: expect.closeTo(total / 4, 5),
      examples: 4,
      build: expect.stringMatching(/^(baseline|relaxed)$/),
      threads: 1,
      weightsHash: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(stderr).toContain("4 test examples, 3 classes\n");
    expect(stderr).toContain(", accuracy 0.7500\n");
    expect(stderr).toContain("lily     .     1     1\n");
    expect(stderr).toContain("lily taken for iris: 1\n");
    expect(code).toBe(0);
  });

  test("prints nothing on standard output without --json", async () => {
    expect(await neurone(`evaluate ${flowerModel} ${table}`)).toMatchObject({ code: 0, stdout: "" });
  });

  test("may have its label elsewhere and no header", async () => {
    const file = await put("label-first.csv", "rose,5,0\niris,0,6\n");
    const { stdout } = await neurone(`evaluate ${flowerModel} ${file} --label 0 --no-header --json`);
    expect(lastLine(stdout)).toMatchObject({ testAccuracy: 1, examples: 2 });
  });

  test("with labels that the model does not know is refused by their names", async () => {
    const file = await put("tulips.csv", "length,width,name\n0,5,tulip\n0,5,rose\n0,5,daisy\n");
    expect(await neurone(`evaluate ${flowerModel} ${file}`)).toEqual({
      code: 1,
      stdout: "",
      stderr: `neurone: ${file}: labels that the model knows, "rose", "iris", "lily", expected, got "tulip", "daisy"\n`,
    });
  });

  test("with numbers as labels means the ids of a model without names, and no others", async () => {
    const nameless = await saveFlowers(folder, "nameless.safetensors", {});
    const ids = await put("ids.csv", "5,0,0\n0,6,1\n");
    expect(lastLine((await neurone(`evaluate ${nameless} ${ids} --json`)).stdout)).toMatchObject({ testAccuracy: 1 });
    const other = await put("other-ids.csv", "5,0,0\n0,6,3\n");
    const { code, stderr } = await neurone(`evaluate ${nameless} ${other}`);
    expect(stderr).toMatch(/labels that the model knows, "0", "1", "2", expected, got "3"/);
    expect(code).toBe(1);
  });
});

describe("the loss", () => {
  test("is the model's own where its file says one", async () => {
    const net = sequential({ layers: [layers.dense({ inputShape: [2], units: 3, activation: "softmax" })] });
    net.setWeights([new Float32Array(6), [0, 0, 0]]);
    net.compile({ loss: "sumSquaredError" });
    net.metadata = flowers;
    const path = join(folder, "squares.safetensors");
    await net.save(path);
    const { testLoss } = lastLine((await neurone(`evaluate ${path} ${table} --json`)).stdout);
    expect(testLoss).toBeCloseTo((2 / 3) ** 2 + 2 * (1 / 3) ** 2, 5);
  });

  test("of one sigmoid output is binary cross entropy", async () => {
    const model = await saveDifference(folder, "sigmoid.safetensors", "sigmoid", { classNames: ["no", "yes"] });
    const file = await put("answers.csv", "3,1,yes\n1,3,no\n1,3,yes\n");
    const { stdout, stderr } = await neurone(`evaluate ${model} ${file} --json`);
    const [right, wrong] = [1, -1].map((sign) => Math.log(1 + Math.exp(-2 * sign))) as [number, number];
    expect(lastLine(stdout)).toMatchObject({
      testAccuracy: expect.closeTo(2 / 3, 10),
      testLoss: expect.closeTo((2 * right + wrong) / 3, 5),
    });
    expect(stderr).toContain("yes taken for no: 1\n");
  });

  test("of scores is the cross entropy of their softmax", async () => {
    const model = await saveFlowers(folder, "scores.safetensors", undefined, "linear");
    const [first, second] = await Promise.all(
      [model, flowerModel].map(async (path) => lastLine((await neurone(`evaluate ${path} ${table} --json`)).stdout)),
    );
    expect(first.testLoss).toBeCloseTo(second.testLoss, 5);
    expect(first.testAccuracy).toBe(0.75);
  });
});

describe("a folder of IDX files", () => {
  /** Images of 8 x 8, white for class 1, black for class 0; the last one of four has the other's label. */
  async function imageFolder(labels: readonly number[]): Promise<string> {
    const path = join(folder, `images-${labels.join("")}`);
    await mkdir(path, { recursive: true });
    const pixels = [0, 255, 0, 255].flatMap((pixel) => new Array<number>(64).fill(pixel));
    for (const part of ["train", "t10k"]) {
      await writeFile(join(path, `${part}-images`), idxBytes(8, [4, 8, 8], pixels));
      await writeFile(join(path, `${part}-labels`), idxBytes(8, [4], labels));
    }
    return path;
  }

  test("gives its test part, its labels as ids, and pictures of the mistakes", async () => {
    const images = await imageFolder([0, 1, 0, 0]);
    for (const scales of [true, false]) {
      const input = scales
        ? [layers.rescaling({ inputShape: [8, 8], scale: 1 / 255 }), layers.flatten()]
        : [layers.flatten({ inputShape: [8, 8] })];
      const net = sequential({ layers: [...input, layers.dense({ units: 1, activation: "sigmoid" })] });
      net.setWeights([new Float32Array(64).fill(1 / 8), [-4]]);
      net.metadata = { classNames: ["dark", "light"] };
      const path = join(folder, `light-${scales}.safetensors`);
      await net.save(path);
      const { code, stdout, stderr } = await neurone(`evaluate ${path} ${images} --json`);
      const right = Math.log(1 + Math.exp(-4));
      expect(lastLine(stdout)).toMatchObject({
        testAccuracy: 0.75,
        testLoss: expect.closeTo((3 * right + 4 + right) / 4, 5),
        examples: 4,
      });
      expect(stderr).toContain("most confident mistakes\ndark taken for light (98 %)\n@@@@@@@@\n");
      expect(code).toBe(0);
    }
  });

  test("with ids that the model has no classes for is refused", async () => {
    const images = await imageFolder([0, 1, 2, 3]);
    const model = await saveFlowers(folder, "flowers.safetensors");
    const { code, stderr } = await neurone(`evaluate ${model} ${images}`);
    expect(stderr).toMatch(/images-0123: class ids from 0 to 2 expected, got 3\n$/);
    expect(code).toBe(1);
  });
});

describe("what cannot be used ends with one line", () => {
  test.each([
    ["evaluate MODEL", 2, /missing required argument 'dataset'; see neurone evaluate --help/],
    ["evaluate MODEL nowhere", 2, /the dataset must be mnist, a folder of IDX files or a \.csv file/],
    ["evaluate MODEL nowhere.csv", 2, /the file nowhere\.csv cannot be read/],
    ["evaluate nowhere.onnx TABLE", 2, /nowhere\.onnx/],
    ["evaluate MODEL mnist --label 1", 2, /--label is for \.csv files; leave it out for mnist/],
    ["evaluate MODEL TABLE --label colour", 2, /label "colour" is no column/],
    ["evaluate NUMBERS TABLE", 2, /a classifier expected, whose last activation is softmax or sigmoid/],
    ["evaluate MODEL WIDE", 1, /examples of 2 numbers expected, the model's input being \[2\]; got 1 of \[3\]/],
  ])("neurone %s", async (args, code, message) => {
    const paths: Readonly<Record<string, string>> = {
      MODEL: flowerModel,
      NUMBERS: await saveDifference(folder, "difference.safetensors", "linear"),
      TABLE: table,
      WIDE: await put("wide.csv", "1,2,3,rose\n"),
    };
    const result = await neurone(args.replace(/[A-Z]+/g, (name) => paths[name] ?? name));
    expect(result.stderr).toMatch(/^neurone: [^\n]+\n$/);
    expect(result.stderr).toMatch(message);
    expect(result).toMatchObject({ code, stdout: "" });
  });
});
