import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lastLine, neurone } from "./neurone.js";

let folder: string;
let flowers: string;
let measures: string;

/** Three classes, apart by far: a line `a,b,name` each. */
function flowerTable(rows: number): string {
  const names = ["rose", "iris", "lily"];
  const lines = Array.from({ length: rows }, (_, i) => {
    const id = i % 3;
    const wobble = ((i * 7919) % 100) / 200;
    return `${id * 3 + wobble},${id * -2 + wobble},${names[id]}`;
  });
  return `width,length,name\n${lines.join("\n")}\n`;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "neurone-cli-"));
  flowers = join(folder, "flowers.csv");
  await writeFile(flowers, flowerTable(150));
  measures = join(folder, "measures.csv");
  await writeFile(measures, "1,0.5\n2,1.5\n3,2.25\n");
});

afterAll(() => rm(folder, { recursive: true }));

describe("neurone train", () => {
  test("learns from a .csv file and prints one JSON object", async () => {
    const { code, stdout, stderr } = await neurone(
      `train ${flowers} --layers 8,3 --epochs 6 --seed 3 --threads 1 --json`,
    );
    expect(stdout.split("\n")).toHaveLength(2);
    expect(lastLine(stdout)).toMatchObject({
      testAccuracy: 1,
      testLoss: expect.any(Number),
      epochs: 6,
      samplesPerSecond: expect.any(Number),
      build: expect.stringMatching(/^(baseline|relaxed)$/),
      threads: 1,
      weightsHash: expect.stringMatching(/^[0-9a-f]{16}$/),
      status: "completed",
    });
    expect(stderr.match(/^epoch \d\/6: loss [\d.e-]+, accuracy [\d.]+, \d+ samples\/s, .* left$/gm)).toHaveLength(6);
    expect(stderr).toContain("120 training examples, 30 test examples, 3 classes");
    expect(stderr).toContain("confusion matrix");
    expect(code).toBe(0);
  });

  test("prints nothing on standard output without --json, and no control characters", async () => {
    const { code, stdout, stderr } = await neurone(`train ${flowers} --epochs 1`);
    expect(stdout).toBe("");
    expect(stderr).not.toMatch(/[\x1b\r]/);
    expect(code).toBe(0);
  });

  test("gives the same weights for the same seed, and others for another", async () => {
    const hashOf = async (seed: number) => {
      const { stdout } = await neurone(`train ${flowers} --epochs 2 --numerics reproducible --seed ${seed} --json`);
      return lastLine(stdout).weightsHash;
    };
    const first = await hashOf(1);
    expect(await hashOf(1)).toBe(first);
    expect(await hashOf(2)).not.toBe(first);
  });

  test.each([
    "--optimizer adam --dropout 0.2 --activation tanh",
    "--optimizer sgd --momentum 0.9 --weight-decay 0.001 --learning-rate 0.05",
    "--loss meanSquaredError --validation-split 0.2",
    "--label name --header --delimiter ,",
    "--validation-split 0.2 --patience 1 --test-split 0.3 --batch-size 10",
  ])("takes %s", async (options) => {
    const { code, stderr } = await neurone(`train ${flowers} --epochs 2 ${options}`);
    expect(stderr).toContain("test: loss");
    expect(code).toBe(0);
  });

  test("takes few whole numbers as classes", async () => {
    const file = join(folder, "signs.csv");
    await writeFile(file, Array.from({ length: 40 }, (_, i) => `${i / 7},${i < 20 ? -1 : 1}`).join("\n"));
    const { code, stderr } = await neurone(`train ${file} --no-header --epochs 2`);
    expect(stderr).toContain("2 classes");
    expect(code).toBe(0);
  });

  test("exits with 1 for a file that is broken", async () => {
    const file = join(folder, "broken.csv");
    await writeFile(file, "a,b,name\n1,2,rose\n1,word,iris\n3,1,rose\n");
    const { code, stderr } = await neurone(`train ${file}`);
    expect(stderr).toMatch(/^neurone: broken\.csv, line 3, column 2 .*a number expected, got "word"\n$/);
    expect(code).toBe(1);
  });

  const table = "width,length,name\n1,2,rose\n3,4,lily\n5,6,rose\n7,8,lily\n9,9,rose\n";

  test.each<[string, string | Uint8Array, RegExp]>([
    ["empty.csv", "", /^rows expected, the text has none$/],
    ["header.csv", "width,length,name\n", /^rows expected below the header, the text has none$/],
    ["words.csv", "name,width\nrose,1\nlily,2\n", /its column holds no numbers: .*if it is the label, give --label\)$/],
    ["semicolons.csv", table.replaceAll(",", ";"), /"," expected .* ";" gives 3 in every row: give --delimiter ";"$/],
    ["tabs.csv", table.replaceAll(",", "\t"), /but "\\t" gives 3 in every row: give --delimiter "\\t"$/],
    [
      "latin1.csv",
      Buffer.from(table.replaceAll("rose", "rosé"), "latin1"),
      /^a text in UTF-8 expected, it is in another/,
    ],
    ["utf16.csv", Buffer.from(`\ufeff${table}`, "utf16le"), /^a text in UTF-8 expected, it is in another encoding$/],
    ["unknown.csv", table.replace("3,4", "3,"), /got "" \(not known\? fill it in, or leave out the row\)$/],
  ])("exits with 1 for %s, saying what to do", async (name, content, message) => {
    const file = join(folder, name);
    await writeFile(file, content);
    const { code, stderr } = await neurone(`train ${file} --epochs 1`);
    const [, said] = new RegExp(`^neurone: ${name}(?:, line \\d+, column \\d+.*?)?: (.*)\n$`).exec(stderr) ?? [];
    expect(said).toMatch(message);
    expect(code).toBe(1);
  });

  test.each(["\\t", "tab"])("takes --delimiter %s", async (delimiter) => {
    const file = join(folder, "by-tabs.csv");
    await writeFile(file, "\ufeffwidth\tname\r\n1\trose\r\n2\tlily\r\n");
    const { code, stderr } = await neurone(`train ${file} --epochs 1 --delimiter ${delimiter}`);
    expect(stderr).toContain("1 training example, 1 test example, 2 classes\n");
    expect(stderr).toMatch(/^trained: 1 epoch in [\d.]+ s, \d+ samples\/s$/m);
    expect(code).toBe(0);
  });

  test("exits with 1 and says so when the loss is no number any more", async () => {
    const file = join(folder, "diverging.csv");
    await writeFile(file, flowerTable(60));
    const { code, stdout, stderr } = await neurone(
      `train ${file} --layers 8,3 --activation linear --learning-rate 1e38 --json`,
    );
    expect(lastLine(stdout)).toMatchObject({ status: "diverged", testLoss: null });
    expect(stderr).toContain("the loss is no number any more; try a smaller --learning-rate");
    expect(code).toBe(1);
  });

  test("an interruption before the first step leaves nothing to report", async () => {
    const { code, stdout, stderr } = await neurone(`train ${flowers} --json`, AbortSignal.abort());
    expect(stderr).toContain("interrupted before anything was learned");
    expect(stdout).toBe("");
    expect(code).toBe(1);
  });
});

describe("bad usage exits with 2 and one line that says what to do", () => {
  test.each([
    ["", /a command is missing; try neurone train mnist/],
    ["trian mnist", /unknown command 'trian' \(Did you mean train\?\); see neurone --help/],
    ["train", /missing required argument 'dataset'; see neurone train --help/],
    ["train mnist more", /too many arguments.*; see neurone train --help/],
    ["train mnist --epoch 5", /unknown option '--epoch' \(Did you mean --epochs\?\); see neurone train --help/],
    [
      "train mnist --epochs 0",
      /'--epochs <n>' argument '0' is invalid\. A whole number of at least 1 is expected; see/,
    ],
    ["train mnist --batch-size 1.5", /'--batch-size <n>'/],
    ["train mnist --seed -1", /'--seed <n>'/],
    ["train mnist --layers 128,,10", /'--layers <units>'.*Whole numbers of at least 1, like 128,10, are expected/],
    ["train mnist --learning-rate fast", /A number above 0 is expected/],
    ["train mnist --weight-decay NaN", /A number of at least 0 is expected/],
    ["train mnist --dropout 1", /A number from 0 to below 1 is expected/],
    ["train mnist --momentum 1", /A number from 0 to below 1 is expected/],
    ["train mnist --validation-split 1", /A number between 0 and 1 is expected/],
    ["train mnist --threads none", /A whole number from 1 to 128, or "auto", is expected/],
    ["train mnist --numerics exact", /Allowed choices are fast, reproducible/],
    ["train mnist --optimizer sdg", /optimizer.*sgd/],
    ["train mnist --label digit", /--label is for \.csv files; leave it out for mnist/],
    ["train mnist --no-header", /--no-header is for \.csv files/],
    ["train mnist --test-split 0.1", /--test-split is for \.csv files/],
    [
      "train nowhere",
      /the dataset must be mnist, a folder of IDX files or a \.csv file; nowhere is nothing of that name/,
    ],
    ["train package.json", /package\.json is a file of another kind/],
    ["train nowhere.csv", /the file nowhere\.csv cannot be read/],
    ["train FLOWERS --layers 8,4", /--layers must end with 3, the number of classes in .*; it ends with 4/],
    ["train FLOWERS --activation rleu", /"rleu" is unknown; did you mean "relu"\?/],
    ["train FLOWERS --loss mse", /loss "mse" is unknown/],
    ["train FLOWERS --optimizer adam --momentum 0.5", /momentum/],
    ["train FLOWERS --delimiter ; --label name", /label "name" .* "," gives 3 in every row: give --delimiter ","$/m],
    ["train FLOWERS --label colour", /label "colour" is no column of flowers\.csv; Columns: width, length, name/],
    ["train MEASURES --label 1", /a label column of names or of at most 256 different whole numbers expected/],
  ])("neurone %s", async (args, message) => {
    const { code, stdout, stderr } = await neurone(args.replace("FLOWERS", flowers).replace("MEASURES", measures));
    expect(stderr).toMatch(/^neurone: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });
});

test("help and version go to standard output", async () => {
  expect(await neurone("--version")).toEqual({ code: 0, stdout: "1.2.3\n", stderr: "" });
  const { code, stdout } = await neurone("train --help");
  expect(stdout).toContain("neurone train mnist");
  expect(code).toBe(0);
});

const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

describe("the built program", () => {
  async function start(args: readonly string[]) {
    const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    const texts = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => {
      texts.stdout += String(chunk);
    });
    child.stderr.on("data", (chunk) => {
      texts.stderr += String(chunk);
    });
    const ended = once(child, "close");
    const said = async (pattern: RegExp) => {
      while (!pattern.test(texts.stderr) && child.exitCode === null) await delay(10);
    };
    return { child, texts, said, code: async () => (await ended)[0] as number | null };
  }

  test("stops after the current step at the first interrupt and prints what was reached", async () => {
    const { child, texts, said, code } = await start(["train", flowers, "--epochs", "1000000", "--json"]);
    await said(/^epoch 2\//m);
    child.kill("SIGINT");
    // What npx does: the same Ctrl-C a second time.
    child.kill("SIGINT");
    expect(await code()).toBe(1);
    expect(texts.stderr).toMatch(/interrupted after \d+ whole epochs/);
    expect(texts.stderr).toContain("confusion matrix");
    const result = lastLine(texts.stdout);
    expect(result.status).toBe("interrupted");
    expect(result.epochs).toBeGreaterThanOrEqual(1);
    expect(result.testAccuracy).toBeGreaterThan(0);
  });

  test("says no word twice and exits with 2 for bad usage", async () => {
    const { texts, code } = await start(["train", flowers, "--epochs", "none"]);
    expect(await code()).toBe(2);
    expect(texts.stderr.split("\n")).toHaveLength(2);
  });

  test("lives on when nobody reads its output", async () => {
    const { child, code } = await start(["train", flowers, "--epochs", "1", "--json"]);
    child.stdout.destroy();
    child.stderr.destroy();
    expect(await code()).toBe(0);
  });
});
