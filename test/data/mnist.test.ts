import { beforeAll, describe, expect, it } from "vitest";
import { ConfigError } from "../../src/base/errors.js";
import { binarize, type MnistDataset, type MnistOptions, mnist } from "../../src/data/mnist.js";

type Mnist = Awaited<ReturnType<typeof mnist>>;

function labelCounts({ y }: MnistDataset): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const label of y.data) counts[label] = (counts[label] as number) + 1;
  return counts;
}

describe("data.mnist", () => {
  let full: Mnist;
  let small: Mnist;
  beforeAll(async () => {
    full = await mnist();
    small = await mnist({ size: 16 });
  });

  // The counts are those of LeCun's files.
  it.each([
    {
      part: "train",
      n: 60000,
      first: [5, 0, 4, 1, 9, 2, 1, 3, 1, 4],
      counts: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    },
    {
      part: "test",
      n: 10000,
      first: [7, 2, 1, 0, 4, 1, 4, 9, 5, 9],
      counts: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
    },
  ] as const)("has the $n digits of $part", ({ part, n, first, counts }) => {
    for (const [{ x, y, classNames }, pixels] of [
      [full[part], 784],
      [small[part], 256],
    ] as const) {
      expect(x.shape).toEqual([n, pixels]);
      expect(x.data).toBeInstanceOf(Uint8Array);
      expect(x.data).toHaveLength(n * pixels);
      expect(y.shape).toEqual([n]);
      expect([...y.data.subarray(0, 10)]).toEqual(first);
      expect(labelCounts({ x, y, classNames })).toEqual(counts);
      expect(classNames).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    }
  });

  it("has pixels from 0 to 255 with the training set's known mean", () => {
    const { data } = full.train.x;
    let [sum, max] = [0, 0];
    for (const pixel of data) {
      sum += pixel;
      max = Math.max(max, pixel);
    }
    expect(max).toBe(255);
    expect(sum / data.length / 255).toBeCloseTo(0.1307, 4);
  });

  it("at 16 x 16 is ink or none, in every digit some of both", () => {
    for (const { x } of [small.train, small.test]) {
      expect(x.data.every((pixel) => pixel === 0 || pixel === 1)).toBe(true);
      for (let start = 0; start < x.data.length; start += 256) {
        const digit = x.data.subarray(start, start + 256);
        if (!(digit.includes(0) && digit.includes(1))) expect.fail(`digit ${start / 256} is blank`);
      }
    }
  });

  it("at 16 x 16 still shows the first digit, a 5", () => {
    const rows = Array.from({ length: 16 }, (_, row) => [...small.train.x.data.subarray(16 * row, 16 * row + 16)]);
    expect(rows.map((row) => row.map((pixel) => (pixel ? "#" : ".")).join(""))).toEqual([
      "................",
      "................",
      "................",
      "......########..",
      "....#######.....",
      ".....###.#......",
      "......##........",
      ".......##.......",
      "........###.....",
      ".........###....",
      "........####....",
      ".......####.....",
      "....#####.......",
      "..######........",
      "...##...........",
      "................",
    ]);
  });

  it("takes the first ones of either set up to a limit", async () => {
    for (const size of [28, 16] as const) {
      const { train, test } = await mnist({ size, limit: 12 });
      const whole = size === 28 ? full : small;
      for (const [part, all] of [
        [train, whole.train],
        [test, whole.test],
      ] as const) {
        expect(part.x).toEqual({ data: all.x.data.slice(0, 12 * size * size), shape: [12, size * size] });
        expect(part.y).toEqual({ data: all.y.data.slice(0, 12), shape: [12] });
      }
    }
    const { train, test } = await mnist({ limit: 20_000 });
    expect([train.y.shape, test.y.shape]).toEqual([[20_000], [10_000]]);
  });

  it.each([
    { options: { size: 32 }, message: "size must be 28 or 16, got 32" },
    { options: { size: "16" }, message: "size must be 28 or 16, got 16" },
    { options: { limit: 0 }, message: "limit must be a whole number of at least 1, got 0" },
    { options: { limit: 1.5 }, message: "limit must be a whole number of at least 1, got 1.5" },
  ])("refuses $options", async ({ options, message }) => {
    await expect(mnist(options as MnistOptions)).rejects.toThrow(new ConfigError(message));
  });
});

describe("binarize", () => {
  /** The share of small pixel `small` along one axis that pixel `large` covers, 28 pixels to 16. */
  const share = (small: number, large: number) =>
    Math.max(0, Math.min(large + 1, 1.75 * (small + 1)) - Math.max(large, 1.75 * small)) / 1.75;

  it.each([
    { brightness: 63, ink: 0 },
    { brightness: 64, ink: 1 },
  ])("makes an even $brightness of 255 all $ink", ({ brightness, ink }) => {
    expect([...binarize(new Uint8Array(2 * 784).fill(brightness), 2)]).toEqual(new Array<number>(512).fill(ink));
  });

  it("spreads each pixel over the small ones that it covers", () => {
    for (let pixel = 0; pixel < 784; pixel++) {
      const image = new Uint8Array(784);
      image[pixel] = 255;
      const [row, column] = [Math.floor(pixel / 28), pixel % 28];
      const mean = (place: number) => 255 * share(Math.floor(place / 16), row) * share(place % 16, column);
      const wanted = Array.from({ length: 256 }, (_, place) => (mean(place) >= 64 ? 1 : 0));
      expect([...binarize(image, 1)]).toEqual(wanted);
    }
  });

  it("keeps images apart", () => {
    const images = new Uint8Array(3 * 784).fill(255, 784, 2 * 784);
    const ink = binarize(images, 3);
    expect([0, 1, 2].map((i) => ink.subarray(256 * i, 256 * (i + 1)).every((pixel) => pixel === 1))).toEqual([
      false,
      true,
      false,
    ]);
    expect(ink.reduce((sum, pixel) => sum + pixel)).toBe(256);
  });
});
