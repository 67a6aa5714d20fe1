import { existsSync } from "node:fs";
import { chromium, firefox } from "playwright-core";
import { importSource } from "../lib/import-source.mjs";

const BROWSERS = [
  {
    name: "Chromium",
    type: chromium,
    args: ["--no-sandbox", "--disable-gpu"],
    find: async () => (await importSource("../../test/browser/site.ts")).chromium(),
  },
  // Playwright drives a Firefox of its own: npx playwright-core install firefox
  { name: "Firefox", type: firefox, args: [], find: async () => process.env.FIREFOX ?? firefox.executablePath() },
];

/** Opens the page at `address` in each browser that is installed and prints what it measured. */
export async function drive(address) {
  for (const { name, type, args, find } of BROWSERS) {
    const executablePath = await find();
    if (!existsSync(executablePath)) {
      console.log(`${name} is not installed.`);
      continue;
    }
    const browser = await type.launch({ executablePath, args });
    try {
      const page = await browser.newPage();
      await page.goto(address);
      const { engine, results } = await page.evaluate("window.report");
      console.log(`${name} ${browser.version()}, ${engine.build} build, auto: up to ${engine.threads[1]} threads`);
      console.table(Object.fromEntries(results.map((result) => [result.name, row(result)])));
    } finally {
      await browser.close();
    }
  }
}

function row({ unit, perSecond: [one, auto], ratio }) {
  return { "1 thread": `${one} ${unit}/s`, auto: `${auto} ${unit}/s`, "auto / 1 thread": `${ratio.toFixed(2)} x` };
}
