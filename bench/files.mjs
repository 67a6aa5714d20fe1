// How long it takes to save and to load the MNIST model (784-128-10), each the first time in a process and, as a median of 20, later.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { layers, load, sequential } from "../dist/index.js";

const folder = mkdtempSync(join(tmpdir(), "neurone-bench-"));
const net = sequential({
  layers: [
    layers.rescaling({ inputShape: [784], scale: 1 / 255 }),
    layers.dense({ units: 128, activation: "relu" }),
    layers.dense({ units: 10, activation: "softmax" }),
  ],
});
net.compile({ loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
const image = new Uint8Array(784);
await net.predict(image);

async function measure(what, act) {
  const times = [];
  for (let i = 0; i < 21; i++) {
    const start = performance.now();
    await act();
    times.push(performance.now() - start);
  }
  const later = times.slice(1).sort((a, b) => a - b);
  console.log(`${what.padEnd(40)} first ${times[0].toFixed(1)} ms, later ${later[10].toFixed(1)} ms`);
}

for (const [format, name] of [
  ["safetensors", "m.safetensors"],
  ["ONNX", "m.onnx"],
  ["TensorFlow.js", "model.json"],
]) {
  const path = join(folder, name);
  await measure(`${format}: save`, () => net.save(path));
  await measure(`${format}: load`, () => load(path));
  await measure(`${format}: load and predict`, async () => (await load(path)).predict(image));
}
rmSync(folder, { recursive: true });
