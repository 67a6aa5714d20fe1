// Rosenblatt's perceptron (1958): one neuron, examples one by one, a correction at each mistake. It learns AND and OR,
// and never XOR, which no line separates (Minsky and Papert, 1969).
import { layers, optimizers, sequential } from "neurone";

const x = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const tasks = { AND: [-1, -1, -1, 1], OR: [-1, 1, 1, 1], XOR: [-1, 1, 1, -1] };

for (const [name, y] of Object.entries(tasks)) {
  const neuron = sequential({
    layers: [layers.dense({ inputShape: [2], units: 1, kernelInitializer: "zeros" })],
  });
  neuron.compile({ optimizer: optimizers.sgd({ learningRate: 1 }), loss: "perceptron", metrics: ["accuracy"] });
  await neuron.fit(x, y, { batchSize: 1, epochs: 50 });
  const { accuracy } = await neuron.evaluate(x, y);
  console.log(`${name}: ${accuracy * 100} % right after 50 epochs`);
}
