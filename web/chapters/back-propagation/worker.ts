import { layers, type Model, optimizers, sequential } from "neurone";
import { serve } from "../../shared/serve.js";

/** The four numbers that are learnt, in the order in which the model holds them. */
export const PARAMETERS = ["w1", "b1", "w2", "b2"] as const;
export type Parameter = (typeof PARAMETERS)[number];
export type Parameters = Readonly<Record<Parameter, number>>;

export interface Example {
  readonly x: number;
  readonly y: number;
}

/** Every number of one step: the forward pass, the loss, and the derivative of the loss by each. */
export interface Pass {
  readonly z1: number;
  readonly y1: number;
  readonly z2: number;
  readonly yhat: number;
  readonly loss: number;
  readonly dyhat: number;
  readonly dz2: number;
  readonly dy1: number;
  readonly dz1: number;
  readonly gradients: Parameters;
}

export interface Walk {
  readonly start: Parameters;
  readonly example: Example;
  readonly learningRate: number;
  readonly updates: number;
  /** Whether the output layer's two gradients have the sign that the slides print. */
  readonly slip: boolean;
}

/** Where a walk came to. */
export interface Walked {
  readonly parameters: Parameters;
  readonly pass: Pass;
  /** The parameters after one update more. */
  readonly next: Parameters;
  /** The loss before each update and after the last one. */
  readonly losses: readonly number[];
  /** With the slip: the losses of the same walk with the right signs. */
  readonly rightLosses?: readonly number[];
}

/** x -> w1, b1, sigmoid -> w2, b2, sigmoid, with half the squared error as its loss. */
function makeNet(parameters: Parameters, learningRate: number): Model {
  const unit = { units: 1, activation: "sigmoid" } as const;
  const net = sequential({ layers: [layers.dense({ ...unit, inputShape: [1] }), layers.dense(unit)] });
  net.compile({ optimizer: optimizers.sgd({ learningRate }), loss: "halfSquaredError" });
  set(net, parameters);
  return net;
}

function set(net: Model, { w1, b1, w2, b2 }: Parameters): void {
  net.setWeights([[[w1]], [b1], [[w2]], [b2]]);
}

const named = (list: readonly { readonly data: Float32Array }[]): Parameters =>
  Object.fromEntries(PARAMETERS.map((name, i) => [name, list[i]?.data[0]])) as unknown as Parameters;

async function passOf(net: Model, { x, y }: Example): Promise<Pass> {
  const trace = await net.trace([[x]], [[y]]);
  const [z1, y1, dz1, dy1, z2, yhat, dz2, dyhat] = trace.layers.flatMap(({ z, output, dz, doutput }) =>
    [z, output, dz, doutput].map((tensor) => tensor?.data[0] as number),
  ) as [number, number, number, number, number, number, number, number];
  return { z1, y1, z2, yhat, loss: trace.loss, dyhat, dz2, dy1, dz1, gradients: named(trace.gradients) };
}

/** Trains for so many steps; gives the loss before each. */
async function descend(net: Model, { x, y }: Example, steps: number): Promise<readonly number[]> {
  if (steps === 0) return [];
  const { history } = await net.fit([[x]], [[y]], { epochs: steps, batchSize: 1 });
  return history["loss"] as readonly number[];
}

/** The same, but the output layer's two gradients have the other sign. */
async function slip(net: Model, example: Example, steps: number, learningRate: number): Promise<readonly number[]> {
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    const { loss, gradients } = await passOf(net, example);
    const parameters = named(net.getWeights());
    const moved = (name: Parameter, sign: 1 | -1) => parameters[name] - sign * learningRate * gradients[name];
    set(net, { w1: moved("w1", 1), b1: moved("b1", 1), w2: moved("w2", -1), b2: moved("b2", -1) });
    losses.push(loss);
  }
  return losses;
}

const api = {
  async walk(walk: Walk): Promise<Walked> {
    const { start, example, learningRate, updates } = walk;
    using net = makeNet(start, learningRate);
    const go = (steps: number) => (walk.slip ? slip(net, example, steps, learningRate) : descend(net, example, steps));
    const before = await go(updates);
    const [parameters, pass] = [named(net.getWeights()), await passOf(net, example)];
    await go(1);
    const walked = { parameters, pass, next: named(net.getWeights()), losses: [...before, pass.loss] };
    if (!walk.slip) return walked;
    const { losses: rightLosses } = await api.walk({ ...walk, slip: false });
    return { ...walked, rightLosses };
  },

  /** (L(p + nudge) - L(p - nudge)) / 2 nudge for each parameter p: its derivative without any chain rule. */
  async differences(parameters: Parameters, { x, y }: Example, nudge: number): Promise<Parameters> {
    using net = makeNet(parameters, 1);
    const lossAt = async (moved: Partial<Parameters>) => {
      set(net, { ...parameters, ...moved });
      return (await net.evaluate([[x]], [[y]]))["loss"] as number;
    };
    const slopes: Partial<Record<Parameter, number>> = {};
    for (const name of PARAMETERS) {
      const [above, below] = [parameters[name] + nudge, parameters[name] - nudge];
      slopes[name] = ((await lossAt({ [name]: above })) - (await lossAt({ [name]: below }))) / (2 * nudge);
    }
    return slopes as Parameters;
  },
};

export type Api = typeof api;
serve(api);
