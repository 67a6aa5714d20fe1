import { checkSettings, lookUp } from "../base/check.js";
import { ConfigError } from "../base/errors.js";
import type { Json } from "../base/json.js";
import type { Settings } from "../layers/layer.js";
import type { CompileConfig, Compiled } from "./compile.js";
import type { Loss } from "./losses.js";
import type { Metric } from "./metrics.js";
import { isBuiltInOptimizer, type Optimizer, optimizers } from "./optimizers.js";
import { isBuiltInSchedule, type Schedule, schedules } from "./schedules.js";

/**
 * The settings of `compile` as a file holds them.
 * @throws ConfigError for an optimizer or schedule that is not one of `optimizers.*` and `schedules.*`: no file can say what it does
 */
export function compileData({ optimizer, heads, metrics }: Compiled): Settings {
  return {
    optimizer: optimizerData(optimizer),
    loss: heads.map(({ loss }) => ({ ...loss })),
    lossWeights: heads.map(({ weight }) => weight),
    metrics: metrics.map((list) =>
      list.map(({ name, k, threshold }) => ({ name, k, ...(threshold === undefined ? {} : { threshold }) })),
    ),
  };
}

/** Whether a file can say these settings. */
export function canBeSaid({ optimizer }: Compiled): boolean {
  return isBuiltInOptimizer(optimizer) && isBuiltInRate(optimizer.learningRate);
}

function isBuiltInRate(rate: number | Schedule): boolean {
  if (typeof rate === "number") return true;
  const { schedule = 0 } = rate.config as { readonly schedule?: number | Schedule };
  return isBuiltInSchedule(rate) && isBuiltInRate(schedule);
}

/** The settings that `data` says, for `compile`, which checks what is not checked here. Throws `ConfigError`. */
export function readCompileData(data: Json): CompileConfig {
  const settings = settingsOf("compile", data, ["optimizer", "loss", "lossWeights", "metrics"]);
  const { metrics = [] } = settings;
  // As many metrics for each of as many outputs would be more than the file says.
  if (!Array.isArray(metrics) || !metrics.every((list) => Array.isArray(list))) {
    throw new ConfigError("compile: metrics must be a list of lists, one for each output");
  }
  return {
    optimizer: readOptimizer(settings["optimizer"]),
    loss: settings["loss"] as unknown as readonly Loss[],
    lossWeights: settings["lossWeights"] as unknown as readonly number[],
    metrics: metrics as unknown as readonly (readonly Metric[])[],
  };
}

function optimizerData(optimizer: Optimizer): Settings {
  if (!isBuiltInOptimizer(optimizer)) throw ownWork("optimizer", optimizer.name);
  const { name, config, learningRate, clipNorm, clipValue } = optimizer;
  return {
    name,
    config: {
      ...config,
      learningRate: rateData(learningRate),
      ...(clipNorm === undefined ? {} : { clipNorm }),
      ...(clipValue === undefined ? {} : { clipValue }),
    },
  };
}

function rateData(rate: number | Schedule): Json {
  if (typeof rate === "number") return rate;
  if (!isBuiltInSchedule(rate)) throw ownWork("schedule", rate.name);
  const { schedule, ...config } = rate.config;
  const nested = schedule === undefined ? {} : { schedule: rateData(schedule as number | Schedule) };
  return { name: rate.name, config: { ...(config as Settings), ...nested } };
}

function readOptimizer(data: Json | undefined): Optimizer {
  const { name, config } = settingsOf("optimizer", data, ["name", "config"]);
  const make = lookUp<(config: never) => Optimizer>("optimizer", name, optimizers);
  const { learningRate, ...own } = settingsOf("optimizer", config);
  return make({ ...own, learningRate: readRate(learningRate) } as never);
}

function readRate(data: Json | undefined): number | Schedule {
  if (typeof data === "number") return data;
  const { name, config } = settingsOf("schedule", data, ["name", "config"]);
  const make = lookUp<(config: never) => Schedule>("schedule", name, schedules);
  const { schedule, ...own } = settingsOf("schedule", config);
  return make({ ...own, ...(schedule === undefined ? {} : { schedule: readRate(schedule) }) } as never);
}

function settingsOf(what: string, data: Json | undefined, known?: readonly string[]): Settings {
  const settings = data as Settings;
  return checkSettings(what, settings, known ?? Object.keys(Object(settings)));
}

function ownWork(what: string, name: string): ConfigError {
  const table = what === "optimizer" ? "optimizers.*" : "schedules.*";
  return new ConfigError(
    `the ${what} "${name}" is not one of ${table}, so no file can say what it does; save with { compile: false }`,
  );
}
