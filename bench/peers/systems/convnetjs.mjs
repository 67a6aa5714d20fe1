import convnetjs from "convnetjs";
import { ANSWERS, CORNERS, classes, floatPixels, initialWeights, shuffled } from "./data.mjs";
import { job, serve } from "./protocol.mjs";

/** The job's network with the initial weights that all systems have; `output` makes the last layer. */
function network(hidden, output) {
  const [inputs, ...units] = job.layers;
  const net = new convnetjs.Net();
  net.makeLayers([
    { type: "input", out_sx: 1, out_sy: 1, out_depth: inputs },
    ...units.slice(0, -1).map((n) => ({ type: "fc", num_neurons: n, activation: hidden })),
    output,
  ]);
  const dense = net.layers.filter((layer) => layer.layer_type === "fc");
  for (const [i, { units, kernel, bias }] of initialWeights().entries()) {
    dense[i].biases.w.set(bias);
    for (const [unit, filter] of dense[i].filters.entries()) {
      for (let input = 0; input < filter.w.length; input++) filter.w[input] = kernel[input * units + unit];
    }
  }
  return net;
}

const classifier = () => network("relu", { type: "softmax", num_classes: 10 });

/** It takes one sample at a time and updates the weights after each `batch_size` of them. */
const sgd = (net) =>
  new convnetjs.SGDTrainer(net, {
    learning_rate: job.learningRate,
    momentum: 0,
    l1_decay: 0,
    l2_decay: 0,
    batch_size: job.batch,
  });

const volume = (length) => new convnetjs.Vol(1, 1, length, 0);

function train() {
  const pixels = floatPixels();
  const labels = classes();
  const width = job.layers[0];
  const trainer = sgd(classifier());
  const x = volume(width);
  return (rows) => {
    let total = 0;
    for (const row of shuffled(rows)) {
      x.w.set(pixels.subarray(row * width, (row + 1) * width));
      total += trainer.train(x, labels[row]).loss;
    }
    return { loss: total / rows };
  };
}

function xor() {
  const trainer = sgd(network("tanh", { type: "regression", num_neurons: 1 }));
  const corners = ANSWERS.map((answer, i) => {
    const x = volume(2);
    x.w.set(CORNERS.slice(2 * i, 2 * i + 2));
    return { x, y: [answer] };
  });
  return (steps) => {
    let sum;
    for (let step = 0; step < steps; step++) {
      sum = 0;
      for (const { x, y } of corners) sum += trainer.train(x, y).loss;
    }
    return { loss: sum / 4 };
  };
}

function predict() {
  const pixels = floatPixels();
  const width = job.layers[0];
  const net = classifier();
  const images = Array.from({ length: job.batch }, (_, row) => {
    const x = volume(width);
    x.w.set(pixels.subarray(row * width, (row + 1) * width));
    return x;
  });
  return (calls) => {
    let output;
    for (let call = 0; call < calls; call++) for (const x of images) output = net.forward(x).w;
    return { output: [...output] };
  };
}

const loss = job.kind === "xor" ? "half squared error, no output activation" : undefined;
await serve("one sample at a time", { train, xor, predict }, loss);
