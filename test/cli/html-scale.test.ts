import { describe, expect, test } from "vitest";
import { countScale, valueScale } from "../../src/cli/html/scale.js";

describe("scales", () => {
  test.each([
    [
      [0.13, 0.92],
      ["0", "0.2", "0.4", "0.6", "0.8", "1"],
    ],
    [
      [0.971, 0.998],
      ["0.97", "0.98", "0.99", "1"],
    ],
    [
      [2, 2],
      ["1.5", "2"],
    ],
    [
      [0, 0],
      ["0", "0.2"],
    ],
    [
      [-3, 7],
      ["-4", "-2", "0", "2", "4", "6", "8"],
    ],
    [
      [0.02, 90],
      ["0.01", "0.1", "1", "10", "100"],
    ],
    [
      [1, 1e30],
      ["1", "1e+5", "1e+10", "1e+15", "1e+20", "1e+25", "1e+30"],
    ],
  ])("%j has the ticks %j", (values, ticks) => {
    const scale = valueScale(values);
    expect(scale.ticks.map(scale.label)).toEqual(ticks);
    for (const value of values) {
      expect(scale.at(value)).toBeGreaterThanOrEqual(0);
      expect(scale.at(value)).toBeLessThanOrEqual(1);
    }
  });

  test.each([
    [[0.99999, 1]],
    [[0.5, 0.500001]],
    [[1e6, 1e6 + 40]],
    [[1, 1 + 1e-15]],
    [[3e-9, 4e-9]],
    [[-2e7, 3e7]],
    [[-2, -2]],
  ])("%j has ticks with labels of their own", (values) => {
    const scale = valueScale(values);
    const labels = scale.ticks.map(scale.label);
    expect(new Set(labels).size).toBe(labels.length);
    expect(labels.length).toBeGreaterThan(1);
    expect(labels.map((label) => Number(label.replaceAll(",", "")))).toEqual(scale.ticks);
    for (const value of values) expect(scale.at(value)).toBeCloseTo(Math.min(1, Math.max(0, scale.at(value))), 12);
  });

  test.each([1, 0.99999, 0.999, 0.98, 0.7, 0.001])("from %s to 1 end at 1", (least) => {
    const scale = valueScale([least, 1]);
    expect(scale.ticks.at(-1)).toBe(1);
    expect(scale.at(1)).toBe(1);
  });

  test("of counts begin and end where they do, with whole numbers in between", () => {
    const labels = (from: number, to: number) => countScale(from, to).ticks.map(countScale(from, to).label);
    expect(labels(1, 5)).toEqual(["1", "2", "3", "4", "5"]);
    expect(labels(3, 3)).toEqual(["3"]);
    expect(labels(1, 40)).toEqual(["5", "10", "15", "20", "25", "30", "35", "40"]);
    expect(labels(32, 60000)).toEqual(["20,000", "40,000", "60,000"]);
    expect(labels(999_999, 1_000_001)).toEqual(["999,999", "1,000,000", "1,000,001"]);
    expect(labels(1, 5_000_000)).toEqual(["1e+6", "2e+6", "3e+6", "4e+6", "5e+6"]);
    expect([1, 3, 5].map(countScale(1, 5).at)).toEqual([0, 0.5, 1]);
    expect(countScale(3, 3).at(3)).toBe(0.5);
  });
});
