import { Kernel } from "../../../assembly/kernels.js";
import type { Case, Row } from "../row.js";

function* epochs(): Iterable<Case> {
  for (const [steps, ran] of [
    [1, 1],
    [1, 3],
    [3, 3],
    [3, 8],
    [4, 3],
  ] as const) {
    const totals = Float64Array.of(0.5, -2, 1e300);
    const closed = Math.floor(ran / steps);
    // Nothing adds to the totals between the steps: the rows after the first are zeros.
    const log = [...totals, ...new Array(9 * 3 - 3).fill(0)];
    yield {
      what: `${ran} steps, ${steps} an epoch`,
      operands: [{ writes: totals }, { writes: new Float64Array(27).fill(7) }, 3, steps],
      want: [
        { values: closed > 0 ? new Float64Array(3) : totals },
        { values: Float64Array.from(log, (value, i) => (i < closed * 3 ? value : 7)) },
      ],
      steps: ran,
    };
  }
}

export const rows: Row[] = [{ kernel: Kernel.closeEpoch, cases: epochs }];
