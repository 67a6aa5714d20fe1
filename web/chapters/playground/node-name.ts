import { FEATURES, type Feature } from "./features.js";
import type { Node } from "./layout.js";
import { featureName, outputName } from "./names.js";
import { outputOf } from "./recipe.js";
import { experiment, settings } from "./state.js";
import { t } from "./text.js";

/** What a neuron is called in the name of a line. */
export function nodeName({ column, unit }: Pick<Node, "column" | "unit">): string {
  const { layers, loss } = experiment.value.settings;
  if (column === 0) return featureName(FEATURES[unit] as Feature);
  if (column <= layers.length) return t.ofNeuron(unit + 1, column);
  const { units } = outputOf(experiment.value.task, loss);
  return t.ofOutput(outputName(unit, units, experiment.value.task, settings.value));
}
