import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { overflow, Site, seriousFindings } from "./site.js";

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterEach(() => site.leave());
afterAll(() => site.close());

interface Numbers {
  readonly x: number;
  readonly y: number;
  readonly w1: number;
  readonly b1: number;
  readonly w2: number;
  readonly b2: number;
}

const FIRST: Numbers = { x: 1, y: 1, w1: 0.5, b1: 0.1, w2: -0.7, b2: 0.2 };
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** The lecture's formulas, in double precision. */
function lecture({ x, y, w1, b1, w2, b2 }: Numbers) {
  const z1 = w1 * x + b1;
  const y1 = sigmoid(z1);
  const z2 = w2 * y1 + b2;
  const yhat = sigmoid(z2);
  const output = (yhat - y) * yhat * (1 - yhat);
  const hidden = output * w2 * y1 * (1 - y1);
  return {
    forward: { "z₁": z1, "y₁": y1, "z₂": z2, ŷ: yhat, L: (yhat - y) ** 2 / 2 },
    backward: {
      "∂L/∂ŷ": yhat - y,
      "∂L/∂z₂": output,
      "∂L/∂w₂": output * y1,
      "∂L/∂b₂": output,
      "∂L/∂y₁": output * w2,
      "∂L/∂z₁": hidden,
      "∂L/∂w₁": hidden * x,
      "∂L/∂b₁": hidden,
    },
  };
}

/** The numbers after an update; with the slides' sign, the output layer's two gradients are the opposite ones. */
function updated(numbers: Numbers, eta: number, slip: boolean): Numbers {
  const { backward } = lecture(numbers);
  const output = slip ? -eta : eta;
  return {
    ...numbers,
    w1: numbers.w1 - eta * backward["∂L/∂w₁"],
    b1: numbers.b1 - eta * backward["∂L/∂b₁"],
    w2: numbers.w2 - output * backward["∂L/∂w₂"],
    b2: numbers.b2 - output * backward["∂L/∂b₂"],
  };
}

function updatedTimes(times: number, eta: number, slip = false, numbers = FIRST): Numbers {
  return times === 0 ? numbers : updatedTimes(times - 1, eta, slip, updated(numbers, eta, slip));
}

const parametersOf = ({ w1, b1, w2, b2 }: Numbers) => ({ "w₁": w1, "b₁": b1, "w₂": w2, "b₂": b2 });
const lossOf = (numbers: Numbers) => lecture(numbers).forward.L;
const show = (value: number) => value.toFixed(4).replace("-", "−");

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const status = (page: Page) => page.locator(".controls .status");
/** All numbers that the chain says it has, by name. */
async function chain(page: Page): Promise<Readonly<Record<string, string>>> {
  const label = (await page.getByRole("img", { name: /^The network as a chain/ }).getAttribute("aria-label")) ?? "";
  return Object.fromEntries(
    [...label.matchAll(/((?:new )?[^ ]+) = (−?\d+\.\d+)/g)].map(([, name, value]) => [name, value]),
  );
}
const shown = (numbers: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, show(value)]));

const step = (page: Page, name: string) => page.getByRole("button", { name: new RegExp(`^Step \\d+ of 12: ${name}$`) });

test("steps forward and backward through the chain, each number that of the lecture's formulas", async () => {
  const page = await site.visit("back-propagation");
  const { forward, backward } = lecture(FIRST);
  const given = shown({ x: 1, y: 1, ...parametersOf(FIRST) });
  await expect.poll(() => chain(page)).toEqual(given);
  const known: Record<string, number> = {};
  const stages: Readonly<Record<string, readonly (keyof typeof forward | keyof typeof backward)[]>> = {
    "z₁": ["z₁"],
    "y₁": ["y₁"],
    "z₂": ["z₂"],
    ŷ: ["ŷ"],
    L: ["L"],
    "∂L/∂ŷ": ["∂L/∂ŷ"],
    "∂L/∂z₂": ["∂L/∂z₂"],
    "∂L/∂w₂ and ∂L/∂b₂": ["∂L/∂w₂", "∂L/∂b₂"],
    "∂L/∂y₁": ["∂L/∂y₁"],
    "∂L/∂z₁": ["∂L/∂z₁"],
    "∂L/∂w₁ and ∂L/∂b₁": ["∂L/∂w₁", "∂L/∂b₁"],
  };
  for (const [name, values] of Object.entries(stages)) {
    await button(page, "Next →").click();
    await expect.poll(() => step(page, name).getAttribute("aria-current")).toBe("step");
    for (const value of values) known[value] = { ...forward, ...backward }[value];
    await expect.poll(() => chain(page)).toEqual({ ...given, ...shown(known) });
    // The formula ends with the number.
    const results = async () => {
      const formulas = await page.getByRole("group", { name, exact: true }).locator("math").allTextContents();
      return formulas.map((text) => text.split("=").at(-1));
    };
    await expect.poll(results).toEqual(expect.arrayContaining(values.map((value) => show(known[value] as number))));
  }
  await button(page, "← Back").click();
  await expect.poll(async () => Object.keys(await chain(page))).not.toContain("∂L/∂w₁");
  site.expectNoProblems();
});

test("the update of the last step is made, and the loss falls", async () => {
  const page = await site.visit("back-propagation");
  await step(page, "update").click();
  const after = updatedTimes(1, 1);
  const { forward, backward } = lecture(FIRST);
  const [old, next] = [parametersOf(FIRST), parametersOf(after)];
  const names = ["w₁", "b₁", "w₂", "b₂"] as const;
  // All that was computed so far belongs to the old values; the new ones are named so: in words, in the drawing, in the formulas.
  const fresh = Object.fromEntries(names.map((name) => [`new ${name}`, next[name]]));
  await expect.poll(() => chain(page)).toEqual(shown({ x: 1, y: 1, ...old, ...forward, ...backward, ...fresh }));
  const drawn = page.getByRole("img", { name: /^The network as a chain/ });
  for (const name of names) {
    const box = drawn.locator("g.box").filter({ hasText: `${name} = ` });
    expect(await box.textContent()).toBe(
      `${name} = ${show(old[name])}∂L/∂${name} ${show(backward[`∂L/∂${name}`])}new ${show(next[name])}`,
    );
  }
  const formulas = await page.getByRole("group", { name: "update" }).locator("math").allTextContents();
  const bracket = (text: string) => (text.startsWith("−") ? `(${text})` : text);
  expect(formulas).toEqual(
    names.flatMap((name) => {
      const plain = name.replace("₁", "1").replace("₂", "2");
      const slope = bracket(show(backward[`∂L/∂${name}`]));
      return [`${plain}new=${plain}−η∂L∂${plain}`, `=${show(old[name])}−1.00·${slope}=${show(next[name])}`];
    }),
  );
  await button(page, "Next →").click();
  await expect
    .poll(() => status(page).textContent())
    .toBe(`After 1 update. The loss fell from ${show(lossOf(FIRST))} to ${show(lossOf(after))}.`);
  await expect.poll(() => step(page, "start").getAttribute("aria-current")).toBe("step");
  await expect.poll(() => chain(page)).toEqual(shown({ x: 1, y: 1, ...next }));
  await button(page, "Ten updates").click();
  await expect
    .poll(() => status(page).textContent())
    .toBe(
      `After 11 updates. The loss fell from ${show(lossOf(updatedTimes(10, 1)))} to ${show(lossOf(updatedTimes(11, 1)))}.`,
    );
  await expect
    .poll(async () => Number(await page.getByLabel("w₂", { exact: true }).inputValue()))
    .toBeCloseTo(updatedTimes(11, 1).w2, 5);
  await button(page, "Start over").click();
  await expect.poll(() => status(page).textContent()).toBe("No update yet.");
  await expect.poll(() => page.getByLabel("w₂", { exact: true }).inputValue()).toBe("-0.7");
  site.expectNoProblems();
});

describe("the slides' slip of sign", () => {
  const row = (page: Page, i: number) => page.getByRole("row").nth(i + 1);

  test("is pointed out, and nudging shows which sign is right", async () => {
    const page = await site.visit("back-propagation");
    await page.getByRole("heading", { name: "A slip of sign in the lecture’s slides" }).waitFor();
    const { backward } = lecture(FIRST);
    for (const [i, name] of (["∂L/∂w₂", "∂L/∂b₂", "∂L/∂w₁", "∂L/∂b₁"] as const).entries()) {
      const cells = row(page, i).getByRole("cell");
      await expect
        .poll(() => cells.allTextContents())
        .toEqual([show(backward[name]), `${show(backward[name])} ✓ agrees`]);
    }
    await page.getByLabel("Use the slides’ sign").check();
    for (const [i, name] of (["∂L/∂w₂", "∂L/∂b₂"] as const).entries()) {
      const cells = row(page, i).getByRole("cell");
      await expect
        .poll(() => cells.allTextContents())
        .toEqual([show(-backward[name]), `${show(backward[name])} ✗ wrong sign`]);
    }
    await expect.poll(() => row(page, 2).textContent()).toContain("agrees");
    site.expectNoProblems();
  });

  test("lets the loss rise, beside the same updates with the right sign", async () => {
    const page = await site.visit("back-propagation");
    await page.getByLabel("Use the slides’ sign").check();
    await button(page, "Ten updates").click();
    const [before, after] = [updatedTimes(9, 1, true), updatedTimes(10, 1, true)].map(lossOf) as [number, number];
    expect(after).toBeGreaterThan(lossOf(FIRST));
    await expect
      .poll(() => status(page).textContent())
      .toBe(`After 10 updates. The loss rose from ${show(before)} to ${show(after)}.`);
    await page
      .getByRole("img", { name: `right sign ${show(lossOf(updatedTimes(10, 1)))}, the slides’ sign ${show(after)}` })
      .waitFor();
    site.expectNoProblems();
  });
});

test("keys step, numbers are typed, and the link restores them in French", async () => {
  const page = await site.visit("back-propagation");
  await page.getByLabel("Input x").fill("-2");
  await page.getByLabel("Target y").fill("0.25");
  await page.getByLabel("w₁", { exact: true }).fill("1.5");
  await page.getByLabel("Learning rate η").press("ArrowLeft");
  await button(page, "One update").click();
  await expect.poll(() => status(page).textContent()).toMatch(/^After 1 update/);
  await button(page, "Next →").focus();
  for (let i = 0; i < 7; i++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowLeft");
  await button(page, "Share").click();
  await page.getByText("Link copied").waitFor();
  const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
  const numbers = updatedTimes(1, 0.891, false, { ...FIRST, x: -2, y: 0.25, w1: 1.5 });

  const other = await site.visit("back-propagation", { language: "fr", state: link.hash.slice(1) });
  const french = (value: number) => show(value).replace(".", ",");
  const label = () => other.getByRole("img", { name: /^Le réseau comme une chaîne/ }).getAttribute("aria-label");
  const { forward, backward } = lecture(numbers);
  await expect
    .poll(label)
    .toContain(`L = ${french(forward.L)}; ∂L/∂ŷ = ${french(backward["∂L/∂ŷ"])}. Après 1 mise à jour`);
  expect(await label()).toContain(`w₁ = ${french(numbers.w1)}; b₁ = ${french(numbers.b1)}; w₂ = ${french(numbers.w2)}`);
  await other.getByRole("heading", { name: "Une erreur de signe dans les diapositives du cours" }).waitFor();
  site.expectNoProblems();
});

test("a parameter that is typed keeps what the others have learnt", async () => {
  const page = await site.visit("back-propagation", { state: "updates=10" });
  const learnt = updatedTimes(10, 1);
  await expect.poll(() => status(page).textContent()).toMatch(/^After 10 updates/);
  await page.getByLabel("b₂", { exact: true }).fill("10");
  await expect.poll(() => status(page).textContent()).toBe("No update yet.");
  await expect.poll(() => chain(page)).toMatchObject({ "b₂": "10.0000", "w₁": show(learnt.w1), "w₂": show(learnt.w2) });
  site.expectNoProblems();
});

test("every step fits a phone and has nothing serious for axe-core", async () => {
  const page = await site.visit("back-propagation", { width: 360, height: 740, language: "fr", state: "slip=yes" });
  for (let i = 1; i <= 12; i++) {
    await page.getByRole("button", { name: /^Suivant/ }).click();
    const current = page.getByRole("button", { name: new RegExp(`^Étape ${i} sur 12`) });
    await expect.poll(() => current.getAttribute("aria-current")).toBe("step");
    expect(await overflow(page)).toBe(0);
  }
  expect(await seriousFindings(page)).toEqual([]);
  site.expectNoProblems();
});
