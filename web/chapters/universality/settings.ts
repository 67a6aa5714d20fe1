/** The functions of the hidden neurons; with `linear` there is nothing to be gained by more of them. */
export const ACTIVATIONS = ["tanh", "relu", "sigmoid", "radial", "softplus", "silu", "linear"] as const;
export type ActivationName = (typeof ACTIVATIONS)[number];

export const MOST_NEURONS = 200;
/** Passes over the curve at most: beyond, nothing changes that could be seen. */
export const MOST_EPOCHS = 20_000;

/** What both networks are made from. */
export interface Settings {
  /** Neurons of the one hidden layer. */
  readonly neurons: number;
  /** Hidden layers of the deep network. */
  readonly depth: number;
  readonly activation: ActivationName;
  readonly learningRate: number;
  readonly seed: number;
}

/** Weights and biases of a network of one input, `depth` hidden layers of `units` and one output. */
export const parametersOf = (depth: number, units: number): number =>
  2 * units + (depth - 1) * (units + 1) * units + units + 1;

/** Units of each hidden layer of the deep network that come nearest to as many parameters as `neurons` in one layer have. */
export function deepUnits(depth: number, neurons: number): number {
  const wanted = parametersOf(1, neurons);
  let units = 1;
  while (parametersOf(depth, units + 1) <= wanted) units++;
  const isNearer = parametersOf(depth, units + 1) - wanted < wanted - parametersOf(depth, units);
  return isNearer ? units + 1 : units;
}
