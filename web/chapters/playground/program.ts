import { featuresOf, shortest } from "./features.js";
import { layerCalls, optimizerCall, outputOf, splitOptions, targetsOf } from "./recipe.js";
import type { Edit, Experiment } from "./settings.js";

/** Where a run stands. */
export interface Progress {
  readonly epochs: number;
  /** In the order of their epochs. */
  readonly edits: readonly Edit[];
  /** Of the weights; what the program is to print. */
  readonly hash: string;
}

/**
 * A program, TypeScript and JavaScript alike, that trains the experiment's network as far with the same edits: its weights are the
 * same to the bit. Numbers stand in it as the shortest decimals that are these f32.
 */
export function programOf(experiment: Experiment, { epochs, edits, hash }: Progress): string {
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
${training(epochs, edits, settings.batchSize)}
console.log("training:", await net.evaluate(train.x, train.y));
console.log("test:", await net.evaluate(test.x, test.y));
console.log(net.weightsHash()); // in the playground: ${hash}
`;
}

/** The epochs, and between them what was set by hand. */
function training(epochs: number, edits: readonly Edit[], batchSize: number): string {
  const lines: string[] = [];
  let done = 0;
  const fitTo = (epoch: number) => {
    if (epoch > done)
      lines.push(`await net.fit(train.x, train.y, { batchSize: ${batchSize}, epochs: ${epoch - done} });`);
    done = epoch;
  };
  for (const epoch of new Set(edits.map((edit) => edit.epoch))) {
    fitTo(epoch);
    lines.push(`// set by hand after epoch ${epoch}`, `const weights${epoch} = net.getWeights();`);
    for (const { weight, index, value } of edits.filter((edit) => edit.epoch === epoch)) {
      lines.push(`for (const { name, data } of weights${epoch}) if (name === "${weight}") data[${index}] = ${value};`);
    }
    lines.push(`net.setWeights(weights${epoch});`);
  }
  fitTo(epochs);
  return lines.length > 0 ? `${lines.join("\n")}\n` : "";
}

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
