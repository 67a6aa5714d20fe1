import { describe, expect, test } from "vitest";
import { ConfigError, layers, optimizers, type Schedule, schedules, sequential } from "../../src/index.js";
import type { Duration } from "../../src/train/schedules.js";

const STEPS_PER_EPOCH = 7;

const warmup = (schedule: number | Schedule, duration: Duration): Schedule =>
  schedules.warmup({ schedule, ...duration });

/** Each schedule with its formula, written with the host's own functions, in steps. */
const table: Record<string, { schedule: Schedule; formula: (step: number) => number }> = {
  step: {
    schedule: schedules.step({ initialRate: 0.5, factor: 0.3, steps: 10 }),
    formula: (t) => 0.5 * 0.3 ** Math.floor(t / 10),
  },
  "step in epochs": {
    schedule: schedules.step({ initialRate: 2, epochs: 3 }),
    formula: (t) => 2 * 0.1 ** Math.floor(t / 21),
  },
  "step in parts of epochs": {
    schedule: schedules.step({ initialRate: 2, factor: 0.5, epochs: 1.5 }),
    formula: (t) => 2 * 0.5 ** Math.floor(t / 10.5),
  },
  exponential: {
    schedule: schedules.exponential({ initialRate: 0.1, factor: 0.96, steps: 13 }),
    formula: (t) => 0.1 * 0.96 ** (t / 13),
  },
  "exponential in epochs": {
    schedule: schedules.exponential({ initialRate: 0.1, epochs: 2 }),
    formula: (t) => 0.1 * 0.1 ** (t / 14),
  },
  "exponential growth": {
    schedule: schedules.exponential({ initialRate: 1e-4, factor: 10, steps: 50 }),
    formula: (t) => 1e-4 * 10 ** (t / 50),
  },
  cosine: {
    schedule: schedules.cosine({ initialRate: 0.4, steps: 100 }),
    formula: (t) => 0.2 * (1 + Math.cos((Math.PI * Math.min(t, 100)) / 100)),
  },
  "cosine to a final rate, in epochs": {
    schedule: schedules.cosine({ initialRate: 1, finalRate: 0.01, epochs: 9 }),
    formula: (t) => 0.01 + 0.495 * (1 + Math.cos((Math.PI * Math.min(t, 63)) / 63)),
  },
  "warmup to a constant": {
    schedule: warmup(0.3, { steps: 8 }),
    formula: (t) => Math.min(1, (t + 1) / 8) * 0.3,
  },
  "warmup into cosine, in epochs": {
    schedule: warmup(schedules.cosine({ initialRate: 0.8, epochs: 4 }), { epochs: 2 }),
    formula: (t) => (t < 14 ? (0.8 * (t + 1)) / 14 : 0.4 * (1 + Math.cos((Math.PI * Math.min(t - 14, 28)) / 28))),
  },
};
const cases = Object.entries(table).map(([name, entry]) => ({ name, ...entry }));

test.each(cases)("$name follows its formula at every step", ({ schedule, formula }) => {
  for (let step = 0; step < 300; step++) {
    const [got, want] = [schedule.at(step, STEPS_PER_EPOCH), formula(step)];
    if (!(Math.abs(got - want) <= 1e-14 + 1e-13 * want)) expect.fail(`step ${step}: ${want} expected, got ${got}`);
  }
});

test("the ends are exact", () => {
  const cosine = schedules.cosine({ initialRate: 0.4, finalRate: 0.1, steps: 50 });
  expect(cosine.at(0, 1)).toBe(0.4);
  expect(cosine.at(50, 1)).toBe(0.1);
  expect(cosine.at(1e9, 1)).toBe(0.1);
  const linear = warmup(0.3, { steps: 8 });
  expect(linear.at(0, 1)).toBe(0.3 / 8);
  expect(linear.at(7, 1)).toBe(0.3);
});

describe("fit uses them", () => {
  const [examples, rows] = [5, [[1], [1], [1], [1], [1]]];
  const zeros = rows.map(() => [0]);

  /** w after each step of w -= rate(step) w: SGD on w^2 / 2, an epoch being as many steps as batches. */
  async function weightsOver(schedule: Schedule, fits: readonly number[]): Promise<number[]> {
    const net = sequential({
      layers: [layers.dense({ inputShape: [1], units: 1, useBias: false, kernelInitializer: "ones" })],
    });
    net.compile({ optimizer: optimizers.sgd({ learningRate: schedule }), loss: "halfSquaredError" });
    const weights: number[] = [];
    const record = { onBatchEnd: () => void weights.push(net.getWeights()[0]?.data[0] as number) };
    for (const epochs of fits) await net.fit(rows, zeros, { batchSize: 2, epochs, callbacks: [record] });
    return weights;
  }

  test.each(cases)("$name", async ({ schedule }) => {
    const stepsPerEpoch = Math.ceil(examples / 2);
    const got = await weightsOver(schedule, [4]);
    expect(got).toHaveLength(4 * stepsPerEpoch);
    let w = 1;
    got.forEach((value, step) => {
      w -= schedule.at(step, stepsPerEpoch) * w;
      if (!(Math.abs(value - w) <= 2e-7 * (step + 1))) expect.fail(`step ${step}: ${w} expected, got ${value}`);
    });
  });

  test("and goes on where the last fit ended", async () => {
    const { schedule } = table["warmup into cosine, in epochs"] as { schedule: Schedule };
    expect(await weightsOver(schedule, [1, 2, 1])).toEqual(await weightsOver(schedule, [4]));
  });

  test("a schedule of one's own is asked for every step, with the steps of an epoch", async () => {
    const asked: [number, number][] = [];
    const at = (step: number, stepsPerEpoch: number) => {
      asked.push([step, stepsPerEpoch]);
      return 0.5;
    };
    await weightsOver({ name: "own", config: {}, at }, [2]);
    expect(asked).toEqual([0, 1, 2, 3, 4, 5].map((step) => [step, 3]));
  });

  test("a rate that is no number ends training with an error that names the step", async () => {
    const at = (step: number) => (step === 2 ? Number.NaN : 0.5);
    await expect(weightsOver({ name: "own", config: {}, at }, [1])).rejects.toThrow(
      "the learning rate of step 2 is NaN",
    );
  });
});

test.each([
  [() => schedules.step({ initialRate: -1, steps: 1 }), /^step: initialRate must be/],
  [() => schedules.step({ initialRate: 1, factor: Number.NaN, steps: 1 }), /^step: factor must be/],
  [() => schedules.exponential({ initialRate: 1, steps: 0 }), /^exponential: steps must be above 0/],
  [() => schedules.exponential({ initialRate: 1, epochs: -1 }), /^exponential: epochs must be/],
  [() => schedules.cosine({ initialRate: 1 } as never), /^cosine: give steps or epochs, one of them/],
  [() => schedules.cosine({ initialRate: 1, steps: 1, epochs: 1 } as never), /^cosine: give steps or epochs/],
  [() => schedules.cosine({ initialRate: 1, finalRate: -1, steps: 1 }), /^cosine: finalRate must be/],
  [() => warmup({} as never, { steps: 1 }), /^warmup: schedule must be .* got an Object/],
  [() => warmup(-1, { steps: 1 }), /^warmup: schedule must be/],
])("bad settings are refused when the schedule is made, case %#", (make, says) => {
  expect(make).toThrow(ConfigError);
  expect(make).toThrow(says);
});
