import { checkNumber, checkSettings, show } from "../base/check.js";
import { ConfigError } from "../base/errors.js";
import { type Loss, resolveLoss, type TargetForm, targetForm } from "./losses.js";
import { type BoundMetric, bindMetric, type Metric, resolveMetric } from "./metrics.js";
import type { Network } from "./network.js";
import { type Optimizer, resolveOptimizer } from "./optimizers.js";

type OnePerOutput<T> = T | readonly T[];

/** How a model is trained and judged. */
export interface CompileConfig {
  /** Default `"sgd"`. */
  readonly optimizer?: string | Optimizer;
  /** One for all outputs, or one for each. */
  readonly loss: OnePerOutput<string | Loss>;
  /** What each output's loss counts for in the total. Default 1 each. */
  readonly lossWeights?: readonly number[];
  /** For every output, or a list of them for each. */
  readonly metrics?: readonly (string | Metric)[] | readonly (readonly (string | Metric)[])[];
}

/** One output with what is asked of it. */
export interface Head {
  /** Before the names in logs: "" of a single output, else the output's name and `_`. */
  readonly prefix: string;
  readonly loss: Loss;
  readonly weight: number;
  readonly form: TargetForm;
  readonly metrics: readonly BoundMetric[];
}

/** What `compile` made of its settings. */
export interface Compiled {
  readonly optimizer: Optimizer;
  readonly heads: readonly Head[];
  /** The metrics of each output as they were chosen. */
  readonly metrics: readonly (readonly Metric[])[];
}

/** Throws `ConfigError` or `ShapeError` where a setting is unknown, out of range or does not suit its output. */
export function compile(network: Network, config: CompileConfig): Compiled {
  checkSettings("compile", config, ["optimizer", "loss", "lossWeights", "metrics"]);
  if (config.loss === undefined) {
    throw new ConfigError('compile needs a loss, such as { loss: "sparseCategoricalCrossentropy" }');
  }
  const outputs = network.outputs.length;
  const given = Array.isArray(config.loss) ? config.loss : network.outputs.map(() => config.loss);
  const weights = config.lossWeights ?? network.outputs.map(() => 1);
  checkLength("loss", given, outputs);
  checkLength("lossWeights", weights, outputs);
  const metrics = metricsOfOutputs(config.metrics ?? [], outputs);
  const names = network.outputNames();
  const heads = network.outputs.map(({ shape }, i) => {
    const prefix = outputs === 1 ? "" : `${names[i]}_`;
    const loss = resolveLoss(given[i] as string | Loss);
    const form = targetForm(loss, shape);
    const bound = (metrics[i] ?? []).map((metric) => bindMetric(metric, prefix, shape, form));
    const twice = bound.find(({ name }, j) => bound.findIndex((other) => other.name === name) !== j);
    if (twice) throw new ConfigError(`metrics: ${twice.name} is asked for twice`);
    return { prefix, loss, weight: checkNumber(`lossWeights[${i}]`, weights[i]), form, metrics: bound };
  });
  return { optimizer: resolveOptimizer(config.optimizer ?? "sgd"), heads, metrics };
}

function checkLength(what: string, list: readonly unknown[], outputs: number): void {
  if (!Array.isArray(list) || list.length !== outputs) {
    throw new ConfigError(`${what}: one for each of the ${outputs} outputs expected, got ${show(list)}`);
  }
}

function metricsOfOutputs(
  given: NonNullable<CompileConfig["metrics"]>,
  outputs: number,
): readonly (readonly Metric[])[] {
  if (!Array.isArray(given)) throw new ConfigError(`metrics must be a list, got ${show(given)}`);
  const nested = given.length > 0 && given.every((entry) => Array.isArray(entry));
  if (nested) checkLength("metrics", given, outputs);
  const lists: unknown[][] = nested ? (given as unknown[][]) : Array.from({ length: outputs }, () => [...given]);
  return lists.map((list) => list.map((entry) => resolveMetric(entry as string | Metric)));
}
