// Times training and prediction with the built library, on one thread, on all and on as many as it chooses: npm run bench
import { availableParallelism } from "node:os";
import { Bench } from "tinybench";
import { init } from "../dist/index.js";
import { tasks } from "./lib/tasks.mjs";

const cores = availableParallelism();
const crews = cores > 1 ? [1, cores, "auto"] : [1];

for (const numerics of ["reproducible", "fast"]) {
  const sets = [];
  let build;
  for (const threads of crews) {
    ({ build } = await init({ numerics, threads }));
    const set = tasks();
    // A model takes the engine of its first run.
    for (const { run } of set) await run();
    sets.push(set);
  }
  // A host without relaxed SIMD runs one build only.
  if (numerics === "fast" && build === "baseline") break;
  const bench = new Bench({ time: 1000, iterations: 10, warmupTime: 300, warmupIterations: 3, throws: true });
  // What is compared is timed one after the other: the machine's speed may drift.
  const kinds = sets[0].map((_, i) => sets.map((set) => set[i]));
  for (const kind of kinds) {
    for (const [i, { name, run }] of kind.entries()) bench.add(`${name}, ${crews[i]}`, run, { async: true });
  }
  await bench.run();

  const medians = bench.tasks.map(({ result }) => result.latency.p50);
  console.log(`\n${build} build, Node ${process.versions.node}, threads: ${crews.join(", ")}`);
  const rows = kinds.flatMap((kind, k) => {
    const [one, ...others] = medians.slice(k * crews.length, (k + 1) * crews.length);
    return [one, ...others].map((median, i) => {
      const { name, count, unit } = kind[i];
      return {
        task: name,
        threads: crews[i],
        "median ms": median.toFixed(3),
        "per second": `${Math.round((count * 1000) / median)} ${unit}`,
        "against one": `${(one / median).toFixed(2)} x`,
      };
    });
  });
  console.table(rows);
}
