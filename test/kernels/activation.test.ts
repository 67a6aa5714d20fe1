import { describe, expect, test } from "vitest";
import { Kernel } from "../../assembly/kernels.js";
import { activations } from "./activations.js";
import { builds, loadCore } from "./core.js";
import { float, numbers, out } from "./row.js";

test.each(activations)("the reference f' of $name is the derivative of f", ({ f, df, a, b, kinks = [] }) => {
  for (const x of numbers(200, 1, 8)) {
    if (kinks.some((kink) => Math.abs(x - kink) < 1e-4)) continue;
    const slope = (f(x + 1e-5, a, b) - f(x - 1e-5, a, b)) / 2e-5;
    expect(df(x, a, b)).toBeCloseTo(slope, 5 - Math.ceil(Math.log10(1 + Math.abs(df(x, a, b)))));
  }
});

describe.each(builds)("%s build", async (build) => {
  const core = await loadCore(build);

  test.each([{ kernel: Kernel.tanhForward }, { kernel: Kernel.softsignForward }])(
    "odd functions keep the sign of 0 and of denormals",
    ({ kernel }) => {
      const x = Float32Array.of(-0, 0, -1e-40, 1e-40);
      expect(core.call(kernel, [out(4), x, 4, float(0), float(0)])).toEqual([x]);
    },
  );

  test("the constants reach the derivative of either sign", () => {
    const x = Float32Array.of(-2, 2);
    const ones = Float32Array.of(1, 1);
    const constants = [2, float(-0.5), float(0)];
    expect(core.call(Kernel.leakyReluForward, [out(2), x, ...constants])).toEqual([Float32Array.of(1, 2)]);
    expect(core.call(Kernel.leakyReluBackward, [out(2), ones, x, 0, ...constants])).toEqual([Float32Array.of(-0.5, 1)]);
  });
});
