import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { chapters } from "../../web/chapters.js";
import { overflow, Site, seriousFindings } from "./site.js";

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterEach(() => site.leave());
afterAll(() => site.close());

const languages = ["en", "fr"] as const;
const pages = [...chapters.map(({ id }) => id), "index"] as const;

describe.each(pages)("%s", (page) => {
  test.each(languages.flatMap((language) => (["light", "dark"] as const).map((scheme) => ({ language, scheme }))))(
    "has nothing serious for axe-core in $language, $scheme",
    async ({ language, scheme }) => {
      const opened = await site.visit(page, { language, scheme });
      expect(await seriousFindings(opened)).toEqual([]);
      site.expectNoProblems();
    },
  );

  test.each([360, 390, 1280, 3840])("fits into %s pixels", async (width) => {
    const opened = await site.visit(page, { width, language: "fr", isolated: false });
    expect(await overflow(opened)).toBe(0);
    site.expectNoProblems();
  });
});

test("every chapter has its address in the navigation, in either language", async () => {
  for (const language of languages) {
    const page = await site.visit("neuron", { language });
    const links = page.getByRole("navigation").getByRole("link");
    expect(await links.count()).toBe(chapters.length);
    for (const [i, chapter] of chapters.entries()) {
      await links.nth(i).click();
      await page.waitForURL(`**/${chapter.id}.html`);
      expect(await page.locator("h1").textContent()).toBe(chapter[language].title);
      expect(await page.locator("html").getAttribute("lang")).toBe(language);
    }
  }
  site.expectNoProblems();
});

test("the skip link leads to the chapter and changes nothing that is set", async () => {
  const page = await site.visit("neuron", { state: "b=1.5" });
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("chapter");
  await expect.poll(() => page.evaluate(() => location.hash)).toBe("#b=1.5");
  expect(await page.getByRole("slider", { name: /Bias/ }).inputValue()).toBe("1.5");
});

test.each(chapters.map(({ id }) => id))("%s says so where its engine cannot be loaded", async (chapter) => {
  const page = await site.visit(chapter, { language: "fr", blocked: /-worker-[^/]*\.js$/ });
  await page.getByRole("alert").first().waitFor();
  expect(await page.getByRole("alert").first().textContent()).toMatch(/échoué/);
});
