import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { writeText } from "../../src/cli/files.js";
import { StorageError } from "../../src/index.js";
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

  test("has a command that a shell takes as it was given, with what no page can show", async () => {
    writeFileSync(table, readFileSync(table, "utf8").replaceAll(",", "\t"));
    const { stdout } = await train("--epochs 1 --label name --delimiter \t --json");
    const [, command = ""] = /<code>npx neurone ([^<]*)<\/code>/.exec(read()) ?? [];
    expect(command).toContain("--delimiter $&#39;\\t&#39;");
    expect(textOf(read())).toMatch(/--delimiter \$&#39;\\t&#39; --threads/);
    const words = execFileSync("bash", ["-c", `printf '%s ' ${command.replaceAll("&#39;", "'")}`], {
      encoding: "utf8",
    });
    const again = await neurone(`${words} --json`);
    expect(lastLine(again.stdout).weightsHash).toBe(lastLine(stdout).weightsHash);
  });

  test("tells every setting as it was used", async () => {
    await train(`--epochs 1 --checkpoint ${at("run")}`);
    expect(textOf(read())).toMatch(/--checkpoint-every 1epoch .*--header where it looks so .*--json no /);
    await train("--epochs 1");
    expect(textOf(read())).toContain("--checkpoint-every none");
  });

  test("of one epoch shows its validation, too", async () => {
    await train("--epochs 1 --validation-split 0.3");
    expect(read()).toMatch(/<g class="validation"><polyline points="[^" ]+"\/><circle/);
    expect(textOf(read()).match(/ training: [\d.]+ at the end validation: [\d.]+ at the end/g)).toHaveLength(2);
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
    expect(read()).toContain("goes the whole way; the weights hash below is of where this training was stopped.");
    expect(read()).not.toContain("bit for bit");
    expect(textOf(read())).toContain("training time");
    expect(textOf(read())).toMatch(/The training was interrupted after \d+ of 400 epochs\./);
    const { code, stderr } = await train(settings);
    expect(code).toBe(0);
    expect(stderr).toContain("resuming from");
    expect(textOf(read())).not.toContain("interrupted");
    const [, first] =
      /<th scope="col">accuracy<\/th><\/tr><\/thead>\n<tbody>\n<tr><th scope="row">(\d+)</.exec(read()) ?? [];
    expect(first).toBe("1");
    expect(textOf(read())).toContain("epochs 400 of 400");
    expect(textOf(read())).toContain("The training went on from an earlier run; the time below is of this run alone.");
    expect(textOf(read())).toMatch(/time of this run [\d.]+ .*samples a second [\d,]+/);
    expect(read()).toContain("bit for bit");
  });

  test("that found nothing left to do has no speed", async () => {
    for (let run = 0; run < 2; run++) await train(`--epochs 2 --resume ${at("run")}`);
    expect(textOf(read())).toContain("epochs 2 of 2 time of this run 0 s ");
    expect(textOf(read())).not.toContain("samples a second");
  });

  test("that was interrupted after it was resumed has the curves of all epochs", async () => {
    const settings = `--schedule constant --validation-split 0.2 --resume ${at("run")}`;
    await train(`--epochs 2 ${settings}`);
    const [epoch1] = /<tr><th scope="row">1<\/th>(<td>[\d.]+<\/td>){4}<\/tr>/.exec(read()) ?? [];
    expect(epoch1).toBeDefined();
    const newest = readdirSync(at("run")).sort().at(-1) as string;
    const abort = new AbortController();
    const resumed = train(`--epochs 1000000 ${settings}`, abort.signal);
    // Whenever this run has kept an epoch of its own.
    const watch = setInterval(() => {
      if (readdirSync(at("run")).some((name) => name > newest)) abort.abort();
    }, 1);
    expect((await resumed).code).toBe(1);
    clearInterval(watch);
    expect(textOf(read())).toMatch(/interrupted after \d+ of 1000000 epochs/);
    expect(read()).toContain(`<tbody>\n${epoch1}`);
    expect(textOf(read())).not.toContain("not in the curves");
  });

  test("that diverged says so and draws what can be drawn", async () => {
    const { code, stdout, stderr } = await train("--activation linear --learning-rate 1e38 --epochs 3 --json");
    expect(code).toBe(1);
    expect(lastLine(stdout).status).toBe("diverged");
    expect(textOf(read())).toContain("The training diverged: the loss is no number any more");
    expect(read()).not.toMatch(/="[^"]*(NaN|Infinity)[^"]*"/);
    expect(read()).toContain("diverges, too; the weights hash below is of where this training was stopped.");
    // Answers that are no numbers are of no class.
    expect(textOf(read())).toContain("test accuracy 0.00 % test loss NaN mistakes in 30 30 ");
    expect(read()).not.toMatch(/<h2>(Confusion matrix|Quality by class)|bit for bit/);
    expect(textOf(read())).toContain("The model was sure of none of them: its answers are no numbers.");
    expect(stderr).toContain("confusion matrix: left out, the model's answers are no numbers\n");
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

  test("is found behind a link, whose file may not be there yet", async () => {
    mkdirSync(at("elsewhere"));
    symlinkSync(join("elsewhere", "page.html"), at("report.html"));
    symlinkSync(join("missing", "page.html"), at("broken.html"));
    symlinkSync("circle.html", at("circle.html"));
    for (let run = 0; run < 2; run++) expect((await train("--epochs 1")).code).toBe(0);
    expect(lstatSync(at("report.html")).isSymbolicLink()).toBe(true);
    expect(readdirSync(at("elsewhere"))).toEqual(["page.html"]);
    const { code, stderr } = await neurone(`train nowhere.csv --report ${at("broken.html")}`);
    expect(stderr).toMatch(/^neurone: --report: .*missing is no folder that can be written to\n$/);
    expect(code).toBe(2);
    const circle = await neurone(`train nowhere.csv --report ${at("circle.html")}`);
    expect(circle.stderr).toMatch(/^neurone: .*circle\.html: its links lead in a circle\n$/);
    expect(circle.code).toBe(2);
  });

  test("leaves nothing half-written", async () => {
    mkdirSync(at("folder.html"));
    await expect(writeText(at("folder.html"), "text")).rejects.toThrow(StorageError);
    await expect(writeText(at("missing/a.html"), "text")).rejects.toThrow(/^the file .*a\.html cannot be written: /);
    expect(readdirSync(folder).sort()).toEqual(["flowers.csv", "folder.html"]);
  });
});
