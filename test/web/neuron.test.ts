import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Activation, models } from "../../src/index.js";
import { ACTIVATIONS } from "../../web/chapters/neuron/activations.js";
import { Site } from "./site.js";

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterEach(() => site.leave());
afterAll(() => site.close());

const plane = (page: Page) => page.getByRole("group", { name: /^The plane of the two inputs/ });
const handle = (page: Page, name: RegExp) => page.getByRole("slider", { name });
const arrow = (page: Page) => handle(page, /^The weights/);
const line = (page: Page) => handle(page, /^The line/);
const probe = (page: Page) => handle(page, /^The input x/);
const choose = (page: Page, name: string) => page.getByRole("radio", { name, exact: true }).check();
const activation = (page: Page) => page.getByRole("combobox", { name: /^Activation f/ });
const says = (page: Page, words: string | RegExp) => page.getByRole("status").filter({ hasText: words }).waitFor();
const isReached = (page: Page, goal: string) =>
  page.getByRole("listitem").filter({ hasText: goal }).filter({ hasText: "(reached)" }).waitFor();

/** Where a place of the plane is on the screen. */
async function onScreen(page: Page, x: number, y: number): Promise<readonly [number, number]> {
  await plane(page).scrollIntoViewIfNeeded();
  const box = await plane(page).boundingBox();
  if (!box) throw new Error("the plane is not to be seen");
  return [box.x + ((x + 2) / 4) * box.width, box.y + ((2 - y) / 4) * box.height];
}

/** Drags with the mouse to a place of the plane. */
async function drag(page: Page, which: (page: Page) => ReturnType<typeof handle>, x: number, y: number): Promise<void> {
  await plane(page).scrollIntoViewIfNeeded();
  const box = await which(page).boundingBox();
  if (!box) throw new Error("what is to be dragged is not to be seen");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(...(await onScreen(page, x, y)), { steps: 6 });
  await page.mouse.up();
}

/** What the page's link says. */
async function linked(page: Page): Promise<URLSearchParams> {
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await expect.poll(clipboard).not.toBe("");
  return new URLSearchParams(new URL(await clipboard()).hash.slice(1));
}

const number = (text: string) => Number(text.replace("−", "-").replace(",", "."));
const slider = async (page: Page, name: string) =>
  number((await page.getByLabel(name).getAttribute("aria-valuetext")) ?? "");

describe("gates by dragging", () => {
  test("AND, OR and NOT are reached by the line and the arrow, and XOR is not", async () => {
    const page = await site.visit("neuron");
    await page.getByText("✗").first().waitFor();
    await drag(page, arrow, 1, 1);
    await drag(page, line, 0.75, 0.75);
    await says(page, "AND: all right.");
    await isReached(page, "AND: drag");

    await choose(page, "XOR");
    await page.getByRole("row", { name: /0, 1/ }).getByText("✗").waitFor();
    await choose(page, "OR");
    await page.getByText("✗").first().waitFor();
    await drag(page, line, 0.5, 0);
    await says(page, "OR: all right.");
    await isReached(page, "OR: which");

    await choose(page, "NOT");
    await page.getByText("✗").first().waitFor();
    expect(await page.getByLabel("Weight w₂").count()).toBe(0);
    await drag(page, arrow, -1, 1.5);
    await drag(page, line, 0.5, 1);
    await says(page, "NOT: all right.");
    await isReached(page, "NOT: one");

    const given = await linked(page);
    using net = models.neuron({
      weights: [Number(given.get("w1"))],
      bias: Number(given.get("b")),
      activation: "sigmoid",
    });
    const { data } = (await net.predict([[0], [1]])) as { data: Float32Array };
    const outputs = async () => {
      const rows = await page.getByRole("row").all();
      return await Promise.all(rows.slice(1).map((row) => row.getByRole("cell").nth(2).innerText()));
    };
    // All was right before the drag was over, perhaps.
    await expect.poll(outputs).toEqual(Array.from(data, (y) => y.toFixed(2)));
    // Moved away again: what was reached stays.
    await page.getByLabel("Bias b").fill("4");
    await page.getByText("✗").first().waitFor();
    await isReached(page, "NOT: one");
    site.expectNoProblems();
  });

  test("XOR cannot be reached with the weights of any gate", async () => {
    for (const [w1, w2, b] of [
      [1, 1, -1.5],
      [1, 1, -0.5],
      [-1, -1, 1.5],
      [1, -1, -0.5],
    ]) {
      const page = await site.visit("neuron", { state: `goal=xor&f=threshold&w1=${w1}&w2=${w2}&b=${b}` });
      await page.getByText("✗").first().waitFor();
    }
    site.expectNoProblems();
  });

  test("a finger drags, too, and the page does not scroll under it", async () => {
    const page = await site.visit("neuron", { width: 390, height: 800, touch: true, state: "w1=1&w2=1&b=0.5" });
    await plane(page).scrollIntoViewIfNeeded();
    const scrolled = await page.evaluate(() => scrollY);
    const touch = await page.context().newCDPSession(page);
    const box = await line(page).boundingBox();
    if (!box) throw new Error("the line is not to be seen");
    const [x, y] = await onScreen(page, 0.75, 0.75);
    const start = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [start] });
    for (const part of [0.5, 1]) {
      const touchPoints = [{ x: start.x + part * (x - start.x), y: start.y + part * (y - start.y) }];
      await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints });
    }
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await says(page, "AND: all right.");
    expect(await page.evaluate(() => scrollY)).toBe(scrolled);
    site.expectNoProblems();
  });
});

test("keys move the arrow, the line and the probe; rows lead the probe to their input", async () => {
  const page = await site.visit("neuron", { state: "w1=1&w2=-0.5&b=0.25" });
  await arrow(page).focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => slider(page, "Weight w₁")).toBe(1.1);
  await page.keyboard.press("Shift+ArrowDown");
  await expect.poll(() => slider(page, "Weight w₂")).toBe(-0.51);
  await line(page).focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => slider(page, "Bias b")).toBeLessThan(0.25);
  await probe(page).focus();
  await page.keyboard.press("ArrowUp");
  await expect.poll(() => probe(page).getAttribute("aria-valuetext")).toBe("−0.75; 1.35");
  await page.getByRole("button", { name: "Look at x = (1, 1)" }).click();
  await expect.poll(() => probe(page).getAttribute("aria-valuetext")).toBe("1.00; 1.00");
  site.expectNoProblems();
});

test("the line can be taken anywhere, and goes through the pointer", async () => {
  const page = await site.visit("neuron", { state: "w1=1&w2=0&b=0" });
  await line(page).waitFor();
  await page.mouse.move(...(await onScreen(page, 0, -1.4)));
  await page.mouse.down();
  await page.mouse.move(...(await onScreen(page, -0.8, -1.2)), { steps: 5 });
  await page.mouse.up();
  await expect.poll(() => slider(page, "Bias b")).toBeCloseTo(0.8, 1);
  site.expectNoProblems();
});

test("every activation is computed by the engine, with its derivative", async () => {
  const z = -1.125;
  const page = await site.visit("neuron", { state: "w1=1&w2=-0.5&b=0.25&probe=-0.75~1.25" });
  const options = await activation(page).getByRole("option").allInnerTexts();
  expect(options).toEqual([...ACTIVATIONS]);
  const at = async (activation: Activation, z: number) => {
    using net = models.neuron({ weights: [1], activation });
    return (await net.predict([[z]])).data[0] as number;
  };
  for (const name of ACTIVATIONS) {
    await activation(page).selectOption(name);
    const plot = page.getByRole("group", { name: new RegExp(`^The activation function ${name} `) });
    const h = 1 / 64;
    const slope = ((await at(name, z + h)) - (await at(name, z - h))) / (2 * h);
    await expect
      .poll(async () => {
        const label = (await plot.getAttribute("aria-label")) ?? "";
        const [, y = "", said = ""] = /y = (.*), derivative (.*)\.$/.exec(label) ?? [];
        return {
          y: y.replace("−", "-").replace("-0.00", "0.00"),
          slopeIsRight: Math.abs(number(said) - slope) < 0.006,
        };
      })
      .toEqual({ y: (await at(name, z)).toFixed(2).replace("-0.00", "0.00"), slopeIsRight: true });
  }
  await activation(page).selectOption("threshold");
  await page.getByRole("slider", { name: "Threshold a" }).fill("-2");
  await page.getByRole("group", { name: /function threshold .* y = 1\.00, derivative 0\.00/ }).waitFor();
  site.expectNoProblems();
});

test("points of one's own: placed by clicks and by keys, moved, removed, separated", async () => {
  const page = await site.visit("neuron", { state: "w1=1&w2=0&b=0" });
  await choose(page, "Points");
  await page.getByText("6 of 8 right").waitFor();
  await page.getByRole("button", { name: "Remove all" }).click();
  await page.getByText("0 of 0 right").waitFor();
  await page.mouse.click(...(await onScreen(page, -1, 1)));
  await page.getByText("0 of 1 right").waitFor();
  await choose(page, "class 0");
  await plane(page).focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.getByText("0 of 2 right").waitFor();
  expect((await linked(page)).get("points")).toMatch(/^-(0\.99|1|1\.01)~(0\.99|1|1\.01)~1_0\.5~0~0$/);
  await drag(page, arrow, -1, 0);
  await says(page, "Points: all right.");
  await isReached(page, "Your points");
  await drag(page, (page) => handle(page, /^Point 2, class 0/), -0.5, -1);
  await page.getByText("1 of 2 right").waitFor();
  await page.getByRole("button", { name: "Remove the last" }).click();
  await page.getByText("1 of 1 right").waitFor();
  site.expectNoProblems();
});

test("the link restores everything, in French, too, and takes nothing that is out of range", async () => {
  const page = await site.visit("neuron", { state: "w1=1&w2=1&b=-0.5&goal=or&f=tanh&w3=1" });
  await arrow(page).waitFor();
  await drag(page, probe, 1.5, -1);
  await page.getByLabel("Weight w₁").fill("1.25");
  const state = (await linked(page)).toString();
  await page.getByRole("link", { name: "Français" }).click();
  await page.waitForURL("**/fr/neuron.html*");
  expect(new URL(page.url()).hash).toBe(`#${state}`);
  await page.getByRole("heading", { name: "Le neurone" }).waitFor();
  expect(await page.getByLabel("Poids w₁").getAttribute("aria-valuetext")).toBe("1,25");
  expect(await activation(page).inputValue()).toBe("tanh");
  await expect
    .poll(() => handle(page, /^L’entrée x que l’on regarde$/).getAttribute("aria-valuetext"))
    .toMatch(/^1,(49|5\d) ; −(0,99|1,0\d)$/);
  const stranger = await site.visit("neuron", { state: "w1=99&goal=nand&points=1~2&f=softmax&probe=1&reached=xor" });
  await expect.poll(() => slider(stranger, "Weight w₁")).toBe(1);
  expect(await activation(stranger).inputValue()).toBe("sigmoid");
  site.expectNoProblems();
});
