import { layers, type Model, optimizers, sequential } from "neurone";
import { SIDE, SMALL_SIDE } from "./normalize.js";
import type { Settings } from "./settings.js";

const CLASS_NAMES = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const MOMENTUM = 0.9;

/** How many pixels an image has on each side. */
export const sideOf = ({ form }: Pick<Settings, "form">): number => (form === "grey" ? SIDE : SMALL_SIDE);

/** A network of one hidden layer, as its settings say, that has learnt nothing. It takes bytes: 0..255, or 0 and 1. */
export function buildNetwork(settings: Settings): Model {
  const { form, hidden, learningRate, seed } = settings;
  const inputShape = [sideOf(settings) ** 2];
  const net = sequential({
    seed,
    layers: [
      layers.rescaling({ inputShape, scale: form === "grey" ? 1 / 255 : 1 }),
      layers.dense({ units: hidden, activation: "relu" }),
      layers.dense({ units: CLASS_NAMES.length, activation: "softmax" }),
    ],
  });
  const optimizer = {
    adam: () => optimizers.adam({ learningRate }),
    momentum: () => optimizers.sgd({ learningRate, momentum: MOMENTUM }),
    sgd: () => optimizers.sgd({ learningRate }),
  }[settings.optimizer]();
  net.compile({ optimizer, loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  net.metadata = { classNames: CLASS_NAMES };
  return net;
}
