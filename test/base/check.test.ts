import { describe, expect, test } from "vitest";
import { checkInteger, checkNumber, lookUp, nearestName, show } from "../../src/base/check.js";
import { ConfigError } from "../../src/base/errors.js";

describe("checkNumber", () => {
  test.each([
    [0, 0, 1],
    [1, 0, 1],
    [-1e38, -Infinity, Infinity],
  ])("passes %f from %f to %f", (value, min, max) => {
    expect(checkNumber("rate", value, min, max)).toBe(value);
  });

  test.each([
    [Number.NaN, -Infinity, Infinity, "rate must be a number, got NaN"],
    [Infinity, -Infinity, Infinity, "rate must be a number, got Infinity"],
    [-1, 0, Infinity, "rate must be a number of at least 0, got -1"],
    [2, 0, 1, "rate must be a number from 0 to 1, got 2"],
    [2, -Infinity, 1, "rate must be a number of at most 1, got 2"],
    ["1", 0, 1, 'rate must be a number from 0 to 1, got "1"'],
    [null, 0, 1, "rate must be a number from 0 to 1, got null"],
    [1n, 0, 1, "rate must be a number from 0 to 1, got 1"],
  ])("refuses %s from %f to %f", (value, min, max, message) => {
    expect(() => checkNumber("rate", value, min, max)).toThrow(new ConfigError(message));
  });
});

describe("checkInteger", () => {
  test.each([0, 1, 2 ** 53 - 1])("passes %f", (value) => {
    expect(checkInteger("units", value)).toBe(value);
  });

  test.each([-1, 0.5, 2 ** 53, Number.NaN, Infinity, "1", undefined])("refuses %s", (value) => {
    expect(() => checkInteger("units", value)).toThrow(
      new ConfigError(`units must be a whole number of at least 0, got ${show(value)}`),
    );
  });

  test("names both ends of a range", () => {
    expect(() => checkInteger("units", 9, 1, 8)).toThrow("units must be a whole number from 1 to 8, got 9");
  });
});

test.each([
  ["text", '"text"'],
  ["a".repeat(80), `"${"a".repeat(57)}..."`],
  [() => 1, "a function"],
  [[1, 2], "an array of 2"],
  [new Float32Array(3), "a Float32Array of 3"],
  [Object.create(null), "an object"],
  [null, "null"],
  [undefined, "undefined"],
  [Symbol("s"), "Symbol(s)"],
  [-0, "0"],
])("show: case %#", (value, expected) => {
  expect(show(value)).toBe(expected);
});

describe("lookUp", () => {
  const table = { relu: 1, tanh: 2, sigmoid: 0 };

  test("finds a name, whatever it stands for", () => {
    expect(lookUp("activation", "sigmoid", table)).toBe(0);
    expect(lookUp("activation", "linear", { linear: undefined })).toBeUndefined();
  });

  test.each(["constructor", "toString", "__proto__", "", 5, null, undefined, ["relu"]])("refuses %j", (name) => {
    expect(() => lookUp("activation", name, table)).toThrow(ConfigError);
    expect(() => lookUp("activation", name, table)).toThrow(/^activation .* is unknown.*Known: relu, tanh, sigmoid$/);
  });

  test("suggests the nearest name", () => {
    expect(() => lookUp("activation", "Relu", table)).toThrow(
      'activation "Relu" is unknown; did you mean "relu"? Known: relu, tanh, sigmoid',
    );
  });
});

test.each([
  ["rellu", "relu"],
  ["RELU", "relu"],
  ["sigmod", "sigmoid"],
  ["sgimoid", "sigmoid"],
  ["softmax", undefined],
  ["tan", "tanh"],
  ["", undefined],
])("nearestName of %j is %j", (name, expected) => {
  expect(nearestName(name, ["relu", "tanh", "sigmoid"])).toBe(expected);
});
