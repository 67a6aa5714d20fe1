import { expect, test } from "vitest";
import { Kernel } from "../../assembly/kernels.js";
import type { Value } from "../../src/graph/graph.js";
import { Lowerer } from "../../src/graph/lower.js";
import { layers } from "../../src/index.js";
import { input } from "../../src/layers/layer.js";
import { activationTable } from "../../src/ops/activation-table.js";
import type { Buffer, KernelCall } from "../../src/plan/call.js";
import { Network } from "../../src/train/network.js";
import { rows } from "./rows/index.js";

const buffer = (region: string): Buffer => ({ region, offset: 0, bytes: 4 });

/** The calls, forward and backward, of a network with every activation and every layer that computes. */
function calls(): readonly KernelCall[] {
  const { affine: _, ...named } = activationTable;
  const start = input({ shape: [6] });
  const bent = Object.keys(named).map((activation) =>
    layers.activation({ activation }).apply(layers.dense({ units: 6 }).apply(start)),
  );
  const sum = layers.add().apply([...bent, layers.rescaling({ scale: 2, offset: 1 }).apply(start)]);
  const normal = layers.normalization({ scale: [1, 2, 3, 4, 5, 6], offset: [0, 0, 0, 0, 0, 0] }).apply(sum);
  const both = layers.concatenate().apply([layers.dropout({ rate: 0.5 }).apply(normal), sum]);
  const end = layers.dense({ units: 12, activation: "softmax" }).apply(both);
  const network = new Network([start], [end], 0);
  const homes = network.parameters.map(({ value, trainable }) => {
    const home = { value: buffer("parameters"), gradient: trainable ? buffer("gradients") : undefined };
    return [value, home] as const;
  });
  const lowerer = new Lowerer(3, { firstStep: buffer("state") }, new Map(homes));
  const { inputs, outputs } = network.express(true);
  lowerer.bind(inputs[0] as Value, buffer("x"));
  lowerer.forward(outputs);
  lowerer.backward(new Map([[outputs[0] as Value, buffer("seed")]]));
  return lowerer.calls;
}

test("an op lets an output take an operand's place only where the kernel's rows prove it", () => {
  const inPlace = (kernel: Kernel) => rows.filter((row) => row.kernel === kernel).flatMap((row) => row.inPlace ?? []);
  const replacing = calls().filter(({ mayReplace }) => mayReplace);
  expect(replacing.length).toBeGreaterThan(Object.keys(activationTable).length);
  for (const { kernel, operands, writes, mayReplace } of replacing) {
    expect(operands[0], Kernel[kernel]).toBe(writes[0]);
    expect(inPlace(kernel), Kernel[kernel]).toContain(operands.indexOf(mayReplace as Buffer, 1));
  }
});

test("a call names every operand that its kernel's rows show to be written", () => {
  for (const { kernel, operands, writes } of calls()) {
    const row = rows.find((row) => row.kernel === kernel);
    const [first] = row?.cases() ?? [];
    const written = (first?.operands ?? []).flatMap((operand, i) =>
      typeof operand === "object" && ("writes" in operand || "room" in operand) ? [i] : [],
    );
    expect(written.length, Kernel[kernel]).toBeGreaterThan(0);
    for (const i of written) {
      const operand = operands[i];
      if (operand !== 0) expect(writes, `${Kernel[kernel]}, operand ${i}`).toContain(operand);
    }
  }
});
