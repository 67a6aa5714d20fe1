import { describe, expect, test } from "vitest";
import { DEPTH } from "../../assembly/blocks.js";
import { Kernel } from "../../assembly/kernels.js";
import { roomFor } from "../../src/ops/matmul.js";
import { builds, loadCore } from "./core.js";
import { float, numbers, out } from "./row.js";

describe.each(builds)("%s build", async (build) => {
  const core = await loadCore(build);

  const K = 2 * DEPTH + 5;
  const nothing = [0, 0, 0, 0, float(0), float(0)];

  /** a [M, K] times b [K, N]. */
  const product = (a: Float32Array, b: Float32Array, layA: number, layB: number): Float32Array => {
    const [M, N] = [a.length / K, b.length / K];
    const room = roomFor(M, K);
    const operands = [out(M * N), a, b, 0, M, N, K, K, 1, N, 1, layA, layB, { room }, room, ...nothing];
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

  /** What a product and then an activation write, against the product that takes the activation along. */
  test.each([
    ["whole rows", 37],
    ["bands of columns", 200],
  ])("an activation taken along gives the bits of one that comes after, %s", (_, N) => {
    const M = 133;
    const [a, b, saved] = [numbers(M * 7, 1), numbers(7 * N, 2), numbers(M * N, 3)];
    const shape = [a, b, 0, M, N, 7, 7, 1, N, 1, 0, 0, 0, 0];
    const constants = [float(0.5), float(1.5)];
    const [z] = core.call(Kernel.matmul, [out(M * N), ...shape, ...nothing]) as [Float32Array];
    for (const kernel of [Kernel.eluForward, Kernel.tanhForward]) {
      const kind = (kernel - Kernel.affineForward) / 2;
      const [y] = core.call(kernel, [out(M * N), z, M * N, ...constants]);
      for (const turns of [[0], [1, 0], [2, 0, 1]]) {
        const follow = [1, kind, out(M * N), 0, ...constants];
        expect(core.call(Kernel.matmul, [out(M * N), ...shape, ...follow], { turns })).toEqual([z, y]);
      }
      const [dx] = core.call(kernel + 1, [out(M * N), z, saved, saved, M * N, ...constants]);
      const follow = [2, kind, out(M * N), saved, ...constants];
      expect(core.call(Kernel.matmul, [out(M * N), ...shape, ...follow], { turns: [1, 0] })).toEqual([z, dx]);
    }
  });
});
