import type { Value } from "../graph/graph.js";
import { type Activation as Given, type ResolvedActivation, resolveActivation } from "./activations.js";
import { Layer, type LayerConfig, type Settings } from "./layer.js";

export interface ActivationConfig extends LayerConfig {
  readonly activation: Given;
}

/** An activation as a layer of its own. The shape stays. */
export class ActivationLayer extends Layer {
  readonly #activation: ResolvedActivation;

  constructor(config: ActivationConfig) {
    super("activation", config, ["activation"]);
    this.#activation = resolveActivation("activation: activation", config.activation);
  }

  express([x]: readonly Value[]): Value {
    return this.#activation.express(x as Value);
  }

  protected override settings(): Settings {
    return { activation: this.#activation.given };
  }

  override describe(): string {
    return this.#activation.label;
  }
}
