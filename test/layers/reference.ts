import { expect } from "vitest";
import { type CompileConfig, type Model, optimizers, type Prediction, type Tensors } from "../../src/index.js";

/** A batch in float64: one row an example. */
export type Rows = readonly (readonly number[])[];

/** Weights by name, flat and row-major, in float64. */
export type Numbers = Readonly<Record<string, readonly number[]>>;

/** Numbers that look random and are the same in every run, from -1 to 1. */
export function numbers(count: number, seed = 1): number[] {
  return Array.from({ length: count }, (_, i) => {
    const wave = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return Math.fround(2 * (wave - Math.floor(wave)) - 1);
  });
}

/** `count` rows of `size` such numbers. */
export function rows(count: number, size: number, seed = 1): number[][] {
  const flat = numbers(count * size, seed);
  return Array.from({ length: count }, (_, i) => flat.slice(i * size, (i + 1) * size));
}

/** x W + b in float64: W [in, units] flat. */
export function dense(x: Rows, kernel: readonly number[], bias?: readonly number[]): number[][] {
  const size = x[0]?.length as number;
  const units = kernel.length / size;
  return x.map((row) =>
    Array.from({ length: units }, (_, unit) =>
      row.reduce((sum, value, i) => sum + value * (kernel[i * units + unit] as number), bias?.[unit] ?? 0),
    ),
  );
}

/** The mean over the batch of sum_i (y_i - yhat_i)^2. */
export function sumSquaredError(prediction: Rows, target: Rows): number {
  const sum = prediction.flatMap((row, i) => row.map((value, j) => (value - (target[i]?.[j] as number)) ** 2));
  return sum.reduce((total, value) => total + value, 0) / prediction.length;
}

/** The model's weights as float64 numbers. */
export function weightsOf(net: Model | Model<Prediction[]>): Record<string, number[]> {
  return Object.fromEntries(net.getWeights().map(({ name, data }) => [name, [...data]]));
}

/** The gradient of the loss by each weight: what one step of gradient descent with a rate of 1 takes off. */
export async function gradientsOf(
  net: Model | Model<Prediction[]>,
  [x, y]: readonly [Tensors, Tensors],
  config: Omit<CompileConfig, "optimizer">,
): Promise<Numbers> {
  const before = weightsOf(net);
  const restored = net.getWeights();
  net.compile({ ...config, optimizer: optimizers.sgd({ learningRate: 1 }) });
  await net.fit(x, y, { batchSize: 1000, shuffle: false });
  const after = weightsOf(net);
  net.setWeights(restored);
  const step = (name: string) => (value: number, i: number) => value - (after[name]?.[i] as number);
  return Object.fromEntries(Object.entries(before).map(([name, values]) => [name, values.map(step(name))]));
}

/** The gradient of `f` at `at` by central differences. */
export function centralDifferences(f: (at: Numbers) => number, at: Numbers, h = 1e-6): Numbers {
  const moved = (name: string, i: number, by: number) =>
    f({ ...at, [name]: (at[name] as readonly number[]).map((value, j) => (j === i ? value + by : value)) });
  return Object.fromEntries(
    Object.entries(at).map(([name, values]) => [
      name,
      values.map((_, i) => (moved(name, i, h) - moved(name, i, -h)) / (2 * h)),
    ]),
  );
}

/** Every number within `tolerance` of the expected one, relative to the larger of 1 and its size. */
export function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what = ""): void {
  expect(got.length, what).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const want = expected[i] as number;
    const error = Math.abs((got[i] as number) - want) / Math.max(1, Math.abs(want));
    if (!(error <= tolerance)) expect.fail(`${what}[${i}]: ${want} expected, got ${got[i]}`);
  }
}
