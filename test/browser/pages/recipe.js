// One epoch of the digit classifier in reproducible mode: the same in Node, on a page and in a worker.
export async function trainDigits({ init, layers, optimizers, sequential }, { x, y }, threads = "auto") {
  const engine = await init({ numerics: "reproducible", threads });
  const net = sequential({
    seed: 7,
    layers: [
      layers.rescaling({ inputShape: [784], scale: 1 / 255 }),
      layers.dense({ units: 128, activation: "relu" }),
      layers.dropout({ rate: 0.1 }),
      layers.dense({ units: 10, activation: "softmax" }),
    ],
  });
  net.compile({
    optimizer: optimizers.adam(),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  const { history } = await net.fit(x, y, { batchSize: 32 });
  const hash = net.weightsHash();
  net.dispose();
  return { hash, accuracy: history.accuracy[0], loss: history.loss[0], threads: engine.threads };
}
