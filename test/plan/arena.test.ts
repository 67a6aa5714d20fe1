import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALIGNMENT, Arena, align } from "../../src/plan/arena.js";

/** A request of some bytes, or the return of one of those that are held. */
type Action = { readonly allocate: number } | { readonly free: number };

const actions = fc.array(fc.oneof(fc.record({ allocate: fc.nat(2000) }), fc.record({ free: fc.nat() })), {
  maxLength: 200,
});

interface Stretch {
  readonly offset: number;
  readonly bytes: number;
}

const room = (bytes: number) => Math.max(align(bytes), ALIGNMENT);

/** Runs the actions; calls `check` after each with what is held. */
function run(arena: Arena, list: readonly Action[], check: (held: readonly Stretch[]) => void): Stretch[] {
  const held: Stretch[] = [];
  for (const action of list) {
    if ("allocate" in action) {
      held.push({ offset: arena.allocate(action.allocate), bytes: action.allocate });
    } else if (held.length > 0) {
      const [stretch] = held.splice(action.free % held.length, 1) as [Stretch];
      arena.free(stretch.offset, stretch.bytes);
    }
    check(held);
  }
  return held;
}

describe("align", () => {
  it.each([
    [0, 0],
    [1, 64],
    [64, 64],
    [65, 128],
    [2 ** 32, 2 ** 32],
    [2 ** 40 + 1, 2 ** 40 + 64],
  ])("rounds %d up to %d, whole cache lines", (bytes, expected) => {
    expect(align(bytes)).toBe(expected);
  });
});

describe("Arena", () => {
  it("hands out stretches that start at cache lines and never overlap", () => {
    fc.assert(
      fc.property(actions, (list) => {
        const arena = new Arena();
        run(arena, list, (held) => {
          const sorted = [...held].sort((a, b) => a.offset - b.offset);
          sorted.forEach(({ offset, bytes }, i) => {
            expect(offset % ALIGNMENT).toBe(0);
            const next = sorted[i + 1];
            if (next) expect(offset + room(bytes)).toBeLessThanOrEqual(next.offset);
            expect(offset + room(bytes)).toBeLessThanOrEqual(arena.bytes);
          });
        });
      }),
    );
  });

  it("is one free stretch again once everything came back, in whatever order", () => {
    fc.assert(
      fc.property(actions, (list) => {
        const arena = new Arena();
        for (const { offset, bytes } of run(arena, list, () => {})) arena.free(offset, bytes);
        const peak = arena.bytes;
        if (peak > 0) expect(arena.allocate(peak)).toBe(0);
        expect(arena.bytes).toBe(peak);
      }),
    );
  });

  it("never ends beyond what endAfter said", () => {
    fc.assert(
      fc.property(actions, fc.nat(5000), (list, bytes) => {
        const arena = new Arena();
        run(arena, list, () => {});
        const worst = arena.endAfter(bytes);
        arena.allocate(bytes);
        expect(arena.bytes).toBeLessThanOrEqual(worst);
      }),
    );
  });

  it("gives a freed stretch to the first that fits in it, and the rest to the next", () => {
    const arena = new Arena();
    const [first, second] = [arena.allocate(256), arena.allocate(64)];
    arena.free(first, 256);
    expect(arena.allocate(128)).toBe(first);
    expect(arena.allocate(128)).toBe(first + 128);
    expect(arena.allocate(64)).toBe(second + 64);
  });

  it("merges neighbours, whichever comes back first", () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [0, 2, 1],
      [1, 0, 2],
    ]) {
      const arena = new Arena();
      const held = [arena.allocate(64), arena.allocate(64), arena.allocate(64)];
      arena.allocate(64);
      for (const i of order) arena.free(held[i] as number, 64);
      expect(arena.allocate(192), `order ${order}`).toBe(0);
    }
  });

  it("extends a free stretch at the end instead of leaving a hole", () => {
    const arena = new Arena();
    arena.allocate(64);
    const last = arena.allocate(64);
    arena.free(last, 64);
    expect(arena.allocate(640)).toBe(last);
    expect(arena.bytes).toBe(64 + 640);
  });

  it("gives nothing a place of its own too", () => {
    const arena = new Arena();
    expect(arena.allocate(0)).not.toBe(arena.allocate(0));
  });
});
