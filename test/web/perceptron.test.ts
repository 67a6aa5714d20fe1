import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { overflow, Site, seriousFindings } from "./site.js";

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterEach(() => site.leave());
afterAll(() => site.close());

interface Point {
  readonly x: number;
  readonly y: number;
  readonly label: 1 | -1;
}

/** Rosenblatt's rule, in double precision: the line after each update, until an epoch without mistakes or so many updates. */
function perceptron(points: readonly Point[], most: number) {
  const lines: (readonly [number, number, number])[] = [];
  let [w1, w2, b] = [0, 0, 0];
  for (let mistakes = 1; mistakes > 0; ) {
    mistakes = 0;
    for (const { x, y, label } of points) {
      if (label * (w1 * x + w2 * y + b) > 0) continue;
      [w1, w2, b] = [w1 + label * x, w2 + label * y, b + label];
      lines.push([w1, w2, b]);
      if (lines.length === most) return lines;
      mistakes++;
    }
  }
  return lines;
}

const corners = (...labels: readonly (1 | -1)[]): Point[] => labels.map((label, i) => ({ x: i >> 1, y: i & 1, label }));
const AND = corners(-1, -1, -1, 1);
const XOR = corners(-1, 1, 1, -1);

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const choose = (page: Page, name: string) => page.getByRole("radio", { name, exact: true }).check();
const plane = (page: Page) => page.getByRole("group", { name: /^The plane of the points, with the perceptron/ });
/** What is said of a learner. */
const words = (page: Page, learner: "Perceptron" | "ADALINE") =>
  page.getByRole("region", { name: learner, exact: true }).locator("p").first();
const says = (page: Page, learner: "Perceptron" | "ADALINE", text: RegExp | string) =>
  expect.poll(() => words(page, learner).textContent()).toMatch(text);
const points = (page: Page) => page.getByRole("slider", { name: /^Point \d+, class/ });

async function click(page: Page, x: number, y: number): Promise<void> {
  await plane(page).scrollIntoViewIfNeeded();
  const box = await plane(page).boundingBox();
  if (!box) throw new Error("the plane is not to be seen");
  await page.mouse.click(box.x + ((x + 1.5) / 4) * box.width, box.y + ((2.5 - y) / 4) * box.height);
}

const show = (value: number) => value.toFixed(2).replace("-", "−");
const lineIs = async (page: Page, [w1, w2, b]: readonly [number, number, number]) =>
  expect
    .poll(() => plane(page).getAttribute("aria-label"))
    .toContain(`line ${show(w1)} x₁ + ${show(w2)} x₂ + ${show(b)} = 0`);

test("points that a line separates: placed by clicks, stepped through, and it stops", async () => {
  const page = await site.visit("perceptron");
  await choose(page, "your own");
  await says(page, "Perceptron", "Click in the plane");
  const placed: Point[] = [];
  const place = async (x: number, y: number, label: 1 | -1) => {
    await click(page, x, y);
    await points(page).nth(placed.length).waitFor();
    const where = (await points(page).nth(placed.length).getAttribute("aria-valuetext")) ?? "";
    const [, px, py] = /^(−?[\d.]+); (−?[\d.]+)$/.exec(where) ?? [];
    const [atX, atY] = [px, py].map((text) => Number(text?.replace("−", "-"))) as [number, number];
    expect([Math.abs(atX - x) < 0.02, Math.abs(atY - y) < 0.02]).toEqual([true, true]);
    placed.push({ x: atX, y: atY, label });
  };
  await place(1.5, 1.75, 1);
  await place(2, 0.5, 1);
  await choose(page, "● −1");
  await place(-0.5, 1, -1);
  await place(0.5, -1, -1);
  await place(0.75, 0.5, -1);
  const lines = perceptron(placed, 1000);
  expect(lines.length).toBeGreaterThan(3);
  await says(page, "Perceptron", "All weights are zero.");
  for (const [i, line] of lines.entries()) {
    await button(page, "Step").click();
    await lineIs(page, line);
    if (i === 0) await says(page, "Perceptron", /^1 update, epoch 1: \d of 5 points not yet right/);
  }
  await says(
    page,
    "Perceptron",
    new RegExp(`^Converged after ${lines.length} updates in \\d+ epochs\\. Margin 0\\.\\d\\d`),
  );
  const bars = await page.getByRole("img", { name: /^Mistakes in each epoch/ }).getAttribute("aria-label");
  const counts = (bars ?? "").match(/\d+/g)?.map(Number) ?? [];
  expect(counts.at(-1)).toBe(0);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(lines.length);
  await button(page, "Back").click();
  await lineIs(page, lines.at(-2) as (typeof lines)[0]);
  site.expectNoProblems();
});

test.each([
  {
    language: "en",
    alone: "Converged after 1 update in 2 epochs. Margin 2.12: at most 1 update (Novikoff).",
    adaline: "1 update: 0 of 1 point on the wrong side.",
    both: "Converged after 2 updates in 2 epochs. Margin ∞: at most 3 updates (Novikoff).",
  },
  {
    language: "fr",
    alone: "Convergence après 1 mise à jour en 2 époques. Marge 2,12\u202f: au plus 1 mise à jour (Novikoff).",
    adaline: "1 mise à jour\u202f: 0 point sur 1 du mauvais côté.",
    both: "Convergence après 2 mises à jour en 2 époques. Marge ∞\u202f: au plus 3 mises à jour (Novikoff).",
  },
] as const)("one point and two, $language", async ({ language, alone, adaline, both }) => {
  const page = await site.visit("perceptron", { language, state: "points=1~1~1&perceptron=1&adaline=1" });
  await says(page, "Perceptron", alone);
  await says(page, "ADALINE", adaline);
  // The second point takes the weights back to zero; the bias has both right.
  const other = await site.visit("perceptron", { language, state: "points=1~1~1_-1~-1~1&perceptron=2" });
  await says(other, "Perceptron", both);
  site.expectNoProblems();
});

test("Step stays where it is when the perceptron has converged", async () => {
  const page = await site.visit("perceptron", { state: "perceptron=10&adaline=10" });
  await says(page, "Perceptron", /^10 updates/);
  const before = await button(page, "Step").boundingBox();
  await button(page, "Step").click();
  await button(page, "Let ADALINE go on").waitFor();
  expect(await button(page, "Step").boundingBox()).toEqual(before);
  site.expectNoProblems();
});

test("each update with its numbers", async () => {
  const page = await site.visit("perceptron");
  await choose(page, "AND");
  await expect.poll(() => points(page).count()).toBe(4);
  const lines = perceptron(AND, 1000);
  for (let i = 0; i < 2; i++) await button(page, "Step").click();
  await lineIs(page, lines[1] as (typeof lines)[0]);
  // The fourth point, (1, 1) of class +1, is wrong with w = (0, 0) and b = -1.
  const rule = page.getByRole("region", { name: "The perceptron’s rule" });
  const formulas = await rule.locator("math").allTextContents();
  expect(formulas[1]).toBe("yz=(+1)·(−1.00)=−1.00≤0");
  expect(formulas[2]).toBe("w←0.000.00+1.00·(+1)·1.001.00=1.001.00");
  expect(formulas[3]).toBe("b←−1.00+1.00·(+1)=0.00");
  // ADALINE has visited two points: (0, 0) and (0, 1), both of class -1.
  const b = 0.1 * -1;
  const error = -1 - b;
  const delta = await page.getByRole("region", { name: "ADALINE’s delta rule" }).locator("math").allTextContents();
  expect(delta[1]).toBe(`y−z=(−1)−(${show(b)})=${show(error)}`);
  expect(delta[3]).toBe(`b←${show(b)}+0.10·(${show(error)})=${show(b + 0.1 * error)}`);
  site.expectNoProblems();
});

describe("played", () => {
  test("the perceptron converges on points that a line separates; play stops there, and ADALINE may go on", async () => {
    const page = await site.visit("perceptron");
    await choose(page, "15");
    await button(page, "Play").click();
    await says(page, "Perceptron", /^Converged after 11 updates in 5 epochs/);
    await page.getByText("Step until the perceptron has converged. (reached)").waitFor();
    // Faster: ADALINE's way is long.
    await choose(page, "one epoch");
    await button(page, "Let ADALINE go on").click();
    await says(page, "ADALINE", /^Settled after [\d,]+ updates/);
    await says(page, "Perceptron", /^Converged after 11 updates in 5 epochs/);
    await button(page, "Play").waitFor();
    site.expectNoProblems();
  });

  test("on XOR it circles until it is paused, and says so", async () => {
    const page = await site.visit("perceptron");
    await choose(page, "XOR");
    await choose(page, "one epoch");
    await choose(page, "15");
    await button(page, "Play").click();
    // More than the engine is asked for at once: it is asked again.
    await says(page, "Perceptron", /^([2-9]\d\d|[\d,]{5,}) updates: it circles.* it does not converge\.$/);
    await button(page, "Pause").click();
    // Four points give four mistakes an epoch at most, each epoch its own bar.
    const bars = await page.getByRole("img", { name: /^Mistakes in each epoch/ }).getAttribute("aria-label");
    expect(Math.max(...((bars ?? "").match(/\d+/g) ?? []).map(Number))).toBe(4);
    const before = (await words(page, "Perceptron").textContent()) ?? "";
    const length = Number(/what they were (\d+) updates ago/.exec(before)?.[1]);
    // As it should be: after so many updates, and no fewer, w and b are the same at the same point.
    const lines = perceptron(XOR, 400).map(String);
    expect(lines.slice(-length)).toEqual(lines.slice(-2 * length, -length));
    const line = await plane(page).getAttribute("aria-label");
    await choose(page, "one update");
    for (let i = 0; i < length; i++) await button(page, "Step").click();
    await expect.poll(() => plane(page).getAttribute("aria-label")).toBe(line);
    // No line of ADALINE's has all four right either.
    expect(await words(page, "ADALINE").textContent()).toMatch(/: [1-4] of 4 points on the wrong side\.$/);
    site.expectNoProblems();
  });
});

test("ADALINE settles, or diverges with too large a learning rate", async () => {
  const page = await site.visit("perceptron", { state: "stride=epoch&speed=15" });
  for (let i = 0; i < 5; i++) await button(page, "Step").click();
  await button(page, "Let ADALINE go on").click();
  await says(page, "ADALINE", /^Settled after [\d,]+ updates: \d+ of 20 points on the wrong side/);
  await button(page, "Play").waitFor();
  await page.getByLabel("ADALINE’s η").press("End");
  await says(page, "Perceptron", "All weights are zero");
  await button(page, "Play").click();
  await says(page, "Perceptron", /^Converged/);
  await says(page, "ADALINE", "It diverges");
  site.expectNoProblems();
});

test("keys place points, move them and take them away", async () => {
  const page = await site.visit("perceptron");
  await choose(page, "your own");
  await plane(page).focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const point = points(page).first();
  expect(await point.getAttribute("aria-label")).toBe("Point 1, class +1");
  await expect.poll(() => point.getAttribute("aria-valuetext")).toBe("1.00; 0.50");
  await point.focus();
  await page.keyboard.press("ArrowUp");
  await expect.poll(() => point.getAttribute("aria-valuetext")).toBe("1.00; 0.60");
  await page.keyboard.press("Delete");
  await says(page, "Perceptron", "Click in the plane");
  site.expectNoProblems();
});

test("the mouse drags points, and a click takes one away", async () => {
  const page = await site.visit("perceptron");
  await choose(page, "XOR");
  await expect.poll(() => points(page).count()).toBe(4);
  await plane(page).scrollIntoViewIfNeeded();
  const box = await points(page).nth(3).boundingBox();
  if (!box) throw new Error("no point");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 60, box.y + box.height / 2 - 60, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => points(page).nth(3).getAttribute("aria-valuetext")).not.toBe("1.00; 1.00");
  expect(await points(page).count()).toBe(4);
  await expect.poll(() => page.getByRole("radio", { name: "your own" }).isChecked()).toBe(true);
  await click(page, 0, 0);
  await expect.poll(() => points(page).count()).toBe(3);
  site.expectNoProblems();
});

test("the link restores points, settings and steps, in French too", async () => {
  const page = await site.visit("perceptron");
  await choose(page, "overlapping");
  await page.getByLabel("New order each epoch").check();
  await page.getByLabel("Seed").fill("5");
  await choose(page, "one epoch");
  for (let i = 0; i < 6; i++) await button(page, "Step").click();
  await says(page, "Perceptron", /epoch 6/);
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await button(page, "Share").click();
  await expect.poll(clipboard).not.toBe("");
  const link = new URL(await clipboard());
  const other = await site.visit("perceptron", { language: "fr", state: link.hash.slice(1) });
  const numbers = async (from: Page, name: RegExp) =>
    ((await from.getByRole("group", { name }).getAttribute("aria-label")) ?? "")
      .replaceAll(",", ".")
      .match(/−?\d\.\d\d/g);
  for (const [english, french] of [
    [/with the perceptron’s line/, /la droite du perceptron/],
    [/with ADALINE’s line/, /la droite d’ADALINE/],
  ] as const) {
    await expect.poll(() => numbers(other, french)).toEqual(await numbers(page, english));
  }
  expect(await other.getByRole("radio", { name: "mêlés" }).isChecked()).toBe(true);
  expect(await other.getByRole("slider", { name: /^Point \d+, classe/ }).count()).toBe(20);
  site.expectNoProblems();
});

test("readers who asked for less motion step; there is nothing to play", async () => {
  const page = await site.visit("perceptron", { reducedMotion: true });
  await button(page, "Step").click();
  await says(page, "Perceptron", /^1 update, epoch 1/);
  expect(await button(page, "Play").count()).toBe(0);
  site.expectNoProblems();
});

test.each(["en", "fr"] as const)(
  "a learnt line fits a phone and has nothing serious for axe-core, %s",
  async (language) => {
    const page = await site.visit("perceptron", {
      language,
      width: 360,
      height: 740,
      touch: true,
      state: "perceptron=7&adaline=40",
    });
    await page
      .getByText(/^7 (updates|mises)/)
      .first()
      .waitFor();
    expect(await overflow(page)).toBe(0);
    expect(await seriousFindings(page)).toEqual([]);
    site.expectNoProblems();
  },
);
