// The chain rule by hand for z1 = w1 x + b1, y1 = s(z1), z2 = w2 y1 + b2, yhat = s(z2), L = (yhat - y)^2 / 2, beside one
// step of gradient descent with a learning rate of 1, whose change of the weights is the negative gradient.
import { layers, optimizers, sequential } from "neurone";

const [x, y, w1, b1, w2, b2] = [0.5, 1, 0.8, -0.2, -0.6, 0.3];
const net = sequential({
  layers: [
    layers.dense({ inputShape: [1], units: 1, activation: "sigmoid" }),
    layers.dense({ units: 1, activation: "sigmoid" }),
  ],
});
net.setWeights([[[w1]], [b1], [[w2]], [b2]]);
net.compile({ optimizer: optimizers.sgd({ learningRate: 1 }), loss: "halfSquaredError" });
await net.fit([[x]], [[y]], { batchSize: 1 });
const [dw1, db1, dw2, db2] = net.getWeights().map(({ data }, i) => [w1, b1, w2, b2][i] - data[0]);

const s = (z) => 1 / (1 + Math.exp(-z));
const y1 = s(w1 * x + b1);
const yhat = s(w2 * y1 + b2);
const delta2 = (yhat - y) * yhat * (1 - yhat);
const delta1 = delta2 * w2 * y1 * (1 - y1);
const byHand = { "dL/dw1": delta1 * x, "dL/db1": delta1, "dL/dw2": delta2 * y1, "dL/db2": delta2 };
[dw1, db1, dw2, db2].forEach((gradient, i) => {
  const [name, value] = Object.entries(byHand)[i];
  console.log(`${name}  by hand ${value.toFixed(6)}  by neurone ${gradient.toFixed(6)}`);
});
