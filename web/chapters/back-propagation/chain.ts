import type { Step } from "./state.js";
import { PARAMETERS, type Parameter } from "./worker.js";

/** What the drawn chain consists of, where each part is, and what each step has to do with it. */
export const NODES = ["x", "z1", "y1", "z2", "yhat", "loss"] as const;
export type Node = (typeof NODES)[number];
/** What else goes into the chain: the parameters, and the target. */
export type Box = Parameter | "y";

export const SYMBOLS: Readonly<Record<Node | Box, string>> = {
  x: "x",
  z1: "z₁",
  y1: "y₁",
  z2: "z₂",
  yhat: "ŷ",
  loss: "L",
  w1: "w₁",
  b1: "b₁",
  w2: "w₂",
  b2: "b₂",
  y: "y",
};

/** Which step computes the value of a node, and which its derivative; x is given. */
export const VALUE_STEPS: Readonly<Record<Node, Step>> = {
  x: "start",
  z1: "z1",
  y1: "y1",
  z2: "z2",
  yhat: "yhat",
  loss: "loss",
};
/** In the order of the way back. */
export const SLOPE_STEPS = { yhat: "dyhat", z2: "dz2", y1: "dy1", z1: "dz1" } as const satisfies Partial<
  Record<Node, Step>
>;
export type SlopeNode = keyof typeof SLOPE_STEPS;
export const PARAMETER_STEPS: Readonly<Record<Parameter, Step>> = { w1: "dw1", b1: "dw1", w2: "dw2", b2: "dw2" };

/** What a step takes its numbers from. */
export const USED: Readonly<Record<Step, readonly (Node | Box)[]>> = {
  start: [],
  z1: ["x", "w1", "b1"],
  y1: ["z1"],
  z2: ["y1", "w2", "b2"],
  yhat: ["z2"],
  loss: ["yhat", "y"],
  dyhat: ["yhat", "y"],
  dz2: ["yhat"],
  dw2: ["y1"],
  dy1: ["w2"],
  dz1: ["y1"],
  dw1: ["x"],
  update: PARAMETERS,
};

/** What the derivative is multiplied by on its way back to a node; the first is the loss's own. */
export const FACTORS: Readonly<Record<SlopeNode, string>> = {
  yhat: "ŷ − y",
  z2: "× ŷ(1 − ŷ)",
  y1: "× w₂",
  z1: "× y₁(1 − y₁)",
};

/** A place in the drawing, or the way from one to another. */
export type Place = readonly [x: number, y: number];

export interface Layout {
  readonly size: Place;
  readonly nodes: Readonly<Record<Node, Place>>;
  readonly boxes: Readonly<Record<Box, Place>>;
  /** From a node to where its derivative is written. */
  readonly slope: Place;
  /** From the middle of an arrow back to where its factor is written. */
  readonly factor: Place;
  /** Half of the room that a derivative takes along the chain. */
  readonly reach: number;
}

const inRow = (x: number): Place => [x, 156];
/** In a row, where there is room for it. */
export const WIDE: Layout = {
  size: [920, 254],
  nodes: { x: inRow(42), z1: inRow(228), y1: inRow(382), z2: inRow(558), yhat: inRow(712), loss: inRow(872) },
  boxes: { w1: [106, 36], b1: [250, 36], w2: [436, 36], b2: [580, 36], y: [860, 36] },
  slope: [0, 70],
  factor: [0, 20],
  reach: 38,
};

const inColumn = (y: number): Place => [182, y];
/** From top to bottom, for phones. */
export const TALL: Layout = {
  size: [360, 610],
  nodes: {
    x: inColumn(40),
    z1: inColumn(152),
    y1: inColumn(258),
    z2: inColumn(372),
    yhat: inColumn(474),
    loss: inColumn(570),
  },
  boxes: { w1: [68, 66], b1: [68, 152], w2: [68, 288], b2: [68, 372], y: [56, 570] },
  slope: [88, 0],
  factor: [8, 4],
  reach: 24,
};

export const RADIUS = 37;

export const add = ([ax, ay]: Place, [bx, by]: Place): Place => [ax + bx, ay + by];
export const middle = ([ax, ay]: Place, [bx, by]: Place): Place => [(ax + bx) / 2, (ay + by) / 2];

/** The path from one place to another that stops so far short of each. */
export function line([ax, ay]: Place, [bx, by]: Place, startGap: number, endGap: number): string {
  const length = Math.hypot(bx - ax, by - ay);
  const [ux, uy] = [(bx - ax) / length, (by - ay) / length];
  return `M${ax + startGap * ux} ${ay + startGap * uy}L${bx - endGap * ux} ${by - endGap * uy}`;
}
