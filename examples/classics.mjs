// One neuron set by hand (McCulloch and Pitts, 1943), three that learn to tell two clouds of points apart, each in its way,
// and an autoencoder, which learns without labels.
import { models } from "neurone";

const majority = models.neuron(models.gates.majority(3));
const { data } = await majority.predict([
  [0, 1, 0],
  [1, 1, 0],
]);
console.log(`majority of 0 1 0: ${data[0]}, of 1 1 0: ${data[1]}`);

const y = Array.from({ length: 40 }, (_, i) => (i % 2 ? 1 : -1));
const x = y.map((label, i) => [label + 0.6 * Math.sin(i * 7), label + 0.6 * Math.cos(i * 5)]);
const linear = {
  perceptron: models.perceptron({ inputs: 2 }), // any line that separates (1958)
  adaline: models.adaline({ inputs: 2 }), // the least squares (1960)
  "linear SVM": models.linearSvm({ inputs: 2 }), // the widest street (1995)
};
for (const [name, classifier] of Object.entries(linear)) {
  await classifier.fit(x, y);
  console.log(`${name}: margin ${(await classifier.margin(x, y)).toFixed(2)}`);
}

const autoencoder = models.autoencoder({ inputs: 2, units: [1] });
await autoencoder.fit(x, { batchSize: 8, epochs: 300 });
const code = await autoencoder.encode([
  [1, 1],
  [-1, -1],
]);
console.log(
  "one number instead of two:",
  [...(await autoencoder.decode(code)).data].map((value) => value.toFixed(1)),
);
