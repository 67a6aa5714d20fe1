import type { Feature } from "./features.js";
import type { RunValues } from "./fields.js";
import type { Task } from "./settings.js";

const FEATURE_NAMES: Readonly<Record<Feature, string>> = {
  x1: "x₁",
  x2: "x₂",
  x1x1: "x₁²",
  x2x2: "x₂²",
  x1x2: "x₁x₂",
  sinx1: "sin x₁",
  sinx2: "sin x₂",
};

export const featureName = (feature: Feature): string => FEATURE_NAMES[feature];

/** What a class is called: as its table has it, else by a letter. */
export function className(id: number, { data, names }: Pick<RunValues, "data" | "names">): string {
  const own = data === "own" ? names[2 + id] : undefined;
  return own ?? String.fromCharCode(65 + id);
}

/** What an output is called: of a single one what it says. */
export function outputName(unit: number, units: number, task: Task, values: RunValues): string {
  return task.kind === "regression" || units === 1 ? "ŷ" : className(unit, values);
}

/** What the axes of the plane are called. */
export function axisNames({ data, names }: RunValues): readonly [string, string] {
  const [x1, x2] = data === "own" ? names : [];
  return [x1 ? `x₁ ${x1}` : "x₁", x2 ? `x₂ ${x2}` : "x₂"];
}
