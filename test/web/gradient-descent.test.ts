import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { callbacks, layers, optimizers, sequential } from "../../src/index.js";
import { contour } from "../../web/chapters/gradient-descent/contours.js";
import { landscapes } from "../../web/chapters/gradient-descent/landscapes.js";
import { overflow, Site, seriousFindings } from "./site.js";

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterEach(() => site.leave());
afterAll(() => site.close());

type Name = "SGD" | "Momentum" | "Adam";

const map = (page: Page) => page.getByRole("group", { name: /^Map of the loss/ });
const start = (page: Page) => page.getByRole("slider", { name: "Start", exact: true });
const eta = (page: Page) => page.getByLabel("Learning rate η");
const stepSlider = (page: Page) => page.getByLabel("Step k", { exact: true });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const choose = (page: Page, name: string) => page.getByRole("radio", { name, exact: true }).check();
const row = (page: Page, name: Name) => page.getByRole("row", { name: new RegExp(`^${name}`) });
const ends = (page: Page, name: Name, how: string | RegExp) => row(page, name).filter({ hasText: how }).waitFor();
const loss = (page: Page, name: Name) => row(page, name).getByRole("cell").first().innerText();
const says = (page: Page, words: string | RegExp) => page.getByRole("status").filter({ hasText: words }).waitFor();

/** Slides with the keyboard, as the slider itself counts. */
async function slide(page: Page, name: string, key: string, times: number): Promise<void> {
  await page.getByLabel(name).focus();
  for (let i = 0; i < times; i++) await page.keyboard.press(key);
}

/** Goes to the end of the walks, and again when other walks come in, until this one ends so. */
async function endsAfterAll(page: Page, name: Name, how: RegExp): Promise<void> {
  await stepSlider(page).focus();
  const result = async () => {
    await page.keyboard.press("End");
    return await row(page, name).innerText();
  };
  await expect.poll(result).toMatch(how);
}

/** Where a place of the plane from -3 to 3 is on the screen. */
async function onScreen(page: Page, x: number, y: number): Promise<readonly [number, number]> {
  await map(page).scrollIntoViewIfNeeded();
  const box = await map(page).boundingBox();
  if (!box) throw new Error("the map is not to be seen");
  return [box.x + ((x + 3) / 6) * box.width, box.y + ((3 - y) / 6) * box.height];
}

/** What the page's link says. */
async function linked(page: Page): Promise<URLSearchParams> {
  await button(page, "Share").click();
  await page.getByText("Link copied").waitFor();
  return new URLSearchParams(new URL(await page.evaluate(() => navigator.clipboard.readText())).hash.slice(1));
}

describe("how long a step", () => {
  test("a tiny η runs out of steps, a good one finds flat ground, a huge one diverges and says so", async () => {
    const page = await site.visit("gradient-descent");
    await map(page).waitFor();
    await slide(page, "Learning rate η", "Home", 1);
    await says(page, /too small.*creeps/);
    await endsAfterAll(page, "SGD", /✗ out of steps \(300\)/);
    await page.getByRole("listitem").filter({ hasText: "runs out of steps" }).filter({ hasText: "reached" }).waitFor();

    // From 0.0001 up to 0.05, a twentieth of a power of ten a key press.
    await slide(page, "Learning rate η", "ArrowRight", 54);
    await expect.poll(() => eta(page).getAttribute("aria-valuetext")).toBe("0.050");
    await says(page, "η is good");
    await endsAfterAll(page, "SGD", /✓ ‖∇L‖ small, step \d+/);
    await endsAfterAll(page, "Momentum", /✓ ‖∇L‖ small, step \d+/);

    await slide(page, "Learning rate η", "End", 1);
    await expect.poll(() => eta(page).getAttribute("aria-valuetext")).toBe("10");
    await says(page, /too large.*diverges/);
    await endsAfterAll(page, "SGD", /✗ diverged, step \d/);
    await endsAfterAll(page, "Adam", /✓ ‖∇L‖ small/);
    await says(page, /SGD: ✗ diverged.*Adam: ✓/);
    site.expectNoProblems();
  });

  test("between good and too large SGD oscillates", async () => {
    const page = await site.visit("gradient-descent", { state: "surface=bowl&start=-2~2&eta=0.92" });
    await says(page, "oscillates");
    site.expectNoProblems();
  });

  test("the walks are those of the library, to the step and to the digit", async () => {
    const page = await site.visit("gradient-descent", { state: "step=1000" });
    await ends(page, "SGD", "✓");
    const { x, y, start: first } = landscapes.valley;
    const make = {
      SGD: optimizers.sgd({ learningRate: 0.05 }),
      Momentum: optimizers.sgd({ learningRate: 0.05, momentum: 0.9 }),
      Adam: optimizers.adam({ learningRate: 0.05 }),
    };
    for (const name of ["SGD", "Momentum", "Adam"] as const) {
      using net = sequential({ layers: [layers.dense({ inputShape: [1], units: 1 })] });
      net.setWeights([[[first[0]]], [first[1]]]);
      net.compile({ optimizer: make[name], loss: "meanSquaredError" });
      const stop = callbacks.convergence({ gradientTolerance: 0.01 });
      const history = await net.fit(x, y, { batchSize: 8, epochs: 300, callbacks: [stop] });
      const steps = history.epoch.length;
      const { loss } = await net.evaluate(x, y);
      const end = steps === 300 ? "✗ out of steps (300)" : `✓ ‖∇L‖ small, step ${steps}`;
      expect(await row(page, name).getByRole("cell").allInnerTexts()).toEqual([(loss as number).toFixed(4), end]);
    }
    site.expectNoProblems();
  });
});

describe("when to stop", () => {
  test("each of the three rules ends a walk", async () => {
    const page = await site.visit("gradient-descent", { state: "surface=bowl&eta=0.1&step=1000" });
    await ends(page, "SGD", "✓ ‖∇L‖ small");
    await page.getByRole("checkbox", { name: /‖∇L‖/ }).uncheck();
    await ends(page, "SGD", "✗ out of steps (300)");
    await slide(page, "k reaches", "Home", 1);
    await ends(page, "SGD", "✗ out of steps (10)");
    await slide(page, "k reaches", "End", 1);
    await page.getByRole("checkbox", { name: /‖Δθ‖/ }).check();
    await ends(page, "SGD", /■ ‖Δθ‖ small, step \d+/);
    const late = await row(page, "SGD").innerText();
    await slide(page, "Tolerance of ‖Δθ‖", "ArrowRight", 4);
    await expect.poll(() => row(page, "SGD").innerText()).not.toBe(late);
    site.expectNoProblems();
  });

  test("on the saddle's middle the ground is flat at once, without being the bottom", async () => {
    const page = await site.visit("gradient-descent", { state: "surface=saddle&start=0~0&step=5" });
    for (const name of ["SGD", "Momentum", "Adam"] as const) await ends(page, name, "✓ ‖∇L‖ small, step 1");
    // With both weights 0 the network says 0: the loss is the mean of the targets' squares.
    const { y } = landscapes.saddle;
    const mean = y.reduce((sum, target) => sum + target ** 2, 0) / y.length;
    expect(await loss(page, "SGD")).toBe(mean.toFixed(4));
    site.expectNoProblems();
  });

  test("single examples make noise, another seed other noise", async () => {
    const page = await site.visit("gradient-descent", { state: "surface=bowl&start=-2~2&step=9" });
    const smooth = await loss(page, "SGD");
    await choose(page, "1");
    await expect.poll(() => loss(page, "SGD")).not.toBe(smooth);
    const noisy = await loss(page, "SGD");
    await page.getByLabel("Seed").fill("7");
    await expect.poll(() => loss(page, "SGD")).not.toBe(noisy);
    await choose(page, "all 8");
    await expect.poll(() => loss(page, "SGD")).toBe(smooth);
    site.expectNoProblems();
  });
});

describe("walking", () => {
  test("play, pause, step and start over", async () => {
    const page = await site.visit("gradient-descent");
    await page.getByText("0 of 300").waitFor();
    const step = async () => Number(await stepSlider(page).inputValue());
    // From here on time passes only when the test says so.
    await page.clock.install({ time: 0 });
    await page.clock.pauseAt("1970-01-02");
    await button(page, "Play").click();
    await page.clock.runFor(2000);
    // All 300 steps take 8 seconds; what is drawn lies at most two drawings behind.
    await expect.poll(step).toBeGreaterThanOrEqual(72);
    expect(await step()).toBeLessThanOrEqual(75);
    await button(page, "Pause").click();
    await button(page, "Play").waitFor();
    const paused = await step();
    await page.clock.runFor(2000);
    expect(await step()).toBe(paused);
    await button(page, "Step").click();
    await expect.poll(step).toBe(paused + 1);
    await button(page, "Play").click();
    await page.clock.runFor(7000);
    await button(page, "Play").waitFor();
    expect(await step()).toBe(300);
    await button(page, "Start over").click();
    await expect.poll(step).toBe(0);
    const first = await loss(page, "SGD");
    await stepSlider(page).press("ArrowRight");
    await expect.poll(() => loss(page, "SGD")).not.toBe(first);
    site.expectNoProblems();
  });

  test("who wants nothing to move goes to the end at once", async () => {
    const page = await site.visit("gradient-descent", { reducedMotion: true });
    await page.getByText("0 of 300").waitFor();
    expect(await button(page, "Play").count()).toBe(0);
    await button(page, "To the end").click();
    await says(page, /SGD: ✓/);
    site.expectNoProblems();
  });

  test("the start is dragged, clicked and moved by keys, and the ways follow", async () => {
    const page = await site.visit("gradient-descent");
    await ends(page, "SGD", "walking");
    const before = await loss(page, "SGD");
    const to = await onScreen(page, 1.5, 1.5);
    const box = await start(page).boundingBox();
    if (!box) throw new Error("the start is not to be seen");
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(...to, { steps: 5 });
    await page.mouse.up();
    const place = () => start(page).getAttribute("aria-valuetext");
    await expect.poll(place).toMatch(/^1\.[45]\d; 1\.[45]\d$/);
    await expect.poll(() => loss(page, "SGD")).not.toBe(before);
    await page.mouse.click(...(await onScreen(page, -1, -2)));
    await expect.poll(place).toMatch(/^−(1\.0|0\.99)\d?; −(2\.0|1\.99)/);
    await start(page).focus();
    await page.keyboard.press("ArrowUp");
    await expect.poll(place).toMatch(/; −1\.8\d$/);
    site.expectNoProblems();
  });
});

test("the link restores everything, in French, too, and takes nothing that is out of range", async () => {
  const page = await site.visit("gradient-descent");
  await choose(page, "Plateau");
  await expect.poll(() => start(page).getAttribute("aria-valuetext")).toBe("−5.00; 3.00");
  await choose(page, "4");
  await page.getByLabel("Seed").fill("12");
  await slide(page, "Learning rate η", "ArrowRight", 10);
  await page.getByRole("checkbox", { name: /‖Δθ‖/ }).check();
  await button(page, "Step").click();
  const state = await linked(page);
  expect(Object.fromEntries(state)).toEqual({
    surface: "plateau",
    start: "-5~3",
    eta: "0.158",
    batch: "4",
    seed: "12",
    byTheta: "yes",
    step: "1",
  });
  // The first walks that a new page shows are those of its link.
  const walked = await loss(await site.visit("gradient-descent", { state: `${state}` }), "SGD");
  await expect.poll(() => loss(page, "SGD")).toBe(walked);
  await page.getByRole("link", { name: "Français" }).click();
  await page.waitForURL("**/fr/gradient-descent.html*");
  await page.getByRole("heading", { name: "La descente de gradient" }).waitFor();
  expect(await page.getByLabel("Taux d’apprentissage η").getAttribute("aria-valuetext")).toBe("0,16");
  await expect.poll(() => loss(page, "SGD")).toBe(walked.replace(".", ","));
  expect(await page.getByRole("radio", { name: "Plateau" }).isChecked()).toBe(true);

  const stranger = await site.visit("gradient-descent", {
    state: "surface=hole&start=99~1&eta=1000&batch=3&most=1e9&step=-4",
  });
  await stranger.getByText("0 of 300").waitFor();
  expect(await eta(stranger).getAttribute("aria-valuetext")).toBe("0.050");
  site.expectNoProblems();
});

test("axe finds nothing serious, and nothing is wider than a small phone", async () => {
  for (const [language, scheme] of [
    ["en", "light"],
    ["fr", "dark"],
  ] as const) {
    const page = await site.visit("gradient-descent", { language, scheme, width: 360, state: "batch=1&step=20" });
    await page.getByRole("row", { name: /^SGD/ }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
  }
  site.expectNoProblems();
});

test("contours lie where values pass through their level", () => {
  // A ramp: the value is the column.
  const ramp = Float32Array.from({ length: 9 }, (_, i) => i % 3);
  for (const [from, to] of contour(ramp, 3, 0.5)) expect([from[0], to[0]]).toEqual([0.5, 0.5]);
  expect(contour(ramp, 3, 0.5)).toHaveLength(2);
  expect(contour(ramp, 3, 5)).toEqual([]);
  // Both diagonals of one cell: two lines.
  expect(contour([0, 1, 1, 0], 2, 0.5)).toHaveLength(2);
});
