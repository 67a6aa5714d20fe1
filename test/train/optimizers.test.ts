import { expect, test } from "vitest";
import { ConfigError, layers, type Optimizer, optimizers, sequential } from "../../src/index.js";

/** Targets of a single weight under 1/2 (w - t)^2, one an epoch: the gradient is w - t. */
const targets = [0.25, -1, 2, 0.5, 0, -0.75];
const START = 1.5;

/** One step w -> w' by the textbook, with what it remembers in `memory`. */
type Rule = (w: number, g: number, t: number, memory: number[]) => number;

const momentum =
  (mu: number, nesterov: boolean, decay = 0): Rule =>
  (w, gradient, _, memory) => {
    const g = gradient + decay * w;
    memory[0] = mu * (memory[0] ?? 0) + g;
    return w - 0.1 * (nesterov ? g + mu * memory[0] : memory[0]);
  };

const adam =
  ({ rate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0, decoupled = false }): Rule =>
  (start, gradient, t, memory) => {
    const g = decoupled ? gradient : gradient + decay * start;
    const w = decoupled ? start - rate * decay * start : start;
    memory[0] = beta1 * (memory[0] ?? 0) + (1 - beta1) * g;
    memory[1] = beta2 * (memory[1] ?? 0) + (1 - beta2) * g * g;
    const [m, v] = [memory[0] / (1 - beta1 ** t), memory[1] / (1 - beta2 ** t)];
    return w - (rate * m) / (Math.sqrt(v) + epsilon);
  };

const table: Record<string, { optimizer: string | Optimizer; rule: Rule }> = {
  "sgd by name": { optimizer: "sgd", rule: (w, g) => w - 0.01 * g },
  "sgd with weight decay": {
    optimizer: optimizers.sgd({ learningRate: 0.1, weightDecay: 0.2 }),
    rule: (w, g) => w - 0.1 * (g + 0.2 * w),
  },
  momentum: { optimizer: optimizers.sgd({ learningRate: 0.1, momentum: 0.9 }), rule: momentum(0.9, false) },
  nesterov: {
    optimizer: optimizers.sgd({ learningRate: 0.1, momentum: 0.8, nesterov: true, weightDecay: 0.1 }),
    rule: momentum(0.8, true, 0.1),
  },
  "adagrad by name": {
    optimizer: "adagrad",
    rule(w, g, _, memory) {
      memory[0] = (memory[0] ?? 0) + g * g;
      return w - (0.01 * g) / (Math.sqrt(memory[0]) + 1e-10);
    },
  },
  "rmsprop by name": {
    optimizer: "rmsprop",
    rule(w, g, _, memory) {
      memory[0] = 0.99 * (memory[0] ?? 0) + 0.01 * g * g;
      return w - (0.01 * g) / (Math.sqrt(memory[0]) + 1e-8);
    },
  },
  "adam by name": { optimizer: "adam", rule: adam({}) },
  "adam with settings": {
    optimizer: optimizers.adam({ learningRate: 0.1, beta1: 0.8, beta2: 0.9, epsilon: 0.01, weightDecay: 0.3 }),
    rule: adam({ rate: 0.1, beta1: 0.8, beta2: 0.9, epsilon: 0.01, decay: 0.3 }),
  },
  "adamw by name": { optimizer: "adamw", rule: adam({ decay: 0.01, decoupled: true }) },
  "adamw with settings": {
    optimizer: optimizers.adamw({ learningRate: 0.1, weightDecay: 0.5 }),
    rule: adam({ rate: 0.1, decay: 0.5, decoupled: true }),
  },
  clipValue: {
    optimizer: optimizers.sgd({ learningRate: 0.1, clipValue: 0.5 }),
    rule: (w, g) => w - 0.1 * Math.max(-0.5, Math.min(0.5, g)),
  },
  clipNorm: {
    optimizer: optimizers.sgd({ learningRate: 0.1, clipNorm: 0.5 }),
    rule: (w, g) => w - 0.1 * g * Math.min(1, 0.5 / (Math.abs(g) + 1e-6)),
  },
};

function weight(optimizer: string | Optimizer) {
  const net = sequential({ layers: [layers.dense({ inputShape: [1], units: 1, useBias: false })] });
  net.setWeights([[[START]]]);
  return net.compile({ optimizer, loss: "halfSquaredError" });
}

const weightOf = (net: ReturnType<typeof weight>) => net.getWeights()[0]?.data[0] as number;

test.each(Object.entries(table))(
  "%s follows its formula and defaults, over several calls of fit",
  async (_, { optimizer, rule }) => {
    const net = weight(optimizer);
    const memory: number[] = [];
    let w = START;
    for (const [i, target] of targets.entries()) {
      await net.fit([[1]], [[target]]);
      w = rule(w, w - target, i + 1, memory);
      expect(weightOf(net), `step ${i + 1}`).toBeCloseTo(w, 5);
    }
  },
);

test("clipNorm is of all weights together", async () => {
  const net = sequential({
    layers: [layers.dense({ inputShape: [2], units: 1, kernelInitializer: "zeros" })],
  });
  net.compile({ optimizer: optimizers.sgd({ learningRate: 1, clipNorm: 1 }), loss: "halfSquaredError" });
  await net.fit([[2, 1]], [[-3]]);
  // The gradient is 3 (2, 1, 1), of norm 3 sqrt(6).
  const [kernel, bias] = net.getWeights();
  expect(kernel?.data[0]).toBeCloseTo(-2 / Math.sqrt(6), 5);
  expect(kernel?.data[1]).toBeCloseTo(-1 / Math.sqrt(6), 5);
  expect(bias?.data[0]).toBeCloseTo(-1 / Math.sqrt(6), 5);
});

test("compile forgets what an optimizer remembers, and keeps the weights", async () => {
  const optimizer = optimizers.sgd({ learningRate: 0.1, momentum: 0.9 });
  const net = weight(optimizer);
  await net.fit([[1]], [[0]]);
  net.compile({ optimizer, loss: "halfSquaredError" });
  const before = weightOf(net);
  await net.fit([[1]], [[0]]);
  expect(weightOf(net)).toBeCloseTo(before - 0.1 * before, 6);
});

test("regularizers push towards 0 with l1 sign(w) + 2 l2 w and add to the loss", async () => {
  const kernelRegularizer = { l1: 0.25, l2: 0.5 };
  const net = sequential({
    layers: [layers.dense({ inputShape: [1], units: 1, useBias: false, kernelRegularizer })],
  });
  net.setWeights([[[START]]]);
  net.compile({ optimizer: optimizers.sgd({ learningRate: 0.1 }), loss: "halfSquaredError" });
  const { history } = await net.fit([[1]], [[0]]);
  expect(history.loss[0]).toBeCloseTo(START ** 2 / 2 + 0.25 * START + 0.5 * START ** 2, 6);
  expect(weightOf(net)).toBeCloseTo(START - 0.1 * (START + 0.25 + START), 6);
  const w = weightOf(net);
  expect((await net.evaluate([[1]], [[0]])).loss).toBeCloseTo(w ** 2 / 2 + 0.25 * w + 0.5 * w ** 2, 6);
});

test.each([
  [() => optimizers.sgd({ learningRate: -1 }), /^sgd: learningRate must be a number of at least 0, got -1/],
  [() => optimizers.adam({ learningRate: Number.NaN }), /^adam: learningRate must be/],
  [
    () => optimizers.adam({ learningRate: {} as never }),
    /^adam: learningRate must be a number or a schedule, got an Object/,
  ],
  [() => optimizers.sgd({ momentum: 1.1 }), /^sgd: momentum must be a number from 0 to 1, got 1.1/],
  [() => optimizers.sgd({ nesterov: true }), /^sgd: nesterov needs a momentum above 0/],
  [
    () => optimizers.sgd({ nesterov: "yes" as never, momentum: 0.9 }),
    /^sgd: nesterov must be true or false, got "yes"/,
  ],
  [() => optimizers.sgd({ weightDecay: -1 }), /^sgd: weightDecay must be/],
  [() => optimizers.adagrad({ epsilon: -1 }), /^adagrad: epsilon must be/],
  [() => optimizers.rmsprop({ rho: 2 }), /^rmsprop: rho must be/],
  [() => optimizers.adam({ beta1: 1 }), /^adam: beta1 must be below 1/],
  [() => optimizers.adamw({ beta2: -0.1 }), /^adamw: beta2 must be/],
  [() => optimizers.adamw({ weightDecay: Infinity }), /^adamw: weightDecay must be/],
  [() => optimizers.sgd({ clipNorm: 0 }), /^sgd: clipNorm must be above 0/],
  [() => optimizers.rmsprop({ clipValue: -1 }), /^rmsprop: clipValue must be/],
])("bad settings are refused when the optimizer is made, case %#", (make, says) => {
  expect(make).toThrow(ConfigError);
  expect(make).toThrow(says);
});

test("what is no optimizer is refused", () => {
  const net = weight("sgd");
  expect(() => net.compile({ loss: "hinge", optimizer: optimizers.sgd as never })).toThrow(
    /^optimizer must be a name or an optimizer, got a function/,
  );
});
