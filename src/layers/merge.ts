import { checkInteger } from "../base/check.js";
import { Node, type Value } from "../graph/graph.js";
import { add } from "../ops/add.js";
import { concatenate } from "../ops/concatenate.js";
import { Layer, type LayerConfig, type Settings } from "./layer.js";

/** The elementwise sum of two or more inputs of one shape. */
export class Add extends Layer {
  protected override readonly merges = true;

  constructor(config: LayerConfig) {
    super("add", config);
  }

  express(inputs: readonly Value[]): Value {
    // Not spread: a file may name more of them than a call takes arguments.
    return new Node(add, inputs).output;
  }
}

export interface ConcatenateConfig extends LayerConfig {
  /** Axis of one example, the batch left out; negative counts from the end. Default -1. */
  readonly axis?: number;
}

/** Two or more inputs side by side along an axis. */
export class Concatenate extends Layer {
  protected override readonly merges = true;
  readonly #axis: number;

  constructor(config: ConcatenateConfig) {
    super("concatenate", config, ["axis"]);
    this.#axis = checkInteger("concatenate: axis", config.axis ?? -1, -8, 8);
  }

  express(inputs: readonly Value[]): Value {
    return new Node(concatenate(this.#axis), inputs).output;
  }

  protected override settings(): Settings {
    return { axis: this.#axis };
  }

  override describe(): string {
    return `axis ${this.#axis}`;
  }
}
