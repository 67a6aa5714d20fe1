import { layers, type Model, sequential } from "../../src/index.js";
import { numbers, rows } from "../layers/reference.js";

/** Fifty points of the plane and their classes 0 to 2. */
export const points = rows(50, 2, 3);
export const ids = numbers(50, 4).map((value) => Math.min(2, Math.floor((value + 1) * 1.5)));

/** What tells them apart, with a dropout so that every random stream has its part. */
export function classifier(seed = 1): Model {
  const net = sequential({
    seed,
    layers: [
      layers.dense({ inputShape: [2], units: 6, activation: "tanh" }),
      layers.dropout({ rate: 0.2 }),
      layers.dense({ units: 3, activation: "softmax" }),
    ],
  });
  return net.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
}
