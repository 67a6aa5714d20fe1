import { describe, expect, test } from "vitest";
import { Kernel } from "../../assembly/kernels.js";
import { builds, loadCore } from "./core.js";
import { numbers, out } from "./row.js";

describe.each(builds)("%s build", async (build) => {
  const core = await loadCore(build);

  /** a [M, 30] times b [30, N]. */
  const product = (a: Float32Array, b: Float32Array): Float32Array => {
    const [M, N] = [a.length / 30, b.length / 30];
    return core.call(Kernel.matmul, [out(M * N), a, b, 0, M, N, 30, 30, 1])[0] as Float32Array;
  };

  test("an element's bits depend on its row and column only, not on the tile they lie in", () => {
    const a = numbers(7 * 30, 1);
    const b = numbers(30 * 19, 2);
    const whole = product(a, b);
    for (let m = 0; m < 7; m++) {
      for (let n = 0; n < 19; n++) {
        const column = b.filter((_, i) => i % 19 === n);
        expect(product(a.subarray(m * 30, (m + 1) * 30), column)[0]).toBe(whole[m * 19 + n]);
      }
    }
  });
});
