import { describe, expect, test } from "vitest";
import { DEPTH } from "../../assembly/blocks.js";
import { Kernel } from "../../assembly/kernels.js";
import { roomFor } from "../../src/ops/matmul.js";
import { builds, loadCore } from "./core.js";
import { numbers, out } from "./row.js";

describe.each(builds)("%s build", async (build) => {
  const core = await loadCore(build);

  const K = 2 * DEPTH + 5;

  /** a [M, K] times b [K, N]. */
  const product = (a: Float32Array, b: Float32Array, layA: number, layB: number): Float32Array => {
    const [M, N] = [a.length / K, b.length / K];
    const room = roomFor(M, K);
    const operands = [out(M * N), a, b, 0, M, N, K, K, 1, N, 1, layA, layB, { room }, room];
    return core.call(Kernel.matmul, operands)[0] as Float32Array;
  };

  test("an element's bits depend on its row and column only, not on the tile they lie in", () => {
    const [M, N] = [9, 23];
    const a = numbers(M * K, 1);
    const b = numbers(K * N, 2);
    const whole = product(a, b, 0, 0);
    expect(product(a, b, 1, 0)).toEqual(whole);
    expect(product(a, b, 0, 1)).toEqual(whole);
    expect(product(a, b, 1, 1)).toEqual(whole);
    for (let m = 0; m < M; m++) {
      for (let n = 0; n < N; n++) {
        const column = b.filter((_, i) => i % N === n);
        expect(product(a.subarray(m * K, (m + 1) * K), column, 0, 0)[0]).toBe(whole[m * N + n]);
      }
    }
  });
});
