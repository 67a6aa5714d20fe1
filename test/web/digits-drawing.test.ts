import { beforeAll, describe, expect, test } from "vitest";
import { data } from "../../src/index.js";
import { areaMeans, type Bitmap } from "../../web/chapters/digits/bitmap.js";
import { normalize, SIDE, toInk } from "../../web/chapters/digits/normalize.js";
import { pointsOf, render, type Stroke, simplify, strokesCodec } from "../../web/chapters/digits/strokes.js";

const IMAGES = 1000;
let mnist: Uint8Array;
beforeAll(async () => {
  mnist = (await data.mnist({ limit: IMAGES })).test.x.data;
});

/** The image somewhere on a larger pad, each of its pixels `times` x `times` large. */
function enlarge(image: Uint8Array, times: number, left: number, top: number): Bitmap {
  const [width, height] = [SIDE * times + left + 7, SIDE * times + top + 3];
  const enlarged = new Uint8Array(width * height);
  for (let y = 0; y < SIDE * times; y++) {
    for (let x = 0; x < SIDE * times; x++) {
      const from = Math.floor(y / times) * SIDE + Math.floor(x / times);
      enlarged[(y + top) * width + x + left] = image[from] as number;
    }
  }
  return { data: enlarged, width, height };
}

const at = (image: Uint8Array, x: number, y: number) => image[y * SIDE + x] as number;

describe("normalize", () => {
  test("makes MNIST's own image of a digit of MNIST, however large and wherever it is drawn", () => {
    let same = 0;
    for (let i = 0; i < IMAGES; i++) {
      const image = mnist.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE);
      const made = normalize(enlarge(image, 3, i % 11, i % 17));
      if (made.every((value, place) => value === image[place])) same++;
    }
    expect(same).toBe(IMAGES);
  });

  test("of a bar is the bar, 20 pixels long, in the middle", () => {
    const image = normalize({ data: new Uint8Array(40 * 120).fill(255), width: 40, height: 120 });
    const lit = [...image.keys()].filter((place) => image[place] === 255);
    expect(lit).toEqual([...image.keys()].filter((place) => image[place] !== 0));
    expect(lit.length).toBe(7 * 20);
    expect([at(image, 11, 5), at(image, 17, 24)]).toEqual([255, 255]);
  });

  test("of nothing is black, and of a dot a square that is full", () => {
    expect(normalize({ data: new Uint8Array(100), width: 10, height: 10 })).toEqual(new Uint8Array(SIDE * SIDE));
    const dot = normalize({ data: new Uint8Array([0, 0, 0, 255]), width: 2, height: 2 });
    expect([at(dot, 5, 5), at(dot, 24, 24), at(dot, 4, 5), at(dot, 25, 24)]).toEqual([255, 255, 0, 0]);
  });

  test("leaves no ink over the edge, however one-sided the drawing", () => {
    const width = 200;
    const lopsided = new Uint8Array(width * width);
    for (let y = 0; y < width; y++) for (let x = 0; x < 60; x++) lopsided[y * width + x] = 255;
    for (let x = 0; x < width; x++) lopsided[x] = 255;
    const image = normalize({ data: lopsided, width, height: width });
    const lit = [...image.keys()].filter((place) => image[place] !== 0);
    expect(Math.max(...lit.map((place) => place % SIDE)) - Math.min(...lit.map((place) => place % SIDE))).toBe(19);
  });
});

describe("areaMeans", () => {
  test("keeps the mean brightness, and gives each pixel the mean of what it covers", () => {
    const bitmap = { data: Uint8Array.from([0, 100, 200, 40, 60, 80]), width: 3, height: 2 };
    const whole = { left: 0, top: 0, width: 3, height: 2 };
    expect([...areaMeans(bitmap, whole, 1, 1)]).toEqual([80]);
    expect([...areaMeans(bitmap, whole, 3, 2)]).toEqual([...bitmap.data]);
    expect([...areaMeans(bitmap, whole, 2, 1)]).toEqual([(0 + 50 + 40 + 30) / 3, (50 + 200 + 30 + 80) / 3]);
  });
});

test("toInk is what data.mnist makes of the same images", async () => {
  const small = (await data.mnist({ limit: IMAGES, size: 16 })).test.x.data;
  expect(toInk(mnist)).toEqual(small);
});

describe("strokes", () => {
  const seven: Stroke = [60, 50, 190, 50, 110, 210];

  test("are drawn with a pen in proportion to the drawing, full inside and grey at the edge", () => {
    const { data: ink, width, height } = render([[10, 100, 110, 100]]);
    const column = Array.from({ length: height }, (_, y) => ink[y * width + (width >> 1)] as number);
    const thickness = column.reduce((sum, value) => sum + value, 0) / 255;
    expect(thickness).toBeCloseTo(14, 1);
    expect(Math.max(...column)).toBe(255);
    const half = render([[10, 100, 60, 100]]);
    expect(half.height).toBeLessThan(height);
  });

  test("give the same image wherever they are drawn, and nearly the same at half the size", () => {
    const image = normalize(render([seven]));
    expect(normalize(render([seven.map((place) => place + 20)]))).toEqual(image);
    const small = normalize(render([seven.map((place) => place / 2)]));
    const off = small.reduce((sum, value, i) => sum + Math.abs(value - (image[i] as number)), 0) / (255 * SIDE * SIDE);
    expect(off).toBeLessThan(0.01);
  });

  test("of one point are a dot, of none nothing", () => {
    expect(normalize(render([[7, 7]])).some((value) => value > 0)).toBe(true);
    expect(normalize(render([])).every((value) => value === 0)).toBe(true);
  });

  test("are simplified to what is needed: a corner stays, points on a line go", () => {
    const straight = Array.from({ length: 50 }, (_, i) => [i, 20]).flat();
    const down = Array.from({ length: 50 }, (_, i) => [49, 20 + i]).flat();
    expect(simplify([...straight, ...down])).toEqual([0, 20, 49, 20, 49, 69]);
    expect(simplify([3, 4])).toEqual([3, 4]);
    const circle = Array.from({ length: 300 }, (_, i) => [
      Math.round(128 + 90 * Math.cos(i / 48)),
      Math.round(128 + 90 * Math.sin(i / 48)),
    ]).flat();
    expect(simplify(circle).length).toBeLessThan(80);
    expect(pointsOf(simplify(circle)).every(([x, y]) => Math.abs(Math.hypot(x - 128, y - 128) - 90) < 1)).toBe(true);
  });
});

describe("strokes in a link", () => {
  test("come back as they were", () => {
    const strokes = [[0, 255, 128, 7, 62, 63], [1, 2], Array.from({ length: 256 }, (_, i) => i)];
    const text = strokesCodec.format(strokes);
    expect(text).toMatch(/^[\w.-]+$/);
    expect(strokesCodec.parse(text)).toEqual(strokes);
    expect(strokesCodec.parse(strokesCodec.format([]))).toEqual([]);
  });

  test.each([
    ["what is no base64", "a*b"],
    ["half a point", "AA"],
    ["text that base64 cannot be", "AAAAA"],
    ["a stroke of no point", "AAA.."],
    ["too many strokes", Array.from({ length: 41 }, () => "AAA").join(".")],
    ["too many points", "AAAA".repeat(300)],
  ])("are refused as %s", (_, text) => {
    expect(strokesCodec.parse(text)).toBeUndefined();
  });
});
