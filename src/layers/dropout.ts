import { checkNumber } from "../base/check.js";
import { ConfigError } from "../base/errors.js";
import { apply, type Value } from "../graph/graph.js";
import { dropout } from "../ops/dropout.js";
import { Layer, type LayerConfig, type Mode, type Settings } from "./layer.js";

export interface DropoutConfig extends LayerConfig {
  /** Probability that an element is dropped, from 0 to below 1. */
  readonly rate: number;
}

/** Drops elements at random in training, and scales the kept ones by 1 / (1 - rate); passes everything otherwise. */
export class Dropout extends Layer {
  readonly #rate: number;

  constructor(config: DropoutConfig) {
    super("dropout", config, ["rate"]);
    this.#rate = checkNumber("dropout: rate", config.rate, 0, 1);
    // As f32, which the core computes in: just below 1 it would be 1 there, and the scale 1 / 0.
    if (Math.fround(this.#rate) === 1) throw new ConfigError(`dropout: rate must be below 1, got ${this.#rate}`);
  }

  express([x]: readonly Value[], mode: Mode): Value {
    if (!mode.training || this.#rate === 0) return x as Value;
    return apply(dropout(this.#rate, mode.seed, mode.number), x as Value);
  }

  protected override settings(): Settings {
    return { rate: this.#rate };
  }

  override describe(): string {
    return `rate ${this.#rate}`;
  }
}
