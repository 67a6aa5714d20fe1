import { LOGITS } from "../sizes.mjs";
import { moving, over } from "../stream.mjs";

/** Sparse categorical cross entropy of logits, one loss a row: forward only loads the logits, backward stores as many. */
export function losses(workbench, limits) {
  const { Kernel, loss } = workbench.source;
  const kernels = {
    forward: Kernel.sparseCategoricalCrossentropyLogitsForward,
    backward: Kernel.sparseCategoricalCrossentropyLogitsBackward,
    targets: "ids",
    mean: false,
  };
  const op = loss("sparseCategoricalCrossentropy", kernels, 1, 1);
  return LOGITS.flatMap(([rows, columns]) => {
    const count = rows * columns;
    const operands = {
      inputs: [workbench.noise(count), workbench.numbers(rows, (i) => i % columns, Int32Array)],
      inputShapes: [[columns], []],
      output: workbench.noise(rows),
      dOutput: workbench.noise(rows),
      dInputs: [workbench.noise(count)],
    };
    const forward = workbench.calls(rows, (lowering) => op.forward(lowering, operands));
    const backward = workbench.calls(rows, (lowering) => op.backward(lowering, operands));
    const size = `${rows} x ${columns}`;
    return [
      moving(`cross entropy forward ${size}`, count, forward, over(workbench, limits.read, 1, count)),
      moving(`cross entropy backward ${size}`, 2 * count, backward, over(workbench, limits.copy, 2, count)),
    ];
  });
}
