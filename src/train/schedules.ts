import { checkInteger, checkNumber, checkSettings, show } from "../base/check.js";
import { ConfigError } from "../base/errors.js";
import { cos, pow } from "../base/math.js";

/** A learning rate that changes from step to step. */
export interface Schedule {
  readonly name: string;
  /** What it was made with. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The learning rate of the step with this number, counted from 0 since `compile`; an epoch has `stepsPerEpoch`. */
  at(step: number, stepsPerEpoch: number): number;
}

/** A length in steps or in epochs: one of them. */
export type Duration =
  | { readonly steps: number; readonly epochs?: undefined }
  | { readonly epochs: number; readonly steps?: undefined };

/**
 * Learning rates that change, for an optimizer's `learningRate`. Lengths are in steps or in epochs and may be fractions;
 * those in epochs reckon with as many steps an epoch as the running `fit` has, so keep the batch size over several fits.
 * Each throws `ConfigError` for a rate below 0, a length that is not above 0, or a setting it does not know.
 */
export const schedules = {
  /** initialRate * factor^floor(t / length): PyTorch's StepLR. Default factor 0.1. */
  step: (config: { initialRate: number; factor?: number } & Duration): Schedule => {
    const { initialRate, factor = 0.1 } = checkDecay("step", config);
    const length = durationOf("step", config);
    return register({
      name: "step",
      config: { ...config, factor },
      at: (step, stepsPerEpoch) => initialRate * pow(factor, Math.floor(step / length(stepsPerEpoch))),
    });
  },
  /** initialRate * factor^(t / length): Keras's ExponentialDecay. Default factor 0.1. */
  exponential: (config: { initialRate: number; factor?: number } & Duration): Schedule => {
    const { initialRate, factor = 0.1 } = checkDecay("exponential", config);
    const length = durationOf("exponential", config);
    return register({
      name: "exponential",
      config: { ...config, factor },
      at: (step, stepsPerEpoch) => initialRate * pow(factor, step / length(stepsPerEpoch)),
    });
  },
  /**
   * From initialRate to finalRate (default 0) along half a cosine over the length, then finalRate: PyTorch's
   * CosineAnnealingLR without its way back. Loshchilov and Hutter (2017).
   */
  cosine: (config: { initialRate: number; finalRate?: number } & Duration): Schedule => {
    checkSettings("cosine", config, ["initialRate", "finalRate", "steps", "epochs"]);
    const { initialRate, finalRate = 0 } = config;
    checkNumber("cosine: initialRate", initialRate, 0);
    checkNumber("cosine: finalRate", finalRate, 0);
    const length = durationOf("cosine", config);
    return register({
      name: "cosine",
      config: { ...config, finalRate },
      at(step, stepsPerEpoch) {
        const part = Math.min(1, step / length(stepsPerEpoch));
        return finalRate + (initialRate - finalRate) * 0.5 * (1 + cos(Math.PI * part));
      },
    });
  },
  /** Grows in equal steps over the length up to the first rate of `schedule`, and goes on with `schedule` from its beginning. */
  warmup: (config: { schedule: number | Schedule } & Duration): Schedule => {
    const { schedule } = checkSettings("warmup", config, ["schedule", "steps", "epochs"]);
    checkRate("warmup: schedule", schedule);
    const rate = (step: number, stepsPerEpoch: number) =>
      typeof schedule === "number" ? schedule : schedule.at(step, stepsPerEpoch);
    const length = durationOf("warmup", config);
    return register({
      name: "warmup",
      config: { ...config },
      at(step, stepsPerEpoch) {
        const steps = Math.ceil(length(stepsPerEpoch));
        return step < steps ? (rate(0, stepsPerEpoch) * (step + 1)) / steps : rate(step - steps, stepsPerEpoch);
      },
    });
  },
};

/** Those made here: see `isBuiltInOptimizer`. */
const made = new WeakSet<Schedule>();

/** Whether `schedules[name]` makes the same schedule of its settings. */
export function isBuiltInSchedule(schedule: Schedule): boolean {
  return made.has(schedule);
}

function register(schedule: Schedule): Schedule {
  made.add(schedule);
  return schedule;
}

/** Throws `ConfigError` for anything but a rate of at least 0 or a schedule. */
export function checkRate(what: string, given: unknown): void {
  if (typeof given === "number") checkNumber(what, given, 0);
  else if (Array.isArray(given) || typeof given !== "object" || typeof (given as Schedule | null)?.at !== "function")
    throw new ConfigError(`${what} must be a number or a schedule, got ${show(given)}`);
}

function checkDecay<C extends { initialRate: number; factor?: number }>(name: string, config: C): C {
  checkSettings(name, config, ["initialRate", "factor", "steps", "epochs"]);
  checkNumber(`${name}: initialRate`, config.initialRate, 0);
  checkNumber(`${name}: factor`, config.factor ?? 0.1, 0);
  return config;
}

/** The length in steps, once an epoch's is known. */
function durationOf(name: string, { steps, epochs }: Duration): (stepsPerEpoch: number) => number {
  if ((steps === undefined) === (epochs === undefined))
    throw new ConfigError(`${name}: give steps or epochs, one of them`);
  const [what, length] = steps === undefined ? ["epochs", epochs] : ["steps", steps];
  if (checkNumber(`${name}: ${what}`, length, 0) === 0) throw new ConfigError(`${name}: ${what} must be above 0`);
  return (stepsPerEpoch) => steps ?? epochs * checkInteger("stepsPerEpoch", stepsPerEpoch, 1);
}
