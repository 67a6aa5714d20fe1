import { median } from "./median.mjs";

/** How far a loss may be from the others': each system shuffles in its own way. */
const LOSS_TOLERANCE = 0.1;
/** How far a probability may be from the one computed in double precision. */
const OUTPUT_TOLERANCE = 1e-4;

/** Why the results of one task are no comparison, a line each; none when all did the same work. */
export function problems(task, results, reference) {
  const sound = results.filter(({ error }) => !error);
  const found = task.kind === "predict" ? strayOutputs(sound, reference) : strayLosses(sound);
  return found.map((problem) => `${task.name}: ${problem}`);
}

function strayOutputs(results, reference) {
  return results
    .filter(({ output }) => !output.every((value, i) => Math.abs(value - reference[i]) <= OUTPUT_TOLERANCE))
    .map(({ name }) => `${name} predicts other probabilities than the network has`);
}

function strayLosses(results) {
  const rising = results
    .filter(({ checkLoss, losses }) => !(losses.at(-1) < 0.9 * checkLoss))
    .map(({ name, checkLoss, losses }) => `the loss of ${name} does not fall: ${checkLoss}, then ${losses.join(", ")}`);
  const early = compare(
    results,
    ({ loss }) => loss,
    ({ checkLoss }) => checkLoss,
  );
  // Systems that did as much before they reached it.
  const late = compare(
    results,
    ({ loss, warmUp, amount }) => `${loss} ${warmUp} ${amount}`,
    ({ losses }) => losses.at(-1),
  );
  return [...rising, ...early, ...late];
}

/** Names the systems whose loss is far from the median of those that `group` says are alike. */
function compare(results, group, loss) {
  return [...groupBy(results, group).values()].flatMap((alike) => {
    const middle = median(alike.map(loss));
    return alike
      .filter((result) => !(Math.abs(loss(result) - middle) <= LOSS_TOLERANCE * middle))
      .map((result) => `${result.name} reaches a loss of ${loss(result)}, the others about ${middle}`);
  });
}

function groupBy(values, key) {
  const groups = new Map();
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
  return groups;
}
