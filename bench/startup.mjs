// From the import to the first prediction, each run in a process of its own: node bench/startup.mjs
import { execFileSync } from "node:child_process";

const RUNS = 15;
const program = `
  const start = performance.now();
  const { layers, sequential } = await import("${new URL("../dist/index.js", import.meta.url)}");
  const imported = performance.now();
  const net = sequential({ layers: [
    layers.dense({ inputShape: [784], units: 128, activation: "relu" }),
    layers.dense({ units: 10, activation: "softmax" }),
  ] });
  await net.predict(new Float32Array(784));
  console.log(JSON.stringify([imported - start, performance.now() - imported]));
`;
const runs = Array.from({ length: RUNS }, () =>
  JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" })),
);
const median = (part) => runs.map((run) => run[part]).sort((a, b) => a - b)[RUNS >> 1];
console.log(
  `import ${median(0).toFixed(1)} ms, then the first prediction ${median(1).toFixed(1)} ms (medians of ${RUNS})`,
);
