import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serveFolder } from "../../scripts/serve-folder.mjs";
import { writeDigits } from "../../scripts/web-digits.mjs";
import { data } from "../../src/index.js";
import { fetchDigits, readDigits } from "../../web/chapters/digits/dataset.js";

const SIZE = 784;
const folder = mkdtempSync(join(tmpdir(), "neurone-digits-"));
let packed: Buffer;
let bytes: Uint8Array;
beforeAll(async () => {
  await writeDigits(join(folder, "digits.bin.gz"));
  packed = readFileSync(join(folder, "digits.bin.gz"));
  bytes = new Uint8Array(gunzipSync(packed));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("the file is a small one, of images of MNIST at four bits a pixel with their digits", async () => {
  expect(packed.length).toBeLessThan(3e6);
  const mnist = await data.mnist();
  for (const [part, all] of [
    [readDigits(bytes).train, mnist.train],
    [readDigits(bytes).test, mnist.test],
  ] as const) {
    const n = part.labels.length;
    expect(part.images.length).toBe(n * SIZE);
    for (const i of [0, 1, Math.floor(n / 2), n - 1]) {
      const from = Math.floor((i * all.y.data.length) / n);
      expect(part.labels[i]).toBe(all.y.data[from]);
      const image = part.images.subarray(i * SIZE, (i + 1) * SIZE);
      const original = all.x.data.subarray(from * SIZE, (from + 1) * SIZE);
      expect(Math.max(...image.map((value, place) => Math.abs(value - (original[place] as number))))).toBeLessThan(9);
    }
    expect(new Set(part.labels).size).toBe(10);
  }
});

describe("bytes that are no such file are refused, saying why", () => {
  const changed = (change: (copy: Uint8Array) => void) => {
    const copy = bytes.slice();
    change(copy);
    return copy;
  };
  test.each([
    ["others", () => new Uint8Array(50), "digits: this is no file of digits"],
    ["the beginning", () => bytes.slice(0, 10), "digits: this is no file of digits"],
    [
      "another version",
      () => changed((copy) => copy.fill(2, 6, 7)),
      "digits: version 1 with 4 bits a pixel expected, got version 2 with 4",
    ],
    [
      "a byte less",
      () => bytes.slice(0, -1),
      `digits: 24000 + 4000 images take ${28000 * 393 + 16} bytes, the file has ${28000 * 393 + 15}`,
    ],
    [
      "a label that is no digit",
      () => changed((copy) => copy.fill(10, copy.length - 1)),
      "digits: labels are digits, image 27999 has 10",
    ],
  ])("%s", (_, make, message) => {
    expect(() => readDigits(make())).toThrow(message);
  });
});

test("is fetched packed or, from a host that unpacks it, as it is; what is not there is said", async () => {
  writeFileSync(join(folder, "unpacked.bin"), bytes);
  const server = createServer(serveFolder(folder));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  try {
    const address = (name: string) => new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`);
    for (const name of ["digits.bin.gz", "unpacked.bin"]) {
      const { train, test } = await fetchDigits(address(name));
      const expected = readDigits(bytes);
      expect(Buffer.compare(train.images, expected.train.images)).toBe(0);
      expect(Buffer.compare(test.images, expected.test.images)).toBe(0);
      expect(test.labels).toEqual(expected.test.labels);
    }
    await expect(fetchDigits(address("missing.bin"))).rejects.toThrow(
      "digits: the server answered 404 for /missing.bin",
    );
  } finally {
    server.close();
  }
});
