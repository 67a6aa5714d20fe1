import { describe, expect, test } from "vitest";
import { Kernel } from "../../assembly/kernels.js";
import { input, layers, model, optimizers } from "../../src/index.js";
import { fuse } from "../../src/ops/fuse.js";
import { matmul } from "../../src/ops/matmul.js";
import { type Buffer, float, type KernelCall } from "../../src/plan/call.js";

const temporary = (elements: number): Buffer => ({ bytes: elements * 4, region: "temporary", offset: 0 });
const at = (region: string, elements: number): Buffer => ({ bytes: elements * 4, region, offset: 0 });

const [x, w, z, y, dy, dx, dz] = [at("x", 8), at("w", 8), ...Array.from({ length: 5 }, () => temporary(4))] as [
  Buffer,
  Buffer,
  ...Buffer[],
] as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];

function product(out: Buffer, a: Buffer, b: Buffer): KernelCall {
  const calls: KernelCall[] = [];
  const emit = (call: KernelCall) => {
    calls.push(call);
  };
  matmul({ batch: 2, state: { firstStep: x }, emit, temporary }, { out, a, b, M: 2, N: 2, K: 4 });
  return calls[0] as KernelCall;
}

const forward = (out: Buffer, from: Buffer): KernelCall => ({
  kernel: Kernel.leakyReluForward,
  operands: [out, from, 4, float(0.25), float(0)],
  writes: [out],
  mayReplace: from,
});
const backward = (dx: Buffer, dy: Buffer, saved: Buffer): KernelCall => ({
  kernel: Kernel.leakyReluBackward,
  operands: [dx, dy, saved, 0, 4, float(0.25), float(0)],
  writes: [dx],
  mayReplace: dy,
});
const reader = (of: Buffer): KernelCall => ({ kernel: Kernel.sum, operands: [dz, of, of, 4], writes: [dz] });

/** follow, kind, to, saved, a, b. */
const LEAKY_RELU = 2;

describe("a product", () => {
  test("takes the activation after it along, and is not kept where nobody else reads it", () => {
    const [call, ...rest] = fuse([product(z, x, w), forward(y, z), reader(y)]);
    expect(call?.operands[0]).toBe(y);
    expect(call?.operands.slice(15)).toEqual([1, LEAKY_RELU, y, 0, float(0.25), float(0)]);
    expect(call?.writes).toContain(y);
    expect(rest.map(({ kernel }) => kernel)).toEqual([Kernel.sum]);
  });

  test("is kept where its value is read later, or is an output", () => {
    for (const [call] of [
      fuse([product(z, x, w), forward(y, z), reader(z)]),
      fuse([product(z, x, w), forward(y, z)], [z]),
    ]) {
      expect(call?.operands[0]).toBe(z);
      expect(call?.operands[17]).toBe(y);
      expect(call?.writes.slice(0, 2)).toEqual([z, y]);
    }
  });

  test("takes an activation's derivative along", () => {
    const [call, ...rest] = fuse([product(dy, x, w), backward(dx, dy, z), reader(dx)]);
    expect(call?.operands.slice(15)).toEqual([2, LEAKY_RELU, dx, z, float(0.25), float(0)]);
    expect(rest.length).toBe(1);
  });

  test("takes nothing along that comes later, or a second time", () => {
    const apart = [product(z, x, w), reader(x), forward(y, z)];
    expect(fuse(apart)).toEqual(apart);
    expect(fuse([product(z, x, w), forward(y, z), forward(dx, y)]).map(({ kernel }) => kernel)).toEqual([
      Kernel.matmul,
      Kernel.leakyReluForward,
    ]);
  });
});

describe("a gather of bytes", () => {
  const gather = (out: Buffer, kernel: Kernel): KernelCall => ({
    kernel,
    operands: [out, x, w, w, 2, 2, ...(kernel === Kernel.gatherU8 ? [float(1), float(0)] : [])],
    writes: [out],
  });
  const affine = (out: Buffer, from: Buffer): KernelCall => ({
    kernel: Kernel.affineForward,
    operands: [out, from, 4, float(0.5), float(3)],
    writes: [out],
  });

  test("takes the scaling of what it reads along, wherever that comes", () => {
    const fused = fuse([gather(z, Kernel.gatherU8), reader(w), affine(y, z), reader(y)]);
    expect(fused.map(({ kernel }) => kernel)).toEqual([Kernel.gatherU8, Kernel.sum, Kernel.sum]);
    expect(fused[0]?.operands).toEqual([y, x, w, w, 2, 2, float(0.5), float(3)]);
  });

  test("takes no second scaling along, whose rounding is its own", () => {
    const calls = [gather(z, Kernel.gatherU8), affine(y, z), affine(dx, y), reader(dx)];
    const fused = fuse(calls);
    expect(fused.map(({ kernel }) => kernel)).toEqual([Kernel.gatherU8, Kernel.affineForward, Kernel.sum]);
    expect(fused[1]).toBe(calls[2]);
  });

  test("stays as it is where its numbers are read too, and so does a gather of floats", () => {
    for (const calls of [
      [gather(z, Kernel.gatherU8), affine(y, z), reader(z)],
      [gather(z, Kernel.gather32), affine(y, z)],
    ]) {
      expect(fuse(calls)).toEqual(calls);
    }
  });
});

test("networks give the same for bytes, whose gather is joined with what follows, as for the same numbers as floats", async () => {
  const bytes = Uint8Array.from({ length: 24 * 12 }, (_, i) => (i * 37) % 256);
  const answers = Int32Array.from({ length: 24 }, (_, i) => i % 3);
  const run = async (given: Uint8Array | Float32Array) => {
    const start = input({ shape: [12] });
    const scale = layers.rescaling({ scale: 1 / 255 });
    const once = scale.apply(start);
    const twice = layers.rescaling({ scale: 2, offset: -1 }).apply(once);
    const shared = layers.dense({ units: 12, activation: "gelu" });
    const joined = layers.add().apply([shared.apply(once), shared.apply(shared.apply(twice))]);
    using net = model({ inputs: start, outputs: layers.dense({ units: 3, activation: "softmax" }).apply(joined) });
    net.compile({ loss: "sparseCategoricalCrossentropy", optimizer: optimizers.sgd({ learningRate: 0.1 }) });
    const { history } = await net.fit(given, answers, { batchSize: 7, epochs: 4 });
    const { data } = await net.predict(given, { batchSize: 5 });
    return { history, hash: net.weightsHash(), evaluated: await net.evaluate(given, answers), data };
  };
  expect(await run(bytes)).toEqual(await run(Float32Array.from(bytes)));
});
