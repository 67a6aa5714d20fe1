// The chain rule by hand for z1 = w1 x + b1, y1 = s(z1), z2 = w2 y1 + b2, yhat = s(z2), L = (yhat - y)^2 / 2, beside the
// numbers that neurone computes on its way forward and back.
import { layers, sequential } from "neurone";

const [x, y, w1, b1, w2, b2] = [0.5, 1, 0.8, -0.2, -0.6, 0.3];
const net = sequential({
  layers: [
    layers.dense({ inputShape: [1], units: 1, activation: "sigmoid" }),
    layers.dense({ units: 1, activation: "sigmoid" }),
  ],
});
net.setWeights([[[w1]], [b1], [[w2]], [b2]]);
net.compile({ loss: "halfSquaredError" });
const trace = await net.trace([[x]], [[y]]);
const [hidden, output] = trace.layers;
const [dw1, db1, dw2, db2] = trace.gradients;

const s = (z) => 1 / (1 + Math.exp(-z));
const z1 = w1 * x + b1;
const y1 = s(z1);
const z2 = w2 * y1 + b2;
const yhat = s(z2);
const delta2 = (yhat - y) * yhat * (1 - yhat);
const delta1 = delta2 * w2 * y1 * (1 - y1);

const rows = [
  ["z1", z1, hidden.z],
  ["y1", y1, hidden.output],
  ["z2", z2, output.z],
  ["yhat", yhat, output.output],
  ["L", (yhat - y) ** 2 / 2, { data: [trace.loss] }],
  ["dL/dyhat", yhat - y, output.doutput],
  ["dL/dz2", delta2, output.dz],
  ["dL/dw2", delta2 * y1, dw2],
  ["dL/db2", delta2, db2],
  ["dL/dy1", delta2 * w2, hidden.doutput],
  ["dL/dz1", delta1, hidden.dz],
  ["dL/dw1", delta1 * x, dw1],
  ["dL/db1", delta1, db1],
];
for (const [name, byHand, { data }] of rows) {
  console.log(`${name}  by hand ${byHand.toFixed(6)}  by neurone ${data[0].toFixed(6)}`);
}
