// How evenly the page draws while it trains: frames of six seconds of training in the chapters that train most, at their largest. Takes
// the Chromium that CHROMIUM names; `npm run build:web` first.
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serveFolder } from "../scripts/serve-folder.mjs";

const SECONDS = 6;
const site = fileURLToPath(new URL("../dist-web", import.meta.url));

/** A chapter, what is set in it, the button that trains, and whether the host allows threads. */
const runs = [
  ["digits", "", "Train", true],
  ["digits", "", "Train", false],
  ["playground", "data=spiral&classes=4&opt=adam&layers=8_8_8&points=500&pace=fast", "Play", true],
  ["universality", "n=200", "Train", true],
];

/** Milliseconds between frames, ascending. */
async function gaps(page) {
  const measured = await page.evaluate(
    (length) =>
      new Promise((resolve) => {
        const found = [];
        let [first, last] = [undefined, undefined];
        const frame = (now) => {
          first ??= now;
          if (last !== undefined) found.push(now - last);
          last = now;
          if (now - first < length) requestAnimationFrame(frame);
          else resolve(found);
        };
        requestAnimationFrame(frame);
      }),
    SECONDS * 1000,
  );
  return measured.sort((a, b) => a - b);
}

const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
for (const [chapter, state, start, isolated] of runs) {
  const server = createServer(serveFolder(site, { isolated }));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(`http://127.0.0.1:${server.address().port}/${chapter}.html#${state}`);
  await page.waitForTimeout(3000);
  await page.getByRole("button", { name: start, exact: true }).click();
  const all = await gaps(page);
  const late = all.filter((gap) => gap > 20.5).length / all.length;
  const figures = [
    `${chapter}${isolated ? "" : " (one thread)"}`.padEnd(22),
    `${(all.length / SECONDS).toFixed(1)} frames a second`,
    `${(100 * late).toFixed(1)} % of them after more than 20 ms`,
    `longest wait ${all.at(-1).toFixed(0)} ms`,
  ];
  console.log(figures.join(", "));
  await page.close();
  server.close();
}
await browser.close();
