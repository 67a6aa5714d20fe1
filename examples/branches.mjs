// A graph of layers: two inputs, a shared trunk, a shortcut around it, and two outputs with a loss each.
import { input, layers, model } from "neurone";

const left = input({ shape: [3] });
const right = input({ shape: [2] });
const joined = layers.concatenate().apply([left, right]);
const hidden = layers.dense({ units: 5, activation: "relu" }).apply(joined);
const trunk = layers.add().apply([joined, hidden]);
const kind = layers.dense({ name: "kind", units: 3, activation: "softmax" }).apply(trunk);
const size = layers.dense({ name: "size", units: 1 }).apply(trunk);

const net = model({ inputs: [left, right], outputs: [kind, size], seed: 7 });
net.compile({ optimizer: "adam", loss: ["sparseCategoricalCrossentropy", "meanSquaredError"], lossWeights: [1, 0.5] });

const a = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
const b = [
  [0, 1],
  [1, 0],
  [1, 1],
];
const { history } = await net.fit(
  [a, b],
  [
    [0, 1, 2],
    [0.1, 0.2, 0.3],
  ],
  { epochs: 300 },
);
console.log(net.summary());
console.log(`loss ${history.loss[0].toFixed(2)} -> ${history.loss.at(-1).toFixed(2)}`);
const [kinds, sizes] = await net.predict([a, b]);
console.log(kinds.shape, sizes.shape);
