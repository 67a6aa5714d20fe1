import { HIDDEN, LOGITS } from "../sizes.mjs";
import { moving, over } from "../stream.mjs";

const ELEMENTWISE = ["relu", "tanh", "sigmoid", "gelu"];

/** A forward call loads a number for each that it stores, a backward call two. */
export function activations(workbench, limits) {
  const { activation, activationTable, softmax } = workbench.source;
  const elementwise = ELEMENTWISE.map((name) => ({ name, op: activation(name, activationTable[name]) }));
  const both = (sizes, ops) =>
    sizes.flatMap(([rows, columns]) =>
      ops.flatMap(({ name, op }) => {
        const count = rows * columns;
        const operands = {
          inputs: [workbench.noise(count)],
          inputShapes: [[columns]],
          output: workbench.noise(count),
          dOutput: workbench.noise(count),
          dInputs: [workbench.noise(count)],
        };
        const forward = workbench.calls(rows, (lowering) => op.forward(lowering, operands));
        const backward = workbench.calls(rows, (lowering) => op.backward(lowering, operands));
        const size = `${rows} x ${columns}`;
        return [
          moving(`${name} forward ${size}`, 2 * count, forward, over(workbench, limits.copy, 2, count)),
          moving(`${name} backward ${size}`, 3 * count, backward, over(workbench, limits.combine, 3, count)),
        ];
      }),
    );
  return [...both(HIDDEN, elementwise), ...both(LOGITS, [{ name: "softmax", op: softmax }])];
}
