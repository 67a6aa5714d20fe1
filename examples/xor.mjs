// XOR needs a hidden layer: two inputs, eight hidden neurons, one output.
import { layers, optimizers, sequential } from "neurone";

const x = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const y = [0, 1, 1, 0];

const net = sequential({
  seed: 1,
  layers: [
    layers.dense({ inputShape: [2], units: 8, activation: "tanh" }),
    layers.dense({ units: 1, activation: "sigmoid" }),
  ],
});
net.compile({ optimizer: optimizers.adam({ learningRate: 0.05 }), loss: "binaryCrossentropy", metrics: ["accuracy"] });
await net.fit(x, y, { batchSize: 4, epochs: 500 });

const { data } = await net.predict(x);
for (const [i, [a, b]] of x.entries()) console.log(`${a} xor ${b} = ${data[i].toFixed(3)}`);
