import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { deepUnits, parametersOf } from "../../web/chapters/universality/settings.js";
import { curveCodec, drawOn, presetOf, raise, SAMPLES, sampleAt } from "../../web/chapters/universality/targets.js";
import { bestFrames, overflow, Site, seriousFindings } from "./site.js";

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterEach(() => site.leave());
afterAll(() => site.close());

const paper = (page: Page) => page.getByRole("slider", { name: /^Paper to draw/ });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const choose = (page: Page, name: string) => page.getByRole("radio", { name, exact: true }).check();
const plot = (page: Page, name: string) => page.getByRole("group", { name: new RegExp(`^${name}: `) });
const number = (text: string | undefined) => Number((text ?? "").replace("−", "-").replace(",", "."));

/** What the picture says about its network's loss. */
async function loss(page: Page, name = "One hidden layer"): Promise<number> {
  const label = (await plot(page, name).getAttribute("aria-label")) ?? "";
  return number(/[Ll]oss (?:< )?([\d.]+)\.$/.exec(label)?.[1]);
}

/** The epochs that both networks have learnt. */
async function epochs(page: Page): Promise<number> {
  const text = await page.getByText(/^[\d,]+ epochs$|^Nothing learnt yet/).innerText();
  return text.startsWith("Nothing") ? 0 : Number(text.replace(/[^\d]/g, ""));
}

/** Sets a slider as a person does by keys: to one end, and so many steps from there. */
async function slide(page: Page, name: string, end: "Home" | "End", key?: string, times = 0): Promise<void> {
  await page.getByLabel(name, { exact: true }).focus();
  await page.keyboard.press(end);
  for (let i = 0; i < times; i++) await page.keyboard.press(key as string);
}

/** What the page's link says. */
async function linked(page: Page): Promise<URLSearchParams> {
  await button(page, "Share").click();
  return new URLSearchParams(new URL(await page.evaluate(() => navigator.clipboard.readText())).hash.slice(1));
}

type Place = readonly [x: number, y: number];

/** Draws with the mouse through places of the plane, x from -1 to 1 and y from -1.2 to 1.2. */
async function draw(page: Page, places: readonly Place[]): Promise<void> {
  const box = await paper(page).boundingBox();
  if (!box) throw new Error("the paper is not to be seen");
  const screen = ([x, y]: Place) =>
    [box.x + ((x + 1) / 2) * box.width, box.y + ((1.2 - y) / 2.4) * box.height] as const;
  await page.mouse.move(...screen(places[0] as Place));
  await page.mouse.down();
  for (const place of places.slice(1)) await page.mouse.move(...screen(place), { steps: 5 });
  await page.mouse.up();
}

const ZIGZAG: readonly Place[] = [
  [-0.99, -0.8],
  [-0.5, 0.8],
  [0, -0.4],
  [0.5, 0.9],
  [0.99, -0.9],
];

describe("drawing", () => {
  test("a curve drawn by pointer is fitted at once, by many neurons much better than by two", async () => {
    const page = await site.visit("universality", { state: "speed=fast" });
    await button(page, "Train").waitFor();
    await draw(page, ZIGZAG);
    await page.getByRole("radio", { name: "Yours", checked: true }).waitFor();
    await expect.poll(() => loss(page)).toBeLessThan(0.001);
    await page.getByText("Draw a curve of your own. (reached)").waitFor();
    await page.getByText(/Come below a loss of 0\.001.*\(reached\)/).waitFor();

    await slide(page, "Hidden neurons n", "Home", "ArrowRight", 1);
    await page.getByText("2 neurons, 7 weights and biases").waitFor();
    await expect.poll(() => epochs(page)).toBeGreaterThan(1500);
    expect(await loss(page)).toBeGreaterThan(0.05);
    site.expectNoProblems();
  });

  test("by keys: a place is chosen, and the curve raised there", async () => {
    const page = await site.visit("universality");
    await button(page, "Train").waitFor();
    await paper(page).focus();
    for (let i = 0; i < 2; i++) await page.keyboard.press("ArrowRight");
    expect(await paper(page).getAttribute("aria-valuetext")).toBe("x = 0.20: y = 0.76");
    await page.keyboard.press("ArrowUp");
    await expect.poll(() => paper(page).getAttribute("aria-valuetext")).toBe("x = 0.20: y = 0.86");
    await page.keyboard.press("Shift+ArrowDown");
    await expect.poll(() => paper(page).getAttribute("aria-valuetext")).toBe("x = 0.20: y = 0.84");
    await page.getByRole("radio", { name: "Yours", checked: true }).waitFor();
    await expect.poll(() => epochs(page)).toBeGreaterThan(10);
    site.expectNoProblems();
  });

  test("by finger, and the page does not scroll under it", async () => {
    const page = await site.visit("universality", { width: 390, height: 800, touch: true });
    await paper(page).scrollIntoViewIfNeeded();
    const scrolled = await page.evaluate(() => scrollY);
    const box = await paper(page).boundingBox();
    if (!box) throw new Error("the paper is not to be seen");
    const touch = await page.context().newCDPSession(page);
    const at = (part: number) => [{ x: box.x + part * box.width, y: box.y + (0.2 + 0.5 * part) * box.height }];
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at(0.1) });
    for (const part of [0.3, 0.6, 0.9]) {
      await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(part) });
    }
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await page.getByRole("radio", { name: "Yours", checked: true }).waitFor();
    expect(await page.evaluate(() => scrollY)).toBe(scrolled);
    const drawn = curveCodec.parse((await linked(page)).get("drawn") ?? "");
    expect(drawn?.[30]).toBeCloseTo(1.2 - 2.4 * 0.35, 1);
    site.expectNoProblems();
  });
});

describe("training", () => {
  test("train, pause, go on, start over", async () => {
    const page = await site.visit("universality");
    await page.getByText("Nothing learnt yet.").waitFor();
    await button(page, "Train").click();
    await expect.poll(() => epochs(page)).toBeGreaterThan(30);
    await button(page, "Pause").click();
    await page
      .getByRole("status")
      .filter({ hasText: /^After \d+ epochs: loss/ })
      .waitFor();
    const paused = await epochs(page);
    await page.waitForTimeout(300);
    expect(await epochs(page)).toBe(paused);
    await button(page, "Train").click();
    await expect.poll(() => epochs(page)).toBeGreaterThan(paused);
    await button(page, "Start over").click();
    await page.getByText("Nothing learnt yet.").waitFor();
    await button(page, "Train").waitFor();
    site.expectNoProblems();
  });

  test("the page keeps its frames while 200 neurons learn", async () => {
    const page = await site.visit("universality", { state: "n=200&speed=fast" });
    await button(page, "Train").click();
    await expect.poll(() => epochs(page)).toBeGreaterThan(100);
    expect(await bestFrames(page, 50)).toBeGreaterThan(50);
    await button(page, "Pause").waitFor();
    site.expectNoProblems();
  });

  test("every activation learns, and 200 linear neurons are one line", async () => {
    const page = await site.visit("universality", { state: "speed=fast&n=40" });
    const activation = page.getByRole("combobox", { name: "Activation f" });
    for (const name of ["tanh", "relu", "sigmoid", "radial", "softplus", "silu"]) {
      await activation.selectOption(name);
      await page
        .getByText("Nothing learnt yet.")
        .waitFor({ timeout: 500 })
        .catch(() => {});
      await expect.poll(() => loss(page)).toBeLessThan(0.01);
    }
    await activation.selectOption("linear");
    await slide(page, "Hidden neurons n", "End");
    await expect.poll(() => epochs(page)).toBeGreaterThan(1000);
    // What the best line leaves of 0.8 sin(2 pi x).
    expect(await loss(page)).toBeGreaterThan(0.12);
    expect(await loss(page, "A deep network")).toBeGreaterThan(0.12);
    site.expectNoProblems();
  });

  test("who wants nothing to move starts training by the button alone", async () => {
    const page = await site.visit("universality", { reducedMotion: true });
    await button(page, "Train").waitFor();
    await choose(page, "Step");
    await page.waitForTimeout(500);
    expect(await epochs(page)).toBe(0);
    await button(page, "Train").click();
    await expect.poll(() => epochs(page)).toBeGreaterThanOrEqual(500);
    site.expectNoProblems();
  });
});

test("the formula shows the neuron that is looked at, with the numbers of n neurons", async () => {
  const page = await site.visit("universality", { state: "n=3&neuron=2&f=relu" });
  await page.getByText("3 neurons, 10 weights and biases").waitFor();
  const sums = page.getByRole("group", { name: "The sum of the neurons, with its current numbers" });
  await expect.poll(() => sums.locator("math").nth(1).textContent()).toMatch(/^v2.*relu\(−1\.00x/);
  await slide(page, "Neuron i looked at", "End");
  await expect.poll(() => sums.locator("math").nth(1).textContent()).toMatch(/^v3.*relu\(1\.00x/);
  site.expectNoProblems();
});

test("the link restores the drawn curve and the trained networks, in French, too", async () => {
  const page = await site.visit("universality", { state: "n=12&f=sigmoid&seed=9&depth=3" });
  await button(page, "Train").waitFor();
  await draw(page, ZIGZAG);
  await expect.poll(() => epochs(page)).toBeGreaterThan(60);
  await button(page, "Pause").click();
  await page
    .getByRole("status")
    .filter({ hasText: /^After \d+ epochs/ })
    .waitFor();
  const [learnt, reached, deepReached] = [await epochs(page), await loss(page), await loss(page, "A deep network")];
  const state = await linked(page);
  expect(state.get("epochs")).toBe(String(learnt));
  expect(curveCodec.parse(state.get("drawn") ?? "")?.[sampleAt(0.5)]).toBeCloseTo(0.9, 1);
  expect(state.toString().length).toBeLessThan(300);

  const other = await site.visit("universality", { state: state.toString() });
  await expect.poll(() => epochs(other)).toBe(learnt);
  await button(other, "Train").waitFor();
  expect([await loss(other), await loss(other, "A deep network")]).toEqual([reached, deepReached]);

  await other.getByRole("link", { name: "Français" }).click();
  await other.waitForURL("**/fr/universality.html*");
  await other.getByRole("heading", { name: "L’universalité" }).waitFor();
  await other.getByText(`${learnt} époques`, { exact: true }).waitFor();
  await other.getByRole("radio", { name: "La vôtre", checked: true }).waitFor();
  expect(await other.getByLabel("Activation f").inputValue()).toBe("sigmoid");

  const stranger = await site.visit("universality", {
    state: `n=201&f=softmax&drawn=${"ff".repeat(SAMPLES)}&target=drawn&eta=9&epochs=1e9`,
  });
  await stranger.getByText("30 neurons, 91 weights and biases").waitFor();
  expect(await epochs(stranger)).toBe(0);
  site.expectNoProblems();
});

test("axe finds nothing serious, and nothing is wider than a small phone", async () => {
  for (const [language, scheme] of [
    ["en", "light"],
    ["fr", "dark"],
  ] as const) {
    const page = await site.visit("universality", { language, scheme, width: 360, state: "epochs=20" });
    await page.getByText(language === "en" ? "20 epochs" : "20 époques", { exact: true }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
  }
  site.expectNoProblems();
});

describe("its own arithmetic", () => {
  test("the deep network has the nearest number of weights", () => {
    expect(parametersOf(1, 30)).toBe(91);
    // 1 -> 8 -> 8 -> 1: 16 + 72 + 9.
    expect(parametersOf(2, 8)).toBe(97);
    for (const depth of [2, 3]) {
      for (const neurons of [1, 7, 30, 200]) {
        const [units, wanted] = [deepUnits(depth, neurons), parametersOf(1, neurons)];
        const distance = (units: number) => Math.abs(parametersOf(depth, units) - wanted);
        for (const other of [units - 1, units + 1].filter((units) => units > 0)) {
          expect(distance(units)).toBeLessThanOrEqual(distance(other));
        }
      }
    }
  });

  test("curves come back from links as they were, and nothing else is taken", () => {
    for (const name of ["sine", "step", "bump", "abs", "chirp"] as const) {
      const text = curveCodec.format(presetOf(name));
      expect(curveCodec.parse(text)).toEqual(presetOf(name));
    }
    for (const text of ["", "00", "c9".repeat(SAMPLES), "0g".repeat(SAMPLES), "64".repeat(SAMPLES + 1)]) {
      expect(curveCodec.parse(text)).toBeUndefined();
    }
  });

  test("a stroke changes the places that it passes, in either direction, and a raised place its neighbours", () => {
    const flat = Array.from({ length: SAMPLES }, () => 0);
    const drawn = drawOn(flat, [-0.5, 0], [0.5, 1]);
    expect([drawn[24], drawn[25], drawn[50], drawn[75], drawn[76]]).toEqual([0, 0, 0.5, 1, 0]);
    expect(drawOn(flat, [0.5, 1], [-0.5, 0])).toEqual(drawn);
    expect(drawOn(flat, [0, 0.3], [0, 0.7])[50]).toBe(0.7);
    const raised = raise(flat, 50, 0.5);
    expect([raised[50], raised[54], raised[70]]).toEqual([0.5, 0.18, 0]);
    expect(Math.max(...raise(raise(flat, 50, 0.8), 50, 0.8))).toBe(1);
  });
});
