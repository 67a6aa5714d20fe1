import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { load } from "../../src/index.js";
import { temporaryFolder } from "../temporary-folder.js";
import { lastLine, neurone } from "./neurone.js";

let folder: string;
let table: string;

/** Three classes, apart by far: a line `a,b,name` each. */
beforeEach(() => {
  folder = temporaryFolder();
  table = join(folder, "flowers.csv");
  const lines = Array.from({ length: 150 }, (_, i) => {
    const wobble = ((i * 7919) % 100) / 200;
    return `${(i % 3) * 3 + wobble},${(i % 3) * -2 + wobble},${["rose", "iris", "lily"][i % 3]}`;
  });
  writeFileSync(table, `width,length,name\n${lines.join("\n")}\n`);
});

const train = (rest: string, signal?: AbortSignal) =>
  neurone(`train ${table} --layers 5,3 --batch-size 16 --threads 1 ${rest}`, signal);
const namesIn = (path: string) => readdirSync(path).sort();
const at = (name: string) => join(folder, name);

describe("--save", () => {
  test("keeps the model with the names of its classes and features", async () => {
    const { code, stdout, stderr } = await train(`--epochs 3 --save ${at("net.safetensors")} --json`);
    expect(code).toBe(0);
    expect(stderr).toContain(`saved: ${at("net.safetensors")}\n`);
    const result = lastLine(stdout);
    expect(result.saved).toBe(at("net.safetensors"));
    const net = await load(at("net.safetensors"));
    expect(net.weightsHash()).toBe(result.weightsHash);
    expect(net.metadata).toEqual({ classNames: ["iris", "lily", "rose"], featureNames: ["width", "length"] });
  });

  test.each([
    ["net.h5", 2, /^neurone: save: a name that ends with \.safetensors, \.onnx, \.json/],
    ["missing/net.onnx", 2, /^neurone: --save: .*missing is no folder that can be written to\n$/],
    [".", 2, /^neurone: --save: the name of a file expected/],
    ["models/", 2, /^neurone: --save: the name of a file expected, got ".*models\/"\n$/],
  ])("%s is refused before anything is trained", async (name, expected, message) => {
    const { code, stderr } = await train(`--epochs 1 --save ${at(name)}`);
    expect(stderr).not.toContain("epoch 1");
    expect(stderr.split("\n").slice(-2).join("\n")).toMatch(message);
    expect(code).toBe(expected);
  });

  test("writes where a link leads, whether there is a file or not", async () => {
    mkdirSync(at("models"));
    symlinkSync(join("models", "net.onnx"), at("latest.onnx"));
    for (let run = 0; run < 2; run++) {
      expect((await train(`--epochs 1 --save ${at("latest.onnx")}`)).code).toBe(0);
      expect(lstatSync(at("latest.onnx")).isSymbolicLink()).toBe(true);
      expect(namesIn(at("models"))).toEqual(["net.onnx"]);
    }
  });

  test.each([
    ["missing/net.onnx", /^neurone: --save: .*missing is no folder that can be written to\n$/],
    ["latest.onnx", /^neurone: .*latest\.onnx: its links lead in a circle\n$/],
  ])("through a link to %s is refused before anything is trained", async (leads, message) => {
    symlinkSync(leads, at("latest.onnx"));
    const { code, stderr } = await train(`--epochs 1 --save ${at("latest.onnx")}`);
    expect(stderr).not.toContain("epoch 1");
    expect(stderr.split("\n").slice(-2).join("\n")).toMatch(message);
    expect(code).toBe(2);
    expect(lstatSync(at("latest.onnx")).isSymbolicLink()).toBe(true);
  });

  test("is left alone where the training does not come to its end", async () => {
    writeFileSync(at("net.onnx"), "an older model");
    const abort = new AbortController();
    const interrupted = train(`--epochs 1000000 --save ${at("net.onnx")} --checkpoint ${at("run")}`, abort.signal);
    const watch = setInterval(() => {
      if (hasCheckpoint(at("run"))) abort.abort();
    }, 1);
    expect((await interrupted).stderr).toContain("not saved: the training was interrupted\n");
    clearInterval(watch);
    expect(readFileSync(at("net.onnx"), "utf8")).toBe("an older model");
  });

  test("a training that diverged has done so also when it is resumed", async () => {
    const settings = `--epochs 9 --patience 8 --optimizer adam --learning-rate 1e38 --resume ${at("run")} --save ${at("net.onnx")}`;
    for (let run = 0; run < 2; run++) {
      const { code, stderr } = await train(settings);
      expect(stderr).toContain("not saved: the training diverged\n");
      expect(code).toBe(1);
    }
  });

  test("in a format that cannot say the model is refused before anything is trained", async () => {
    const { code, stderr } = await train(`--epochs 1 --activation radial --save ${at("model.json")}`);
    expect(stderr).toMatch(/neurone: .*radial/);
    expect(stderr).not.toContain("epoch 1");
    expect(code).toBe(2);
    expect(namesIn(folder)).toEqual(["flowers.csv"]);
  });
});

describe("--checkpoint and --resume", () => {
  test("a training that is interrupted and resumed comes to the same bytes, history and numbers", async () => {
    const settings = "--epochs 40 --optimizer adam --dropout 0.1 --patience 30 --validation-split 0.2 --json";
    const whole = await train(`${settings} --checkpoint ${at("whole")} --checkpoint-every 5steps`);
    const abort = new AbortController();
    const interrupted = train(`${settings} --resume ${at("run")} --checkpoint-every 5steps`, abort.signal);
    // Whenever the first checkpoint is there.
    const watch = setInterval(() => {
      if (hasCheckpoint(at("run"))) abort.abort();
    }, 1);
    const first = await interrupted;
    clearInterval(watch);
    expect(first.code).toBe(1);
    expect(first.stderr).toContain(`no checkpoint in ${at("run")} yet: training starts from the beginning\n`);
    const second = await train(`${settings} --resume ${at("run")} --checkpoint-every 5steps`);
    expect(second.stderr).toMatch(/resuming from .*checkpoint-\d{12}\.safetensors, after \d+ steps\n/);
    const [wanted, got] = [lastLine(whole.stdout), lastLine(second.stdout)];
    const { samplesPerSecond, seconds, ...same } = wanted;
    expect(got).toMatchObject(same);
    expect(got.samplesPerSecond).toBeGreaterThan(0);
    const last = (run: string) => readFileSync(join(at(run), namesIn(at(run)).at(-1) as string));
    expect(last("run").equals(last("whole"))).toBe(true);
  });

  test("a checkpoint says how far the training had come", async () => {
    await train(`--epochs 2 --checkpoint ${at("run")}`);
    const path = join(at("run"), namesIn(at("run")).at(-1) as string);
    const { stdout } = await neurone(`inspect ${path}`);
    expect(stdout).toContain("\ncheckpoint: after 16 steps, 2 whole epochs\n");
    expect(lastLine((await neurone(`inspect ${path} --json`)).stdout).parameters).toBe(37);
  });

  test("one that was over is over again", async () => {
    const settings = `--epochs 3 --resume ${at("run")} --json`;
    const [first, second] = [await train(settings), await train(settings)];
    expect(second.code).toBe(0);
    expect(lastLine(second.stdout)).toMatchObject({ epochs: 3, weightsHash: lastLine(first.stdout).weightsHash });
  });

  test("a damaged checkpoint is refused, and the older one that is named goes on", async () => {
    const settings = "--epochs 4";
    await train(`${settings} --checkpoint ${at("run")}`);
    const [, older, newest] = namesIn(at("run")) as [string, string, string];
    const bytes = readFileSync(join(at("run"), newest));
    writeFileSync(join(at("run"), newest), bytes.subarray(0, bytes.length - 1));
    const refused = await train(`${settings} --resume ${at("run")}`);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(new RegExp(`damaged.*; the next older good one is ${join(at("run"), older)}\n$`));
    const resumed = await train(`${settings} --resume ${join(at("run"), older)}`);
    expect(resumed.code).toBe(0);
    expect(readFileSync(join(at("run"), newest)).equals(bytes)).toBe(true);
  });

  test("a file goes on by any way to name it, and under another name", async () => {
    await train(`--epochs 2 --checkpoint ${at("run")}`);
    const [first] = namesIn(at("run")) as [string];
    copyFileSync(join(at("run"), first), join(at("run"), "best.safetensors"));
    for (const path of [
      `${at("run")}//${first}`,
      `${at("run")}/../run/${first}`,
      join(at("run"), "best.safetensors"),
    ]) {
      const { code, stderr } = await train(`--epochs 2 --resume ${path}`);
      expect(stderr).toContain("after 8 steps\n");
      expect(code).toBe(0);
    }
  });

  test("a table whose columns have no names, or twins, is trained on without them", async () => {
    writeFileSync(
      at("odd.csv"),
      `,a,a,label\n${Array.from({ length: 40 }, (_, i) => `${i},${i % 2},1,${"xy"[i % 2]}`).join("\n")}\n`,
    );
    const { code } = await neurone(`train ${at("odd.csv")} --epochs 1 --save ${at("odd.safetensors")}`);
    expect(code).toBe(0);
    expect((await load(at("odd.safetensors"))).metadata).toEqual({ classNames: ["x", "y"] });
  });

  test.each([
    ["--checkpoint-every 5steps", /--checkpoint-every needs a folder/],
    ["--checkpoint a --resume b", /--checkpoint and --resume: give one of them/],
    ["--checkpoint a --checkpoint-every soon", /A length like 500steps, 2epochs or 30s is expected/],
    ["--resume missing/checkpoint-000000000001.safetensors", /there is no checkpoint missing/],
  ])("%s is bad usage", async (options, message) => {
    const { code, stderr } = await train(`--epochs 1 ${options}`);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  test("another training in the same folder is bad usage, and says what differs", async () => {
    await train(`--epochs 1 --checkpoint ${at("run")}`);
    expect(await train(`--epochs 1 --checkpoint ${at("run")}`)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/holds the checkpoints of an earlier training/),
    });
    expect(await train(`--epochs 1 --resume ${at("run")} --optimizer adam`)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/is of another training: compile\.optimizer/),
    });
  });
});

function hasCheckpoint(path: string): boolean {
  return existsSync(path) && namesIn(path).some((name) => name.endsWith(".safetensors"));
}
