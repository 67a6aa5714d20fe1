import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Site } from "./site.js";

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterEach(() => site.leave());
afterAll(() => site.close());

const visit = (state: string) => site.visit("playground", { state });
const epoch = async (page: Page) =>
  Number.parseInt(await page.locator("dl > div").filter({ hasText: "Epoch" }).locator("dd").innerText(), 10);

test.each([
  "data=own&own=0*0*20_1*1*0_2*2*1_3*3*0_1*2*1_2*1*0",
  "data=own&own=0*0*-3_1*1*0.5_2*2*1_3*3*0_1*2*1_2*1*0",
  "data=own&own=0*0*300000_1*1*0_2*2*1_3*3*0_1*2*1_2*1*0",
])("points of classes that there are none of are left out: %s", async (state) => {
  const page = await visit(state);
  await page
    .locator("code")
    .filter({ hasText: /^[0-9a-f]{16}$/ })
    .waitFor();
  await expect.poll(() => page.locator(".playground-points > g").count()).toBe(state.includes("0.5") ? 4 : 5);
  site.expectNoProblems();
});

test("points that are too large for the engine are refused in its words, until there are others", async () => {
  const page = await visit("data=own&features=x1x1&own=1e38*0*0_9e37*1*1_3e37*2*1_1*2*0_2*2*0");
  const alert = page.getByRole("alert");
  await alert.getByText("That did not work: x must hold finite numbers").waitFor();
  expect(await alert.count()).toBe(1);
  expect(await page.getByRole("button", { name: "Keep this run" }).isDisabled()).toBe(true);
  await page.getByLabel("Data set").selectOption("moons");
  await expect.poll(() => epoch(page)).toBe(0);
  await expect.poll(() => alert.count()).toBe(0);
  site.expectNoProblems();
});

test("a kept run whose points are refused says so", async () => {
  const run = "data=own&features=x1x1&own=1e38*0*0_9e37*1*1_3e37*2*1_1*2*0_2*2*0";
  const page = await visit(`kept=${encodeURIComponent(run)}`);
  await page.getByRole("listitem").filter({ hasText: "Run 1" }).getByText("x must hold finite numbers").waitFor();
  site.expectNoProblems();
});

test("points of a table far away come with the link", async () => {
  const page = await visit("data=own&own=5e6*0*0_6e6*1*0_7e6*2*1_8e6*3*1_9e6*4*1");
  await expect.poll(() => page.locator(".playground-points > g").count()).toBe(5);
  site.expectNoProblems();
});

test("edits that a link has in no order are made in order", async () => {
  const [sorted, unsorted] = await Promise.all(
    ["2*0*kernel*0*0.5_5*0*kernel*1*0.25", "5*0*kernel*1*0.25_2*0*kernel*0*0.5"].map(async (edits) => {
      const page = await visit(`epoch=8&edits=${edits}`);
      await expect.poll(() => epoch(page)).toBe(8);
      const code = page.locator("code").filter({ hasText: /^[0-9a-f]{16}$/ });
      await code.waitFor();
      return code.innerText();
    }),
  );
  expect(unsorted).toBe(sorted);
  site.expectNoProblems();
});

test("a run that is kept comes as far as the current one, wherever either begins", async () => {
  const page = await visit(`epoch=20&kept=${encodeURIComponent("layers=3")}`);
  await page.getByRole("listitem").filter({ hasText: "Run 1" }).getByText("epoch 20").waitFor();
  site.expectNoProblems();
});

test("a link that is followed within the open page begins where it says", async () => {
  const page = await visit("epoch=10");
  await expect.poll(() => epoch(page)).toBe(10);
  await page.evaluate(() => {
    location.hash = `#epoch=3&kept=${encodeURIComponent("layers=3")}`;
  });
  await page.getByRole("listitem").filter({ hasText: "Run 1" }).getByText("epoch 3").waitFor();
  await expect.poll(() => epoch(page)).toBe(3);
  site.expectNoProblems();
});
