import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { data, inspect, load } from "../../src/index.js";
import { lastLine } from "../cli/neurone.js";
import { temporaryFolder } from "../temporary-folder.js";
import { loadRuntime } from "./onnxruntime.js";

const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** Runs the built command; `kill` tells, of what it said so far, whether it is to be killed. */
function neurone(args: readonly string[], kill: (said: string) => boolean = () => false) {
  return new Promise<{ readonly signal: string | null; readonly stdout: string; readonly said: string }>((resolve) => {
    const child = spawn(process.execPath, [program, ...args]);
    let [stdout, said] = ["", ""];
    child.stdout.on("data", (chunk) => {
      stdout += String(chunk);
    });
    child.stderr.on("data", (chunk) => {
      said += String(chunk);
      if (kill(said)) child.kill("SIGKILL");
    });
    child.on("close", (_, signal) => resolve({ signal, stdout, said }));
  });
}

test("the reader of digits: killed half-way, resumed, exported, run by ONNX Runtime, imported, trained on", async () => {
  const folder = temporaryFolder();
  const [run, saved, exported] = ["run", "digits.safetensors", "digits.onnx"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const train = ["train", "mnist", "--epochs", "2", "--numerics", "reproducible", "--json"];
  const kept = [...train, "--resume", run, "--checkpoint-every", "300steps", "--save", saved];
  const first = await neurone(kept, (said) => said.includes("epoch 1/2"));
  expect(first.signal).toBe("SIGKILL");
  expect(readdirSync(run).length).toBeGreaterThan(0);
  const second = await neurone(kept);
  expect(second.said).toMatch(/resuming from .*checkpoint-/);
  const unharmed = lastLine((await neurone(train)).stdout);
  expect(lastLine(second.stdout)).toMatchObject({
    weightsHash: unharmed.weightsHash,
    testAccuracy: unharmed.testAccuracy,
  });

  await neurone(["export", saved, exported]);
  expect(await inspect(exported)).toMatchObject({ format: "onnx", architecture: { inputs: [[784]] } });
  const net = await load(saved);
  const { train: digits, test } = await data.mnist();
  const images = Float32Array.from(test.x.data.subarray(0, 500 * 784));
  const wanted = await net.predict(images);
  const runtime = await loadRuntime("onnxruntime-node");
  const outputs = await runtime.run(new Uint8Array(readFileSync(exported)), {
    input: { data: images, shape: [500, 784] },
  });
  const found = Object.values(outputs)[0]?.data as Float32Array;
  expect(found).toHaveLength(wanted.data.length);
  expect(Math.max(...found.map((value, i) => Math.abs(value - (wanted.data[i] as number))))).toBeLessThan(1e-5);

  const imported = await load(exported);
  imported.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  expect((await imported.evaluate(test.x, test.y)).accuracy).toBe(unharmed.testAccuracy);
  const before = await imported.evaluate(digits.x, digits.y);
  await imported.fit(digits.x, digits.y, { batchSize: 64, epochs: 1 });
  expect((await imported.evaluate(digits.x, digits.y)).loss).toBeLessThan(before.loss);
}, 300_000);
