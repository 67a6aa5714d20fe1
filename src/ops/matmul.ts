import { DEPTH, LAID_COLUMNS, ROWS } from "../../assembly/blocks.js";
import { Kernel } from "../../assembly/kernels.js";
import type { Lowering } from "../graph/op.js";
import { align } from "../plan/arena.js";
import { type Buffer, float } from "../plan/call.js";

/** A matrix product out [M, N] = bias [N] + A [M, K] B [K, N]. */
export interface Product {
  readonly out: Buffer;
  readonly a: Buffer;
  /** a holds A's transpose, [K, M]. */
  readonly aTransposed?: boolean;
  readonly b: Buffer;
  /** b holds B's transpose, [N, K]. */
  readonly bTransposed?: boolean;
  readonly bias?: Buffer | undefined;
  readonly M: number;
  readonly N: number;
  readonly K: number;
}

/** The operands that say what is done to a product's blocks as they are completed: follow, kind, to, saved, a, b. */
const NOTHING_FOLLOWS = [0, 0, 0, 0, float(0), float(0)] as const;

/** Emits the product, with what is laid out for the tiles where that costs less than it saves. */
export function matmul(lowering: Lowering, product: Product): void {
  const { out, a, b, bias, M, N, K, aTransposed = false, bTransposed = false } = product;
  const layA = laysA(product);
  const layB = laysB(product);
  const [aRow, aColumn] = aTransposed ? [1, M] : [K, 1];
  const [bRow, bColumn] = bTransposed ? [1, K] : [N, 1];
  const roomBytes = roomFor(M, K);
  const room = layA || layB ? { ...lowering.temporary(roomBytes / 4), perThread: true } : undefined;
  lowering.emit({
    kernel: Kernel.matmul,
    operands: [
      ...[out, a, b, bias ?? 0, M, N, K, aRow, aColumn, bRow, bColumn],
      ...[layA ? 1 : 0, layB ? 1 : 0, room ?? 0, roomBytes],
      ...NOTHING_FOLLOWS,
    ],
    writes: room ? [out, room] : [out],
    // 8 multiply-adds take as long as 3 numbers of an elementwise call.
    work: (M * N * K * 3) / 8,
  });
}

/** Bytes that a thread needs for its panels of B and its block of A. */
export function roomFor(M: number, K: number): number {
  return align(Math.min(K, DEPTH) * (LAID_COLUMNS + Math.min(M, ROWS)) * 4);
}

/**
 * Rows of A that lie apart cost the tiles addresses, and columns of A^T that lie far apart evict each other from the cache;
 * both are read once for every 8 columns of B.
 */
function laysA({ M, N, K, aTransposed }: Product): boolean {
  return M >= 4 && N >= 32 && (!aTransposed || K > 64);
}

/** Rows of B lie apart too, but one tile in height reads 8 columns of each; tiles read columns of B^T not at all. */
function laysB({ M, N, bTransposed }: Product): boolean {
  return bTransposed || (M >= 64 && N >= 16);
}
