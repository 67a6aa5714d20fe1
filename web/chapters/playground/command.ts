import { featuresOf, shortest } from "./features.js";
import type { Position } from "./position.js";
import { MOMENTUM, outputOf } from "./recipe.js";
import type { Experiment } from "./settings.js";

/** Why a run is none of the command line's. */
export type Obstacle =
  | "regression"
  | "sign"
  | "activations"
  | "penalty"
  | "nesterov"
  | "schedule"
  | "cosine"
  | "edits"
  | "batches"
  | "epochs"
  | "missing";

/** The file that goes with the command. */
export const CSV_FILE = "playground.csv";

/** The command that trains the same network to the same weights, or why there is none. `edited`: whether weights were set by hand. */
export function commandOf(
  { settings, task, examples }: Experiment,
  { epoch: epochs, batches }: Position,
  edited: boolean,
): { readonly command: string } | { readonly obstacle: Obstacle } {
  const { optimizer, schedule, scheduleEpochs, layers, activations, dropout } = settings;
  if (task.kind === "regression") return { obstacle: "regression" };
  const output = outputOf(task, settings.loss);
  const classes = new Set(examples.map(({ y }) => y)).size;
  const obstacles: readonly (readonly [Obstacle, boolean])[] = [
    ["sign", output.activation === "tanh"],
    ["activations", new Set(activations).size > 1],
    ["penalty", settings.l1 > 0 || settings.l2 > 0],
    ["nesterov", optimizer === "nesterov"],
    ["schedule", schedule !== "constant" && schedule !== "cosine"],
    ["missing", classes < task.classes],
    ["edits", edited],
    ["batches", batches > 0],
    ["epochs", epochs === 0],
    ["cosine", schedule === "cosine" && epochs !== scheduleEpochs],
  ];
  const obstacle = obstacles.find(([, stands]) => stands)?.[0];
  if (obstacle) return { obstacle };
  const options = [
    "--label label",
    `--layers ${[...layers, output.units].join(",")}`,
    ...(activations[0] ? [`--activation ${activations[0]}`] : []),
    ...(output.loss === "meanSquaredError" ? ["--loss meanSquaredError"] : []),
    `--optimizer ${optimizer === "momentum" ? `sgd --momentum ${MOMENTUM}` : optimizer}`,
    `--learning-rate ${settings.learningRate}`,
    `--schedule ${schedule}`,
    ...(dropout > 0 ? [`--dropout ${dropout}`] : []),
    `--batch-size ${settings.batchSize}`,
    `--epochs ${epochs}`,
    `--seed ${settings.seed}`,
    `--test-split ${settings.testPart}`,
    "--numerics reproducible",
    "--json",
  ];
  return { command: `npx neurone train ${CSV_FILE} ${options.join(" ")}` };
}

/** The examples as a table: what the network sees of each, and its class or value. */
export function csvOf({ settings, examples }: Experiment): string {
  const { features } = settings;
  const values = Array.from(featuresOf(examples, features), shortest);
  const rows = examples.map(({ y }, i) =>
    [...values.slice(i * features.length, (i + 1) * features.length), y].join(","),
  );
  return `${[[...features, "label"].join(","), ...rows].join("\n")}\n`;
}
