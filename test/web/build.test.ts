import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { chapters } from "../../web/chapters.js";
import { siteFolder } from "./site.js";

const pages = [...chapters.map(({ id }) => `${id}.html`), "index.html"].flatMap((page) => [page, `fr/${page}`]);
const read = (file: string) => readFileSync(join(siteFolder, file), "utf8");

/** The files that a page loads before anybody does anything: what it names, and what its scripts import. */
function firstView(page: string): Set<string> {
  const files = new Set([page]);
  for (const [, address] of read(page).matchAll(
    /(?:src|data-worker|rel="(?:stylesheet|modulepreload)" href)="([^"]+)"/g,
  )) {
    files.add(posix.join(dirname(page), address as string));
  }
  for (const file of files) {
    if (!file.endsWith(".js")) continue;
    for (const [, address] of read(file).matchAll(/(?:\bfrom|\bimport)\s*"(\.[^"]+)"/g)) {
      files.add(posix.join(dirname(file), address as string));
    }
  }
  return files;
}

test("every chapter and the first page is there in both languages", () => {
  for (const page of pages) {
    expect(read(page)).toContain(`<html lang="${page.startsWith("fr/") ? "fr" : "en"}">`);
  }
});

describe.each(pages)("%s", (page) => {
  test("weighs less than 150 kB gzipped when it is first seen, data left out", () => {
    const sizes = [...firstView(page)].map(
      (file) => gzipSync(readFileSync(join(siteFolder, file)), { level: 9 }).length,
    );
    expect(sizes.length).toBeGreaterThan(page.endsWith("index.html") ? 1 : 4);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(150_000);
  });

  test("names no other host and no place of its own root, so that any folder of any host may serve it", () => {
    const addresses = [...read(page).matchAll(/(?:src|href|data-worker)="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses.length).toBeGreaterThan(0);
    expect(
      addresses.filter((address) => !/^(\.{1,2}\/|assets\/|fr\/|[\w-]+\.html|data:)/.test(address as string)),
    ).toEqual([]);
  });
});

test("the terms of what the scripts hold of others lie beside them", () => {
  const inputs = readdirSync(join(siteFolder, "assets"))
    .filter((file) => file.endsWith(".map"))
    .flatMap((file) => JSON.parse(read(`assets/${file}`)).sources as string[]);
  const packages = new Set(inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []));
  expect(packages).toContain("preact");
  const terms = read("LICENSES.txt");
  for (const name of packages) expect(terms).toContain(`${name} (`);
});
