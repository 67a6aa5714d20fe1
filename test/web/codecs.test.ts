import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Codec, codecs } from "../../web/shared/link-state.js";

const { number, integer, choice, flag, text, list, tuple } = codecs;
const coordinate = fc.double({ min: -2, max: 2, noNaN: true }).map((value) => Number(value.toPrecision(7)) || 0);

function roundTrips<T>(codec: Codec<T>, values: fc.Arbitrary<T>): void {
  fc.assert(
    fc.property(values, (value) => {
      expect(codec.parse(codec.format(value))).toEqual(value);
    }),
  );
}

describe("what is written into a link is read again", () => {
  test("numbers, to seven digits", () => roundTrips(number(-2, 2), coordinate));
  test("whole numbers", () => roundTrips(integer(-5, 5), fc.integer({ min: -5, max: 5 })));
  test("choices", () => roundTrips(choice(["a", "b"]), fc.constantFrom<"a" | "b">("a", "b")));
  test("flags", () => roundTrips(flag, fc.boolean()));
  test("texts", () => roundTrips(text(20), fc.string({ maxLength: 20 })));
  test("lists", () => roundTrips(list(number(-2, 2), 5), fc.array(coordinate, { maxLength: 5 })));
  test("points", () => {
    const point = fc.tuple(coordinate, coordinate, fc.integer({ min: 0, max: 4 }));
    roundTrips(list(tuple(number(-2, 4), 3), 9), fc.array<readonly number[]>(point, { maxLength: 9 }));
  });
});

describe("links are strangers' input: what is no value is none", () => {
  test.each(["", " ", "x", "3", "-3", "NaN", "Infinity", "1e400", "1_2"])("the number %j", (given) => {
    expect(number(-2, 2).parse(given)).toBeUndefined();
  });

  test.each(["", "1.5", "6", "-6", "1e0", "0x1", " 1"])("the whole number %j", (given) => {
    expect(integer(-5, 5).parse(given)).toBeUndefined();
  });

  test("a choice that there is not, a flag of other words, a text that is too long", () => {
    expect(choice(["a", "b"]).parse("toString")).toBeUndefined();
    expect(flag.parse("true")).toBeUndefined();
    expect(flag.parse("constructor")).toBeUndefined();
    expect(text(2).parse("abc")).toBeUndefined();
  });

  test("lists with one wrong value or too many, tuples of another length", () => {
    expect(list(integer(0, 9), 3).parse("1_2_x")).toBeUndefined();
    expect(list(integer(0, 9), 3).parse("1_2_3_4")).toBeUndefined();
    expect(tuple(integer(0, 9), 2).parse("1")).toBeUndefined();
    expect(tuple(integer(0, 9), 2).parse("1~2~3")).toBeUndefined();
  });
});
