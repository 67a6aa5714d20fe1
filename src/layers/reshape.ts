import { ConfigError } from "../base/errors.js";
import type { Shape } from "../base/tensor.js";
import { apply, type Value } from "../graph/graph.js";
import { reshape } from "../ops/reshape.js";
import { checkShape, Layer, type LayerConfig, type Settings } from "./layer.js";

export interface ReshapeConfig extends LayerConfig {
  /** Shape of one example; one size may be -1 and is then what remains. */
  readonly targetShape: Shape;
}

/** The same numbers under another shape. */
export class Reshape extends Layer {
  readonly #targetShape: Shape;

  constructor(config: ReshapeConfig) {
    super("reshape", config, ["targetShape"]);
    const given: unknown = config.targetShape;
    const open = Array.isArray(given) ? given.filter((size) => size === -1).length : 0;
    if (open > 1) throw new ConfigError(`reshape: targetShape may hold -1 once, got ${open} of them`);
    checkShape("reshape: targetShape", Array.isArray(given) ? given.map((size) => (size === -1 ? 1 : size)) : given);
    this.#targetShape = [...config.targetShape];
  }

  express([x]: readonly Value[]): Value {
    return apply(reshape(this.#targetShape), x as Value);
  }

  protected override settings(): Settings {
    return { targetShape: this.#targetShape };
  }
}

/** All axes of an example in one: [28, 28] -> [784]. */
export class Flatten extends Layer {
  constructor(config: LayerConfig) {
    super("flatten", config);
  }

  express([x]: readonly Value[]): Value {
    return apply(reshape([-1]), x as Value);
  }
}
