// Times training and prediction with the built library: npm run bench
import { Bench } from "tinybench";
import { init, layers, optimizers, sequential } from "../dist/index.js";

/** Pixels with a shape in them, so that nothing is a constant. */
const pixels = (rows) => Uint8Array.from({ length: rows * 784 }, (_, i) => (i * 7919) % 256);
const labels = (rows, classes) => Int32Array.from({ length: rows }, (_, i) => i % classes);

function classifier(...units) {
  const hidden = units.map((n) => layers.dense({ units: n, activation: "relu" }));
  const net = sequential({
    layers: [
      layers.rescaling({ inputShape: [784], scale: 1 / 255 }),
      ...hidden,
      layers.dense({ units: 10, activation: "softmax" }),
    ],
  });
  return net.compile({ optimizer: optimizers.sgd({ learningRate: 0.1 }), loss: "sparseCategoricalCrossentropy" });
}

const rows = 6400;
const x = pixels(rows);
const y = labels(rows, 10);
const corners = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const XOR_STEPS = 2000;

function xor() {
  const net = sequential({
    layers: [
      layers.dense({ inputShape: [2], units: 8, activation: "tanh" }),
      layers.dense({ units: 1, activation: "sigmoid" }),
    ],
  });
  return net.compile({ optimizer: optimizers.sgd({ learningRate: 0.5 }), loss: "binaryCrossentropy" });
}

for (const numerics of ["reproducible", "fast"]) {
  const { build } = await init({ numerics });
  // A host without relaxed SIMD runs one build only.
  if (numerics === "fast" && build === "baseline") break;
  const small = classifier(128);
  const large = classifier(512, 512);
  const tiny = xor();
  /** What is timed, and how many of which unit one run of it does. */
  const tasks = [
    ["train 784-128-10, batch 32", rows, "samples", async () => small.fit(x, y, { batchSize: 32 })],
    ["train 784-512-512-10, batch 128", rows, "samples", async () => large.fit(x, y, { batchSize: 128 })],
    [
      "train XOR 2-8-1, whole batch",
      XOR_STEPS,
      "steps",
      async () => tiny.fit(corners, [0, 1, 1, 0], { batchSize: 4, epochs: XOR_STEPS }),
    ],
    ["predict 784-128-10, batch 1", 1, "samples", async () => small.predict(x.subarray(0, 784))],
    [
      "predict 784-128-10, batch 1024",
      1024,
      "samples",
      async () => small.predict(x.subarray(0, 784 * 1024), { batchSize: 1024 }),
    ],
  ];
  const bench = new Bench({ time: 1500, warmupTime: 300 });
  for (const [name, , , run] of tasks) bench.add(name, run);
  await bench.run();
  for (const { result } of bench.tasks) if (result.error) throw result.error;
  console.log(`\n${build} build, 1 thread, Node ${process.versions.node}`);
  console.table(
    Object.fromEntries(
      bench.tasks.map(({ name, result }, i) => {
        const [, count, unit] = tasks[i];
        const { p50, p75 } = result.latency;
        return [
          name,
          {
            "median ms": p50.toFixed(3),
            "p75 ms": p75.toFixed(3),
            "per second": `${Math.round((count * 1000) / p50)} ${unit}`,
          },
        ];
      }),
    ),
  );
}
