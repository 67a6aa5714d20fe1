import { init, layers, optimizers, sequential } from "../../../dist/index.js";
import { ANSWERS, bytePixels, CORNERS, classes, initialWeights } from "./data.mjs";
import { job, serve } from "./protocol.mjs";

const engine = await init({ threads: job.threads, numerics: job.numerics });

/** The job's network behind `first`, with the initial weights that all systems have. */
function network(first, hidden, output) {
  const units = job.layers.slice(1);
  const dense = units.map((n, i) =>
    layers.dense({
      ...(i === 0 && !first ? { inputShape: [job.layers[0]] } : {}),
      units: n,
      activation: i < units.length - 1 ? hidden : output,
    }),
  );
  const net = sequential({ layers: first ? [first, ...dense] : dense });
  net.setWeights(
    initialWeights().flatMap(({ inputs, units, kernel, bias }) => [
      { data: kernel, shape: [inputs, units] },
      { data: bias, shape: [units] },
    ]),
  );
  return net;
}

const classifier = () => network(layers.rescaling({ inputShape: [784], scale: 1 / 255 }), "relu", "softmax");
const optimizer = () => optimizers.sgd({ learningRate: job.learningRate });

function train() {
  const x = bytePixels();
  const y = classes();
  const net = classifier().compile({ optimizer: optimizer(), loss: "sparseCategoricalCrossentropy" });
  return async (rows) => {
    const { history } = await net.fit(x.subarray(0, rows * 784), y.subarray(0, rows), { batchSize: job.batch });
    return { loss: history.loss[0] };
  };
}

function xor() {
  const x = Float32Array.from(CORNERS);
  const net = network(undefined, "tanh", "sigmoid").compile({ optimizer: optimizer(), loss: "binaryCrossentropy" });
  return async (epochs) => {
    // A whole batch has no order: no peer shuffles it.
    const { history } = await net.fit(x, ANSWERS, { batchSize: 4, epochs, shuffle: false });
    return { loss: history.loss[epochs - 1] };
  };
}

function predict() {
  const x = bytePixels();
  const net = classifier();
  return async (calls) => {
    let output;
    for (let call = 0; call < calls; call++) output = (await net.predict(x, { batchSize: job.batch })).data;
    return { output: [...output.subarray(-10)] };
  };
}

await serve(`${engine.build} build, threads: ${engine.threads}`, { train, xor, predict });
