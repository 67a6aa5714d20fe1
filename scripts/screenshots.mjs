// Takes the pictures of docs/screenshots from dist-web: every chapter after a reader has done something in it, at the widths of a desk
// and of a phone. Takes the Chromium that CHROMIUM names.
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serveFolder } from "./serve-folder.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
const out = `${root}docs/screenshots/`;

const press = (page, name) => page.getByRole("button", { name, exact: true }).first().click();

/** Lets a training play for so long. */
const play = (seconds) => async (page) => {
  // Some begin by themselves, and what came to its end has stopped by itself.
  const [start, stop] = [/^(Play|Train)$/, "Pause"].map((name) => page.getByRole("button", { name, exact: true }));
  if (await start.count()) await start.click();
  await page.waitForTimeout(1000 * seconds);
  if (await stop.count()) await stop.click();
};

/** Draws with the mouse; places are parts of the element's sides. */
async function draw(page, element, places) {
  await element.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await element.boundingBox();
  const at = ([across, down]) => [x + width * across, y + height * down];
  await page.mouse.move(...at(places[0]));
  await page.mouse.down();
  for (const place of places.slice(1)) await page.mouse.move(...at(place), { steps: 12 });
  await page.mouse.up();
}

const SEVEN = [
  [0.25, 0.2],
  [0.75, 0.2],
  [0.6, 0.5],
  [0.45, 0.85],
];

/** What is done in a chapter before its picture is taken. */
const visits = {
  index: async () => {},
  neuron: async () => {},
  perceptron: play(3),
  "hidden-layer": async () => {},
  "back-propagation": async (page) => {
    for (let step = 0; step < 8; step++) await press(page, "Next →");
  },
  "gradient-descent": play(4),
  playground: play(8),
  universality: play(6),
  digits: async (page) => {
    await press(page, "Train");
    await page.getByRole("button", { name: "Train on", exact: true }).waitFor();
    await draw(page, page.locator(".digits-draw canvas"), SEVEN);
    await page.waitForTimeout(500);
  },
};

mkdirSync(out, { recursive: true });
const server = createServer(serveFolder(`${root}dist-web`, { isolated: true }));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const wanted = process.argv.slice(2);
for (const [id, visit] of Object.entries(visits).filter(([id]) => wanted.length === 0 || wanted.includes(id))) {
  for (const [width, height] of [
    [1280, 960],
    [390, 844],
  ]) {
    const page = await browser.newPage({ viewport: { width, height } });
    await page.goto(`http://127.0.0.1:${server.address().port}/${id}.html`);
    await page.locator("h1").waitFor();
    await page.waitForTimeout(1000);
    await visit(page);
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: `${out}${id}-${width}.png` });
    await page.close();
  }
}
await browser.close();
server.close();
