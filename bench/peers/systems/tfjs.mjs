import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { ANSWERS, CORNERS, classes, floatPixels, initialWeights, shuffled } from "./data.mjs";
import { job, serve } from "./protocol.mjs";

await tf.setBackend(job.backend);

/** The job's network with the initial weights that all systems have. */
function network(hidden, output) {
  const weights = initialWeights();
  const layers = weights.map(({ inputs, units }, i) =>
    tf.layers.dense({ inputShape: [inputs], units, activation: i < weights.length - 1 ? hidden : output }),
  );
  const net = tf.sequential({ layers });
  net.setWeights(
    weights.flatMap(({ inputs, units, kernel, bias }) => [tf.tensor2d(kernel, [inputs, units]), tf.tensor1d(bias)]),
  );
  return net;
}

function train() {
  const x = tf.tensor2d(floatPixels(), [job.rows, job.layers[0]]);
  const y = tf.oneHot(classes(), 10).toFloat();
  // A loop by hand is as fast as `fit` or a little faster, and logits leave out the work of a last activation.
  const net = network("relu", "linear");
  const optimizer = tf.train.sgd(job.learningRate);
  return async (rows) => {
    const order = shuffled(rows);
    const losses = [];
    for (let start = 0; start < rows; start += job.batch) {
      const loss = tf.tidy(() => {
        const batch = tf.tensor1d(order.subarray(start, start + job.batch), "int32");
        const targets = tf.gather(y, batch);
        const images = tf.gather(x, batch);
        return optimizer
          .minimize(() => tf.losses.softmaxCrossEntropy(targets, net.apply(images)), true)
          .mul(batch.size);
      });
      losses.push(loss);
    }
    const total = tf.tidy(() => tf.addN(losses));
    tf.dispose(losses);
    const [sum] = await total.data();
    total.dispose();
    return { loss: sum / rows };
  };
}

function xor() {
  const x = tf.tensor2d(CORNERS, [4, 2]);
  const y = tf.tensor2d(ANSWERS, [4, 1]);
  const net = network("tanh", "linear");
  const optimizer = tf.train.sgd(job.learningRate);
  return async (steps) => {
    for (let step = 1; step < steps; step++) {
      tf.tidy(() => void optimizer.minimize(() => tf.losses.sigmoidCrossEntropy(y, net.apply(x))));
    }
    const last = tf.tidy(() => optimizer.minimize(() => tf.losses.sigmoidCrossEntropy(y, net.apply(x)), true));
    const [loss] = await last.data();
    last.dispose();
    return { loss };
  };
}

function predict() {
  const x = tf.tensor2d(floatPixels(), [job.batch, job.layers[0]]);
  const net = network("relu", "softmax");
  return async (calls) => {
    let output;
    for (let call = 0; call < calls; call++) {
      const probabilities = net.predict(x, { batchSize: job.batch });
      output = await probabilities.data();
      probabilities.dispose();
    }
    return { output: [...output.subarray(-10)] };
  };
}

await serve(`${tf.getBackend()} backend`, { train, xor, predict });
