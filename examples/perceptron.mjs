// Rosenblatt's perceptron (1958): one neuron, examples one by one, a correction at each mistake. It learns AND and OR,
// and never XOR, which no line separates (Minsky and Papert, 1969).
import { models } from "neurone";

const x = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const tasks = { AND: [-1, -1, -1, 1], OR: [-1, 1, 1, 1], XOR: [-1, 1, 1, -1] };

for (const [name, y] of Object.entries(tasks)) {
  const perceptron = models.perceptron({ inputs: 2 });
  const { converged, epochs, updates, updateCount, margin } = await perceptron.fit(x, y, { epochs: 50 });
  const [w1, w2] = perceptron.weights;
  console.log(`${name}: ${converged ? "separated" : "not separated"} after ${epochs} epochs, ${updateCount} updates`);
  if (!converged) continue;
  for (const { example, after } of updates)
    console.log(`  wrong on ${x[example]} -> w = ${after.weights}, b = ${after.bias}`);
  console.log(`  ${w1} x1 + ${w2} x2 + ${perceptron.bias} = 0, ${margin.toFixed(3)} from the nearest example`);
}
