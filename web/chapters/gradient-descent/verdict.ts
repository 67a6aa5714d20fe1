import type { Path } from "./descend.js";
import type { Pair } from "./landscapes.js";

/** What a learning rate is like, by how plain gradient descent went. */
export type Verdict = "creeps" | "arrives" | "oscillates" | "diverges" | "strays";

/** Steps from the beginning that tell. */
const FIRST = 12;

export const lengthOf = ({ losses }: Path): number => losses.length - 1;

/** The weights after so many steps, or after the last. */
export function placeAt(path: Path, step: number): Pair {
  const at = Math.min(step, lengthOf(path));
  return [path.places[2 * at] as number, path.places[2 * at + 1] as number];
}

/** Whether more than half of the first steps turn around. */
function turnsAround(path: Path): boolean {
  const count = Math.min(FIRST, lengthOf(path) - 1);
  let turns = 0;
  for (let step = 1; step <= count; step++) {
    const [before, here, after] = [placeAt(path, step - 1), placeAt(path, step), placeAt(path, step + 1)];
    const along = (here[0] - before[0]) * (after[0] - here[0]) + (here[1] - before[1]) * (after[1] - here[1]);
    if (along < 0) turns++;
  }
  return turns > count / 2;
}

/** `lowest` is the least loss of the surface. */
export function verdictOf(path: Path, lowest: number): Verdict {
  if (path.end === "diverged") return "diverges";
  const [first, last] = [path.losses[0] as number, path.losses.at(-1) as number];
  const greatest = path.losses.reduce((most, loss) => Math.max(most, loss));
  if (turnsAround(path)) return "oscillates";
  if (path.end !== "gradient" && last - lowest > 0.02 * (first - lowest)) return "creeps";
  return greatest > 2 * first ? "strays" : "arrives";
}
