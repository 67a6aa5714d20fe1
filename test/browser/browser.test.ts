import { execFile } from "node:child_process";
import type { Server } from "node:http";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Browser, type Page, chromium as playwright } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromium, serve } from "./site.js";

interface Result {
  readonly hash: string;
  readonly accuracy: number;
  readonly loss: number;
  readonly threads: number;
}

/** What the page offers to the test. */
interface Offer {
  trainHere(asFloats: boolean, threads?: number): Promise<Result & { readonly longestSlice: number }>;
  trainInWorker(): Promise<Result>;
  errorOf(reader: "mnist" | "folder"): Promise<string>;
  keepModel(): Promise<{ readonly hash: string; readonly hashes: readonly string[] }>;
  refusals(): Promise<readonly string[]>;
}

let servers: Server[];
let browser: Browser;
let page: Page;
/** A page that may have threads. */
let isolated: Page;
const problems: string[] = [];

/** The Node that runs the tests, and those of `NODES`, a list like `PATH`. */
const nodes = [process.execPath, ...(process.env["NODES"] ?? "").split(delimiter).filter((path) => path !== "")];
const program = fileURLToPath(new URL("train-in-node.mjs", import.meta.url));

async function trainInNode(node: string): Promise<Result> {
  return JSON.parse((await promisify(execFile)(node, [program])).stdout);
}

beforeAll(async () => {
  const sites = [await serve(), await serve(true)] as const;
  servers = sites.map(({ server }) => server);
  browser = await playwright.launch({ executablePath: await chromium(), args: ["--no-sandbox", "--disable-gpu"] });
  [page, isolated] = (await Promise.all(sites.map(({ url }) => open(url)))) as [Page, Page];
});

async function open(url: string): Promise<Page> {
  const page = await browser.newPage();
  page.on("console", (message) => problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto(`${url}/test/browser/pages/index.html`);
  await page.waitForFunction("window.ready");
  return page;
}

afterAll(async () => {
  await browser.close();
  for (const server of servers) server.close();
});

const offer = (of = page) =>
  of.evaluateHandle("window") as unknown as Promise<Awaited<ReturnType<typeof of.evaluateHandle<Offer>>>>;

describe("one epoch of MNIST", () => {
  test("gives the same weights to the bit in Node, on a page and in a worker, run after run", async () => {
    const inNode = await Promise.all(nodes.map(trainInNode));
    const window = await offer();
    const onPage = [
      await window.evaluate((page) => page.trainHere(false)),
      await window.evaluate((page) => page.trainHere(false)),
    ];
    const inWorker = await window.evaluate((page) => page.trainInWorker());
    const threaded = await (await offer(isolated)).evaluate((page) => page.trainHere(false, 3));
    expect(onPage[0]?.threads).toBe(1);
    expect(threaded.threads).toBe(3);
    expect(isolated.workers().length).toBe(3);
    const hashes = [...inNode, ...onPage, inWorker, threaded].map(({ hash }) => hash);
    expect(hashes).toEqual(hashes.map(() => hashes[0]));
    expect(inWorker.accuracy).toBeGreaterThan(0.9);
    expect(problems).toEqual([]);
  });

  test.each([
    ["bytes", false, false],
    ["floats", true, false],
    ["bytes and threads", false, true],
  ])("leaves the page its turn every 50 ms, with %s", async (_, asFloats, threads) => {
    const window = await offer(threads ? isolated : page);
    // The machine may take the processor away from the browser: a slice that is too long for neurone's reasons comes
    // back in every run, so what counts is the best one.
    const slices: number[] = [];
    while (slices.length < 10 && !slices.some((slice) => slice <= 50)) {
      slices.push((await window.evaluate((page, floats) => page.trainHere(floats), asFloats)).longestSlice);
    }
    expect(Math.min(...slices)).toBeLessThanOrEqual(50);
  });
});

test.each(["mnist", "folder"] as const)("data.%s says that it takes Node", async (reader) => {
  const window = await offer();
  expect(await window.evaluate((page, name) => page.errorOf(name), reader)).toMatch(/^ConfigError: .*takes Node/);
});

test("a page keeps models in IndexedDB, in every format, and reads them from whatever holds bytes", async () => {
  const window = await offer();
  const { hash, hashes } = await window.evaluate((page) => page.keepModel());
  expect(hashes).toEqual(Array.from({ length: 9 }, () => hash));
});

test("what a page cannot read or keep is said", async () => {
  const window = await offer();
  const [nothing, missing, path, folder] = await window.evaluate((page) => page.refusals());
  expect(nothing).toBe("ConfigError: indexeddb://nothing: nothing is kept under this name");
  expect(missing).toMatch(
    /^ConfigError: http.*\/pages\/missing\.safetensors cannot be fetched: the server answered 404$/,
  );
  expect(path).toMatch(/^ConfigError: save: paths take Node; elsewhere, save to indexeddb:\/\/name/);
  expect(folder).toMatch(/^ConfigError: checkpoints are files, which takes Node/);
});
