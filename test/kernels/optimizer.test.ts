import { describe, expect, test } from "vitest";
import { Kernel } from "../../assembly/kernels.js";
import { builds, loadCore } from "./core.js";
import { sequences } from "./rows/optimizer.js";

describe.each(builds)("%s build", async (build) => {
  const core = await loadCore(build);

  test.each(sequences.map((each) => ({ name: Kernel[each.kernel], ...each })))(
    "$name: three steps in one call are the three steps one by one",
    ({ kernel, blocks, operands }) => {
      let now: readonly Float32Array[] = blocks;
      for (const t of [1, 2, 3]) now = core.call(kernel, operands(now, t, 1)) as Float32Array[];
      expect(core.call(kernel, operands(blocks, 1, 3), { steps: 3 })).toEqual(now);
      expect(core.call(kernel, operands(blocks, 1, 3), { steps: 3, turns: [1, 0] })).toEqual(now);
      expect(now[0]).not.toEqual(blocks[0]);
    },
  );
});
