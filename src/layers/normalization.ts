import { show } from "../base/check.js";
import { ConfigError } from "../base/errors.js";
import type { Shape } from "../base/tensor.js";
import { apply, type Value } from "../graph/graph.js";
import { scaleColumns } from "../ops/scale-columns.js";
import { Layer, type LayerConfig } from "./layer.js";

export interface NormalizationConfig extends LayerConfig {
  /** One factor a feature. */
  readonly scale: ArrayLike<number>;
  /** One summand a feature. */
  readonly offset: ArrayLike<number>;
}

/** y = x scale + offset per feature, with constants fitted on the training data (`data.standardize`, `data.minMax`). */
export class Normalization extends Layer {
  readonly #constants: readonly (readonly [string, Float32Array])[];
  #values: Value[] = [];

  constructor(config: NormalizationConfig) {
    super("normalization", config, ["scale", "offset"]);
    const scale = numbers("scale", config.scale);
    const offset = numbers("offset", config.offset);
    if (scale.length === 0 || scale.length !== offset.length || ![...scale, ...offset].every(Number.isFinite)) {
      const got = `${scale.length} and ${offset.length}`;
      throw new ConfigError(`normalization: scale and offset must be equally long lists of numbers, got ${got}`);
    }
    this.#constants = [
      ["scale", scale],
      ["offset", offset],
    ];
  }

  express([x]: readonly Value[]): Value {
    return apply(scaleColumns, x as Value, ...this.#values);
  }

  protected override build(_shapes: readonly Shape[]): void {
    this.#values = this.#constants.map(([name, numbers]) => {
      const initializer = { name: "given", config: {}, fill: (out: Float32Array) => out.set(numbers) };
      return this.addParameter(name, [numbers.length], initializer, { trainable: false });
    });
  }
}

function numbers(name: string, given: ArrayLike<number>): Float32Array {
  if (typeof given !== "object" || given === null) {
    throw new ConfigError(`normalization: ${name} must be a list of numbers, got ${show(given)}`);
  }
  return Float32Array.from(given);
}
