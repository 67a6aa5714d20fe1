// Training that survives a pulled plug, and a model that leaves the process. Run it: node examples/keep.mjs
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callbacks, layers, load, optimizers, sequential } from "neurone";

const folder = mkdtempSync(join(tmpdir(), "neurone-example-"));
const x = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const y = [0, 1, 1, 0];

function build() {
  const net = sequential({
    seed: 42,
    layers: [
      layers.dense({ inputShape: [2], units: 8, activation: "tanh" }),
      layers.dense({ units: 1, activation: "sigmoid" }),
    ],
  });
  return net.compile({
    optimizer: optimizers.adam({ learningRate: 0.01 }),
    loss: "binaryCrossentropy",
    metrics: ["accuracy"],
  });
}

/** Trains with a checkpoint every 100 steps; `plug` may pull the plug. */
const train = (net, run, plug = {}) =>
  net.fit(x, y, {
    batchSize: 4,
    epochs: 1500,
    callbacks: [callbacks.checkpoint({ path: join(folder, run), every: { steps: 100 } }), plug],
    resume: join(folder, run),
  });

const whole = build();
await train(whole, "whole");

const pulled = {
  onEpochEnd(epoch) {
    if (epoch === 777) throw new Error("somebody pulled the plug");
  },
};
await train(build(), "interrupted", pulled).catch(({ message }) => console.log(`${message} in epoch 777`));
const resumed = build();
const { history } = await train(resumed, "interrupted");
console.log(
  `resumed: ${history.loss.length} epochs, ${resumed.weightsHash() === whole.weightsHash() ? "the same" : "other"} weights`,
);

for (const name of ["xor.safetensors", "xor.onnx", "model.json"]) {
  await resumed.save(join(folder, name));
  const { data } = await (await load(join(folder, name))).predict(x);
  console.log(name.padEnd(16), [...data].map((value) => value.toFixed(3)).join("  "));
}
rmSync(folder, { recursive: true });
