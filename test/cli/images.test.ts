import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { crc32, deflateSync } from "node:zlib";
import { encode } from "jpeg-js";
import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { decodeImage, type ImageLayout, imageLayout, toPixels } from "../../src/cli/images.js";
import { FormatError } from "../../src/index.js";
import { concat } from "../data/bytes.js";
import { chunk, header, type PngSettings, pngBytes, pngOf } from "./image-bytes.js";

/**
 * 16 x 16, made by libjpeg-turbo's cjpeg with quality 95. In colour: (16 x, 16 y, 255 - 16 x) at column x of row y, with
 * `-progressive`, `-rgb`, `-arithmetic`, or `-sample 2x1 -restart 1B`; grey: 8 x + 8 y.
 */
const jpegOf = (name: string) =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`../fixtures/images/${name}.jpg`, import.meta.url))));
const rgba = (bytes: Uint8Array) => decodeImage(bytes, "file").then(({ data }) => [...data]);

describe("PNG", () => {
  const grey = [0, 1, 1, 0, 1, 0];
  const square = { width: 3, height: 2 };

  test.each([1, 2, 4, 8, 16])("grey, %s bits", async (depth) => {
    const most = 2 ** depth - 1;
    const bytes = pngBytes({ ...square, depth, colourType: 0, samples: grey.map((sample) => sample * most) });
    expect(await rgba(bytes)).toEqual(grey.flatMap((sample) => [sample * 255, sample * 255, sample * 255, 255]));
  });

  test.each([8, 16])("colours, %s bits", async (depth) => {
    const unit = depth === 8 ? 1 : 257;
    const samples = Array.from({ length: 18 }, (_, i) => i * 10);
    const bytes = pngBytes({ ...square, depth, colourType: 2, samples: samples.map((sample) => sample * unit) });
    expect(await rgba(bytes)).toEqual(grey.flatMap((_, i) => [...samples.slice(3 * i, 3 * i + 3), 255]));
  });

  test.each([1, 2, 4, 8])("a palette with transparency, %s bits", async (depth) => {
    const colours = { palette: [9, 8, 7, 200, 100, 50], transparency: [40] };
    const bytes = pngBytes({ ...square, depth, colourType: 3, samples: grey, ...colours });
    expect(await rgba(bytes)).toEqual(grey.flatMap((index) => (index === 0 ? [9, 8, 7, 40] : [200, 100, 50, 255])));
  });

  test("grey and colours with opacity, and one transparent grey", async () => {
    const one = { width: 1, height: 1, depth: 8 };
    expect(await rgba(pngBytes({ ...one, colourType: 4, samples: [7, 9] }))).toEqual([7, 7, 7, 9]);
    expect(await rgba(pngBytes({ ...one, colourType: 6, samples: [1, 2, 3, 4] }))).toEqual([1, 2, 3, 4]);
    const bytes = pngBytes({ ...one, width: 2, colourType: 0, samples: [5, 6], transparency: [0, 5] });
    expect(await rgba(bytes)).toEqual([0, 0, 0, 0, 6, 6, 6, 255]);
  });

  test("is the same interlaced, whatever its size", async () => {
    for (const [width, height] of [
      [1, 1],
      [9, 7],
      [2, 17],
    ] as const) {
      const samples = Array.from({ length: width * height }, (_, i) => (i * 37) % 256);
      const settings: PngSettings = { width, height, depth: 8, colourType: 0, samples };
      expect(await rgba(pngBytes({ ...settings, interlaced: true }))).toEqual(await rgba(pngBytes(settings)));
    }
  });

  test("filtered rows, and other programs' chunks", async () => {
    const png = new PNG({ width: 20, height: 20 });
    png.data.forEach((_, i) => {
      png.data[i] = (i * i) % 251;
    });
    const bytes = new Uint8Array(PNG.sync.write(png, { filterType: -1 }));
    expect(await rgba(bytes)).toEqual([...png.data]);
    const text = chunk("tEXt", new TextEncoder().encode("Comment\0made here"));
    expect(await rgba(concat(bytes.subarray(0, 33), text, bytes.subarray(33), Uint8Array.of(1, 2, 3)))).toEqual([
      ...png.data,
    ]);
  });

  const settings = { width: 3, height: 2, depth: 8, colourType: 0 };
  const data = (bytes: number) => chunk("IDAT", deflateSync(new Uint8Array(bytes)));
  const broken: readonly [string, Uint8Array, RegExp][] = [
    ["cut short", pngBytes({ ...settings, samples: grey }).subarray(0, 50), /PNG chunk of 28 bytes.* got 17/],
    ["without a header", pngOf(data(8)), /PNG header expected at offset 8, got a chunk "IDAT"/],
    ["with two headers", pngOf(header(settings), header(settings), data(8)), /one PNG chunk "IHDR" expected, got two/],
    ["of an odd header", pngOf(chunk("IHDR", new Uint8Array(12))), /header of 13 bytes expected, got 12/],
    ["of 3 bits", pngOf(header({ ...settings, depth: 3 }), data(8)), /got type 0, 3 bits/],
    ["of colour type 5", pngOf(header({ ...settings, colourType: 5 }), data(8)), /got type 5, 8 bits/],
    ["without pixels", pngOf(header({ ...settings, width: 0 }), data(8)), /file: an image of .*got 0 x 2/],
    ["of too many", pngOf(header({ ...settings, width: 8192, height: 2049 }), data(8)), /at most 16777216/],
    ["too high", pngOf(header({ ...settings, width: 1, height: 65536 }), data(8)), /65535 pixels a side/],
    ["of fewer bytes", pngOf(header(settings), data(7)), /8 bytes of PNG pixels expected, got 7/],
    ["of more bytes", pngOf(header(settings), data(9)), /8 bytes .* damaged, cut short or holds more/],
    ["interlaced, of more", pngOf(header({ ...settings, interlaced: true }), data(1e6)), /10 bytes .* or holds more/],
    ["announcing more", pngOf(header({ ...settings, width: 4000, height: 4000 }), data(8)), /which cannot be so many/],
    ["without zlib", pngOf(header(settings), chunk("IDAT", Uint8Array.from(grey))), /compressed data is damaged/],
    ["of a filter 5", pngOf(header(settings), chunk("IDAT", deflateSync(new Uint8Array(8).fill(5)))), /damaged/],
    ["of a palette, without it", pngOf(header({ ...settings, colourType: 3 }), data(8)), /damaged or of a rare kind/],
    ["of too many colours", pngOf(header(settings), chunk("PLTE", new Uint8Array(771))), /PLTE of at most 768 bytes/],
    [
      "with an unknown critical chunk",
      pngOf(header(settings), chunk("NEEd"), data(8)),
      /a PNG chunk of IHDR, PLTE, IDAT, IEND expected/,
    ],
  ];
  test.each(broken)("%s is a FormatError", async (_, bytes, message) => {
    await expect(decodeImage(bytes, "file")).rejects.toThrow(FormatError);
    await expect(decodeImage(bytes, "file")).rejects.toThrow(message);
  });

  test("a checksum that is wrong is a FormatError", async () => {
    const bytes = pngBytes({ ...settings, samples: grey });
    bytes[29] = (bytes[29] as number) ^ 1;
    await expect(decodeImage(bytes, "file")).rejects.toThrow(FormatError);
  });
});

describe("JPEG", () => {
  const worst = (data: readonly number[], expected: (x: number, y: number) => readonly number[]) =>
    Math.max(...data.map((value, i) => Math.abs(value - (expected((i >> 2) & 15, i >> 6)[i & 3] as number))));

  test.each([
    ["progressive", 4],
    ["rgb", 1],
    // Colours of half the resolution across: a pixel's own is as far off as that of the pixel beside it, 16, and some.
    ["restarts", 18],
  ])("%s", async (name, bound) => {
    const data = await rgba(jpegOf(name));
    expect(data).toHaveLength(1024);
    expect(worst(data, (x, y) => [16 * x, 16 * y, 255 - 16 * x, 255])).toBeLessThanOrEqual(bound);
  });

  test("grey", async () => {
    expect(worst(await rgba(jpegOf("grey")), (x, y) => [...new Array(3).fill(8 * x + 8 * y), 255])).toBeLessThan(2);
  });

  test("of any size, with comments and fill bytes before markers", async () => {
    const { data } = encode({ width: 9, height: 5, data: new Uint8Array(180).fill(200) }, 90);
    const comment = Uint8Array.of(0xff, 0xfe, 0, 4, 1, 2, 0xff, 0xff);
    const image = await decodeImage(concat(data.subarray(0, 2), comment, data.subarray(2)), "file");
    expect([image.width, image.height, image.data.length]).toEqual([9, 5, 180]);
    expect(image.data[0]).toBeCloseTo(200, -1);
  });

  const grey = jpegOf("grey");
  const at = (marker: number) => grey.findIndex((byte, i) => byte === 0xff && grey[i + 1] === marker);
  const frame = at(0xc0);
  const scan = at(0xda);
  const changed = (offset: number, ...values: readonly number[]) => {
    const bytes = grey.slice();
    bytes.set(values, offset);
    return bytes;
  };
  const twice = (start: number, end: number) => concat(grey.subarray(0, end), grey.subarray(start));
  const broken: readonly [string, Uint8Array, RegExp][] = [
    ["cut short", grey.subarray(0, grey.length - 2), /marker and its segment .* got the end of the file/],
    ["arithmetic coding", jpegOf("arithmetic"), /known JPEG segment expected at offset \d+, got ff c9/],
    ["12 bits a sample", changed(frame + 4, 12), /got ff c0/],
    ["two components", changed(frame + 9, 2), /got ff c0/],
    ["no sampling factor", changed(frame + 11, 0x10), /got ff c0/],
    ["no rows", changed(frame + 5, 0, 0), /file: an image of 1 to .*got 16 x 0/],
    ["too many pixels", changed(frame + 5, 255, 255, 255, 255), /got 65535 x 65535/],
    [
      "pixels without data",
      changed(frame + 5, 16, 0, 16, 0),
      /data of 32768 bytes or more expected, got \d+ in 1 scans/,
    ],
    ["two frames", twice(frame, scan), /got ff c0/],
    ["no scan", concat(grey.subarray(0, scan), Uint8Array.of(0xff, 0xd9)), /got 0 in 0 scans/],
    ["a scan of no frame", concat(grey.subarray(0, frame), grey.subarray(scan)), /got ff da/],
    ["a scan of an unknown component", changed(scan + 5, 9), /damaged or of a rare kind/],
    ["a table that ends early", changed(at(0xdb) + 3, 66), /got ff db|marker and its segment/],
    ["no table", changed(at(0xc4) + 4, 3), /damaged or of a rare kind/],
  ];
  test.each(broken)("%s is a FormatError", async (_, bytes, message) => {
    await expect(decodeImage(bytes, "file")).rejects.toThrow(FormatError);
    await expect(decodeImage(bytes, "file")).rejects.toThrow(message);
  });

  test("scans without end are a FormatError", async () => {
    const scans = Array.from({ length: 257 }, () => grey.subarray(scan, -2));
    const bytes = concat(grey.subarray(0, scan), ...scans, grey.subarray(-2));
    await expect(decodeImage(bytes, "file")).rejects.toThrow("file: a JPEG image of fewer than 257 scans expected");
  });
});

describe("whatever the bytes are, FormatError or an image of the size that it says", () => {
  /** The same numbers every time (Lehmer, MINSTD). */
  function randomNumbers(): (below: number) => number {
    let state = 20_221;
    return (below) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
  }

  async function check(bytes: Uint8Array): Promise<boolean> {
    try {
      const { width, height, data } = await decodeImage(bytes, "file");
      expect(data.length).toBe(4 * width * height);
      return true;
    } catch (error) {
      if (!(error instanceof FormatError))
        throw new Error(`of ${Buffer.from(bytes).toString("hex")}`, { cause: error });
      return false;
    }
  }

  test("PNG, with checksums that are right", async () => {
    const random = randomNumbers();
    let decoded = 0;
    for (let i = 0; i < 3000; i++) {
      const settings = { width: 1 + random(9), height: 1 + random(9), interlaced: random(2) === 0 };
      const [colourType, depth] = [[0, 2, 3, 4, 6][random(5)] as number, 2 ** random(5)];
      const raw = Uint8Array.from({ length: random(3) * 40 + random(50) }, () =>
        random(3) === 0 ? random(256) : random(5),
      );
      const palette = chunk("PLTE", new Uint8Array(3 * random(20)));
      const parts = [header({ ...settings, colourType, depth }), palette, chunk("IDAT", deflateSync(raw))];
      if (await check(pngOf(...parts))) decoded++;
      const bytes = pngBytes({ ...settings, colourType: 2, depth: 8, samples: new Uint8Array(243) });
      bytes[8 + random(bytes.length - 8)] = random(256);
      const view = new DataView(bytes.buffer);
      view.setUint32(29, crc32(bytes.subarray(12, 29)));
      if (await check(bytes)) decoded++;
    }
    expect(decoded).toBeGreaterThan(100);
  });

  test("JPEG", async () => {
    const random = randomNumbers();
    const files = ["progressive", "grey", "restarts", "rgb"].map(jpegOf);
    let decoded = 0;
    for (let i = 0; i < 4000; i++) {
      const bytes = (files[i % files.length] as Uint8Array).slice();
      for (let n = random(5); n >= 0; n--) bytes[2 + random(bytes.length - 2)] = random(4) === 0 ? 255 : random(256);
      if (await check(random(10) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes)) decoded++;
    }
    expect(decoded).toBeGreaterThan(100);
  });

  test("neither", async () => {
    await expect(decodeImage(Uint8Array.of(1, 2, 3), "file")).rejects.toThrow("a PNG or JPEG image expected");
    await expect(decodeImage(new Uint8Array(), "file")).rejects.toThrow(FormatError);
  });
});

describe("an image becomes a model's input", () => {
  const grey = (height: number, width: number): ImageLayout => ({ height, width, channels: 1, channelsFirst: false });
  const image = (width: number, ...pixels: readonly (readonly [number, number, number, number])[]) => {
    return { width, height: pixels.length / width, data: Uint8Array.from(pixels.flat()) };
  };
  const level = (value: number) => [value, value, value, 255] as const;

  test("by its shape", () => {
    expect(imageLayout([784])).toEqual(grey(28, 28));
    expect(imageLayout([8, 9])).toEqual(grey(8, 9));
    expect(imageLayout([8, 9, 3])).toEqual({ ...grey(8, 9), channels: 3 });
    expect(imageLayout([1, 8, 9])).toEqual({ ...grey(8, 9), channelsFirst: true });
    expect(imageLayout([3, 8, 9])).toEqual({ height: 8, width: 9, channels: 3, channelsFirst: true });
    for (const shape of [[13], [8, 9, 2], [2, 2, 2, 2]]) {
      const form = `expected, it has [${shape.join(", ")}]`;
      expect(() => imageLayout(shape)).toThrow(expect.objectContaining({ message: expect.stringContaining(form) }));
    }
  });

  test("as it is where the size fits, inverted on demand", () => {
    const pixels = [0, 1, 128, 255].map(level);
    expect([...toPixels(image(2, ...pixels), grey(2, 2), false)]).toEqual([0, 1, 128, 255]);
    expect([...toPixels(image(2, ...pixels), grey(2, 2), true)]).toEqual([255, 254, 127, 0]);
  });

  test("grey by luminance, over white where it is transparent", () => {
    const colours = image(4, [255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255], [10, 20, 30, 0]);
    expect([...toPixels(colours, grey(1, 4), false)]).toEqual([76, 150, 29, 255]);
    expect([...toPixels(image(1, [55, 55, 55, 51]), grey(1, 1), false)]).toEqual([215]);
  });

  test("with its colours, each after the other or each in a plane", () => {
    const colours = image(2, [1, 2, 3, 255], [4, 5, 6, 255]);
    const layout = { height: 1, width: 2, channels: 3 } as const;
    expect([...toPixels(colours, { ...layout, channelsFirst: false }, false)]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...toPixels(colours, { ...layout, channelsFirst: true }, false)]).toEqual([1, 4, 2, 5, 3, 6]);
  });

  test("smaller or larger by the mean over each pixel's area", () => {
    const rows = image(3, ...[30, 60, 90, 60, 90, 120].map(level));
    expect([...toPixels(rows, grey(1, 1), false)]).toEqual([75]);
    // Two of three columns: each new one covers one and a half of the old.
    expect([...toPixels(rows, grey(2, 2), false)]).toEqual([40, 80, 70, 110]);
    expect([...toPixels(rows, grey(4, 3), false)]).toEqual([30, 60, 90, 30, 60, 90, 60, 90, 120, 60, 90, 120]);
    expect([...toPixels(image(1, level(7)), grey(2, 3), false)]).toEqual([7, 7, 7, 7, 7, 7]);
  });
});
