import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { load } from "../../src/index.js";
import { normalize } from "../../web/chapters/digits/normalize.js";
import { render, strokesCodec } from "../../web/chapters/digits/strokes.js";
import { framesPerSecond, Site } from "./site.js";

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterEach(() => site.leave());
afterAll(() => site.close());

type Place = readonly [x: number, y: number];

/** How a person writes digits, in parts of the pad. */
const WRITTEN: Readonly<Record<number, readonly (readonly Place[])[]>> = {
  0: [
    [
      [0.55, 0.2],
      [0.38, 0.28],
      [0.3, 0.5],
      [0.36, 0.74],
      [0.52, 0.82],
      [0.66, 0.72],
      [0.7, 0.48],
      [0.64, 0.27],
      [0.54, 0.2],
    ],
  ],
  1: [
    [
      [0.4, 0.32],
      [0.53, 0.18],
      [0.52, 0.82],
    ],
  ],
  2: [
    [
      [0.3, 0.34],
      [0.38, 0.21],
      [0.54, 0.19],
      [0.66, 0.3],
      [0.62, 0.46],
      [0.46, 0.62],
      [0.3, 0.8],
      [0.5, 0.79],
      [0.72, 0.8],
    ],
  ],
  3: [
    [
      [0.32, 0.24],
      [0.48, 0.18],
      [0.62, 0.26],
      [0.6, 0.4],
      [0.46, 0.48],
      [0.62, 0.54],
      [0.67, 0.68],
      [0.56, 0.8],
      [0.4, 0.82],
      [0.3, 0.74],
    ],
  ],
  4: [
    [
      [0.44, 0.18],
      [0.28, 0.58],
      [0.72, 0.56],
    ],
    [
      [0.6, 0.34],
      [0.56, 0.84],
    ],
  ],
  5: [
    [
      [0.68, 0.2],
      [0.4, 0.2],
      [0.36, 0.46],
      [0.54, 0.42],
      [0.68, 0.54],
      [0.66, 0.72],
      [0.5, 0.82],
      [0.32, 0.76],
    ],
  ],
  7: [
    [
      [0.28, 0.22],
      [0.72, 0.2],
      [0.56, 0.5],
      [0.46, 0.84],
    ],
  ],
};

/** Draws with the mouse as a person does: in small moves. */
async function write(page: Page, digit: number): Promise<void> {
  // What was pressed before may have scrolled the page.
  await page.getByRole("application").scrollIntoViewIfNeeded();
  const pad = await page.getByRole("application").boundingBox();
  if (!pad) throw new Error("the pad is not to be seen");
  const move = ([x, y]: Place, steps: number) =>
    page.mouse.move(pad.x + x * pad.width, pad.y + y * pad.height, { steps });
  for (const stroke of WRITTEN[digit] as readonly (readonly Place[])[]) {
    await move(stroke[0] as Place, 1);
    await page.mouse.down();
    for (const place of stroke.slice(1)) await move(place, 4);
    await page.mouse.up();
  }
}

const verdict = (page: Page, words: string | RegExp) =>
  page.locator(".digits-verdict").getByText(words).first().waitFor();
const progress = (page: Page, words: string | RegExp) =>
  page.locator(".digits-progress").getByText(words).first().waitFor({ timeout: 60_000 });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
/** Waits until training has come to where it should. */
const isTrained = (page: Page) => button(page, "Train on").waitFor({ timeout: 60_000 });

/** The percentages of the bars, as they are written there. */
const bars = (page: Page) => page.locator(".digits-bars .bar").allInnerTexts();

async function download(page: Page, name: string): Promise<Uint8Array> {
  const [file] = await Promise.all([page.waitForEvent("download"), button(page, name).click()]);
  expect(file.suggestedFilename()).toBe(`digits${name}`);
  return new Uint8Array(readFileSync(await file.path()));
}

async function shareLink(page: Page): Promise<URL> {
  await button(page, "Share").click();
  return new URL(await page.evaluate(() => navigator.clipboard.readText()));
}

test("trains to 95 % within 15 seconds without dropping frames, then reads digits that are drawn", async () => {
  const page = await site.visit("digits");
  await progress(page, /^Nothing learnt yet/);
  // Whatever the button beside it says: what is under the pointer stays there.
  const place = async () => (await button(page, "One batch").boundingBox())?.x;
  const before = await place();
  await button(page, "Train").click();
  await button(page, "Pause").waitFor();
  expect(await place()).toBe(before);
  // Another program may take the processor away: what counts is the best second.
  let frames = 0;
  while (frames < 50) {
    const measured = await framesPerSecond(page, 1000);
    if (!(await button(page, "Pause").isVisible())) break;
    frames = Math.max(frames, measured);
  }
  expect(frames).toBeGreaterThanOrEqual(50);
  await isTrained(page);
  expect(await place()).toBe(before);
  const words = (await page.locator(".digits-progress p").first().textContent()) ?? "";
  const [, epochs, accuracy, seconds] =
    /^([\d.]+) epochs, 144,000 images in [\d.]+ s: ([\d.]+)\s%.* 95\s% was reached after ([\d.]+) s/.exec(words) ?? [];
  expect(epochs).toBe("6.00");
  expect(Number(accuracy)).toBeGreaterThanOrEqual(95);
  expect(Number(seconds)).toBeLessThan(15);
  for (const digit of Object.keys(WRITTEN).map(Number)) {
    await button(page, "Clear").click();
    await verdict(page, /^Draw a digit/);
    await write(page, digit);
    await verdict(page, new RegExp(`^Read as ${digit}, `));
  }
  site.expectNoProblems();
});

describe("on a page that was trained for an epoch", () => {
  const state = "trained=750";

  test("what it takes for what, and its hardest digits, belong together", async () => {
    const page = await site.visit("digits", { state });
    await isTrained(page);
    const rows = await page.locator(".digits-confusion tbody tr").all();
    const counts = await Promise.all(rows.map((row) => row.locator("td").allInnerTexts()));
    const right = counts.reduce((sum, row, digit) => sum + Number(row[digit]), 0);
    const all = counts.flat().reduce((sum, count) => sum + Number(count), 0);
    expect([counts.length, all]).toEqual([10, 4000]);
    await progress(page, new RegExp(`: ${((100 * right) / all).toFixed(1)}\\s%`));
    const hardest = page.locator(".digits-hardest button");
    expect(await hardest.count()).toBe(12);
    const [, label, predicted, percent] =
      /^A (\d), read as (\d) \((\d+\s%)\)$/.exec((await hardest.first().locator("span").last().textContent()) ?? "") ??
      [];
    expect(label).not.toBe(predicted);
    await hardest.first().click();
    await verdict(page, `Read as ${predicted}, ${percent}. It is a ${label}.`);
    await button(page, "A test digit").click();
    await verdict(page, /^Read as \d, .* It is a \d\.$/);
    site.expectNoProblems();
  });

  test("the network comes along as safetensors and as ONNX, and says the same in Node", async () => {
    const page = await site.visit("digits", { state });
    await isTrained(page);
    await write(page, 4);
    await verdict(page, /^Read as 4/);
    const link = new URLSearchParams((await shareLink(page)).hash.slice(1));
    const drawn = normalize(render(strokesCodec.parse(link.get("strokes") ?? "") ?? []));
    for (const name of [".safetensors", ".onnx"]) {
      using net = await load(await download(page, name));
      const { data } = (await net.predict(drawn)) as { data: Float32Array };
      expect(await bars(page)).toEqual(Array.from(data, (part) => `${(100 * part).toFixed(1)}\u202f%`));
    }
    site.expectNoProblems();
  });

  test("a finger draws, too, and the page does not scroll under it", async () => {
    const page = await site.visit("digits", { state, width: 390, height: 800, touch: true });
    await isTrained(page);
    await page.getByRole("application").scrollIntoViewIfNeeded();
    const pad = await page.getByRole("application").boundingBox();
    if (!pad) throw new Error("the pad is not to be seen");
    const scrolled = await page.evaluate(() => scrollY);
    const touch = await page.context().newCDPSession(page);
    const at = (y: number) => [{ x: pad.x + pad.width / 2, y: pad.y + y * pad.height }];
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at(0.2) });
    for (let y = 0.25; y < 0.85; y += 0.05) {
      await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(y) });
    }
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await verdict(page, /^Read as 1, /);
    expect(await page.evaluate(() => scrollY)).toBe(scrolled);
    site.expectNoProblems();
  });

  test("keys draw, too, and take the last stroke away", async () => {
    const page = await site.visit("digits", { state });
    await isTrained(page);
    await page.getByRole("application", { name: "Drawing pad" }).focus();
    const press = async (key: string, times = 1) => {
      for (let i = 0; i < times; i++) await page.keyboard.press(key);
    };
    await press("ArrowUp", 9);
    await press("Space");
    await page.getByText("Pen down").waitFor();
    await press("ArrowDown", 18);
    await press("Space");
    await verdict(page, /^Read as 1, /);
    const one = await bars(page);
    await press("ArrowLeft", 6);
    await press("Space");
    await press("ArrowRight", 12);
    await press("Space");
    await expect.poll(() => bars(page)).not.toEqual(one);
    await press("Backspace");
    await expect.poll(() => bars(page)).toEqual(one);
    await press("Backspace");
    await verdict(page, /^Draw a digit/);
    site.expectNoProblems();
  });

  test("what is cleared while it is being read stays cleared", async () => {
    const page = await site.visit("digits", { state });
    await isTrained(page);
    await page.evaluate(() => {
      const pad = document.querySelector('[role="application"]') as HTMLElement;
      const press = (key: string) => pad.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      for (const key of [" ", "ArrowDown", "ArrowDown", " "]) press(key);
      (document.querySelector(".digits-pad button") as HTMLElement).click();
    });
    // What the worker had to read it has read by the time that it has written a file.
    await download(page, ".safetensors");
    await verdict(page, /^Draw a digit/);
    expect(await bars(page)).toEqual(Array(10).fill(""));
    site.expectNoProblems();
  });
});

test("the link restores the network to the bit, its settings, and the drawing", async () => {
  const page = await site.visit("digits", { isolated: false });
  await page.getByText("Training runs on one thread.").waitFor();
  // Large enough to be still at it when it is paused.
  await page.getByLabel("Hidden units", { exact: true }).selectOption("256");
  await page.getByText("More settings").click();
  await page.getByLabel("Batch size").selectOption("16");
  await page.getByLabel("Seed").fill("7");
  await page.getByLabel("Optimizer").selectOption("momentum");
  await progress(page, /^Nothing learnt yet/);
  await button(page, "Train").click();
  await progress(page, / epochs, /);
  await button(page, "Pause").click();
  await button(page, "One batch").click();
  await isTrained(page);
  await write(page, 0);
  await verdict(page, /^Read as/);
  const link = await shareLink(page);
  const other = await site.visit("digits", { isolated: false, language: "fr", state: link.hash.slice(1) });
  await button(other, "Continuer").waitFor({ timeout: 60_000 });
  await other
    .locator(".digits-verdict")
    .getByText(/^Lu comme un/)
    .first()
    .waitFor();
  expect(await other.getByLabel("Neurones cachés", { exact: true }).inputValue()).toBe("256");
  // Both read what is drawn anew when a stroke ends.
  await expect
    .poll(async () => `${(await bars(other)).map((text) => text.replace(",", "."))}` === `${await bars(page)}`)
    .toBe(true);
  const [theirs, ours] = [await download(other, ".safetensors"), await download(page, ".safetensors")];
  expect(Buffer.compare(theirs, ours)).toBe(0);
  site.expectNoProblems();
});

test("digits that cannot be had are said, with what was asked for", async () => {
  const page = await site.visit("digits", { blocked: /digits\.bin/ });
  await page.getByRole("alert").waitFor();
  expect(await page.getByText("on their way").count()).toBe(0);
  expect(await button(page, "Train").isEnabled()).toBe(false);
});

test("16 x 16 pixels of ink or none are enough to learn and to read", async () => {
  const page = await site.visit("digits");
  await page.getByRole("radio", { name: "16 × 16, ink or none" }).check();
  await progress(page, /^Nothing learnt yet/);
  await write(page, 7);
  await verdict(page, /^Read as \d, .* train it first/);
  await page.getByRole("img", { name: /16 by 16 pixels/ }).waitFor();
  await button(page, "Train").click();
  await verdict(page, /^Read as 7, /);
  await isTrained(page);
  const [, accuracy] =
    /: ([\d.]+)\s% of/.exec((await page.locator(".digits-progress p").first().textContent()) ?? "") ?? [];
  expect(Number(accuracy)).toBeGreaterThan(93);
  site.expectNoProblems();
});
