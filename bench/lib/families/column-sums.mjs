import { HIDDEN, LOGITS } from "../sizes.mjs";
import { moving, over } from "../stream.mjs";

/** Gradients of biases: what they store is little beside what they load. */
export function columnSums(workbench, limits) {
  return [...HIDDEN, ...LOGITS].map(([rows, columns]) => {
    const count = rows * columns;
    const out = workbench.noise(columns);
    const operands = [out, workbench.noise(count), rows, columns];
    const call = { kernel: workbench.source.Kernel.columnSum, operands, writes: [out] };
    const kernel = workbench.calls(rows, (lowering) => lowering.emit(call));
    return moving(`columnSum ${rows} x ${columns}`, count, kernel, over(workbench, limits.read, 1, count));
  });
}
