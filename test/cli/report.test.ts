import { describe, expect, test } from "vitest";
import {
  drawImage,
  formatConfusions,
  formatMostConfused,
  mostConfused,
  placeSideBySide,
  worstMistakes,
} from "../../src/cli/report.js";

const names = ["ant", "bee", "cat"];

describe("confusions", () => {
  const counts = [
    [1, 1, 0],
    [2, 1, 0],
    [0, 1, 1],
  ];
  const none = (classes: number) => Array.from({ length: classes }, () => new Array<number>(classes).fill(0));

  test("are printed as an aligned table", () => {
    expect(formatConfusions(counts, names).split("\n").slice(1)).toEqual([
      "     ant  bee  cat",
      "ant    1    1    .",
      "bee    2    1    .",
      "cat    .    1    1",
    ]);
  });

  test("of many classes are not printed, long names are cut", () => {
    const many = Array.from({ length: 21 }, (_, id) => `${id}`);
    expect(formatConfusions(none(21), many)).toMatch(/^confusion matrix: left out, 21 classes/);
    expect(formatConfusions(none(2), ["a", "abcdefghijklmnop"])).toContain("abcdefghijk~");
  });

  test("the most confused pairs come first, and none that never happened", () => {
    expect(mostConfused(counts, 2)).toEqual([
      { actual: 1, predicted: 0, count: 2 },
      { actual: 0, predicted: 1, count: 1 },
    ]);
    expect(mostConfused(counts, 10)).toHaveLength(3);
    expect(formatMostConfused(mostConfused(counts, 1), names)).toBe("most confused\n  bee taken for ant: 2");
  });
});

test("worstMistakes lists wrong predictions, the most confident first", () => {
  const probabilities = Float32Array.of(0.75, 0.25, 0.5, 0.5, 0.25, 0.75);
  const mistakes = worstMistakes([1, 1, 1], { data: probabilities, shape: [3, 2] }, 5);
  expect(mistakes).toEqual([
    { index: 0, actual: 1, predicted: 0, probability: 0.75 },
    { index: 1, actual: 1, predicted: 0, probability: 0.5 },
  ]);
  expect(worstMistakes([1, 1, 1], { data: probabilities, shape: [3, 2] }, 1)).toHaveLength(1);
});

describe("images", () => {
  test("are drawn two rows a line, cropped to their ink", () => {
    const pixels = new Uint8Array(36);
    for (let row = 1; row < 5; row++) pixels[row * 6 + 2] = 255;
    pixels[4 * 6 + 3] = 255;
    expect(drawImage(pixels, 6)).toEqual(["@ ", "@+"]);
  });

  test("without ink have no lines; ink on the last row is drawn", () => {
    expect(drawImage(new Uint8Array(9), 3)).toEqual([]);
    expect(drawImage(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 255, 0), 3)).toEqual(["+"]);
  });

  test("stand side by side as far as they fit", () => {
    const pictures = [
      { caption: "one", lines: ["#", "#", "#"] },
      { caption: "two", lines: ["##"] },
      { caption: "three", lines: ["###"] },
    ];
    expect(placeSideBySide(pictures, 10)).toBe("one   two\n#     ##\n#\n#");
    expect(placeSideBySide(pictures, 1)).toBe("one\n#\n#\n#");
    expect(placeSideBySide([], 80)).toBe("");
  });
});
