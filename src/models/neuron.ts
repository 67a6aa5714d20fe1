import { checkInteger, checkNumber, checkSettings, show } from "../base/check.js";
import { ConfigError } from "../base/errors.js";
import type { Activation } from "../layers/activations.js";
import { layers } from "../layers/index.js";
import { sequential } from "../train/build.js";
import type { Model } from "../train/model.js";

/** What a formal neuron is made of by hand. */
export interface NeuronConfig {
  /** One for each input. */
  readonly weights: ArrayLike<number>;
  /** Default 0. */
  readonly bias?: number;
  /** Default `"threshold"`: 1 where z >= 0, else 0. */
  readonly activation?: Activation;
}

/**
 * The formal neuron f(w . x + b) with weights set by hand: [n, inputs] -> [n, 1]. McCulloch and Pitts (1943).
 * Throws `ConfigError` for settings that cannot be used.
 */
export function neuron(config: NeuronConfig): Model {
  const {
    weights,
    bias = 0,
    activation = "threshold",
  } = checkSettings("neuron", config, ["weights", "bias", "activation"]);
  const numbers = typeof weights === "object" && weights !== null ? Array.from(weights) : [];
  if (numbers.length === 0) {
    throw new ConfigError(`neuron: weights must be a list of at least one number, got ${show(weights)}`);
  }
  numbers.forEach((weight, i) => {
    checkNumber(`neuron: weights[${i}]`, weight);
  });
  checkNumber("neuron: bias", bias);
  const model = sequential({ layers: [layers.dense({ inputShape: [numbers.length], units: 1, activation })] });
  model.setWeights([Float32Array.from(numbers), Float32Array.of(bias)]);
  return model;
}

/** Weights of 1, and a bias that lets z reach 0 when at least `least` inputs are 1: half-way between that and one less. */
function atLeast(least: number, inputs: number): { weights: number[]; bias: number } {
  return { weights: new Array<number>(inputs).fill(1), bias: 0.5 - least };
}

/** At most so many that the middle between two counts is a number that f32 holds. */
const checkInputs = (who: string, inputs: number) => checkInteger(`gates.${who}: inputs`, inputs, 1, 2 ** 20);

/**
 * Weights and bias of logical gates on inputs of 0 and 1, for `neuron`: `models.neuron(models.gates.and(2))`. XOR is not
 * among them: no single neuron computes it (Minsky and Papert, 1969).
 */
export const gates = {
  /** 1 where all inputs are 1. */
  and: (inputs = 2) => atLeast(checkInputs("and", inputs), inputs),
  /** 1 where any input is 1. */
  or: (inputs = 2) => atLeast(1, checkInputs("or", inputs)),
  /** 1 where the one input is 0. */
  not: () => ({ weights: [-1], bias: 0.5 }),
  /** 1 where more than half of the inputs are 1. */
  majority: (inputs = 3) => atLeast(Math.floor(checkInputs("majority", inputs) / 2) + 1, inputs),
} as const;
