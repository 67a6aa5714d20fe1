import { type Buffer, isBuffer, type KernelCall } from "./call.js";

/** How a call runs where several threads run the plan. */
export interface Turn {
  /** By thread 0 alone: it has less to do than a barrier costs. */
  readonly solo: boolean;
  /** Not before all threads are done with what comes ahead of it. */
  readonly barrier: boolean;
}

/** Work that is worth a barrier, in the unit of `KernelCall.work`: about a microsecond's. */
const WORTH_SHARING = 8192;

/** A stretch of a region that a call reads or writes. */
interface Touch {
  readonly region: string;
  readonly start: number;
  readonly end: number;
  readonly writes: boolean;
}

/**
 * Which calls threads share, and where they wait for each other: before a call that reads what was written since they last
 * did, or writes what was read. The first call of a step waits for the end of the step before. `placeOf` gives each buffer's place.
 */
export function schedule(
  calls: readonly KernelCall[],
  placeOf: (buffer: Buffer) => { start: number; end: number },
): Turn[] {
  if (calls.every((call) => workOf(call) < WORTH_SHARING)) return calls.map(() => ({ solo: true, barrier: false }));
  let since: { readonly touches: readonly Touch[]; readonly solo: boolean }[] = [];
  return calls.map((call, i) => {
    const solo = workOf(call) < WORTH_SHARING;
    const touches = call.operands.filter(isBuffer).map((buffer) => ({
      region: buffer.region,
      ...placeOf(buffer),
      writes: call.writes.includes(buffer),
    }));
    // Calls of thread 0 wait for each other by themselves.
    const barrier = i === 0 || since.some((earlier) => !(solo && earlier.solo) && conflict(earlier.touches, touches));
    if (barrier) since = [];
    since.push({ touches, solo });
    return { solo, barrier };
  });
}

function workOf({ work, operands }: KernelCall): number {
  if (work !== undefined) return work;
  return operands.reduce<number>((sum, operand) => sum + (isBuffer(operand) ? operand.bytes / 4 : 0), 0);
}

function conflict(one: readonly Touch[], other: readonly Touch[]): boolean {
  return one.some((a) => other.some((b) => (a.writes || b.writes) && overlap(a, b)));
}

function overlap(a: Touch, b: Touch): boolean {
  return a.region === b.region && a.start < b.end && b.start < a.end;
}
