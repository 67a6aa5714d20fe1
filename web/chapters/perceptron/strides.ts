import type { Line, Update } from "./track.js";

export type Stride = "update" | "epoch";

/** How many updates are done after one stride more: an update, or all of its epoch. */
export function ahead(updates: readonly Update[], at: number, stride: Stride): number {
  if (stride === "update") return Math.min(at + 1, updates.length);
  let end = at;
  while (end < updates.length && updates[end]?.epoch === updates[at]?.epoch) end++;
  return end;
}

/** How many are done one stride before. */
export function behind(updates: readonly Update[], at: number, stride: Stride): number {
  if (stride === "update") return Math.max(at - 1, 0);
  let start = at;
  while (start > 0 && updates[start - 1]?.epoch === updates[at - 1]?.epoch) start--;
  return start;
}

/** How many updates each epoch had, of the first `at`. */
export function countByEpoch(updates: readonly Update[], at: number): number[] {
  const counts: number[] = [];
  for (const { epoch } of updates.slice(0, at)) {
    while (counts.length <= epoch) counts.push(0);
    (counts[epoch] as number)++;
  }
  return counts;
}

const isSame = (a: Line, b: Line) => a.b === b.b && a.w[0] === b.w[0] && a.w[1] === b.w[1];

/**
 * After how many updates the weights were the same before, at the same example: where the order of the examples is the same every
 * epoch, all repeats itself from there. Looks back so far that it finds what is short enough to be seen.
 */
export function cycleLength(updates: readonly Update[], at: number): number | undefined {
  const last = updates[at - 1];
  if (!last) return undefined;
  for (let i = at - 2; i >= Math.max(0, at - 500); i--) {
    const { example, after } = updates[i] as Update;
    if (example === last.example && isSame(after, last.after)) return at - 1 - i;
  }
  return undefined;
}
