import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Kernel } from "../../assembly/kernels.js";
import { apply, nodesOf, Value } from "../../src/graph/graph.js";
import { Lowerer, type ParameterHome } from "../../src/graph/lower.js";
import type { Op } from "../../src/graph/op.js";
import type { Buffer, KernelCall } from "../../src/plan/call.js";

/** Kernels of these tests, beside the library's. */
const PRODUCT = 1001 as Kernel;
const SQUARE = 1002 as Kernel;
const SQUARE_BACKWARD = 1003 as Kernel;

const product: Op = {
  name: "product",
  shape: ([a]) => a as readonly number[],
  forward(lowering, { inputs: [a, b], output }) {
    lowering.emit({ kernel: PRODUCT, operands: [output, a as Buffer, b as Buffer], writes: [output] });
  },
  backward(lowering, { inputs: [a, b], dOutput, dInputs: [da, db] }) {
    if (da) lowering.emit({ kernel: PRODUCT, operands: [da, dOutput, b as Buffer], writes: [da] });
    if (db) lowering.emit({ kernel: PRODUCT, operands: [db, dOutput, a as Buffer], writes: [db] });
  },
};

const square: Op = {
  name: "square",
  shape: ([x]) => x as readonly number[],
  forward(lowering, { inputs: [x], output }) {
    lowering.emit({ kernel: SQUARE, operands: [output, x as Buffer], writes: [output] });
  },
  backward(lowering, { inputs: [x], dOutput, dInputs: [dx] }) {
    if (dx) lowering.emit({ kernel: SQUARE_BACKWARD, operands: [dx, dOutput, x as Buffer], writes: [dx] });
  },
};

/** The sum of two: each gets the gradient as it is. */
const sum: Op = {
  name: "sum",
  sharing: "pass",
  shape: ([a]) => a as readonly number[],
  forward(lowering, { inputs: [a, b], output }) {
    lowering.emit({ kernel: Kernel.sum, operands: [output, a as Buffer, b as Buffer, 1], writes: [output] });
  },
};

const view: Op = { name: "view", sharing: "view", shape: ([x]) => x as readonly number[] };
const { backward: _, ...opaque } = square;

/** Runs calls over one number a buffer. A buffer that is read before it was written is an error. */
function run(calls: readonly KernelCall[], memory: Map<Buffer, number>): void {
  for (const { kernel, operands } of calls) {
    const [out, ...rest] = operands.filter((operand): operand is Buffer => typeof operand === "object");
    const [a = Number.NaN, b = Number.NaN] = rest.map((buffer) => {
      const value = memory.get(buffer);
      if (value === undefined) throw new Error("a buffer was read before it was written");
      return value;
    });
    const results = new Map([
      [PRODUCT, a * b],
      [SQUARE, a * a],
      [SQUARE_BACKWARD, a * 2 * b],
      [Kernel.sum, a + b],
      [Kernel.copyRows, a],
    ]);
    if (!results.has(kernel)) throw new Error(`no kernel ${kernel}`);
    memory.set(out as Buffer, results.get(kernel) as number);
  }
}

const parameter = () => new Value([1]);

/** The value of `output`, and the gradient of each parameter that is trained, at `values`. */
function differentiate(output: Value, values: ReadonlyMap<Value, number>, frozen: ReadonlySet<Value> = new Set()) {
  const homes = new Map<Value, ParameterHome>(
    [...values.keys()].map((value, i) => {
      const buffer = (region: string): Buffer => ({ region, offset: 64 * i, bytes: 4 });
      return [value, { value: buffer("parameters"), gradient: frozen.has(value) ? undefined : buffer("gradients") }];
    }),
  );
  const memory = new Map<Buffer, number>();
  for (const [value, home] of homes) memory.set(home.value, values.get(value) as number);
  const state = { firstStep: { region: "state", offset: 0, bytes: 4 } };
  const lowerer = new Lowerer(1, state, homes);
  lowerer.forward([output]);
  const seed = lowerer.temporary(1);
  memory.set(seed, 1);
  lowerer.backward(new Map([[output, seed]]));
  run(lowerer.calls, memory);
  const gradients = [...homes.values()].map(({ gradient }) => gradient && memory.get(gradient));
  return { value: memory.get(lowerer.bufferOf(output)), gradients, calls: lowerer.calls };
}

describe("nodesOf", () => {
  it("lists each node once, after those it reads", () => {
    const x = parameter();
    const left = apply(square, x);
    const right = apply(view, left);
    const top = apply(product, left, right);
    expect(nodesOf([top, right])).toEqual([left, right, top].map(({ node }) => node));
    expect(nodesOf([x])).toEqual([]);
  });

  it("is not limited by the depth of the graph", () => {
    let end = parameter();
    for (let i = 0; i < 20_000; i++) end = apply(square, end);
    expect(nodesOf([end])).toHaveLength(20_000);
  });
});

describe("backward", () => {
  const [x, y] = [parameter(), parameter()];
  const at = new Map([
    [x, 3],
    [y, 5],
  ]);

  it.each([
    ["used once", () => apply(square, x), 9, [6, undefined]],
    ["used twice by one node", () => apply(product, x, x), 9, [6, undefined]],
    ["added to itself", () => apply(sum, x, x), 6, [2, undefined]],
    ["used by two nodes", () => apply(product, apply(square, x), apply(product, x, y)), 135, [135, 27]],
    ["in a diamond of a computed value", () => diamond(apply(product, x, y)), 15 ** 3 + 15, [5 * 676, 3 * 676]],
    ["behind views", () => apply(product, apply(view, apply(view, x)), apply(view, x)), 9, [6, undefined]],
    ["passed on by sums of sums", () => apply(sum, apply(sum, x, y), apply(sum, apply(sum, x, x), y)), 19, [3, 2]],
  ] as const)("a value %s gets the sum of its gradients", (_, build, value, gradients) => {
    const found = differentiate(build(), at);
    expect(found.value).toBe(value);
    expect(found.gradients).toEqual(gradients);
  });

  /** v^3 + v, v being used three times. */
  function diamond(v: Value): Value {
    return apply(sum, apply(product, apply(square, v), v), v);
  }

  it("computes nothing for what is frozen", () => {
    const output = apply(product, apply(square, x), apply(square, y));
    const all = differentiate(output, at);
    const { gradients, calls } = differentiate(output, at, new Set([y]));
    expect(gradients).toEqual([6 * 25, undefined]);
    expect(all.gradients).toEqual([6 * 25, 10 * 9]);
    // Without y's: its own gradient and that of its square.
    expect(calls).toHaveLength(all.calls.length - 2);
  });

  it("stops at an op that has none", () => {
    const output = apply(product, apply(opaque, x), y);
    expect(differentiate(output, at).gradients).toEqual([undefined, 9]);
  });

  it("writes a gradient where it belongs, without a copy, when there is a single contribution", () => {
    expect(differentiate(apply(square, x), at).calls.map(({ kernel }) => kernel)).toEqual([SQUARE, SQUARE_BACKWARD]);
  });

  it("agrees with central differences on any graph", () => {
    const step = fc.record({ op: fc.constantFrom(product, square, sum, view), a: fc.nat(), b: fc.nat() });
    const value = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), fc.tuple(value, value), (steps, values) => {
        const all: Value[] = [x, y];
        for (const { op, a, b } of steps) {
          const [left, right] = [all[a % all.length] as Value, all[b % all.length] as Value];
          all.push(op === square || op === view ? apply(op, left) : apply(op, left, right));
        }
        const output = all.at(-1) as Value;
        const point = (i: number, by: number) =>
          new Map([x, y].map((p, j) => [p, (values[j] as number) + (i === j ? by : 0)]));
        const { gradients } = differentiate(output, point(0, 0));
        [0, 1].forEach((i) => {
          const f = (by: number) => differentiate(output, point(i, by)).value as number;
          const expected = (f(1e-5) - f(-1e-5)) / 2e-5;
          const got = gradients[i] ?? 0;
          // The differences lose what f's rounding is over 2e-5.
          const tolerance = 1e-4 * Math.max(1, Math.abs(expected)) + 1e-9 * Math.abs(f(0));
          expect(Math.abs(got - expected)).toBeLessThanOrEqual(tolerance);
        });
      }),
    );
  });
});

describe("forward", () => {
  it("computes each node once, however many values need it", () => {
    const x = parameter();
    const shared = apply(square, x);
    const homes = new Map([[x, { value: { region: "parameters", offset: 0, bytes: 4 }, gradient: undefined }]]);
    const lowerer = new Lowerer(1, { firstStep: { region: "state", offset: 0, bytes: 4 } }, homes);
    lowerer.forward([apply(square, shared)]);
    lowerer.forward([apply(product, shared, shared), shared]);
    expect(lowerer.calls.map(({ kernel }) => kernel)).toEqual([SQUARE, SQUARE, PRODUCT]);
  });

  it("gives a view the memory it looks at, and computed values room for the batch", () => {
    const start = new Value([2, 3]);
    const lowerer = new Lowerer(5, { firstStep: { region: "state", offset: 0, bytes: 4 } }, new Map());
    lowerer.bind(start, lowerer.temporary(30));
    const computed = apply(square, start);
    const looked = apply(view, computed);
    lowerer.forward([looked]);
    expect(lowerer.bufferOf(looked)).toBe(lowerer.bufferOf(computed));
    expect(lowerer.bufferOf(computed).bytes).toBe(5 * 6 * 4);
    expect(() => lowerer.bufferOf(new Value([1]))).toThrow("before it was bound");
  });
});
