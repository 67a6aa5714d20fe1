import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { AxeResults } from "axe-core";
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chromium } from "../browser/site.js";
import { idxBytes } from "../data/bytes.js";
import { temporaryFolder } from "../temporary-folder.js";
import { neurone } from "./neurone.js";

/** Of images, in pixels. */
const SIDE = 8;
/** Units whose weights are shown; there is a mistake more at least. */
const MOST_UNITS = 64;
const NARROW = { width: 360, height: 800 };
/** Between its margins, at 96 pixels an inch. */
const A4 = { width: 688, height: 1017 };
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;

beforeAll(async () => {
  browser = await playwright.launch({ executablePath: await chromium(), args: ["--no-sandbox", "--disable-gpu"] });
});

afterAll(() => browser.close());

/** Many classes, a long name without a break, names that are markup, and a curve of validation. */
async function reportOnTable(): Promise<string> {
  const folder = temporaryFolder();
  const names = [
    "<script>document.title = 'run'</script>",
    "x".repeat(300),
    "\u202eturned",
    "\u05e9\u05dc\u05d5\u05dd",
  ];
  const classes = Array.from({ length: 24 }, (_, id) => names[id] ?? `class ${id}`);
  const rows = Array.from({ length: 240 }, (_, i) => `${i % 24},${(i * 7919) % 101},${i % 5},"${classes[i % 24]}"`);
  writeFileSync(join(folder, "table.csv"), `${"wide".repeat(60)},<b>,c,name\n${rows.join("\n")}\n`);
  return trainOn(folder, "table.csv", "--epochs 5 --layers 40,24 --validation-split 0.2");
}

/** Images, many of which are told wrong. */
async function reportOnImages(): Promise<string> {
  const folder = temporaryFolder();
  for (const part of ["train", "t10k"]) {
    const bytes = Array.from({ length: 50 * SIDE * SIDE }, (_, i) => (i * 7919) % 256);
    writeFileSync(join(folder, `${part}-images-idx3-ubyte`), idxBytes(8, [50, SIDE, SIDE], bytes));
    const labels = bytes.slice(0, 50).map((byte) => byte % 3);
    writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), idxBytes(8, [50], labels));
  }
  return trainOn(folder, ".", "--epochs 1");
}

async function trainOn(folder: string, dataset: string, options: string): Promise<string> {
  const path = join(folder, "report.html");
  const { code, stderr } = await neurone(`train ${join(folder, dataset)} ${options} --report ${path}`);
  expect(code, stderr).toBe(0);
  return pathToFileURL(path).href;
}

/** What the page asked for, and all that went wrong. */
async function open(url: string, options: BrowserContextOptions) {
  const context = await browser.newContext({ viewport: NARROW, ...options });
  const page = await context.newPage();
  const requests: string[] = [];
  const problems: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto(url);
  return { page, requests, problems, close: () => context.close() };
}

const widthOf = (page: Page) => page.evaluate<number>("document.documentElement.scrollWidth");

for (const [what, report] of [
  ["a table", reportOnTable],
  ["images", reportOnImages],
] as const) {
  test(`a report on ${what} is whole without scripts and fits a narrow screen`, async () => {
    const url = await report();
    const { page, requests, problems, close } = await open(url, { javaScriptEnabled: false });
    expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
    expect(await page.title()).toMatch(/: training report$/);
    expect(await widthOf(page)).toBe(NARROW.width);
    await page.getByText("The same in numbers").click();
    expect(await widthOf(page)).toBe(NARROW.width);
    expect(await page.getByRole("table", { name: "Confusion matrix" }).isVisible()).toBe(true);
    const widths = await page
      .locator("img")
      .evaluateAll((all) => all.map((image) => (image as HTMLImageElement).naturalWidth));
    expect(widths.length > MOST_UNITS).toBe(what === "images");
    expect(widths.every((width) => width === SIDE)).toBe(true);
    expect(requests.filter((request) => !request.startsWith("data:"))).toEqual([url]);
    expect(problems).toEqual([]);
    await close();
  });

  test.each(["light", "dark"] as const)(
    `a report on ${what} is accessible on a ${"%s"} screen`,
    async (colorScheme) => {
      const { page, problems, close } = await open(await report(), { colorScheme });
      await page.getByText("The same in numbers").click();
      await page.evaluate(axe);
      const { violations, passes } = await page.evaluate<AxeResults>("axe.run()");
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      expect(passes.map(({ id }) => id)).toContain("color-contrast");
      expect(problems).toEqual([]);
      await close();
    },
  );
}

test("a report is light on paper, whatever the screen is, and fits it", async () => {
  const { page, close } = await open(await reportOnTable(), { colorScheme: "dark", viewport: A4 });
  const background = () => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
  expect(await background()).toBe("rgb(20, 24, 29)");
  const number = page.getByText("The same in numbers").locator("xpath=..").locator("td").first();
  expect(await number.isVisible()).toBe(false);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  expect(await number.isVisible()).toBe(true);
  expect(await background()).toBe("rgb(255, 255, 255)");
  expect(await widthOf(page)).toBe(A4.width);
  expect((await page.pdf({ format: "A4" })).subarray(0, 5).toString()).toBe("%PDF-");
  await close();
});
