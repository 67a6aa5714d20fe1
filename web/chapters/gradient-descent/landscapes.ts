import type { Range } from "../../shared/places.js";
import { symmetric } from "../../shared/places.js";

/** The surfaces: each is the loss of a small network with two weights, over these two. */
export const LANDSCAPES = ["bowl", "valley", "saddle", "plateau"] as const;
export type LandscapeName = (typeof LANDSCAPES)[number];

export type Pair = readonly [number, number];

/** A data set of one input and one target, and the part of the plane of the two weights that is drawn. */
export interface Landscape {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Of both weights. */
  readonly range: Range;
  readonly names: readonly [string, string];
  /** Where the descent begins unless the reader moves it. */
  readonly start: Pair;
  /** Of the data, as drawn. */
  readonly xRange: Range;
  readonly yRange: Range;
}

export const landscapes: Readonly<Record<LandscapeName, Landscape>> = {
  /** z = w x + b with inputs around 0 that vary about as much as the bias's 1: as steep in all directions. */
  bowl: {
    x: [-1.6, -1.1, -0.7, -0.2, 0.2, 0.7, 1.1, 1.6],
    y: [-1.5, -0.5, -0.6, 0.5, 0.4, 1.5, 1.6, 2.6],
    range: symmetric(3),
    names: ["w", "b"],
    start: [-2.2, 2.2],
    xRange: symmetric(2),
    yRange: symmetric(4),
  },
  /** The same neuron with inputs far from 0: the curvature differs 39-fold from one direction to the other. */
  valley: {
    x: [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4],
    y: [-0.7, 0.1, 0.2, 0.9, 1.1, 1.9, 2, 2.8],
    range: symmetric(3),
    names: ["w", "b"],
    start: [-2.4, 1.6],
    xRange: { min: 0, max: 4.5 },
    yRange: symmetric(4),
  },
  /** y = w2 tanh(w1 x): both signs turned around make the same function, and between the two minima is a saddle. */
  saddle: {
    x: [-2, -1.4, -0.9, -0.4, 0.4, 0.9, 1.4, 2],
    y: [-1.4, -1.3, -1.2, -0.6, 0.7, 1.1, 1.4, 1.3],
    range: symmetric(3),
    names: ["w₁", "w₂"],
    start: [-1.7, 1.4],
    xRange: symmetric(2.5),
    yRange: symmetric(3),
  },
  /** A sigmoid neuron with squared error, and two examples that go against the others. */
  plateau: {
    x: [-4, -2.2, -1.4, -0.8, 0.8, 1.4, 2.2, 3],
    y: [0, 0, 1, 0, 1, 1, 1, 0],
    range: symmetric(8),
    names: ["w", "b"],
    start: [-5, 3],
    xRange: symmetric(5),
    yRange: { min: -0.5, max: 1.5 },
  },
};
