import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PNG } from "pngjs";
import { beforeEach, describe, expect, test } from "vitest";
import { writeText } from "../../src/cli/files.js";
import { StorageError } from "../../src/index.js";
import { idxBytes } from "../data/bytes.js";
import { temporaryFolder } from "../temporary-folder.js";
import { lastLine, neurone } from "./neurone.js";

let folder: string;
let table: string;
const at = (name: string) => join(folder, name);
const read = (name = "report.html") => readFileSync(at(name), "utf8");

/** As many classes as names, apart by far: a line `width,length,name` each. */
function writeTable(name: string, classes: readonly string[], rows: number, head = "width,length,name"): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const id = i % classes.length;
    const wobble = ((i * 7919) % 100) / 200;
    return `${id * 3 + wobble},${id * -2 + wobble},"${classes[id]?.replaceAll('"', '""')}"`;
  });
  writeFileSync(at(name), `${head}\n${lines.join("\n")}\n`);
  return at(name);
}

beforeEach(() => {
  folder = temporaryFolder();
  table = writeTable("flowers.csv", ["rose", "iris", "lily"], 150);
});

const train = (rest: string, signal?: AbortSignal) =>
  neurone(`train ${table} --layers 5,3 --threads 1 --report ${at("report.html")} ${rest}`, signal);

/** What the page says without its tags. */
function textOf(page: string): string {
  const content = page.replace(/<style>.*<\/style>/s, "").replace(/<[^>]*>/g, " ");
  return content.replace(/\s+/g, " ");
}

describe("neurone train --report", () => {
  test("writes one page with all that there is to know", async () => {
    const { code, stdout, stderr } = await train("--epochs 4 --validation-split 0.25 --seed 7 --json");
    expect(code).toBe(0);
    expect(stdout.split("\n")).toHaveLength(2);
    expect(stderr).toContain(`report: ${at("report.html")}\n`);
    expect(readdirSync(folder).sort()).toEqual(["flowers.csv", "report.html"]);
    const result = lastLine(stdout);
    const page = read();
    const text = textOf(page);
    expect(page).toMatch(/^<!DOCTYPE html>\n<html lang="en">/);
    expect(page).toContain("<title>flowers.csv: training report</title>");
    expect([...page.matchAll(/<h2>(.*)<\/h2>/g)].map(([, title]) => title)).toEqual([
      "Training",
      "Confusion matrix",
      "Quality by class",
      "Most confident mistakes",
      "First-layer weights",
      "Architecture",
      "Settings",
      "Train it again",
    ]);
    expect(text).toContain("90 training examples, 30 validation examples, 30 test examples, 2 features, 3 classes");
    expect(text).toContain(`test accuracy ${(100 * result.testAccuracy).toFixed(2)} %`);
    expect(text).toContain(`test loss ${result.testLoss.toFixed(4)}`);
    expect(text).toContain("epochs 4 of 4");
    for (const known of [result.weightsHash, result.build, "neurone 1.2.3", "dense_1 (dense)"]) {
      expect(text).toContain(known);
    }
    // Given, chosen for the data, and by default.
    for (const setting of ["--epochs 4", "--seed 7", "--layers 5,3", "--learning-rate 0.3", "--test-split 0.2"]) {
      expect(text).toContain(setting);
    }
    expect(text).toContain("--optimizer sgd");
    expect(page.match(/<g class="validation"><polyline points="[^"]+"\/><circle/g)).toHaveLength(2);
    expect(
      page.match(
        /<svg [^>]*role="img" aria-labelledby="(\S+) (\S+)">\n<title id="\1">[^<]+<\/title>\n<desc id="\2">[^<]+</g,
      ),
    ).toHaveLength(2);
  });

  test("asks for nothing from elsewhere and runs nothing", async () => {
    await train("--epochs 1");
    expect(read()).not.toMatch(/<script|javascript:|\son\w+=|<link|@import|@font-face|https?:|url\((?!#)/i);
    expect(read()).toContain(`content="default-src &#39;none&#39;; img-src data:; style-src &#39;unsafe-inline&#39;"`);
  });

  test("says which command comes to the same weights", async () => {
    const { stdout } = await train("--epochs 2 --numerics reproducible --batch-size 7 --optimizer adam --json");
    const [, command = ""] = /<code>npx neurone ([^<]*)<\/code>/.exec(read()) ?? [];
    expect(command).not.toContain("--report");
    const again = await neurone(`${command} --json`);
    expect(lastLine(again.stdout).weightsHash).toBe(lastLine(stdout).weightsHash);
    expect(read()).toContain("bit for bit, on every machine.");
  });

  test("escapes names of classes, features and files", async () => {
    const names = ["<script>alert(1)</script>", `"q" & 'a'`, "\u202eturned", "--&gt;</table>"];
    table = writeTable("<b>'x'&.csv", names, 80, '"<img src=x onerror=y>",\u202eb,name');
    const { code } = await neurone(`train ${table} --epochs 1 --report ${at("report.html")}`);
    expect(code).toBe(0);
    const page = read();
    expect(page).not.toMatch(/<script|<img|<b>'|\u202e|<\/table>(?!<\/div>)/);
    expect(page).toContain("<bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>");
    expect(page).toContain("<bdi>&quot;q&quot; &amp; &#39;a&#39;</bdi>");
    expect(page).toContain("<bdi>?turned</bdi>");
    expect(page).toContain("<bdi>--&amp;gt;&lt;/table&gt;</bdi>");
    expect(page).toContain("<bdi>&lt;img src=x onerror=y&gt;</bdi>");
    expect(page).toContain("<title>&lt;b&gt;&#39;x&#39;&amp;.csv: training report</title>");
  });

  test("takes features without names, and many classes", async () => {
    table = writeTable(
      "many.csv",
      Array.from({ length: 45 }, (_, i) => `c${i}`),
      45 * 4,
    );
    const { code } = await neurone(`train ${table} --epochs 1 --report ${at("report.html")}`);
    expect(code).toBe(0);
    expect(read()).toContain("The 40 classes with the most mistakes; 5 others are left out.");
    const file = at("bare.csv");
    writeFileSync(file, Array.from({ length: 40 }, (_, i) => `${i / 7},${i < 20 ? -1 : 1}`).join("\n"));
    expect((await neurone(`train ${file} --no-header --epochs 1 --report ${at("bare.html")}`)).code).toBe(0);
    expect(read("bare.html")).toContain('<th scope="row"><bdi>0</bdi></th>');
    expect(read("bare.html")).toContain("--epochs 1 --no-header</code>");
  });
});

describe("a report on images", () => {
  const SIDE = 8;

  /** Class 0 is dark on its left, class 1 on its right, and one test example has the wrong label. */
  function writeImages(): string {
    const pixels = (n: number) =>
      Array.from({ length: n * SIDE * SIDE }, (_, i) => {
        const isRight = i % SIDE >= SIDE / 2;
        return isRight === (Math.floor(i / (SIDE * SIDE)) % 2 === 1) ? 200 : 10;
      });
    const path = at("images");
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

  test("shows the mistakes and the first layer's weights", async () => {
    const path = writeImages();
    const { code } = await neurone(
      `train ${path} --layers 5,2 --activation tanh --learning-rate 0.05 --epochs 20 --report ${at("report.html")}`,
    );
    expect(code).toBe(0);
    const page = read();
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
    expect(textOf(page)).toContain("0 taken for 1");
    expect(textOf(page)).toContain("all 5 units");
  });
});

describe("a training that did not go smoothly", () => {
  test("that was interrupted says so, and one that is resumed has the whole history", async () => {
    const settings = `--epochs 400 --batch-size 1 --schedule constant --resume ${at("run")}`;
    const abort = new AbortController();
    const interrupted = train(settings, abort.signal);
    const watch = setInterval(() => {
      if (readdirSync(folder).includes("run") && readdirSync(at("run")).length > 1) abort.abort();
    }, 1);
    expect((await interrupted).code).toBe(1);
    clearInterval(watch);
    expect(textOf(read())).toMatch(/The training was interrupted after \d+ of 400 epochs\./);
    const { code, stderr } = await train(settings);
    expect(code).toBe(0);
    expect(stderr).toContain("resuming from");
    expect(textOf(read())).not.toContain("interrupted");
    const [, first] =
      /<th scope="col">accuracy<\/th><\/tr><\/thead>\n<tbody>\n<tr><th scope="row">(\d+)</.exec(read()) ?? [];
    expect(first).toBe("1");
    expect(textOf(read())).toContain("epochs 400 of 400");
  });

  test("that was interrupted after it was resumed says what its curves lack", async () => {
    await train(`--epochs 2 --schedule constant --resume ${at("run")}`);
    const abort = new AbortController();
    const resumed = train(`--epochs 1000000 --schedule constant --resume ${at("run")}`, abort.signal);
    setTimeout(() => abort.abort(), 300);
    expect((await resumed).code).toBe(1);
    expect(textOf(read())).toContain("Epochs before epoch 3 were trained in earlier runs; they are not in the curves.");
  });

  test("that diverged says so and draws what can be drawn", async () => {
    const { code, stdout } = await train("--activation linear --learning-rate 1e38 --epochs 3 --json");
    expect(code).toBe(1);
    expect(lastLine(stdout).status).toBe("diverged");
    expect(textOf(read())).toContain("The training diverged: the loss is no number any more");
    expect(read()).not.toMatch(/="[^"]*(NaN|Infinity)[^"]*"/);
  });

  test("that stopped early says so", async () => {
    await train("--epochs 500 --patience 1 --learning-rate 2 --batch-size 1 --activation tanh");
    expect(textOf(read())).toMatch(/The training stopped after \d+ of 500 epochs, as the loss did not get better/);
  });

  test("that learnt nothing leaves an earlier report alone", async () => {
    writeFileSync(at("report.html"), "an older report");
    expect((await train("", AbortSignal.abort())).code).toBe(1);
    expect(read()).toBe("an older report");
  });
});

describe("a place that cannot be written to", () => {
  test.each([
    ["missing/report.html", /^neurone: --report: .*missing is no folder that can be written to\n$/],
    ["report.txt", /^neurone: --report: a name that ends with \.html expected, got .*report\.txt\n$/],
    ["folder.html", /^neurone: --report: the name of a file expected, .*folder\.html is a folder\n$/],
  ])("%s is refused in one line, before anything is read", async (name, message) => {
    mkdirSync(at("folder.html"));
    const { code, stderr } = await neurone(`train nowhere.csv --report ${at(name)}`);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(readdirSync(folder).sort()).toEqual(["flowers.csv", "folder.html"]);
  });

  test("leaves nothing half-written", async () => {
    mkdirSync(at("folder.html"));
    await expect(writeText(at("folder.html"), "text")).rejects.toThrow(StorageError);
    await expect(writeText(at("missing/a.html"), "text")).rejects.toThrow(/^the file .*a\.html cannot be written: /);
    expect(readdirSync(folder).sort()).toEqual(["flowers.csv", "folder.html"]);
  });
});
