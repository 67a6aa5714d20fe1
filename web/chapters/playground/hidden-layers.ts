import { batch } from "@preact/signals";
import { withActivation } from "./activations.js";
import { type Activation, MOST_LAYERS } from "./settings.js";
import { state } from "./state.js";

/** Neurons of a layer that is added. */
const UNITS = 2;

/** Adds a hidden layer behind the others, or takes the last one away. */
export function changeLayers(count: number): void {
  const { layers, act } = state;
  const before = layers.value;
  batch(() => {
    layers.value = count > before.length ? [...before, UNITS].slice(0, MOST_LAYERS) : before.slice(0, count);
    const [first, ...others] = act.value;
    act.value = [first, ...others.slice(0, Math.max(0, layers.value.length - 1))];
  });
}

/** Gives a hidden layer more neurons, or fewer. */
export function changeUnits(layer: number, by: number): void {
  const { layers } = state;
  layers.value = layers.value.map((units, i) => (i === layer ? units + by : units));
}

/** Gives one hidden layer another activation. */
export function changeActivation(layer: number, activation: Activation): void {
  const { layers, act } = state;
  act.value = withActivation(act.value, layers.value.length, layer, activation);
}

/** Gives all hidden layers the same activation. */
export function changeActivations(activation: Activation): void {
  state.act.value = [activation];
}
