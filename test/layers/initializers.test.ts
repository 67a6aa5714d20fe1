import { describe, expect, test } from "vitest";
import { ConfigError, type Initializer, initializers, layers, sequential } from "../../src/index.js";

/** A kernel of `shape` as the initializer fills it, from the weights of a dense layer. */
function kernel(initializer: string | Initializer, [size, units]: readonly [number, number], seed = 1): number[] {
  const layer = layers.dense({ inputShape: [size], units, useBias: false, kernelInitializer: initializer });
  return [...(sequential({ seed, layers: [layer] }).getWeights()[0]?.data ?? [])];
}

function moments(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance), reach: Math.max(...values.map(Math.abs)) };
}

const [IN, OUT] = [400, 100] as const;
/** The standard normal distribution cut off at 2 has this deviation, so a variance v is reached by 2 sqrt(v) / 0.8796. */
const CUT = 0.8796256610342398;

describe("by the fans of a kernel [400, 100]", () => {
  test.each([
    ["glorotUniform", 2 / (IN + OUT), Math.sqrt(3)],
    ["glorotNormal", 2 / (IN + OUT), 2 / CUT],
    ["heUniform", 2 / IN, Math.sqrt(3)],
    ["heNormal", 2 / IN, 2 / CUT],
    ["leCunUniform", 1 / IN, Math.sqrt(3)],
    ["leCunNormal", 1 / IN, 2 / CUT],
  ] as const)("%s has mean 0, variance %f and ends at %f deviations", (name, variance, ends) => {
    const { mean, deviation, reach } = moments(kernel(name, [IN, OUT]));
    const expected = Math.sqrt(variance);
    // 40,000 draws: 5 standard errors.
    expect(Math.abs(mean)).toBeLessThan((5 * expected) / 200);
    expect(Math.abs(deviation / expected - 1)).toBeLessThan(5 / 200);
    expect(reach).toBeLessThanOrEqual(Math.fround(ends * expected));
    expect(reach).toBeGreaterThan(0.99 * ends * expected);
  });

  test.each(["glorotUniform", "heNormal"] as const)("%s of a bias takes its size for both fans", (name) => {
    const layer = layers.dense({ inputShape: [1], units: 40_000, biasInitializer: name });
    const bias = sequential({ layers: [layer] }).getWeights()[1]?.data ?? new Float32Array();
    const scale = name === "heNormal" ? 2 : 1;
    expect(moments([...bias]).deviation / Math.sqrt(scale / 40_000)).toBeCloseTo(1, 1);
  });
});

describe("by settings", () => {
  test.each([
    ["uniform by name", "uniform", 0, 0.1 / Math.sqrt(12), 0.05],
    ["uniform", initializers.uniform({ min: -3, max: 3 }), 0, 6 / Math.sqrt(12), 3],
    ["uniform off centre", initializers.uniform({ min: 2, max: 4 }), 3, 2 / Math.sqrt(12), 4],
    ["normal by name", "normal", 0, 0.05, Infinity],
    ["normal", initializers.normal({ mean: 1, stddev: 0.5 }), 1, 0.5, Infinity],
  ] as const)("%s", (_, initializer, mean, deviation, reach) => {
    const found = moments(kernel(initializer, [IN, OUT]));
    expect(Math.abs(found.mean - mean)).toBeLessThan((5 * deviation) / 200);
    expect(Math.abs(found.deviation / deviation - 1)).toBeLessThan(5 / 200);
    expect(found.reach).toBeLessThanOrEqual(Math.fround(reach));
  });

  test("normal is not cut off", () => {
    expect(moments(kernel("normal", [IN, OUT])).reach).toBeGreaterThan(3 * 0.05);
  });

  test("uniform holds min and stays below max", () => {
    const values = kernel(initializers.uniform({ min: 0, max: 1 }), [IN, OUT]);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(kernel(initializers.uniform({ min: 2, max: 2 }), [1, 3])).toEqual([2, 2, 2]);
  });

  test.each([
    ["zeros", "zeros", 0],
    ["ones", "ones", 1],
    ["constant", initializers.constant({ value: -0.25 }), -0.25],
  ] as const)("%s", (_, initializer, value) => {
    expect(kernel(initializer, [2, 2])).toEqual([value, value, value, value]);
  });
});

describe("the seed decides", () => {
  const random = Object.keys(initializers).filter((name) => !["zeros", "ones", "constant"].includes(name));
  test.each(random)("%s: the same seed gives the same bits, another one others", (name) => {
    expect(kernel(name, [7, 9], 3)).toEqual(kernel(name, [7, 9], 3));
    expect(kernel(name, [7, 9], 3)).not.toEqual(kernel(name, [7, 9], 4));
  });

  test("two layers of one model start differently", () => {
    const make = () => layers.dense({ inputShape: [8], units: 8 });
    const [first, , second] = sequential({ layers: [make(), make()] }).getWeights();
    expect(first?.data).not.toEqual(second?.data);
  });

  test("weights keep their bits when the layer in front of them changes", () => {
    const last = (initializer: string) => {
      const front = layers.dense({ inputShape: [8], units: 8, kernelInitializer: initializer });
      return sequential({ layers: [front, layers.dense({ units: 4 })] }).getWeights()[2]?.data;
    };
    expect(last("heNormal")).toEqual(last("zeros"));
  });
});

test("an initializer of one's own fills the parameter with numbers from the given generator", () => {
  const shapes: (readonly number[])[] = [];
  const own: Initializer = {
    name: "own",
    config: {},
    fill(out, shape, random) {
      shapes.push(shape);
      for (let i = 0; i < out.length; i++) out[i] = i + Math.floor(random.uniform());
    },
  };
  expect(kernel(own, [2, 3])).toEqual([0, 1, 2, 3, 4, 5]);
  expect(shapes).toEqual([[2, 3]]);
});

test.each([
  [() => initializers.constant({ value: Number.NaN }), /^constant: value must be/],
  [() => initializers.uniform({ min: 1, max: 0 }), /^uniform: max must be a number of at least 1, got 0/],
  [() => initializers.uniform({ min: -Infinity }), /^uniform: min must be/],
  [() => initializers.normal({ stddev: -1 }), /^normal: stddev must be a number of at least 0, got -1/],
  [() => initializers.normal({ mean: Number.NaN }), /^normal: mean must be/],
  [
    () => kernel("glorotUniformm", [1, 1]),
    /^dense: kernelInitializer "glorotUniformm" .* did you mean "glorotUniform"/,
  ],
  [() => kernel(5 as never, [1, 1]), /^dense: kernelInitializer must be a name or an initializer, got 5/],
])("bad settings are refused, case %#", (make, says) => {
  expect(make).toThrow(ConfigError);
  expect(make).toThrow(says);
});
