import { expect, test } from "vitest";
import { linspace, mapPlaces, roundPlace } from "../../web/shared/places.js";

test("evenly spaced numbers reach from one end to the other", () => {
  expect([...linspace({ min: -1, max: 3 }, 5)]).toEqual([-1, 0, 1, 2, 3]);
});

test("places of a map run to the right, then downwards, as its image is drawn", () => {
  const [left, middle, right] = [0, 1, 2];
  expect([...mapPlaces({ min: 0, max: 2 }, 3)]).toEqual(
    [
      [left, 2, middle, 2, right, 2],
      [left, 1, middle, 1, right, 1],
      [left, 0, middle, 0, right, 0],
    ].flat(),
  );
});

test("places are rounded to hundredths", () => {
  expect([1.23456, -0.996, 2].map(roundPlace)).toEqual([1.23, -1, 2]);
});
