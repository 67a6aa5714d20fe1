import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { layers, sequential } from "../../src/index.js";
import { Site } from "./site.js";

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterEach(() => site.leave());
afterAll(() => site.close());

const plane = (page: Page) => page.getByRole("group", { name: /^The plane of the inputs/ });
const probe = (page: Page) => page.getByRole("slider", { name: /^The point that is followed/ });
const says = (page: Page, words: string | RegExp) => page.getByRole("status").filter({ hasText: words }).waitFor();
const choose = (page: Page, name: string) => page.getByRole("radio", { name, exact: true }).check();
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const isReached = (page: Page, goal: string) =>
  page.getByRole("listitem").filter({ hasText: goal }).filter({ hasText: "(reached)" }).waitFor();
const type = async (page: Page, numbers: Readonly<Record<string, number>>) => {
  for (const [label, number] of Object.entries(numbers))
    await page.getByLabel(label, { exact: true }).fill(`${number}`);
};
const W = (w11: number, w12: number, w21: number, w22: number) => ({
  "W, row 1, column 1": w11,
  "W, row 1, column 2": w12,
  "W, row 2, column 1": w21,
  "W, row 2, column 2": w22,
});

/** The numbers of the three formulas, as they are written there. */
const numbers = async (page: Page) =>
  (await page.locator("math mn").allTextContents()).map((text) => text.replace("−", "-"));
/** y of each point, as those hear it who do not see it. */
const outputs = async (page: Page) => (await page.getByRole("img").getAttribute("aria-label")) ?? "";
/** The sheet in each of the planes. */
const sheets = async (page: Page) =>
  Promise.all((await page.locator(".hidden-layer-sheet .first").all()).map((path) => path.getAttribute("d")));

const CORNERS = [
  [-1, -1],
  [-1, 1],
  [1, -1],
  [1, 1],
];

/** y of the points by the library in Node, for a kernel [inputs, units], as the page writes it. */
async function inNode(
  activation: string,
  kernel: number[],
  b1: number[],
  w2: number[],
  b2: number,
  points = CORNERS,
): Promise<string> {
  using net = sequential({
    layers: [layers.dense({ inputShape: [2], units: 2, activation }), layers.dense({ units: 1 })],
  });
  net.setWeights([kernel, b1, w2, [b2]].map((values) => Float32Array.from(values)));
  const { data } = (await net.predict(points)) as { data: Float32Array };
  return Array.from(data, (y) => y.toFixed(2).replace("-", "−")).join("; ");
}

async function onScreen(page: Page, x: number, y: number): Promise<readonly [number, number]> {
  await plane(page).scrollIntoViewIfNeeded();
  const box = await plane(page).boundingBox();
  if (!box) throw new Error("the plane is not to be seen");
  return [box.x + ((x + 2) / 4) * box.width, box.y + ((2 - y) / 4) * box.height];
}

async function drag(page: Page, which: ReturnType<typeof probe>, x: number, y: number): Promise<void> {
  const to = await onScreen(page, x, y);
  const box = await which.boundingBox();
  if (!box) throw new Error("what is to be dragged is not to be seen");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(...to, { steps: 6 });
  await page.mouse.up();
}

async function linked(page: Page): Promise<string> {
  await button(page, "Share").click();
  await page.getByText("Link copied").waitFor();
  return new URL(await page.evaluate(() => navigator.clipboard.readText())).hash.slice(1);
}

test("the lecture's numbers separate XOR; a dragged point goes through the steps with its numbers", async () => {
  const page = await site.visit("hidden-layer");
  await says(page, "All 4 points right: separated.");
  expect(await outputs(page)).toMatch(/: −1\.00; 3\.00; 3\.00; −1\.00;/);
  await drag(page, probe(page), 0.5, 0.5);
  await probe(page).focus();
  for (const key of ["ArrowRight", "ArrowUp"]) for (let i = 0; i < 30; i++) await page.keyboard.press(key);
  await page.getByText("class 0", { exact: true }).waitFor();
  for (let i = 0; i < 40; i++) await page.keyboard.press("ArrowDown");
  await page.getByText("class 1", { exact: true }).waitFor();
  await expect
    .poll(() => numbers(page))
    .toEqual(
      [
        ["0.50", "-0.50", "-0.50", "0.50", "2.00", "-2.00", "0.00", "0.00", "2.00", "-2.00"],
        ["2.00", "-2.00", "2.00", "0.00"],
        ["4.00", "4.00", "2.00", "0.00", "-1.00", "7.00"],
      ].flat(),
    );
  await page.getByRole("group", { name: /after the linear map.*at \(2\.00, −2\.00\)/ }).waitFor();
  await page.getByRole("group", { name: /after g, with the line 4\.00 h₁.*at \(2\.00, 0\.00\)/ }).waitFor();
  site.expectNoProblems();
});

test("with g linear nothing separates XOR; other weights and the sigmoid do", async () => {
  const page = await site.visit("hidden-layer");
  await says(page, "All 4 points right");
  await page.getByLabel("Activation g").selectOption("linear");
  await says(page, "2 of 4 points right");
  await type(page, { ...W(1, 2, -1, 1), "b₂": 1 });
  await expect.poll(() => outputs(page)).toContain(`: ${await inNode("linear", [1, -1, 2, 1], [0, 0], [4, 4], 1)};`);
  await says(page, /^[123] of 4 points right/);
  await button(page, "The lecture's numbers").click();
  await says(page, "All 4 points right");
  expect(await page.getByLabel("W, row 1, column 2", { exact: true }).inputValue()).toBe("-0.5");

  await type(page, W(1, -1, -1, 1));
  await isReached(page, "not the lecture's");
  await page.getByLabel("Activation g").selectOption("sigmoid");
  await says(page, "2 of 4 points right");
  await type(page, { "b₁, number 1": -2, "b₁, number 2": -2, "b₂": -1.1 });
  await says(page, "All 4 points right");
  await isReached(page, "g the sigmoid");

  const expected = await inNode("sigmoid", [1, -1, -1, 1], [-2, -2], [4, 4], -1.1);
  await expect.poll(() => outputs(page)).toContain(`: ${expected};`);
  site.expectNoProblems();
});

test("AND wants another W; with it typed in, the goal is reached", async () => {
  const page = await site.visit("hidden-layer");
  await choose(page, "AND");
  await says(page, "1 of 4 points right");
  await type(page, W(1, 1, 1, 1));
  await says(page, "All 4 points right");
  await isReached(page, "Choose AND");
  site.expectNoProblems();
});

test("figure, controls and formula are seen without scrolling", async () => {
  for (const language of ["en", "fr"] as const) {
    const page = await site.visit("hidden-layer", { language, width: 1280, height: 900 });
    const formula = await page.locator(".hidden-layer-formulas").boundingBox();
    expect((formula?.y ?? 900) + (formula?.height ?? 0)).toBeLessThan(900);
  }
  site.expectNoProblems();
});

test("the steps: by the slider, by playing, and one by one where nothing is to move by itself", async () => {
  const page = await site.visit("hidden-layer");
  await says(page, "All 4 points right");
  const slider = page.getByLabel("Steps done");
  await slider.focus();
  await page.keyboard.press("Home");
  await expect.poll(async () => new Set(await sheets(page)).size).toBe(1);
  const [flat] = await sheets(page);
  // From here on time passes only when the test says so.
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt("1970-01-02");
  await button(page, "Play").click();
  await page.clock.runFor(700);
  await expect.poll(() => slider.getAttribute("aria-valuetext")).toBe("1: W and b₁");
  await button(page, "Pause").click();
  const paused = await sheets(page);
  expect(new Set(paused).size).toBe(2);
  await page.clock.runFor(7000);
  expect(await sheets(page)).toEqual(paused);
  // From there to the end; from the end, from the beginning.
  await button(page, "Play").click();
  await page.clock.runFor(1500);
  await expect.poll(() => slider.getAttribute("aria-valuetext")).toBe("2: g");
  await page.clock.runFor(4000);
  await button(page, "Play").waitFor();
  expect(await slider.getAttribute("aria-valuetext")).toBe("3: w₂ and b₂");
  expect(new Set(await sheets(page)).size).toBe(3);
  await button(page, "Play").click();
  await page.clock.runFor(700);
  await expect.poll(() => slider.getAttribute("aria-valuetext")).toBe("1: W and b₁");
  // Who then asks for less motion gets none.
  await page.emulateMedia({ reducedMotion: "reduce" });
  await button(page, "Next step").waitFor();
  const stopped = await sheets(page);
  await page.clock.runFor(7000);
  expect(await sheets(page)).toEqual(stopped);

  const still = await site.visit("hidden-layer", { reducedMotion: true });
  const step = button(still, "Next step");
  await step.click();
  await expect.poll(() => sheets(still)).toEqual([flat, flat, flat]);
  await step.click();
  await expect.poll(async () => new Set(await sheets(still)).size).toBe(2);
  await step.click();
  await expect.poll(async () => new Set(await sheets(still)).size).toBe(3);
  site.expectNoProblems();
});

test("points of one's own are placed by clicks and keys, moved, and taken away", async () => {
  const page = await site.visit("hidden-layer");
  await choose(page, "my own");
  await says(page, "7 of 8 points right");
  await button(page, "Remove all").click();
  await says(page, "No points yet.");
  await page.mouse.click(...(await onScreen(page, -1, 1)));
  await says(page, "All 1 points right");
  await choose(page, "class 0");
  await plane(page).focus();
  await page.keyboard.press("Enter");
  await says(page, "All 2 points right");
  await isReached(page, "Choose your own points");
  await drag(page, page.getByRole("slider", { name: /^Point 2, class 0/ }), 1, -1);
  await says(page, "1 of 2 points right");
  await button(page, "Remove the last").click();
  await says(page, "All 1 points right");
  site.expectNoProblems();
});

test("a finger drags the point on a phone", async () => {
  const page = await site.visit("hidden-layer", { width: 390, height: 800, touch: true });
  const [x, y] = await onScreen(page, -1, -1);
  const box = await probe(page).boundingBox();
  if (!box) throw new Error("the point is not to be seen");
  const scrolled = await page.evaluate(() => scrollY);
  const touch = await page.context().newCDPSession(page);
  const start = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [start] });
  await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x: x + 40, y: y - 20 }] });
  await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x, y }] });
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await page.getByText("class 0", { exact: true }).waitFor();
  await expect.poll(() => probe(page).getAttribute("aria-valuetext")).toMatch(/^−(0\.99|1\.0[01]); −(0\.99|1\.0[01])$/);
  expect(await page.evaluate(() => scrollY)).toBe(scrolled);
  site.expectNoProblems();
});

test("the link restores everything, in French, too", async () => {
  const page = await site.visit("hidden-layer");
  await type(page, { ...W(1, -1.5, 2, 0.25), "b₁, number 2": 0.5, "w₂, number 1": -3, "b₂": 0.75 });
  await page.getByLabel("Activation g").selectOption("tanh");
  await choose(page, "OR");
  await drag(page, probe(page), -1, 0.5);
  const state = await linked(page);
  const place = new URLSearchParams(state).get("probe")?.split("~").map(Number) ?? [];
  const y = (points: number[][]) => inNode("tanh", [1, 2, -1.5, 0.25], [0, 0.5], [-3, 4], 0.75, points);
  const said = `The outputs on a line: ${await y(CORNERS)}; the ringed point: ${await y([place])}.`;
  await expect.poll(() => outputs(page)).toBe(said);
  const again = await site.visit("hidden-layer", { state });
  await expect.poll(() => outputs(again)).toBe(said);
  expect(await numbers(again)).toEqual(await numbers(page));
  const french = await site.visit("hidden-layer", { state, language: "fr" });
  await french.getByRole("heading", { name: "La couche cachée" }).waitFor();
  expect(await french.getByLabel("W, ligne 1, colonne 2").inputValue()).toBe("-1.5");
  await expect
    .poll(async () => (await numbers(french)).join())
    .toBe((await numbers(page)).join().replaceAll(",", ";").replaceAll(".", ",").replaceAll(";", ","));
  site.expectNoProblems();
});
