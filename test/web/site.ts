import { existsSync, readFileSync } from "node:fs";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, type Page, chromium as playwright } from "playwright-core";
import { expect } from "vitest";
import type { ChapterId, Language } from "../../web/chapters.js";
import { chromium, serve } from "../browser/site.js";

/** The built page: dist-web, or the folder that `SITE` names. */
export const siteFolder = process.env["SITE"] ?? fileURLToPath(new URL("../../dist-web/", import.meta.url));

export interface Visit {
  readonly language?: Language;
  readonly scheme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
  /** What follows `#` in the address. */
  readonly state?: string;
  /** Whether the host sends the headers that allow threads. */
  readonly isolated?: boolean;
  readonly touch?: boolean;
  readonly reducedMotion?: boolean;
  /** Addresses that cannot be had. */
  readonly blocked?: RegExp;
}

/** A browser and the built page on two hosts, with and without the headers that allow threads. */
export class Site {
  readonly #browser: Browser;
  readonly #hosts: readonly { readonly url: string; readonly server: Server }[];
  readonly #contexts: BrowserContext[] = [];
  #problems: string[] = [];

  private constructor(browser: Browser, hosts: readonly { readonly url: string; readonly server: Server }[]) {
    this.#browser = browser;
    this.#hosts = hosts;
  }

  static async open(): Promise<Site> {
    if (!existsSync(siteFolder)) throw new Error(`${siteFolder}: the page is not built, npm run build:web does it`);
    const hosts = await Promise.all([serve(false, siteFolder), serve(true, siteFolder)]);
    const browser = await playwright.launch({ executablePath: await chromium(), args: ["--no-sandbox"] });
    return new Site(browser, hosts);
  }

  /** Opens a chapter as a reader does who never was here. */
  async visit(chapter: ChapterId | "index", visit: Visit = {}): Promise<Page> {
    const { language = "en", scheme = "light", width = 1280, height = 900, state = "", isolated = true } = visit;
    const context = await this.#browser.newContext({
      viewport: { width, height },
      colorScheme: scheme,
      hasTouch: visit.touch ?? false,
      reducedMotion: visit.reducedMotion ? "reduce" : "no-preference",
      acceptDownloads: true,
      permissions: ["clipboard-read", "clipboard-write"],
    });
    this.#contexts.push(context);
    const page = await context.newPage();
    if (visit.blocked) await page.route(visit.blocked, (route) => route.abort());
    const { url } = this.#hosts[isolated ? 1 : 0] as { readonly url: string };
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.#problems.push(`${chapter}: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.#problems.push(`${chapter}: ${error.stack ?? error}`));
    page.on("request", (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(url)) {
        this.#problems.push(`${chapter}: a request to ${request.url()}`);
      }
    });
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText;
      // What a page that is left no longer needs is no failure.
      if (why !== "net::ERR_ABORTED") this.#problems.push(`${chapter}: ${request.url()} failed: ${why}`);
    });
    await page.goto(`${url}/${language === "fr" ? "fr/" : ""}${chapter}.html${state && `#${state}`}`);
    await page.locator("h1").waitFor();
    return page;
  }

  /** Fails where a page visited since the last call had an error, or asked another host for something. */
  expectNoProblems(): void {
    const problems = this.#problems;
    this.#problems = [];
    expect(problems).toEqual([]);
  }

  /** Closes the pages that are open, for the next test. */
  async leave(): Promise<void> {
    this.#problems = [];
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
  }

  async close(): Promise<void> {
    await this.#browser.close();
    for (const { server } of this.#hosts) server.close();
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds that is serious or critical, contrast included: `rule: element`. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<AxeResults> } };
    interface AxeResults {
      readonly violations: readonly {
        readonly id: string;
        readonly impact: string;
        readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
      }[];
    }
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary}`),
      );
  });
}

/** By how many pixels the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/**
 * Frames a second in the best of up to ten seconds, the first with more than `enough`: another program on the machine may take
 * the processor away for a while. `bench/frames.mjs` counts every frame.
 */
export async function bestFrames(page: Page, enough: number): Promise<number> {
  let best = 0;
  for (let second = 0; second < 10 && best <= enough; second++) {
    best = Math.max(best, await framesPerSecond(page, 1000));
  }
  return best;
}

/** Frames a second that the page draws for so long. */
export function framesPerSecond(page: Page, milliseconds: number): Promise<number> {
  return page.evaluate(
    (length) =>
      new Promise<number>((resolve) => {
        let [frames, start] = [-1, 0];
        const count = (now: number) => {
          if (frames++ < 0) start = now;
          if (now - start < length) requestAnimationFrame(count);
          else resolve((frames * 1000) / (now - start));
        };
        requestAnimationFrame(count);
      }),
    milliseconds,
  );
}
