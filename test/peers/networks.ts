import { Random } from "../../src/base/random.js";
import { type Shape, sizeOf } from "../../src/base/tensor.js";
import {
  type Activation,
  input,
  type Layer,
  type LayerConfig,
  layers,
  type Model,
  model,
  type Prediction,
  type SymbolicTensor,
  sequential,
} from "../../src/index.js";
import { activationTable } from "../../src/ops/activation-table.js";

/** A model with a batch for it. */
export interface Network {
  readonly net: Model | Model<Prediction[]>;
  readonly inputs: readonly Prediction[];
}

const activations: readonly Activation[] = [
  ...Object.keys(activationTable).filter((name) => name !== "affine"),
  "linear",
  "softmax",
  { threshold: 0.25 },
  { leakyRelu: 0.3 },
  { elu: 0.5 },
];

/**
 * Network number `number` of a seed, with a batch of 1 to 9 examples of rank 1 to 3: every third is a chain of layers, the
 * others are graphs with up to 3 inputs and outputs. All layers and activations occur, and layers that are applied twice.
 */
export function network(seed: number, number: number): Network {
  const random = new Random(seed, 100, number);
  const net = number % 3 === 0 ? chain(random) : graph(random);
  const batch = 1 + random.below(9);
  const inputs = net.inputShapes.map((shape) => ({
    data: Float32Array.from({ length: batch * sizeOf(shape) }, () => random.normal()),
    shape: [batch, ...shape],
  }));
  return { net, inputs };
}

function chain(random: Random): Model {
  const inputShape = newShape(random);
  const list: Layer[] = [];
  let x = input({ shape: inputShape });
  const steps = 1 + random.below(6);
  for (let i = 0; i < steps; i++) {
    const layer = newLayer(random, x.shape, i === 0 ? { inputShape } : {});
    // What leaves the shape as it is can be applied twice.
    const times = layer.apply(x).shape.join() === x.shape.join() && random.below(4) === 0 ? 2 : 1;
    for (let n = 0; n < times; n++) {
      list.push(layer);
      x = layer.apply(x);
    }
  }
  return sequential({ layers: list, seed: random.below(1000) });
}

function graph(random: Random): Model<Prediction[]> {
  const pick = <T>(list: readonly T[]) => list[random.below(list.length)] as T;
  const inputs = Array.from({ length: 1 + random.below(3) }, () => input({ shape: newShape(random) }));
  const values: SymbolicTensor[] = [...inputs];
  const unread = new Set(values);
  const put = (layer: Layer, read: readonly SymbolicTensor[]) => {
    const value = layer.apply(read);
    for (const one of read) unread.delete(one);
    values.push(value);
    unread.add(value);
  };
  const steps = 2 + random.below(11);
  for (let i = 0; i < steps; i++) {
    const x = pick(values);
    const alike = values.filter(({ shape }) => shape.join() === x.shape.join());
    const takers = values.filter(({ inputs: [read] }) => read?.shape.join() === x.shape.join());
    const kind = random.below(5);
    if (kind === 0 && takers.length > 0) {
      const { layer, inputs: read } = pick(takers);
      put(
        layer as Layer,
        read.map(() => pick(alike)),
      ); // its weights are shared
    } else if (kind === 1) {
      const others = Array.from({ length: 1 + random.below(2) }, () => pick(alike));
      const axis = random.below(2 * x.shape.length) - x.shape.length;
      put(random.below(2) === 0 ? layers.add() : layers.concatenate({ axis }), [x, ...others]);
    } else {
      put(newLayer(random, x.shape), [x]);
    }
  }
  const outputs = [...unread];
  while (outputs.length > 3) {
    const flat = outputs.splice(0, 2).map((one) => layers.flatten().apply(one));
    outputs.push(layers.concatenate().apply(flat));
  }
  if (outputs.length < 3 && random.below(3) === 0) outputs.push(pick(values)); // an input, or what others read or are
  return model({ inputs, outputs, seed: random.below(1000) });
}

function newShape(random: Random): Shape {
  return Array.from({ length: 1 + random.below(3) }, () => 1 + random.below(5));
}

/** A layer that takes one input of `shape`. */
function newLayer(random: Random, shape: Shape, common: LayerConfig = {}): Layer {
  const size = sizeOf(shape);
  const activation = (units: number) => {
    const list = activations.filter((name) => name !== "softmax" || units > 1);
    return list[random.below(list.length)] as Activation;
  };
  const numbers = () => Array.from({ length: size }, () => random.normal());
  switch (random.below(10)) {
    case 0:
      return layers.activation({ ...common, activation: activation(shape.at(-1) as number) });
    case 1:
      return layers.dropout({ ...common, rate: random.uniform() });
    case 2:
      return layers.flatten(common);
    case 3: {
      const part = [5, 4, 3, 2, 1].find((n) => size % n === 0) as number;
      return layers.reshape({ ...common, targetShape: random.below(2) === 0 ? [-1, part] : [part, 1, size / part] });
    }
    case 4:
      return layers.rescaling({
        ...common,
        scale: 0.5 + random.below(2) / 2,
        offset: random.below(2) * random.normal(),
      });
    case 5:
      return layers.normalization({ ...common, scale: numbers(), offset: numbers() });
    default: {
      const units = 1 + random.below(6);
      const useBias = random.below(4) > 0;
      return layers.dense({ ...common, units, activation: activation(units), useBias, biasInitializer: "normal" });
    }
  }
}
