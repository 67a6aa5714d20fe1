import { checkNumber } from "../base/check.js";
import { apply, type Value } from "../graph/graph.js";
import { activation } from "../ops/activation.js";
import { type ActivationRow, activationTable } from "../ops/activation-table.js";
import { Layer, type LayerConfig, type Settings } from "./layer.js";

export interface RescalingConfig extends LayerConfig {
  readonly scale: number;
  /** Default 0. */
  readonly offset?: number;
}

/** y = scale x + offset: `{ scale: 1 / 255 }` makes bytes pixels in [0, 1]. */
export class Rescaling extends Layer {
  readonly #scale: number;
  readonly #offset: number;

  constructor(config: RescalingConfig) {
    super("rescaling", config, ["scale", "offset"]);
    this.#scale = checkNumber("rescaling: scale", config.scale);
    this.#offset = checkNumber("rescaling: offset", config.offset ?? 0);
  }

  express([x]: readonly Value[]): Value {
    return apply(activation("affine", activationTable.affine as ActivationRow, this.#scale, this.#offset), x as Value);
  }

  protected override settings(): Settings {
    return { scale: this.#scale, offset: this.#offset };
  }

  override describe(): string {
    return `scale ${short(this.#scale)}, offset ${short(this.#offset)}`;
  }
}

/** Six digits are enough for a table. */
function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
