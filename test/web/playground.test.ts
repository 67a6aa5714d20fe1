import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { bestFrames, overflow, Site, seriousFindings } from "./site.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const run = promisify(execFile);

let site: Site;
let folder: string;
beforeAll(async () => {
  site = await Site.open();
  // Where a program finds neurone as if it had been installed.
  folder = mkdtempSync(join(tmpdir(), "playground-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/neurone"), "dir");
});
afterEach(() => site.leave());
afterAll(async () => {
  await site.close();
  rmSync(folder, { recursive: true });
});

const visit = async (state = "", more: Parameters<Site["visit"]>[1] = {}) => {
  const page = await site.visit("playground", { state, ...more });
  await waitForRest(page);
  return page;
};
const button = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, exact: typeof name === "string" });
const choose = (page: Page, label: string, value: string) =>
  page.getByLabel(label, { exact: true }).selectOption(value);
const figure = (page: Page, name: string) =>
  page.locator("dl > div").filter({ hasText: name }).locator("dd").innerText();
const epoch = async (page: Page) => Number.parseInt((await figure(page, "Epoch")).replaceAll(",", ""), 10);
const hash = (page: Page) => page.locator("code").innerText();
const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

/** Waits until there is a network and nothing moves. */
const waitForRest = (page: Page) =>
  page
    .locator("code")
    .filter({ hasText: /^[0-9a-f]{16}$/ })
    .waitFor();

/** Waits until the number of epochs is this, and nothing moves. */
async function waitForEpoch(page: Page, number: number): Promise<void> {
  await expect.poll(() => epoch(page)).toBe(number);
  await waitForRest(page);
}

/** Waits until a task is ticked off. */
const isDone = (page: Page, task: string) =>
  expect.poll(() => page.getByRole("listitem").filter({ hasText: task }).getAttribute("class")).toBe("done");

async function steps(page: Page, count: number): Promise<void> {
  const from = await epoch(page);
  for (let i = 1; i <= count; i++) {
    await button(page, "One epoch").click();
    await waitForEpoch(page, from + i);
  }
}

/** Types a weight's value. */
async function setValue(editor: Locator, value: string): Promise<void> {
  const field = editor.getByLabel("Value", { exact: true });
  await field.fill(value);
  await field.press("Enter");
}

/** Clicks a line where no other one lies over it. */
async function clickLine(page: Page, name: string): Promise<void> {
  const found = page.getByRole("button", { name, exact: true });
  await found.scrollIntoViewIfNeeded();
  const place = await found.evaluate((line) => {
    const path = line as unknown as SVGPathElement;
    const matrix = path.getScreenCTM() as DOMMatrix;
    const parts = Array.from({ length: 19 }, (_, i) => ((i + 1) / 20) * path.getTotalLength());
    const places = parts.map((part) => path.getPointAtLength(part).matrixTransform(matrix));
    return places.map(({ x, y }) => ({ x, y })).find(({ x, y }) => document.elementFromPoint(x, y) === line);
  });
  await page.mouse.click(place?.x as number, place?.y as number);
}

/** Presses a button that copies; what it copies. */
async function copied(page: Page, name: string): Promise<string> {
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await button(page, name).click();
  await expect.poll(() => clipboard(page)).not.toBe("");
  return clipboard(page);
}

/** Runs the program that the page gives; what it prints last. */
async function copiedProgram(page: Page): Promise<string> {
  const file = join(folder, "run.mjs");
  writeFileSync(file, await copied(page, "Copy as TypeScript"));
  const { stdout } = await run(process.execPath, [file]);
  return stdout.trim().split("\n").at(-1) as string;
}

describe("training", () => {
  test("learns XOR to 100 %, on the test too, and the copied program and command end with the same weights", async () => {
    const page = await visit();
    await choose(page, "Data set", "xor");
    await page.getByLabel("Noise").fill("0");
    await choose(page, "Optimizer", "adam");
    await choose(page, "Learning rate", "0.03");
    await choose(page, "Speed", "fast");
    await button(page, "Play").click();
    await expect.poll(() => figure(page, "Accuracy"), { timeout: 60_000 }).toMatch(/^100\.0\s%\s\/\s100\.0\s%$/);
    await button(page, "Pause").click();
    await button(page, "Play").waitFor();
    await isDone(page, "XOR: bring");
    await waitForRest(page);
    expect(await copiedProgram(page)).toBe(await hash(page));

    const [, , ...words] = (await copied(page, "Copy as command")).split(" ");
    const downloading = page.waitForEvent("download");
    await button(page, /^Download the points/).click();
    await (await downloading).saveAs(join(folder, "playground.csv"));
    const { stdout } = await run(process.execPath, [join(root, "dist/cli.js"), ...words], { cwd: folder });
    const result = JSON.parse(stdout.trim().split("\n").at(-1) as string);
    expect(result.weightsHash).toBe(await hash(page));
    // What it reached it may have lost again until it paused.
    const shown = Number.parseFloat((await figure(page, "Accuracy")).split("/")[1] as string);
    expect(100 * result.testAccuracy).toBeCloseTo(shown, 1);
    site.expectNoProblems();
  });

  test("plays, pauses, goes on by epochs and begins again to the same weights", async () => {
    const page = await visit("drop=0.2");
    const first = await hash(page);
    await steps(page, 3);
    const third = await hash(page);
    expect(third).not.toBe(first);
    await button(page, "Play").click();
    await expect.poll(() => epoch(page)).toBeGreaterThan(6);
    await button(page, "Pause").click();
    await button(page, "Play").waitFor();
    await waitForRest(page);
    const paused = await epoch(page);
    // Until this program has run the page could have trained on, too.
    expect(await copiedProgram(page)).toBe(await hash(page));
    expect(await epoch(page)).toBe(paused);
    await button(page, "Start over").click();
    await waitForEpoch(page, 0);
    expect(await hash(page)).toBe(first);
    await steps(page, 3);
    expect(await hash(page)).toBe(third);
    site.expectNoProblems();
  });

  test("goes on by single batches, which make the same epochs, and copies what stands within one", async () => {
    const page = await visit("drop=0.2&seed=3");
    await steps(page, 2);
    const second = await hash(page);
    await button(page, "One batch").focus();
    for (let i = 1; i <= 3; i++) {
      await page.keyboard.press("Enter");
      await expect.poll(() => figure(page, "Epoch")).toBe(`2, batch ${i} of 21`);
    }
    await page.getByText(/^Epoch 2, batch 3 of 21, training loss 0\.\d+/).waitFor({ state: "attached" });
    const within = await hash(page);
    expect(within).not.toBe(second);
    expect(await copiedProgram(page)).toBe(within);
    await page.getByText("The command line trains whole epochs").waitFor();
    expect(await button(page, "Copy as command").isDisabled()).toBe(true);

    await clickLine(page, "Weight from x₁ to neuron 1 of layer 1");
    await setValue(page.getByRole("dialog"), "2.5");
    await page.waitForURL(/edits=2-3/);
    await button(page, "One batch").click();
    await expect.poll(() => figure(page, "Epoch")).toBe("2, batch 4 of 21");
    const changed = await hash(page);
    expect(await copiedProgram(page)).toBe(changed);
    const other = await visit(new URL(await copied(page, "Share")).hash.slice(1));
    await expect.poll(() => figure(other, "Epoch")).toBe("2, batch 4 of 21");
    await waitForRest(other);
    expect(await hash(other)).toBe(changed);
    for (const one of [page, other]) {
      await button(one, "One epoch").click();
      await waitForEpoch(one, 3);
      expect(await figure(one, "Epoch")).toBe("3");
    }
    expect(await hash(other)).toBe(await hash(page));
    expect(await copiedProgram(other)).toBe(await hash(page));

    await button(page, "Start over").click();
    await waitForEpoch(page, 0);
    for (let i = 1; i <= 21; i++) {
      await button(page, "One batch").click();
      await expect.poll(() => figure(page, "Epoch")).toBe(i < 21 ? `0, batch ${i} of 21` : "1");
    }
    await steps(page, 1);
    expect(await hash(page)).toBe(second);
    site.expectNoProblems();
  });

  test("draws more than 50 frames a second meanwhile, at full speed", async () => {
    const page = await visit(
      "layers=8_8_8&data=spiral&classes=3&features=x1_x2_x1x1_x2x2_x1x2_sinx1_sinx2&pace=fast&points=500",
    );
    await button(page, "Play").click();
    await expect.poll(() => epoch(page)).toBeGreaterThan(5);
    const before = await epoch(page);
    expect(await bestFrames(page, 50)).toBeGreaterThan(50);
    expect(await epoch(page)).toBeGreaterThan(before);
    site.expectNoProblems();
  });

  test("says so when the loss is no number any more", async () => {
    const page = await visit("data=hills&rate=10&act=relu&layers=8_8&opt=momentum&pace=fast");
    await button(page, "Play").click();
    await page.getByText("The loss is no number any more").waitFor();
    expect(await button(page, "Play").isDisabled()).toBe(true);
    site.expectNoProblems();
  });
});

describe("the network", () => {
  test("gets and loses layers and neurons by plus and minus, and inputs by a click", async () => {
    const page = await visit();
    const neurons = page.getByRole("button", { name: /^Neuron \d of layer/ });
    expect(await neurons.count()).toBe(6);
    await button(page, "Hidden layers: more").click();
    await expect.poll(() => neurons.count()).toBe(8);
    await button(page, "Layer 3: more neurons").click();
    await expect.poll(() => neurons.count()).toBe(9);
    await button(page, "Layer 1: fewer neurons").click();
    await expect.poll(() => neurons.count()).toBe(8);
    await button(page, "Input sin x₁").click();
    await expect
      .poll(() => page.getByRole("button", { name: /^Weight from/, includeHidden: true }).count())
      .toBe(3 * 3 + 3 * 2 + 2 * 3 + 3 * 2);
    await page.waitForURL(/layers=3_2_3/);
    for (let i = 0; i < 3; i++) await button(page, "Hidden layers: less").click();
    await expect.poll(() => neurons.count()).toBe(0);
    await steps(page, 1);
    expect(await copiedProgram(page)).toBe(await hash(page));
    site.expectNoProblems();
  });

  test("has an activation for each hidden layer, or one for all", async () => {
    const page = await visit("layers=4_3");
    const first = await hash(page);
    await steps(page, 2);
    const plain = await hash(page);
    const all = page.getByLabel("Activation", { exact: true });
    await choose(page, "Layer 2: activation", "relu");
    await waitForEpoch(page, 0);
    // The first weights are those of a layer's size alone.
    expect(await hash(page)).toBe(first);
    expect(await all.locator("option:checked").innerText()).toBe("by layer");
    await steps(page, 2);
    const mixed = await hash(page);
    expect(mixed).not.toBe(plain);
    expect(await copied(page, "Copy as TypeScript")).toMatch(/activation: "tanh" .*\n.*activation: "relu" /);
    expect(await copiedProgram(page)).toBe(mixed);
    await page.getByText("one activation for all hidden layers").waitFor();
    expect(await button(page, "Copy as command").isDisabled()).toBe(true);

    const other = await visit(new URL(await copied(page, "Share")).hash.slice(1));
    await waitForEpoch(other, 2);
    expect(await hash(other)).toBe(mixed);
    expect(await other.getByLabel("Layer 2: activation").inputValue()).toBe("relu");
    await button(other, "Keep this run").click();
    await other.getByRole("listitem").filter({ hasText: "Run 1" }).getByText("tanh 4 – relu 3").waitFor();

    await all.selectOption("tanh");
    await waitForEpoch(page, 0);
    expect(await page.getByLabel("Layer 2: activation").inputValue()).toBe("tanh");
    expect(await all.locator("option").filter({ hasText: "by layer" }).count()).toBe(0);
    await steps(page, 2);
    expect(await hash(page)).toBe(plain);
    site.expectNoProblems();
  });

  test("has weights that are set by a click on their line, and the copied program sets them too", async () => {
    const page = await visit();
    await steps(page, 2);
    const before = await hash(page);
    await clickLine(page, "Weight from x₁ to neuron 1 of layer 1");
    const editor = page.getByRole("dialog", { name: "neuron 1 of layer 1" });
    await setValue(editor, "2.5");
    await expect.poll(() => hash(page)).not.toBe(before);
    await page.waitForURL(/edits=/);
    await steps(page, 2);
    expect(await copiedProgram(page)).toBe(await hash(page));
    expect(await clipboard(page)).toContain("data[0] = 2.5;");
    await isDone(page, "Set a weight by hand");
    site.expectNoProblems();
  });

  test("is reached by keys alone", async () => {
    const page = await visit();
    const before = await hash(page);
    await button(page, "Neuron 2 of layer 1: set its weights").focus();
    await page.keyboard.press("Enter");
    const editor = page.getByRole("dialog", { name: "neuron 2 of layer 1" });
    await editor.waitFor();
    const focused = (attribute: string) =>
      page.evaluate((name) => document.activeElement?.getAttribute(name), attribute);
    await expect.poll(() => focused("type")).toBe("number");
    await page.keyboard.press("ArrowUp");
    await expect.poll(() => hash(page)).not.toBe(before);
    await editor.getByLabel("Weight", { exact: true }).selectOption({ label: "from x₂" });
    await editor.getByRole("slider").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Escape");
    await expect.poll(() => editor.count()).toBe(0);
    await expect.poll(() => focused("aria-label")).toMatch(/^Neuron 2 of layer 1/);
    await button(page, "One epoch").focus();
    await page.keyboard.press("Enter");
    await waitForEpoch(page, 1);
    await page.waitForURL(/edits=0.*kernel/);
    site.expectNoProblems();
  });
});

describe("data", () => {
  test("of four classes are told apart by softmax", async () => {
    const page = await visit("data=gaussians&noise=0&opt=adam");
    await button(page, "Classes: more").click();
    await button(page, "Classes: more").click();
    await expect.poll(() => page.getByRole("button", { name: /^Output [A-D]:/ }).count()).toBe(4);
    await choose(page, "Speed", "fast");
    await button(page, "Play").click();
    await expect.poll(async () => Number.parseFloat(await figure(page, "Accuracy"))).toBeGreaterThan(97);
    site.expectNoProblems();
  });

  test("of a regression are followed: no accuracy, one output", async () => {
    const page = await visit("data=plane&noise=0&pace=fast&rate=0.03");
    expect(await page.getByText("Accuracy: training / test").count()).toBe(0);
    await button(page, "Output ŷ: set its weights").waitFor();
    await button(page, "Play").click();
    await expect.poll(async () => Number.parseFloat(await figure(page, "Loss"))).toBeLessThan(0.01);
    await button(page, "Pause").click();
    await page.getByText("this is a regression").waitFor();
    expect(await button(page, "Copy as command").isDisabled()).toBe(true);
    expect(await copiedProgram(page)).toBe(await hash(page));
    site.expectNoProblems();
  });

  test("are placed by hand, by mouse and by keys, and taken away", async () => {
    const page = await site.visit("playground", { state: "data=own" });
    await page.getByText("four at least").waitFor();
    const plane = page.getByRole("group", { name: /^What the network says/ });
    await plane.click({ position: { x: 60, y: 60 } });
    await plane.click({ position: { x: 90, y: 60 } });
    await page.getByRole("radio", { name: "B", exact: true }).check();
    await plane.click({ position: { x: 220, y: 220 } });
    await plane.focus();
    for (const key of ["ArrowRight", "ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key);
    await page.waitForURL(/own=([^_]+_){3}/);
    const placed = new URLSearchParams(new URL(page.url()).hash.slice(1)).get("own")?.split("_");
    expect(placed?.map((one) => one.split("*")[2])).toEqual(["0", "0", "1", "1"]);
    await waitForEpoch(page, 0);
    await steps(page, 2);
    expect(await copiedProgram(page)).toBe(await hash(page));
    await button(page, "Remove the last").click();
    await page.getByText("four at least").waitFor();
    await button(page, "Remove all").click();
    await expect.poll(() => button(page, "Remove all").isDisabled()).toBe(true);
    site.expectNoProblems();
  });

  test("are pasted as a table, or dropped as a file; what is none is refused kindly", async () => {
    const page = await visit();
    await choose(page, "Data set", "own");
    await page.getByText("Paste a table (CSV)").click();
    const field = page.getByLabel("Table", { exact: true });
    await field.fill("this is\nno table");
    await page.getByText(/That did not work: .*a number expected/).waitFor();
    const rows = Array.from({ length: 40 }, (_, i) => `${150 + i},${80 - i},${i % 7},${i < 20 ? "cat" : "dog"}`);
    await field.fill(`height,weight,age,animal\n${rows.join("\n")}\n`);
    await page.getByText("40 points read.").waitFor();
    await button(page, "Output dog: set its weights").waitFor();
    await page.getByText("x₁ height").waitFor();
    await choose(page, "Up", "2");
    await page.getByText("x₂ age").waitFor();
    await waitForEpoch(page, 0);
    await steps(page, 2);
    expect(await copiedProgram(page)).toBe(await hash(page));

    const dropped = "a;b;y\n1;2;0.5\n3;4;1.5\n5;6;2.5\n7;8;3.5\n9;1;4.5\n2;3;5.5\n4;5;6.5\n6;7;7.5\n8;9;8.5\n";
    await page.evaluate((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], "numbers.csv", { type: "text/csv" }));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }, dropped);
    await button(page, "Output ŷ: set its weights").waitFor();
    await page.getByText("9 points read.").waitFor();
    site.expectNoProblems();
  });
});

test("runs are kept beside each other, train as far, and can be made the current one", async () => {
  const page = await visit("data=moons");
  await steps(page, 3);
  const kept = await hash(page);
  await button(page, "Keep this run").click();
  const card = page.getByRole("listitem").filter({ hasText: "Run 1" });
  await card.getByText("epoch 3").waitFor();
  await choose(page, "Activation", "relu");
  await waitForEpoch(page, 0);
  await steps(page, 5);
  await card.getByText("epoch 5").waitFor();
  await page.getByText("test, run 1").first().waitFor();
  await page.waitForURL(/kept=/);
  await button(page, "Make it the current one").click();
  await waitForEpoch(page, 3);
  expect(await hash(page)).toBe(kept);
  expect(await page.getByLabel("Activation", { exact: true }).inputValue()).toBe("tanh");
  await button(page, "Forget").click();
  await expect.poll(() => card.count()).toBe(0);
  site.expectNoProblems();
});

test("runs are kept within an epoch, and go on with the current one's epochs", async () => {
  const page = await visit("data=moons&epoch=1&batches=2");
  await expect.poll(() => figure(page, "Epoch")).toBe("1, batch 2 of 21");
  await waitForRest(page);
  const within = await hash(page);
  await button(page, "Keep this run").click();
  const card = page.getByRole("listitem").filter({ hasText: "Run 1" });
  await card.getByText("epoch 1, batch 2 of 21").waitFor();
  await choose(page, "Batch size", "50");
  await waitForEpoch(page, 0);
  await steps(page, 2);
  await card.getByText(/epoch 2$/).waitFor();
  await button(page, "Make it the current one").click();
  await expect.poll(() => figure(page, "Epoch")).toBe("1, batch 2 of 21");
  await waitForRest(page);
  expect(await hash(page)).toBe(within);
  site.expectNoProblems();
});

test("a shared link restores everything, to the same weights after as many epochs", async () => {
  const page = await visit(
    "data=spiral&classes=4&noise=0.05&opt=adam&layers=5_3&features=x1_x2_sinx1&drop=0.1&seed=9&act=elu",
  );
  await steps(page, 4);
  await button(page, "Neuron 1 of layer 2: set its weights").click();
  await setValue(page.getByRole("dialog"), "-0.75");
  await page.waitForURL(/edits=4/);
  await steps(page, 2);
  await button(page, "Keep this run").click();
  const other = await visit(new URL(await copied(page, "Share")).hash.slice(1), { isolated: false });
  await waitForEpoch(other, 6);
  expect(await hash(other)).toBe(await hash(page));
  await other.getByRole("listitem").filter({ hasText: "Run 1" }).getByText("epoch 6").waitFor();
  site.expectNoProblems();
});

test("jumping to the chapter leaves the run as it is, another link in the same tab is another run", async () => {
  const page = await visit("data=xor");
  await steps(page, 2);
  const trained = await hash(page);
  await page.evaluate(() => (location.hash = "#chapter"));
  await page.waitForURL(/data=xor&epoch=2/);
  expect([await epoch(page), await hash(page)]).toEqual([2, trained]);
  await steps(page, 1);
  await page.evaluate(() => (location.hash = "#data=moons&epoch=3"));
  await waitForEpoch(page, 3);
  expect(await page.getByLabel("Data set").inputValue()).toBe("moons");
  await page.evaluate(() => (location.hash = "#data=xor&epoch=2"));
  await waitForEpoch(page, 2);
  expect(await hash(page)).toBe(trained);
  site.expectNoProblems();
});

test("works in French, on a phone, with nothing serious for axe-core", async () => {
  const page = await visit("data=hills&sched=cosine&layers=8_8_8_8", { language: "fr", width: 360, touch: true });
  await page.getByRole("button", { name: "Une époque" }).tap();
  await page.getByText(/^Époque 1, perte d’apprentissage 0,\d+/).waitFor({ state: "attached" });
  await page.getByRole("button", { name: /^Neurone 1 de la couche 1/ }).tap();
  await page.getByRole("dialog", { name: "neurone 1 de la couche 1" }).waitFor();
  expect(await overflow(page)).toBe(0);
  expect(await seriousFindings(page)).toEqual([]);
  site.expectNoProblems();
});
