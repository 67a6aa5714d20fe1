import { init, jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { ANSWERS, CORNERS, classes, floatPixels, initialWeights, shuffled } from "./data.mjs";
import { job, serve } from "./protocol.mjs";

await init("wasm");

// jax-js counts references: every use of an array but its last takes `.ref`.

const parameters = () =>
  initialWeights().map(({ inputs, units, kernel, bias }) => ({
    kernel: np.array(kernel).reshape([inputs, units]),
    bias: np.array(bias),
  }));

/** The network without its last activation. */
function forward(layers, x, hidden) {
  return layers.reduce((values, { kernel, bias }, i) => {
    const sums = np.matmul(values, kernel).add(bias);
    return i < layers.length - 1 ? hidden(sums) : sums;
  }, x);
}

/** A step of SGD: the loss and the new parameters. */
const sgd = (loss) =>
  jit((layers, x, y) => {
    const [value, gradients] = valueAndGrad(loss)(tree.ref(layers), x, y);
    const update = (weight, gradient) => weight.sub(gradient.mul(job.learningRate));
    return [value, tree.map(update, layers, gradients)];
  });

function train() {
  const pixels = floatPixels();
  const labels = classes();
  const width = job.layers[0];
  const x = new Float32Array(job.batch * width);
  const y = new Int32Array(job.batch);
  const step = sgd((layers, images, targets) => {
    const [size] = images.shape;
    const logs = nn.logSoftmax(forward(layers, images, nn.relu), -1);
    return nn
      .oneHot(targets, 10)
      .mul(logs)
      .sum()
      .mul(-1 / size);
  });
  let layers = parameters();
  return async (rows) => {
    const order = shuffled(rows);
    let total = 0;
    for (let start = 0; start < rows; start += job.batch) {
      // Gathering here is faster than slicing an array of all images by an array of rows, in `step` or before it.
      const batch = order.subarray(start, start + job.batch);
      for (const [i, row] of batch.entries()) {
        x.set(pixels.subarray(row * width, (row + 1) * width), i * width);
        y[i] = labels[row];
      }
      const size = batch.length;
      const images = np.array(x.subarray(0, size * width)).reshape([size, width]);
      const [loss, updated] = step(layers, images, np.array(y.subarray(0, size)));
      layers = updated;
      // Reading the loss at each step is faster than letting steps queue up.
      total += (await loss.data())[0] * size;
    }
    return { loss: total / rows };
  };
}

function xor() {
  const x = np.array(Float32Array.from(CORNERS)).reshape([4, 2]);
  const y = np.array(Float32Array.from(ANSWERS)).reshape([4, 1]);
  const step = sgd((layers, x, y) => {
    const logits = forward(layers, x, np.tanh);
    return nn.softplus(logits.ref).sub(logits.mul(y)).mean();
  });
  let layers = parameters();
  return async (steps) => {
    let last;
    for (let i = 0; i < steps; i++) {
      const [loss, updated] = step(layers, x.ref, y.ref);
      layers = updated;
      // Eight times as fast as letting steps queue up.
      [last] = await loss.data();
    }
    return { loss: last };
  };
}

function predict() {
  const x = np.array(floatPixels()).reshape([job.batch, job.layers[0]]);
  const layers = parameters();
  const run = jit((layers, x) => nn.softmax(forward(layers, x, nn.relu), -1));
  return async (calls) => {
    let output;
    for (let call = 0; call < calls; call++) output = await run(tree.ref(layers), x.ref).data();
    return { output: [...output.subarray(-10)] };
  };
}

await serve("wasm backend", { train, xor, predict });
