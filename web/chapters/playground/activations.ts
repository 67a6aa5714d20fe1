import type { Activation } from "./settings.js";

/** Activations of hidden layers: the last one is also that of all layers behind. So one alone is that of every layer. */
export type Activations = readonly [Activation, ...Activation[]];

/** The activation of each of so many layers. */
export function spreadActivations(activations: Activations, layers: number): readonly Activation[] {
  return Array.from({ length: layers }, (_, i) => activations[i] ?? (activations.at(-1) as Activation));
}

/** With another one for the layer `layer` of so many, as short as can be. */
export function withActivation(
  activations: Activations,
  layers: number,
  layer: number,
  activation: Activation,
): Activations {
  const each = spreadActivations(activations, layers).map((one, i) => (i === layer ? activation : one));
  const repeated = each.findLastIndex((one) => one !== each.at(-1)) + 2;
  return each.slice(0, repeated) as readonly Activation[] as Activations;
}
