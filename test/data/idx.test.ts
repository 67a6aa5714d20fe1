import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError, FormatError } from "../../src/base/errors.js";
import { idx } from "../../src/data/idx.js";
import { concat, gzip, idxBytes } from "./bytes.js";

/** What reading fails with. */
async function failure(bytes: Uint8Array, maxBytes?: number): Promise<Error> {
  const options = { file: "digits", ...(maxBytes === undefined ? {} : { maxBytes }) };
  return idx(bytes, options).then(
    () => expect.fail("it was read"),
    (error: Error) => error,
  );
}

async function expectFormatError(bytes: Uint8Array, message: RegExp, maxBytes?: number) {
  const error = await failure(bytes, maxBytes);
  expect(error).toBeInstanceOf(FormatError);
  expect(error.message).toMatch(/^digits: /);
  expect(error.message).toMatch(message);
}

const rows = idxBytes(8, [2, 3], [0, 1, 2, 3, 254, 255]);

describe("data.idx reads", () => {
  it.each([
    { type: "u8", code: 8, bytes: [0, 128, 255], data: Uint8Array.of(0, 128, 255) },
    { type: "i8", code: 9, bytes: [0, 127, 128, 255], data: Int32Array.of(0, 127, -128, -1) },
    { type: "i16", code: 11, bytes: [0x01, 0x02, 0xff, 0xfe], data: Int32Array.of(258, -2) },
    { type: "i32", code: 12, bytes: [0, 1, 0, 0, 0x80, 0, 0, 0], data: Int32Array.of(65536, -(2 ** 31)) },
    { type: "f32", code: 13, bytes: [0x3f, 0xc0, 0, 0, 0xff, 0x80, 0, 0], data: Float32Array.of(1.5, -Infinity) },
    { type: "f64", code: 14, bytes: [0xbf, 0xb9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a], data: Float32Array.of(-0.1) },
  ])("$type, big-endian", async ({ code, bytes, data }) => {
    expect(await idx(idxBytes(code, [data.length], bytes))).toEqual({ data, shape: [data.length] });
  });

  it.each([
    { kind: "plain", bytes: rows },
    { kind: "gzip", bytes: gzip(rows) },
    { kind: "the middle of a larger buffer", bytes: concat(Uint8Array.of(9, 9, 9), rows).subarray(3) },
    { kind: "gzip in the middle of a larger buffer", bytes: concat(Uint8Array.of(9), gzip(rows)).subarray(1) },
  ])("rows from $kind", async ({ bytes }) => {
    expect(await idx(bytes)).toEqual({ data: Uint8Array.of(0, 1, 2, 3, 254, 255), shape: [2, 3] });
  });

  it("into memory of its own", async () => {
    const bytes = rows.slice();
    const { data } = await idx(bytes);
    bytes.fill(7);
    expect([...data]).toEqual([0, 1, 2, 3, 254, 255]);
  });

  it("any sizes, plain and gzip alike", async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 });
    const filled = sizes.chain((shape) => {
      const length = shape.reduce((product, size) => product * size);
      return fc.record({ shape: fc.constant(shape), data: fc.uint8Array({ minLength: length, maxLength: length }) });
    });
    await fc.assert(
      fc.asyncProperty(filled, async ({ shape, data }) => {
        const bytes = idxBytes(8, shape, data);
        for (const given of [bytes, gzip(bytes)]) {
          const tensor = await idx(given);
          expect(tensor.shape).toEqual(shape);
          expect([...tensor.data]).toEqual([...data]);
        }
      }),
    );
  });

  it("a header of 255 sizes", async () => {
    const { shape } = await idx(gzip(idxBytes(8, new Array<number>(255).fill(1), [5])));
    expect(shape).toHaveLength(255);
  });

  it("a file of exactly maxBytes, and none larger", async () => {
    expect((await idx(rows, { maxBytes: rows.length })).shape).toEqual([2, 3]);
    await expectFormatError(rows, /u8 \[2, 3\], 18 bytes; at most 17 \(maxBytes\) expected/, 17);
    await expectFormatError(gzip(rows), /18 bytes; at most 17 \(maxBytes\) expected/, 17);
  });
});

describe("data.idx refuses", () => {
  it.each([
    { what: "nothing", bytes: [], message: /magic number of 4 bytes expected at offset 0, the file has 0 bytes/ },
    { what: "half a magic number", bytes: [0, 0, 8], message: /the file has 3 bytes/ },
    { what: "another magic number", bytes: [0x50, 0x4b, 3, 4], message: /magic number 00 00 expected.*got 50 4b/ },
    { what: "an unknown element type", bytes: [0, 0, 10, 1, 0, 0, 0, 1, 0], message: /element type.*got 0a/ },
    { what: "a code from the object's prototype", bytes: [0, 0, 0, 1], message: /element type.*got 00/ },
    { what: "no sizes", bytes: [0, 0, 8, 0, 1], message: /at least 1 dimension expected at offset 3, got 0/ },
    { what: "missing sizes", bytes: [0, 0, 8, 3, 0, 0, 0, 1], message: /3 sizes expected up to offset 16.*8 bytes/ },
    { what: "a size of 0", bytes: idxBytes(8, [3, 0]), message: /at least 1 expected at offset 8, got 0/ },
    { what: "fewer elements", bytes: idxBytes(8, [4], [1, 2]), message: /u8 \[4\], so 12 bytes expected, got 10/ },
    { what: "part of an element", bytes: idxBytes(12, [1], [0, 0, 1]), message: /i32 \[1\], so 12 bytes.*got 11/ },
    { what: "more elements", bytes: idxBytes(8, [1], [1, 2]), message: /u8 \[1\], so 9 bytes expected, got 10/ },
    { what: "a huge size", bytes: idxBytes(8, [2 ** 32 - 1]), message: /4294967303 bytes; at most 1073741824/ },
    { what: "a product of 2^32", bytes: idxBytes(8, [2 ** 16, 2 ** 16], [1]), message: /4294967308 bytes; at most/ },
    { what: "a product of 2^64", bytes: idxBytes(8, [2 ** 31, 2 ** 31, 4]), message: /at most 1073741824/ },
    { what: "bytes past 2^32", bytes: idxBytes(14, [2 ** 29]), message: /4294967304 bytes; at most/ },
    {
      what: "a product past every number",
      bytes: idxBytes(8, new Array<number>(255).fill(2 ** 32 - 1)),
      message: /255 dimensions, Infinity bytes; at most/,
    },
    {
      what: "an f64 past f32's range",
      bytes: idxBytes(14, [1], [0x7f, 0xef, 0, 0, 0, 0, 0, 0]),
      message: /f32's range expected as element 0, got 1\.7/,
    },
  ])("$what", async ({ bytes, message }) => {
    await expectFormatError(Uint8Array.from(bytes), message);
  });

  it.each([
    { what: "every shorter file", bytes: rows },
    { what: "every shorter gzip file", bytes: gzip(rows) },
    { what: "every shorter file that gzip has whole", bytes: rows, wrap: gzip },
  ])("$what", async ({ bytes, wrap = (part: Uint8Array) => part }) => {
    for (let length = 0; length < bytes.length; length++) {
      await expectFormatError(wrap(bytes.subarray(0, length)), /expected/);
    }
  });

  it("any longer file", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 40 }), async (tail) => {
        await expectFormatError(concat(rows, tail), /18 bytes expected, got/);
        await expectFormatError(concat(gzip(rows), tail), /gzip/);
      }),
    );
  });

  it.each([
    { what: "a damaged checksum", at: -8 },
    { what: "a damaged length", at: -4 },
    { what: "an unknown compression method", at: 2 },
  ])("$what", async ({ at }) => {
    const bytes = gzip(rows);
    const place = at < 0 ? bytes.length + at : at;
    bytes[place] = (bytes[place] as number) ^ 1;
    await expectFormatError(bytes, /gzip data expected, but it is damaged/);
  });

  // Browsers read no further than the first member.
  it.each([
    { what: "a file cut into two gzip members", bytes: concat(gzip(rows.subarray(0, 9)), gzip(rows.subarray(9))) },
    { what: "a second gzip member with the whole file again", bytes: concat(gzip(rows), gzip(rows)) },
    { what: "zeros after gzip data", bytes: concat(gzip(rows), new Uint8Array(512)) },
  ])("$what", async ({ bytes }) => {
    await expectFormatError(bytes, /nothing expected after the first member of gzip data/);
  });

  it.each([
    { what: "that the header does not announce", size: 2000, message: /2008 bytes expected, more came/ },
    { what: "that are more than maxBytes", size: 2 ** 26 - 8, message: /67108864 bytes; at most 1000000 \(maxBytes\)/ },
  ])("64 MiB out of 64 KiB $what", async ({ size, message }) => {
    const bytes = new Uint8Array(2 ** 26);
    bytes.set(idxBytes(8, [size]));
    await expectFormatError(gzip(bytes), message, 1e6);
  });

  it.each([
    { what: "an ArrayBuffer", bytes: rows.buffer, message: "bytes must be a Uint8Array, got an ArrayBuffer" },
    { what: "a path", bytes: "train-images", message: 'bytes must be a Uint8Array, got "train-images"' },
    { what: "nothing", bytes: undefined, message: "bytes must be a Uint8Array, got undefined" },
  ])("$what in place of bytes", async ({ bytes, message }) => {
    await expect(idx(bytes as unknown as Uint8Array)).rejects.toThrow(new ConfigError(message));
  });

  it.each([0, -1, 1.5, Number.NaN, Infinity])("maxBytes %d", async (maxBytes) => {
    const error = await failure(rows, maxBytes);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toMatch(/^maxBytes must be a whole number/);
  });
});
