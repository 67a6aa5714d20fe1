import { FEATURES, type Feature } from "./features.js";

/** Sizes of the network's drawing, in pixels where the text is of the usual size. */
const NODE = 40;
const ROW = 46;
const HEAD = 94;
const LEFT = 56;
const RIGHT = 58;
const LEAST_COLUMN = 96;

/** A neuron: its place, the column it is in (inputs are 0), and its number there. */
export interface Node {
  readonly column: number;
  readonly unit: number;
  /** Its number among all that have a map; none for an input that is off. */
  readonly tile: number | undefined;
  /** The middle of it. */
  readonly x: number;
  readonly y: number;
}

/** A weight: element `index` of the kernel `weight` ([in, out], row-major), from one neuron to another. */
export interface Line {
  readonly weight: string;
  readonly index: number;
  readonly from: Node;
  readonly to: Node;
}

export interface Layout {
  /** The side of a neuron. */
  readonly node: number;
  readonly width: number;
  readonly height: number;
  /** The middles of the columns. */
  readonly columns: readonly number[];
  readonly nodes: readonly Node[];
  readonly lines: readonly Line[];
}

/** The name of a tensor of the dense layer `layer`, from 0. */
export const tensorOf = (layer: number, tensor: "kernel" | "bias"): string =>
  `${layer === 0 ? "dense" : `dense_${layer}`}/${tensor}`;

/** Where the neurons are: all features, hidden layers, outputs, in columns over at least `room` pixels. `scale`: of the text. */
export function layoutOf(
  features: readonly Feature[],
  layers: readonly number[],
  outputs: number,
  room: number,
  scale = 1,
): Layout {
  const sizes = [FEATURES.length, ...layers, outputs];
  const gaps = sizes.length - 1;
  const [node, row, head] = [NODE, ROW, HEAD].map((size) => size * scale) as [number, number, number];
  const aside = (LEFT + NODE + RIGHT) * scale;
  const width = Math.max(room, aside + gaps * LEAST_COLUMN * scale);
  const gap = (width - aside) / gaps;
  const rows = Math.max(...sizes);
  const columns = sizes.map((_, column) => LEFT * scale + node / 2 + column * gap);
  let tiles = 0;
  const nodes = sizes.map((size, column) =>
    Array.from({ length: size }, (_, unit): Node => {
      const isOn = column > 0 || features.includes(FEATURES[unit] as Feature);
      const y = head + row * (unit + 0.5 + (rows - size) / 2);
      return { column, unit, tile: isOn ? tiles++ : undefined, x: columns[column] as number, y };
    }),
  );
  const lines = nodes.slice(1).flatMap((targets, layer) => {
    const sources = (nodes[layer] as Node[]).filter(({ tile }) => tile !== undefined);
    return sources.flatMap((from, row) =>
      targets.map((to, unit) => ({ weight: tensorOf(layer, "kernel"), index: row * targets.length + unit, from, to })),
    );
  });
  return { node, width, height: head + rows * row, columns, nodes: nodes.flat(), lines };
}

/** The line's way, from the right side of a neuron to the left side of another. */
export function pathOf({ from, to }: Line, node: number): string {
  const [x1, x2] = [from.x + node / 2, to.x - node / 2];
  const middle = (x1 + x2) / 2;
  return `M${x1} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${x2} ${to.y}`;
}
