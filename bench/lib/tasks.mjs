import { layers, optimizers, sequential } from "../../dist/index.js";

const PIXELS = 784;
const ROWS = 6400;
const XOR_STEPS = 2000;
const CORNERS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

/** Pixels with a pattern in them, so that nothing is a constant. */
export const pixels = (rows) => Uint8Array.from({ length: rows * PIXELS }, (_, i) => (i * 7919) % 256);
export const labels = (rows) => Int32Array.from({ length: rows }, (_, i) => i % 10);

/** A network that tells ten digits apart, with hidden layers of `units`. */
export function classifier(...units) {
  const hidden = units.map((n) => layers.dense({ units: n, activation: "relu" }));
  const net = sequential({
    layers: [
      layers.rescaling({ inputShape: [PIXELS], scale: 1 / 255 }),
      ...hidden,
      layers.dense({ units: 10, activation: "softmax" }),
    ],
  });
  return net.compile({ optimizer: optimizers.sgd({ learningRate: 0.1 }), loss: "sparseCategoricalCrossentropy" });
}

function xor() {
  const net = sequential({
    layers: [
      layers.dense({ inputShape: [2], units: 8, activation: "tanh" }),
      layers.dense({ units: 1, activation: "sigmoid" }),
    ],
  });
  return net.compile({ optimizer: optimizers.sgd({ learningRate: 0.5 }), loss: "binaryCrossentropy" });
}

/** What is timed: `run` does `count` of `unit`, on the engine of its first run. */
export function tasks() {
  const x = pixels(ROWS);
  const y = labels(ROWS);
  const small = classifier(128);
  const large = classifier(512, 512);
  const tiny = xor();
  return [
    {
      name: "train 784-128-10, batch 32",
      count: ROWS,
      unit: "samples",
      run: () => small.fit(x, y, { batchSize: 32 }),
    },
    {
      name: "train 784-512-512-10, batch 128",
      count: ROWS,
      unit: "samples",
      run: () => large.fit(x, y, { batchSize: 128 }),
    },
    {
      name: "train XOR 2-8-1, whole batch",
      count: XOR_STEPS,
      unit: "steps",
      run: () => tiny.fit(CORNERS, [0, 1, 1, 0], { batchSize: 4, epochs: XOR_STEPS }),
    },
    {
      name: "predict 784-128-10, batch 1",
      count: 1,
      unit: "samples",
      run: () => small.predict(x.subarray(0, PIXELS)),
    },
    {
      name: "predict 784-128-10, batch 1024",
      count: 1024,
      unit: "samples",
      run: () => small.predict(x.subarray(0, PIXELS * 1024), { batchSize: 1024 }),
    },
  ];
}
