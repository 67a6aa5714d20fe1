import type { Kernel } from "../../assembly/kernels.js";

/** A stretch of the engine's memory that a plan names before it has an address. */
export interface Buffer {
  readonly bytes: number;
  /** Where it lives: `"temporary"` in the plan's own arena, any other name at `offset` of the region of that name. */
  readonly region: string;
  readonly offset: number;
  /** A temporary of which each thread has `bytes` to itself. */
  readonly perThread?: boolean;
}

/** An operand that the kernel reads as an f32. */
export interface Float {
  readonly float: number;
}

/** An operand: a buffer's address, a whole number, or an f32 constant. */
export type Operand = Buffer | Float | number;

/** One kernel call: what an instruction of the plan is before buffers have addresses. */
export interface KernelCall {
  readonly kernel: Kernel;
  readonly operands: readonly Operand[];
  /** The buffers among the operands that the call writes or adds to; it reads the others. */
  readonly writes: readonly Buffer[];
  /** How much there is to do, in numbers read or written once; without it, the numbers of all operands. */
  readonly work?: number;
  /** The operand whose place the (first) written buffer may take when nothing reads it later. */
  readonly mayReplace?: Buffer;
}

export function isBuffer(operand: Operand): operand is Buffer {
  return typeof operand === "object" && "region" in operand;
}

export function float(value: number): Float {
  return { float: value };
}
