import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type Activation,
  type FitOptions,
  init,
  input,
  type Loss,
  layers,
  losses,
  type Model,
  model,
  type Optimizer,
  optimizers,
  type Regularizer,
  sequential,
} from "../../src/index.js";
import { activationTable } from "../../src/ops/activation-table.js";

/*
 * Training is PyTorch's: from the same weights, on the same batches, 20 steps end at the same losses and weights. The
 * references are float64 and come of test/fixtures/torch_optimizers.py and torch_losses.py.
 */

/** Relative, of each step's loss and, by the largest element, of each weight. */
const TOLERANCE = 1e-5;

interface Expected {
  /** Of each step, before its update. */
  readonly losses: readonly number[];
  /** In the end, flat, in the order of `getWeights`. */
  readonly weights: readonly (readonly number[])[];
}

type Settings = Readonly<Record<string, number | boolean | string>>;

interface OptimizerCase extends Expected {
  readonly optimizer: readonly [name: keyof typeof optimizers, config: Settings];
  /** Of every kernel and bias. */
  readonly regularizer: Regularizer | null;
}

interface OptimizerFixture {
  readonly batchSize: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly branches: Readonly<Record<string, Activation>>;
  readonly initial: readonly (readonly number[])[];
  readonly cases: readonly OptimizerCase[];
}

interface LossCase extends Expected {
  readonly loss: readonly [name: keyof typeof losses, config: Settings];
  readonly output: {
    readonly units: number;
    readonly activation: Activation;
    readonly rescaling?: { readonly scale: number; readonly offset: number };
  };
  readonly targets: string;
  readonly learningRate: number;
  readonly sampleWeight: boolean;
  readonly classWeight: Readonly<Record<number, number>> | null;
}

interface LossFixture {
  readonly batchSize: number;
  readonly x: readonly number[];
  readonly targets: Readonly<Record<string, readonly number[]>>;
  readonly sampleWeight: readonly number[];
  /** By the output's units. */
  readonly initial: Readonly<Record<number, readonly (readonly number[])[]>>;
  readonly cases: readonly LossCase[];
}

function fixture<F>(name: string): F {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), "utf8")) as F;
}

/** The largest difference by the largest number expected. */
function relativeError(got: ArrayLike<number>, expected: readonly number[]): number {
  expect(got.length).toBe(expected.length);
  const differences = expected.map((value, i) => Math.abs((got[i] as number) - value));
  return Math.max(...differences) / Math.max(...expected.map(Math.abs));
}

/** Trains one epoch and expects each step's loss and the final weights. */
async function expectTraining(
  net: Model,
  x: readonly number[],
  y: readonly number[],
  initial: readonly (readonly number[])[],
  expected: Expected,
  options: FitOptions,
): Promise<void> {
  net.setWeights(initial.map((values) => Float32Array.from(values)));
  const steps: number[] = [];
  const onBatchEnd = (_: number, { loss }: { loss: number }) => {
    steps.push(loss);
  };
  await net.fit(Float32Array.from(x), Float32Array.from(y), {
    ...options,
    shuffle: false,
    callbacks: [{ onBatchEnd }],
  });
  expect(steps.length).toBe(expected.losses.length);
  const weights = net.getWeights();
  expect(weights.length).toBe(expected.weights.length);
  const errors = [
    ...steps.map((loss, i) => ({
      of: `loss of step ${i}`,
      error: relativeError([loss], [expected.losses[i] as number]),
    })),
    ...weights.map(({ name, data }, i) => ({ of: name, error: relativeError(data, expected.weights[i] as number[]) })),
  ];
  expect(errors.filter(({ error }) => !(error < TOLERANCE))).toEqual([]);
}

/** A trunk, a branch for each activation, and one output that joins them. */
function branched(branches: OptimizerFixture["branches"], regularizer: Regularizer): Model {
  const regularized = { kernelRegularizer: regularizer, biasRegularizer: regularizer };
  const x = input({ shape: [3] });
  const trunk = layers.dense({ name: "trunk", units: 4, ...regularized }).apply(x);
  const ends = Object.entries(branches).map(([name, activation]) =>
    layers.dense({ name, units: 2, activation, ...regularized }).apply(trunk),
  );
  const joined = layers.concatenate().apply(ends);
  return model({ inputs: x, outputs: layers.dense({ name: "output", units: 2, ...regularized }).apply(joined) });
}

function perceptron({ units, activation, rescaling }: LossCase["output"]): Model {
  return sequential({
    layers: [
      layers.dense({ inputShape: [3], units: 4, activation: "tanh" }),
      layers.dense({ units, activation }),
      ...(rescaling ? [layers.rescaling(rescaling)] : []),
    ],
  });
}

describe.each(["fast", "reproducible"] as const)("training equals PyTorch's, %s numerics:", (numerics) => {
  const optimizing = fixture<OptimizerFixture>("torch-optimizers");
  const judging = fixture<LossFixture>("torch-losses");

  beforeAll(async () => {
    await init({ numerics });
  });

  test("the fixtures have every activation, optimizer and loss", () => {
    const { affine: _, ...activations } = activationTable;
    const given = Object.values(optimizing.branches).filter((activation) => typeof activation === "string");
    expect(given.sort()).toEqual(["linear", "softmax", ...Object.keys(activations)].sort());
    const named = new Set(optimizing.cases.map(({ optimizer: [name] }) => name));
    expect([...named].sort()).toEqual(Object.keys(optimizers).sort());
    for (const reduction of ["mean", "sum"]) {
      const reduced = judging.cases.filter(({ loss: [, config] }) => config.reduction === reduction);
      expect([...new Set(reduced.map(({ loss: [name] }) => name))].sort()).toEqual(Object.keys(losses).sort());
    }
  });

  test.each(
    optimizing.cases.map((one) => ({ ...one, title: JSON.stringify([...one.optimizer, one.regularizer ?? {}]) })),
  )("$title on every activation", async ({ optimizer: [name, config], regularizer, ...expected }) => {
    const { x, y, branches, initial, batchSize } = optimizing;
    using net = branched(branches, regularizer ?? {});
    const optimizer: Optimizer = optimizers[name](config);
    net.compile({ optimizer, loss: "meanSquaredError" });
    await expectTraining(net, x, y, initial, expected, { batchSize });
  });

  test.each(
    judging.cases.map((one) => {
      const { loss, output, targets, classWeight } = one;
      const weighting = [one.sampleWeight ? ", sampleWeight" : "", classWeight ? ", classWeight" : ""].join("");
      return { ...one, title: `${JSON.stringify(loss)} of ${JSON.stringify(output)} and ${targets}${weighting}` };
    }),
  )(
    "$title",
    async ({ loss: [name, config], output, targets, learningRate, sampleWeight, classWeight, ...expected }) => {
      using net = perceptron(output);
      const loss: Loss = losses[name](config);
      net.compile({ optimizer: optimizers.sgd({ learningRate }), loss });
      const y = judging.targets[targets] as readonly number[];
      const initial = judging.initial[output.units] as readonly (readonly number[])[];
      await expectTraining(net, judging.x, y, initial, expected, {
        batchSize: judging.batchSize,
        ...(sampleWeight ? { sampleWeight: judging.sampleWeight } : {}),
        ...(classWeight ? { classWeight } : {}),
      });
    },
  );
});
