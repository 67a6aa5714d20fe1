import { Kernel } from "../../assembly/kernels.js";
import { checkBoolean, checkNumber, checkPositive, checkSettings, lookUp, show } from "../base/check.js";
import { ConfigError } from "../base/errors.js";
import { pow } from "../base/math.js";
import { type Buffer, float, type KernelCall } from "../plan/call.js";
import { checkRate, type Schedule } from "./schedules.js";

/** What all optimizers share. */
export interface OptimizerConfig {
  readonly learningRate?: number | Schedule;
  /** Before the step the gradient of all parameters together is scaled down to this Euclidean norm. */
  readonly clipNorm?: number;
  /** Before the step each element of the gradient is limited to [-clipValue, clipValue]; after `clipNorm`. */
  readonly clipValue?: number;
}

/** An optimizer as `optimizers.*` returns it: settings, and how a step is expressed in the core. */
export interface Optimizer {
  readonly name: string;
  /** What it was made with, defaults included. */
  readonly config: Readonly<Record<string, number | boolean>>;
  readonly learningRate: number | Schedule;
  readonly clipNorm: number | undefined;
  readonly clipValue: number | undefined;
  /** How many numbers it keeps for each parameter between steps. They start as zeros. */
  readonly slots: number;
  /** How many numbers change from step to step. */
  readonly scalars: number;
  /** Writes the numbers of step `step` (counted from 1) to `out` from `offset` on. */
  writeScalars(out: Float32Array, offset: number, step: number, learningRate: number): void;
  /** The kernel call of one step over `count` contiguous parameters. */
  update(parameters: Buffer, gradients: Buffer, slots: readonly Buffer[], count: number, scalars: Buffer): KernelCall;
}

/** Optimizers by PyTorch's formulas and defaults; where a learning rate has no default there, Keras's. */
export const optimizers = {
  /**
   * w -= learningRate g; with momentum v = momentum v + g and w -= learningRate v, or learningRate (g + momentum v) with
   * `nesterov`. `weightDecay` adds weightDecay w to g. torch.optim.SGD (dampening 0). Default learningRate 0.01, the rest 0.
   * Throws `ConfigError`, as all of them do, for a setting it does not know or one out of its range.
   */
  sgd: (config: OptimizerConfig & { momentum?: number; nesterov?: boolean; weightDecay?: number } = {}): Optimizer => {
    checkOwn("sgd", config, ["momentum", "nesterov", "weightDecay"]);
    const { momentum = 0, nesterov = false, weightDecay = 0 } = config;
    checkNumber("sgd: momentum", momentum, 0, 1);
    checkNumber("sgd: weightDecay", weightDecay, 0);
    checkBoolean("sgd: nesterov", nesterov);
    if (nesterov && momentum === 0) throw new ConfigError("sgd: nesterov needs a momentum above 0");
    const own = { momentum, nesterov, weightDecay };
    const constants = momentum === 0 ? [weightDecay] : [weightDecay, momentum];
    return momentum === 0
      ? build("sgd", config, 0.01, own, Kernel.sgd, 0, constants)
      : build("sgd", config, 0.01, own, Kernel.momentum, 1, constants, [nesterov ? 1 : 0]);
  },
  /** s += g^2; w -= learningRate g / (sqrt(s) + epsilon). torch.optim.Adagrad. Defaults 0.01, epsilon 1e-10, weightDecay 0. */
  adagrad: (config: OptimizerConfig & { epsilon?: number; weightDecay?: number } = {}): Optimizer => {
    checkOwn("adagrad", config, ["epsilon", "weightDecay"]);
    const { epsilon = 1e-10, weightDecay = 0 } = config;
    checkPositive("adagrad: epsilon", epsilon);
    checkNumber("adagrad: weightDecay", weightDecay, 0);
    return build("adagrad", config, 0.01, { epsilon, weightDecay }, Kernel.adagrad, 1, [weightDecay, epsilon]);
  },
  /**
   * v = rho v + (1 - rho) g^2; w -= learningRate g / (sqrt(v) + epsilon). torch.optim.RMSprop, whose alpha is Keras's rho.
   * Defaults 0.01, rho 0.99, epsilon 1e-8, weightDecay 0.
   */
  rmsprop: (config: OptimizerConfig & { rho?: number; epsilon?: number; weightDecay?: number } = {}): Optimizer => {
    checkOwn("rmsprop", config, ["rho", "epsilon", "weightDecay"]);
    const { rho = 0.99, epsilon = 1e-8, weightDecay = 0 } = config;
    checkNumber("rmsprop: rho", rho, 0, 1);
    checkPositive("rmsprop: epsilon", epsilon);
    checkNumber("rmsprop: weightDecay", weightDecay, 0);
    const constants = [weightDecay, rho, 1 - rho, epsilon];
    return build("rmsprop", config, 0.01, { rho, epsilon, weightDecay }, Kernel.rmsprop, 1, constants);
  },
  /**
   * m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; w -= learningRate m^ / (sqrt(v^) + epsilon) with m^ and v^
   * corrected for their start at 0. torch.optim.Adam; Kingma and Ba (2015). Defaults 0.001, beta1 0.9, beta2 0.999,
   * epsilon 1e-8, weightDecay 0 (added to g).
   */
  adam: (config: AdamConfig = {}): Optimizer => adaptive("adam", config, Kernel.adam, 0),
  /** Adam with w *= 1 - learningRate weightDecay instead of decay in g. torch.optim.AdamW. Default weightDecay 0.01. */
  adamw: (config: AdamConfig = {}): Optimizer => adaptive("adamw", config, Kernel.adamw, 0.01),
};

/** Those made here: an object of somebody's own with the same name may do something else. */
const made = new WeakSet<Optimizer>();

/** Whether `optimizers[name]` makes the same optimizer of its settings. */
export function isBuiltInOptimizer(optimizer: Optimizer): boolean {
  return made.has(optimizer);
}

type AdamConfig = OptimizerConfig & { beta1?: number; beta2?: number; epsilon?: number; weightDecay?: number };

/** The optimizer of a name, with its defaults, or the given one. Throws `ConfigError`. */
export function resolveOptimizer(given: string | Optimizer): Optimizer {
  if (typeof given === "object" && given !== null && typeof given.update === "function") return given;
  if (typeof given !== "string") throw new ConfigError(`optimizer must be a name or an optimizer, got ${show(given)}`);
  return lookUp("optimizer", given, optimizers)();
}

function checkOwn(name: string, config: OptimizerConfig, settings: readonly string[]): void {
  checkSettings(name, config, ["learningRate", "clipNorm", "clipValue", ...settings]);
}

function adaptive(name: string, config: AdamConfig, kernel: Kernel, defaultDecay: number): Optimizer {
  checkOwn(name, config, ["beta1", "beta2", "epsilon", "weightDecay"]);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = defaultDecay } = config;
  for (const [what, beta] of Object.entries({ beta1, beta2 })) {
    if (checkNumber(`${name}: ${what}`, beta, 0, 1) === 1)
      throw new ConfigError(`${name}: ${what} must be below 1, got 1`);
  }
  checkPositive(`${name}: epsilon`, epsilon);
  checkNumber(`${name}: weightDecay`, weightDecay, 0);
  const constants = [weightDecay, 1 - beta1, beta2, 1 - beta2, epsilon];
  return register({
    ...build(name, config, 0.001, { beta1, beta2, epsilon, weightDecay }, kernel, 2, constants),
    scalars: 3,
    writeScalars(out, offset, step, learningRate) {
      out[offset] = learningRate;
      out[offset + 1] = learningRate / (1 - pow(beta1, step));
      out[offset + 2] = 1 / Math.sqrt(1 - pow(beta2, step));
    },
  });
}

function register(optimizer: Optimizer): Optimizer {
  made.add(optimizer);
  return optimizer;
}

/** An optimizer whose kernel takes param, grad, its slots, n, scalars and then `floats` and `ints`. */
function build(
  name: string,
  config: OptimizerConfig,
  defaultRate: number,
  own: Readonly<Record<string, number | boolean>>,
  kernel: Kernel,
  slotCount: number,
  floats: readonly number[],
  ints: readonly number[] = [],
): Optimizer {
  const { learningRate = defaultRate, clipNorm, clipValue } = config;
  checkRate(`${name}: learningRate`, learningRate);
  for (const [what, limit] of Object.entries({ clipNorm, clipValue })) {
    if (limit !== undefined) checkPositive(`${name}: ${what}`, limit);
  }
  return register({
    name,
    config: own,
    learningRate,
    clipNorm,
    clipValue,
    slots: slotCount,
    scalars: 1,
    writeScalars(out, offset, _, rate) {
      out[offset] = rate;
    },
    update(parameters, gradients, slots, count, scalars) {
      const operands = [parameters, gradients, ...slots, count, scalars, ...floats.map(float), ...ints];
      return { kernel, operands, writes: [parameters, ...slots] };
    },
  });
}
