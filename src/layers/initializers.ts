import { checkNumber, checkSettings, lookUp, show } from "../base/check.js";
import { ConfigError, ShapeError } from "../base/errors.js";
import type { Random } from "../base/random.js";
import { formatShape, type Shape, sizeOf } from "../base/tensor.js";

/** Fills a new parameter. Its own may be given: any object of this shape. */
export interface Initializer {
  readonly name: string;
  /** What it was made with. */
  readonly config: Readonly<Record<string, number>>;
  /** Writes every element of `out`, a tensor of `shape`. Random numbers come from `random` alone, so that the seed decides. */
  fill(out: Float32Array, shape: Shape, random: Random): void;
}

/** The standard deviation of a standard normal distribution cut off at 2 standard deviations (Keras's constant). */
const TRUNCATED_DEVIATION = 0.87962566103423978;

type Fans = "in" | "average";

/** Ways to fill a new parameter, by Keras's names and formulas. */
export const initializers = {
  zeros: (): Initializer => constantly("zeros", {}, 0),
  ones: (): Initializer => constantly("ones", {}, 1),
  /** Every element is `value`. */
  constant: (config: { value: number }): Initializer => {
    const { value } = checkSettings("constant", config, ["value"]);
    return constantly("constant", { value }, checkNumber("constant: value", value));
  },
  /** Evenly distributed in [min, max). Default -0.05 and 0.05. Throws `ConfigError` where min is above max. */
  uniform: (config: { min?: number; max?: number } = {}): Initializer => {
    const { min = -0.05, max = 0.05 } = checkSettings("uniform", config, ["min", "max"]);
    checkNumber("uniform: max", max, checkNumber("uniform: min", min));
    return { name: "uniform", config: { min, max }, fill: (out, _, random) => fillUniform(out, min, max, random) };
  },
  /** Normally distributed. Default: mean 0, standard deviation 0.05. */
  normal: (config: { mean?: number; stddev?: number } = {}): Initializer => {
    const { mean = 0, stddev = 0.05 } = checkSettings("normal", config, ["mean", "stddev"]);
    checkNumber("normal: mean", mean);
    checkNumber("normal: stddev", stddev, 0);
    return {
      name: "normal",
      config: { mean, stddev },
      fill(out, _, random) {
        for (let i = 0; i < out.length; i++) out[i] = mean + stddev * random.normal();
      },
    };
  },
  /** Uniform within the square root of 6 / (in + out). Glorot and Bengio (2010); PyTorch's xavier_uniform_. */
  glorotUniform: (): Initializer => uniformByFans("glorotUniform", 1, "average"),
  /** Normal of variance 2 / (in + out), cut off at 2 standard deviations. */
  glorotNormal: (): Initializer => normalByFans("glorotNormal", 1, "average"),
  /** Uniform within the square root of 6 / in, for ReLU. He, Zhang, Ren and Sun (2015). */
  heUniform: (): Initializer => uniformByFans("heUniform", 2, "in"),
  /** Normal of variance 2 / in, cut off at 2 standard deviations. */
  heNormal: (): Initializer => normalByFans("heNormal", 2, "in"),
  /** Uniform within the square root of 3 / in. LeCun, Bottou, Orr and Müller (1998). */
  leCunUniform: (): Initializer => uniformByFans("leCunUniform", 1, "in"),
  /** Normal of variance 1 / in, cut off at 2 standard deviations. */
  leCunNormal: (): Initializer => normalByFans("leCunNormal", 1, "in"),
};

/** The initializer of a name, with its defaults, or the given one. Throws `ConfigError`. */
export function resolveInitializer(what: string, given: string | Initializer): Initializer {
  if (typeof given === "object" && given !== null && typeof given.fill === "function") return given;
  if (typeof given !== "string") throw new ConfigError(`${what} must be a name or an initializer, got ${show(given)}`);
  const { constant: _, ...named } = initializers;
  return lookUp(what, given, named)();
}

function constantly(name: string, config: Readonly<Record<string, number>>, value: number): Initializer {
  return {
    name,
    config,
    fill: (out) => {
      out.fill(value);
    },
  };
}

function fillUniform(out: Float32Array, min: number, max: number, random: Random): void {
  for (let i = 0; i < out.length; i++) out[i] = min + (max - min) * random.uniform();
}

function uniformByFans(name: string, scale: number, fans: Fans): Initializer {
  return {
    name,
    config: {},
    fill(out, shape, random) {
      const limit = Math.sqrt((3 * scale) / fan(shape, fans));
      fillUniform(out, -limit, limit, random);
    },
  };
}

function normalByFans(name: string, scale: number, fans: Fans): Initializer {
  return {
    name,
    config: {},
    fill(out, shape, random) {
      const deviation = Math.sqrt(scale / fan(shape, fans)) / TRUNCATED_DEVIATION;
      for (let i = 0; i < out.length; i++) {
        let value = random.normal();
        while (Math.abs(value) > 2) value = random.normal();
        out[i] = deviation * value;
      }
    },
  };
}

/** Inputs, outputs or their average of a kernel [..., in, out]; leading sizes are a receptive field that multiplies both. */
function fan(shape: Shape, fans: Fans): number {
  if (shape.length === 0)
    throw new ShapeError(`an initializer by fans needs a rank of 1 or more, got ${formatShape(shape)}`);
  const outputs = shape.at(-1) as number;
  const inputs = shape.at(-2) ?? outputs;
  const field = sizeOf(shape.slice(0, -2));
  if (fans === "in") return inputs * field;
  return ((inputs + outputs) / 2) * field;
}
