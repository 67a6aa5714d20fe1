// A table: classes by name, a split that keeps their shares, scaling fitted on the training part and kept in the model.
import { callbacks, data, layers, optimizers, sequential } from "neurone";

// Two made-up species; length and width in centimetres.
const rows = Array.from({ length: 60 }, (_, i) => {
  const wobble = ((i * 7919) % 101) / 101;
  return i % 2 === 0 ? `${4.6 + wobble},${3.1 + wobble / 3},meadow` : `${6.1 + wobble},${2.6 + wobble / 3},forest`;
});
const flowers = data.csv(["length,width,species", ...rows].join("\n"), { label: "species" });
const { train, test } = data.split(flowers, { test: 0.25, seed: 1, stratify: true });

const net = sequential({
  seed: 1,
  layers: [
    layers.normalization({ inputShape: [2], ...data.standardize(train.x) }),
    layers.dense({ units: 8, activation: "relu" }),
    layers.dense({ units: flowers.classNames.length, activation: "softmax" }),
  ],
});
net.compile({
  optimizer: optimizers.adam({ learningRate: 0.01 }),
  loss: "sparseCategoricalCrossentropy",
  metrics: ["accuracy"],
});
const { epoch } = await net.fit(train.x, train.y, {
  epochs: 200,
  validationData: [test.x, test.y],
  callbacks: [callbacks.earlyStopping({ monitor: "val_loss", patience: 10 })],
});
const { accuracy } = await net.evaluate(test.x, test.y);
console.log(`${flowers.classNames.join(" or ")}: ${accuracy * 100} % right after ${epoch.length} epochs`);
