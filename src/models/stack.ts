import { checkInteger, show } from "../base/check.js";
import { ConfigError } from "../base/errors.js";
import type { Shape } from "../base/tensor.js";
import type { Activation } from "../layers/activations.js";
import { type DenseConfig, layers } from "../layers/index.js";
import { input, type SymbolicTensor } from "../layers/layer.js";

/** What a network takes in: the number of its inputs, or the shape of one example, which is flattened; one of them. */
export interface InputConfig {
  readonly inputs?: number;
  readonly inputShape?: Shape;
}

/** Settings of all dense layers of a stack. */
export type KernelConfig = Pick<DenseConfig, "kernelInitializer" | "kernelRegularizer">;

/** Dense layers one behind the other. */
export interface StackConfig {
  readonly units: readonly number[];
  readonly activation: Activation;
  readonly lastActivation: Activation;
  /** Of the dropout after each layer but the last; 0: none. */
  readonly dropout: number;
  readonly kernel: KernelConfig;
}

/** The input that the settings say. Throws `ConfigError` where they do not say one. */
export function inputOf(who: string, { inputs, inputShape }: InputConfig): SymbolicTensor {
  if ((inputs === undefined) === (inputShape === undefined)) {
    throw new ConfigError(`${who}: give inputs, such as 784, or inputShape, such as [28, 28], one of them`);
  }
  return input({ shape: inputShape ?? [checkInteger(`${who}: inputs`, inputs, 1, 2 ** 31 - 1)] });
}

/** `tensor` with all axes in one. */
export function flat(tensor: SymbolicTensor): SymbolicTensor {
  return tensor.shape.length === 1 ? tensor : layers.flatten().apply(tensor);
}

/** `tensor` through a dense layer for each of `units`. Throws `ConfigError` for settings that no layer takes. */
export function stack(who: string, tensor: SymbolicTensor, config: StackConfig): SymbolicTensor {
  const { units, activation, lastActivation, dropout, kernel } = config;
  checkUnits(who, units);
  const last = units.length - 1;
  return units.reduce((tensor, units, i) => {
    const dense = layers.dense({ units, activation: i === last ? lastActivation : activation, ...kernel });
    const output = dense.apply(tensor);
    return i === last || dropout === 0 ? output : layers.dropout({ rate: dropout }).apply(output);
  }, tensor);
}

export function checkUnits(who: string, units: readonly number[]): void {
  if (Array.isArray(units) && units.length > 0) return;
  throw new ConfigError(`${who}: units must be a list with the number of units of each layer, got ${show(units)}`);
}
