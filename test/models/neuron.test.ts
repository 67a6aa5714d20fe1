import { describe, expect, test } from "vitest";
import { ConfigError, models } from "../../src/index.js";

/** All rows of `inputs` zeros and ones. */
const table = (inputs: number) =>
  Array.from({ length: 2 ** inputs }, (_, i) => Array.from({ length: inputs }, (_, j) => (i >> j) & 1));

const count = (row: readonly number[]) => row.reduce((sum, value) => sum + value, 0);

describe("gates", () => {
  test.each([1, 2, 3, 5, 8])("and, or and majority of %d inputs", async (inputs) => {
    const rows = table(inputs);
    const rules = {
      and: (row: readonly number[]) => +row.every(Boolean),
      or: (row: readonly number[]) => +row.some(Boolean),
      majority: (row: readonly number[]) => +(count(row) > inputs / 2),
    };
    for (const [name, rule] of Object.entries(rules)) {
      const neuron = models.neuron(models.gates[name as keyof typeof rules](inputs));
      expect([...(await neuron.predict(rows)).data], name).toEqual(rows.map(rule));
    }
  });

  test("not", async () => {
    expect([...(await models.neuron(models.gates.not()).predict([[0], [1]])).data]).toEqual([1, 0]);
  });

  test("and takes two inputs, majority three, where nothing is said", () => {
    expect(models.gates.and()).toEqual({ weights: [1, 1], bias: -1.5 });
    expect(models.gates.or()).toEqual({ weights: [1, 1], bias: -0.5 });
    expect(models.gates.majority()).toEqual({ weights: [1, 1, 1], bias: -1.5 });
  });

  test("several make what none can: XOR is (a or b) and not (a and b)", async () => {
    const of = async (gate: { weights: number[]; bias: number }, x: number[][]) => [
      ...(await models.neuron(gate).predict(x)).data,
    ];
    const rows = table(2);
    const [or, and] = [await of(models.gates.or(2), rows), await of(models.gates.and(2), rows)];
    const notAnd = await of(
      models.gates.not(),
      and.map((value) => [value]),
    );
    const xor = await of(
      models.gates.and(2),
      or.map((value, i) => [value, notAnd[i] as number]),
    );
    expect(xor).toEqual([0, 1, 1, 0]);
  });

  test("refuse numbers of inputs that are none", () => {
    expect(() => models.gates.and(0)).toThrow("gates.and: inputs must be a whole number from 1");
    expect(() => models.gates.or(1.5)).toThrow(ConfigError);
    expect(() => models.gates.majority(2 ** 21)).toThrow(ConfigError);
  });
});

test("f(w . x + b) with any activation, and a bias of 0 where none is given", async () => {
  const x = [
    [1, 2],
    [-3, 0.5],
  ];
  const predict = async (config: Parameters<typeof models.neuron>[0]) => [
    ...(await models.neuron(config).predict(x)).data,
  ];
  expect(await predict({ weights: [2, -1], bias: 0.25, activation: "linear" })).toEqual([0.25, -6.25]);
  expect(await predict({ weights: [2, -1], activation: "relu" })).toEqual([0, 0]);
  expect(await predict({ weights: [2, -1] })).toEqual([1, 0]);
  expect(await predict({ weights: [2, -1], activation: { threshold: 0.1 } })).toEqual([0, 0]);
});

test("takes weights as a classifier has them, in a typed array", async () => {
  const neuron = models.neuron({ weights: Float32Array.of(2, -1), bias: 0.5, activation: "linear" });
  expect([...(await neuron.predict([[1, 2]])).data]).toEqual([0.5]);
});

test.each([
  // biome-ignore lint/suspicious/noSparseArray: a hole is what must be noticed
  [{ weights: [1, , 2] }, "neuron: weights[1] must be a number, got undefined"],
  [{ weights: "12" }, 'neuron: weights must be a list of at least one number, got "12"'],
  [{ weights: Float32Array.of(1, Number.NaN) }, "neuron: weights[1] must be a number, got NaN"],
  [{ weights: [] }, "neuron: weights must be a list of at least one number, got an array of 0"],
  [{ weights: 3 }, "neuron: weights must be a list of at least one number, got 3"],
  [{ weights: [1, "2"] }, 'neuron: weights[1] must be a number, got "2"'],
  [{ weights: [1], bias: Number.NaN }, "neuron: bias must be a number, got NaN"],
  [{ weights: [1], activation: "sigmod" }, 'did you mean "sigmoid"?'],
  [{ weight: [1] }, 'did you mean "weights"?'],
])("refuses %j", (config, message) => {
  expect(() => models.neuron(config as never)).toThrow(ConfigError);
  expect(() => models.neuron(config as never)).toThrow(message);
});
