import { featuresOf, shortest } from "./features.js";
import { isBefore, type Position } from "./position.js";
import { layerCalls, optimizerCall, outputOf, splitOptions, targetsOf } from "./recipe.js";
import type { Edit, Experiment } from "./settings.js";

/** Where a run stands. */
export interface Progress extends Position {
  /** In order. */
  readonly edits: readonly Edit[];
  /** Of the weights; what the program is to print. */
  readonly hash: string;
}

/**
 * A program, TypeScript and JavaScript alike, that trains the experiment's network as far with the same edits: its weights are the
 * same to the bit. Numbers stand in it as the shortest decimals that are these f32.
 */
export function programOf(experiment: Experiment, progress: Progress): string {
  const { settings, task, examples } = experiment;
  const output = outputOf(task, settings.loss);
  const calls = layerCalls(settings, output).map(({ of, config }) => `    layers.${of}(${literal(config)}),`);
  const { of, learningRate, config } = optimizerCall(settings);
  const isScheduled = typeof learningRate !== "number";
  const rate = isScheduled ? `schedules.${learningRate.of}(${literal(learningRate.config)})` : `${learningRate}`;
  const optimizer = [`learningRate: ${rate}`, ...Object.entries(config).map(([key, value]) => `${key}: ${value}`)];
  const metrics = output.activation === "softmax" ? ', metrics: ["accuracy"]' : "";
  const names = ["data", "init", "layers", "optimizers", ...(isScheduled ? ["schedules"] : []), "sequential"];
  return `// A run of neurone's playground. Node 20 or later: npm install neurone, save this as run.mjs, node run.mjs
import { ${names.join(", ")} } from "neurone";

await init({ numerics: "reproducible" });

// ${settings.features.join(", ")} of each example, and what the network shall say of it
const x = [
${rows(examples, settings.features)}
];
const y = [
${wrap(targetsOf(examples, task, output).map((target) => literal(target)))}
];
const { train, test } = data.split({ x, y }, ${literal(splitOptions(experiment))});

const net = sequential({
  seed: ${settings.seed},
  layers: [
    layers.normalization({ inputShape: [${settings.features.length}], ...data.standardize(train.x) }),
${calls.join("\n")}
  ],
});
net.compile({ optimizer: optimizers.${of}({ ${optimizer.join(", ")} }), loss: "${output.loss}"${metrics} });
${training(progress, settings.batchSize)}
console.log("training:", await net.evaluate(train.x, train.y));
console.log("test:", await net.evaluate(test.x, test.y));
console.log(net.weightsHash()); // in the playground: ${progress.hash}
`;
}

/** The epochs, and between them or their batches what was set by hand. */
function training({ epoch: end, batches, edits }: Progress, batchSize: number): string {
  const lines: string[] = [];
  let done = 0;
  const fitTo = (epoch: number) => {
    if (epoch > done) {
      lines.push(`await net.fit(train.x, train.y, { batchSize: ${batchSize}, epochs: ${epoch - done} });`);
    }
    done = epoch;
  };
  const made = edits.filter((edit) => !isBefore({ epoch: end, batches }, edit));
  for (const epoch of new Set([...made.map((edit) => edit.epoch), end])) {
    fitTo(epoch);
    const stops = new Set(made.filter((edit) => edit.epoch === epoch).map((edit) => edit.batches));
    const setAt = (stop: number) => setting(made.filter((edit) => edit.epoch === epoch && edit.batches === stop));
    if (stops.delete(0)) lines.push(`{ // set by hand after epoch ${epoch}`, ...indent(setAt(0)), "}");
    const within = [...stops].flatMap((stop) => [
      `if (batch === ${stop - 1}) { // set by hand after this batch`,
      ...indent(setAt(stop)),
      "}",
    ]);
    // Whether the run stands in the midst of this epoch.
    const stands = epoch === end && batches > 0;
    if (stands) within.push(`if (batch === ${batches - 1}) model.stop();`);
    if (within.length === 0) continue;
    const parameters = stands ? "batch, _, model" : "batch";
    lines.push(
      `// epoch ${epoch + 1}, batch by batch`,
      "await net.fit(train.x, train.y, {",
      `  batchSize: ${batchSize},`,
    );
    lines.push("  callbacks: [{", `    onBatchEnd(${parameters}) {`, ...indent(within, 6), "    },", "  }],", "});");
    done = epoch + 1;
  }
  return lines.length > 0 ? `${lines.join("\n")}\n` : "";
}

/** Sets weights, whether the network is being trained or not. */
function setting(edits: readonly Edit[]): string[] {
  const sets = edits.map(
    ({ weight, index, value }) =>
      `for (const { name, data } of weights) if (name === "${weight}") data[${index}] = ${value};`,
  );
  return ["const weights = net.getWeights();", ...sets, "net.setWeights(weights);"];
}

const indent = (lines: readonly string[], by = 2) => lines.map((line) => " ".repeat(by) + line);

function rows(examples: Experiment["examples"], features: Experiment["settings"]["features"]): string {
  const values = Array.from(featuresOf(examples, features), shortest);
  const width = features.length;
  return wrap(examples.map((_, i) => `[${values.slice(i * width, (i + 1) * width).join(", ")}]`));
}

/** Parts in lines of some 120 characters. */
function wrap(parts: readonly string[]): string {
  const lines: string[] = [];
  let line = " ";
  for (const part of parts) {
    if (line.length + part.length > 118) {
      lines.push(line);
      line = " ";
    }
    line += ` ${part},`;
  }
  return [...lines, line].join("\n");
}

/** A value as it stands in a program. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, one]) => `${key}: ${literal(one)}`)
    .join(", ")} }`;
}
