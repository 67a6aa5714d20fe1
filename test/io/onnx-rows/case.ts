import type { Graph } from "../onnx-graphs.js";

/** A graph from inputs to the output `y`, and what becomes of it. */
export interface Case extends Graph {
  /** Kinds and settings. */
  readonly layers: readonly string[];
  /** y of one example, in float64; left out where the layers say it all. */
  readonly reference?: (...inputs: readonly (readonly number[])[]) => readonly number[];
}

/** Cases by the operator that they are for. What operators are for constants is in onnx-read-constants.test.ts. */
export type Cases = Readonly<Record<string, readonly Case[]>>;

/** An activation layer as `layersOf` has it. */
export const activation = (given: string | object) => `activation ${JSON.stringify({ activation: given })}`;

/** Graphs by the operator that is refused in them, with a part of the reason. */
export type Refused = Readonly<Record<string, readonly (Graph & { readonly message: string })[]>>;
