import { BARRIER, SOLO } from "../../assembly/format.js";
import { Arena } from "./arena.js";
import { type Buffer, isBuffer, type KernelCall, type Operand } from "./call.js";
import { schedule, type Turn } from "./schedule.js";

/** Closes the list of instructions. */
const END = -1;

/** A plan whose addresses still count from the start of their regions. */
export interface Plan {
  /** Instructions, with every address an offset into its region. */
  readonly words: Int32Array;
  /** Which words are addresses, and of which region. */
  readonly relocations: readonly { readonly word: number; readonly region: string }[];
  /** Whether any of its calls is worth sharing between threads. */
  readonly shareable: boolean;
  /** Size of the region `"temporary"`. */
  readonly arenaBytes: number;
  /** Where each buffer that is read after the plan ran lies in its region. */
  readonly kept: ReadonlyMap<Buffer, number>;
}

/**
 * Places the temporaries of `calls` in one arena by lifetime and writes the instructions. `keep` names buffers that
 * are read after the plan ran, `threads` how many may share the work at most. Deterministic: the same arguments give the same plan.
 */
export function makePlan(calls: readonly KernelCall[], keep: readonly Buffer[] = [], threads = 1): Plan {
  const sizeOf = ({ bytes, perThread }: Buffer) => bytes * (perThread ? threads : 1);
  const offsets = place(calls, keep, sizeOf);
  const placeOf = (buffer: Buffer) => {
    const start = offsets.at.get(buffer) ?? buffer.offset;
    return { start, end: start + sizeOf(buffer) };
  };
  const turns = schedule(calls, placeOf);
  const words: number[] = [];
  const relocations: { word: number; region: string }[] = [];
  const floatBits = new Int32Array(1);
  const floats = new Float32Array(floatBits.buffer);

  calls.forEach((call, i) => {
    const { solo, barrier } = turns[i] as Turn;
    words.push(call.kernel, (call.operands.length + 2) | (solo ? SOLO : 0) | (barrier ? BARRIER : 0));
    for (const operand of call.operands) {
      if (typeof operand === "number") {
        words.push(operand);
      } else if ("float" in operand) {
        floats[0] = operand.float;
        words.push(floatBits[0] as number);
      } else {
        relocations.push({ word: words.length, region: operand.region });
        words.push(operand.region === "temporary" ? (offsets.at.get(operand) as number) : operand.offset);
      }
    }
  });
  words.push(END);
  const kept = new Map(keep.map((buffer) => [buffer, offsets.at.get(buffer) ?? buffer.offset]));
  const shareable = turns.some(({ solo }) => !solo);
  return { words: Int32Array.from(words), relocations, shareable, arenaBytes: offsets.bytes, kept };
}

/** The plan's words with `base(region)` added to every address. */
export function relocate(plan: Plan, base: (region: string) => number): Int32Array {
  const words = plan.words.slice();
  for (const { word, region } of plan.relocations) words[word] = (words[word] as number) + base(region);
  return words;
}

function place(calls: readonly KernelCall[], keep: readonly Buffer[], sizeOf: (buffer: Buffer) => number) {
  const lastUse = new Map<Buffer, number>();
  calls.forEach((call, i) => {
    for (const operand of call.operands) if (isTemporary(operand)) lastUse.set(operand, i);
  });
  for (const buffer of keep) if (isTemporary(buffer)) lastUse.set(buffer, calls.length);

  const arena = new Arena();
  const at = new Map<Buffer, number>();
  calls.forEach((call, i) => {
    const replaced = call.mayReplace;
    const dying = new Set(call.operands.filter((operand) => isTemporary(operand) && lastUse.get(operand) === i));
    for (const buffer of call.operands) {
      if (!isTemporary(buffer) || at.has(buffer)) continue;
      const takesOver =
        replaced &&
        dying.has(replaced) &&
        at.has(replaced) &&
        buffer === call.writes[0] &&
        buffer.bytes === replaced.bytes;
      if (takesOver) {
        at.set(buffer, at.get(replaced) as number);
        dying.delete(replaced);
      } else {
        at.set(buffer, arena.allocate(sizeOf(buffer)));
      }
    }
    for (const buffer of dying) if (isTemporary(buffer)) arena.free(at.get(buffer) as number, sizeOf(buffer));
  });
  return { at, bytes: arena.bytes };
}

function isTemporary(operand: Operand): operand is Buffer {
  return isBuffer(operand) && operand.region === "temporary";
}
