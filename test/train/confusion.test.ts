import { expect, test } from "vitest";
import { DataError, metrics, ShapeError } from "../../src/index.js";

const prediction = {
  data: Float32Array.of(0.8, 0.1, 0.1, 0.2, 0.5, 0.3, 0.4, 0.4, 0.2, 0, 0.3, 0.7),
  shape: [4, 3],
};
const counts = [
  [1, 1, 0],
  [1, 0, 0],
  [0, 0, 1],
];

test.each([
  ["class ids", [0, 0, 1, 2]],
  ["typed class ids", Uint8Array.of(0, 0, 1, 2)],
  [
    "one-hot rows",
    [
      [1, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  ],
  ["flat one-hot rows", Float32Array.of(1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1)],
  ["a shaped tensor", { data: Int32Array.of(0, 0, 1, 2), shape: [4] }],
])("counts by true class, then predicted class, the first of equal scores: %s", (_, y) => {
  expect(metrics.confusionMatrix(y, prediction)).toEqual(counts);
});

test("takes single scores as class 1 from the threshold on", () => {
  const scores = { data: Float32Array.of(0.5, 0.25, 0.75), shape: [3, 1] };
  const y = [1, 1, 0];
  expect(metrics.confusionMatrix(y, scores)).toEqual([
    [0, 1],
    [1, 1],
  ]);
  expect(metrics.confusionMatrix(y, scores, { threshold: 0.7 })).toEqual([
    [0, 1],
    [2, 0],
  ]);
});

test("refuses what does not belong together", () => {
  expect(() => metrics.confusionMatrix([0, 1], prediction)).toThrow(ShapeError);
  expect(() => metrics.confusionMatrix([0, 1, 2, 3], prediction)).toThrow(DataError);
  expect(() => metrics.confusionMatrix([0], { data: new Float32Array(3), shape: [3] })).toThrow(/shape \[n, classes\]/);
});
