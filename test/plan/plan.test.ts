import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BARRIER, LENGTH, SOLO } from "../../assembly/format.js";
import { type Buffer, float, type KernelCall } from "../../src/plan/call.js";
import { makePlan, type Plan, relocate } from "../../src/plan/plan.js";

const temporary = (bytes: number): Buffer => ({ bytes, region: "temporary", offset: 0 });
const at = (region: string, offset: number, bytes: number): Buffer => ({ region, offset, bytes });

/** A call of any kernel: which one means nothing to a plan. */
const call = (out: Buffer, reads: readonly Buffer[], mayReplace?: Buffer): KernelCall => ({
  kernel: 3,
  operands: [out, ...reads, 7],
  writes: [out],
  ...(mayReplace && { mayReplace }),
});

/** The address that the plan gives each operand of each call. */
function addresses(plan: Plan): number[][] {
  const found: number[][] = [];
  for (let word = 0; plan.words[word] !== -1; ) {
    const length = (plan.words[word + 1] as number) & LENGTH;
    found.push([...plan.words.slice(word + 2, word + length)]);
    word += length;
  }
  return found;
}

/** A program: each call reads some buffers made before it, by number, and writes a new one of so many bytes. */
const programs = fc.array(
  fc.record({
    bytes: fc.integer({ min: 4, max: 600 }),
    reads: fc.array(fc.nat(), { maxLength: 3 }),
    replace: fc.boolean(),
  }),
  { minLength: 1, maxLength: 40 },
);
type Program = typeof programs extends fc.Arbitrary<infer P> ? P : never;

function build(program: Program): { calls: KernelCall[]; buffers: Buffer[] } {
  const buffers: Buffer[] = [];
  const calls = program.map(({ bytes, reads, replace }) => {
    const inputs = buffers.length === 0 ? [] : reads.map((n) => buffers[n % buffers.length] as Buffer);
    // Taking over a place asks for equal sizes, which random sizes seldom have.
    const out = temporary(replace && inputs[0] ? inputs[0].bytes : bytes);
    buffers.push(out);
    return call(out, inputs, replace ? inputs[0] : undefined);
  });
  return { calls, buffers };
}

describe("makePlan", () => {
  it("writes kernel, length, operands, and an end", () => {
    const weights = at("parameters", 128, 64);
    const out = temporary(64);
    const plan = makePlan([{ kernel: 5, operands: [out, weights, 9, float(0.5)], writes: [out] }]);
    const bits = new Int32Array(Float32Array.of(0.5).buffer)[0];
    expect([...plan.words]).toEqual([5, 6 | SOLO, 0, 128, 9, bits, -1]);
    expect(plan.relocations).toEqual([
      { word: 2, region: "temporary" },
      { word: 3, region: "parameters" },
    ]);
    expect(plan.arenaBytes).toBe(64);
  });

  it("is the same for the same calls", () => {
    fc.assert(
      fc.property(programs, (program) => {
        const [first, second] = [build(program), build(program)];
        const [one, two] = [makePlan(first.calls), makePlan(second.calls)];
        expect(one.words).toEqual(two.words);
        expect(one.relocations).toEqual(two.relocations);
        expect(one.arenaBytes).toBe(two.arenaBytes);
      }),
    );
  });

  it("never lets a call write over what is read later, or over another operand that may not be replaced", () => {
    fc.assert(
      fc.property(programs, fc.nat(), (program, kept) => {
        const { calls, buffers } = build(program);
        const keep = buffers[kept % buffers.length] as Buffer;
        const plan = makePlan(calls, [keep]);
        // Runs the plan on paper: each byte of the arena remembers which buffer wrote it last.
        const owner: (Buffer | undefined)[] = new Array(plan.arenaBytes).fill(undefined);
        const owns = (buffer: Buffer, from: number) =>
          owner.slice(from, from + buffer.bytes).every((o) => o === buffer);
        addresses(plan).forEach(([out, ...reads], i) => {
          const { operands, mayReplace } = calls[i] as KernelCall;
          const [written, ...inputs] = operands.filter((operand): operand is Buffer => typeof operand === "object");
          inputs.forEach((input, j) => {
            expect(owns(input as Buffer, reads[j] as number)).toBe(true);
          });
          owner.fill(written, out as number, (out as number) + (written as Buffer).bytes);
          inputs.forEach((input, j) => {
            if (input !== mayReplace) expect(owns(input as Buffer, reads[j] as number)).toBe(true);
          });
        });
        expect(owns(keep, plan.kept.get(keep) as number)).toBe(true);
      }),
    );
  });

  it("uses the place of what is read no more", () => {
    const buffers = Array.from({ length: 20 }, () => temporary(640));
    const chain = buffers.slice(1).map((out, i) => call(out, [buffers[i] as Buffer]));
    expect(makePlan(chain).arenaBytes).toBe(2 * 640);
  });

  it("runs a chain in place where calls may", () => {
    const buffers = Array.from({ length: 20 }, () => temporary(640));
    const chain = buffers.map((out, i) =>
      i === 0 ? call(out, []) : call(out, [buffers[i - 1] as Buffer], buffers[i - 1]),
    );
    expect(makePlan(chain).arenaBytes).toBe(640);
  });

  it.each<[string, number, boolean]>([
    ["of another size", 128, false],
    ["that is read later", 64, true],
  ])("takes no place %s", (_, bytes, later) => {
    const [first, second, third] = [temporary(64), temporary(bytes), temporary(64)];
    const calls = [call(first, []), call(second, [first], first), call(third, later ? [first] : [second])];
    const [, [out, read]] = addresses(makePlan(calls)) as [number[], [number, number]];
    expect(out).not.toBe(read);
  });

  it("leaves buffers of other regions where they are, whatever may replace them", () => {
    const input = at("input0", 256, 64);
    const out = temporary(64);
    const plan = makePlan([call(out, [input], input)], [out, input]);
    expect(addresses(plan)).toEqual([[0, 256, 7]]);
    expect(plan.kept.get(input)).toBe(256);
    expect(plan.kept.get(out)).toBe(0);
  });

  it("of nothing is an end", () => {
    expect([...makePlan([]).words]).toEqual([-1]);
  });
});

describe("relocate", () => {
  it("adds each region's base to its addresses alone, on a copy", () => {
    const [out, weights] = [temporary(64), at("parameters", 128, 64)];
    const plan = makePlan([call(out, [weights])]);
    const before = [...plan.words];
    const bases: Record<string, number> = { temporary: 1000, parameters: 5000 };
    expect([...relocate(plan, (region) => bases[region] as number)]).toEqual([3, 5 | SOLO, 1000, 5128, 7, -1]);
    expect([...plan.words]).toEqual(before);
  });
});

describe("where threads wait for each other", () => {
  const LARGE = 65536;
  const large = (kernel: number, out: Buffer, ...reads: Buffer[]): KernelCall => ({
    kernel,
    operands: [out, ...reads],
    writes: [out],
    work: LARGE,
  });
  const flags = (calls: readonly KernelCall[]) => {
    const { words } = makePlan(calls);
    const found: string[] = [];
    for (let word = 0; words[word] !== -1; word += (words[word + 1] as number) & LENGTH) {
      const bits = words[word + 1] as number;
      found.push(`${bits & SOLO ? "solo" : "shared"}${bits & BARRIER ? " after a barrier" : ""}`);
    }
    return found;
  };
  const [a, b, c, d] = [at("r", 0, 64), at("r", 64, 64), at("r", 128, 64), at("s", 0, 64)] as const;

  it("is before a call that reads what was written, and at the start of a step", () => {
    expect(flags([large(1, a), large(2, b, a)])).toEqual(["shared after a barrier", "shared after a barrier"]);
  });

  it("is before a call that writes what was read", () => {
    expect(flags([large(1, a, b), large(2, b)])).toEqual(["shared after a barrier", "shared after a barrier"]);
  });

  it("is nowhere else", () => {
    expect(flags([large(1, a, d), large(2, b, d), large(3, c, d)]).slice(1)).toEqual(["shared", "shared"]);
    expect(flags([large(1, a), large(2, b, a), large(3, c, a)]).at(-1)).toBe("shared");
  });

  it("is not between small calls, which one thread does one after the other", () => {
    const small = (out: Buffer, ...reads: Buffer[]) => ({ ...large(4, out, ...reads), work: 10 });
    expect(flags([small(a), small(b, a), large(3, c, b), small(d, c)])).toEqual([
      "solo after a barrier",
      "solo",
      "shared after a barrier",
      "solo after a barrier",
    ]);
    expect(flags([small(a), small(b, a)])).toEqual(["solo", "solo"]);
  });

  it("is before what takes the place of a temporary", () => {
    const [x, y] = [temporary(64), temporary(64)];
    expect(flags([large(1, x), large(2, d, x), large(3, y)]).at(-1)).toBe("shared after a barrier");
  });

  it("counts the room of every thread", () => {
    const room: Buffer = { ...temporary(64), perThread: true };
    const calls = [{ ...large(1, a, room), writes: [a, room] }];
    expect(makePlan(calls, [], 3).arenaBytes).toBe(192);
  });
});
