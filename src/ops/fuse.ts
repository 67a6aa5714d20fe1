import { Kernel } from "../../assembly/kernels.js";
import { type Buffer, type Float, isBuffer, type KernelCall, type Operand } from "../plan/call.js";

/** Where a gather and a product say what is done to their outputs. */
const GATHER_SCALE = 6;
const FOLLOW = 15;

/**
 * Joins calls whose second would read from memory what the first has at hand: a gather of bytes and its scaling, a product
 * and the activation, or the activation's derivative, that comes right after it. The bits stay the same. `keep` names buffers that
 * are read after the plan ran.
 */
export function fuse(calls: readonly KernelCall[], keep: readonly Buffer[] = []): KernelCall[] {
  const users = new Map<Buffer, Set<KernelCall>>();
  for (const call of calls) {
    for (const operand of call.operands) {
      if (isBuffer(operand)) users.set(operand, (users.get(operand) ?? new Set()).add(call));
    }
  }
  const fused: KernelCall[] = [];
  for (const call of calls) {
    const source = sourceOf(call);
    const at = source ? fused.findLastIndex(({ writes }) => writes[0] === source) : -1;
    const producer = fused[at];
    if (!source || !producer) {
      fused.push(call);
      continue;
    }
    const isOnlyRead = users.get(source)?.size === 2 && source.region === "temporary" && !keep.includes(source);
    const isBytes = producer.kernel === Kernel.gatherU8 && isUnscaled(producer);
    if (isBytes && call.kernel === Kernel.affineForward && isOnlyRead) {
      fused[at] = scaled(producer, call);
    } else if (producer.kernel === Kernel.matmul && at === fused.length - 1 && producer.operands[FOLLOW] === 0) {
      fused[at] = followed(producer, call, isOnlyRead);
    } else {
      fused.push(call);
    }
  }
  return fused;
}

/** What an activation is applied to, or an activation's gradient multiplied with; undefined for other calls. */
function sourceOf({ kernel, operands }: KernelCall): Buffer | undefined {
  return kernel >= Kernel.affineForward && kernel <= Kernel.radialBackward ? (operands[1] as Buffer) : undefined;
}

/** Scaling twice rounds twice: a gather takes one scaling along. */
function isUnscaled({ operands }: KernelCall): boolean {
  const [a, b] = operands.slice(GATHER_SCALE) as [Float, Float];
  return a.float === 1 && b.float === 0;
}

function scaled(gather: KernelCall, affine: KernelCall): KernelCall {
  const [out, , , a, b] = affine.operands as [Buffer, Buffer, number, Operand, Operand];
  return { ...gather, operands: [out, ...gather.operands.slice(1, GATHER_SCALE), a, b], writes: [out] };
}

/** `isOnlyRead`: nobody else wants the product itself, which need not be kept then. */
function followed(product: KernelCall, call: KernelCall, isOnlyRead: boolean): KernelCall {
  const isBackward = (call.kernel - Kernel.affineForward) % 2 === 1;
  const kind = Math.floor((call.kernel - Kernel.affineForward) / 2);
  const to = call.operands[0] as Buffer;
  const saved = isBackward ? call.operands[2] || call.operands[3] || 0 : 0;
  const [a, b] = call.operands.slice(-2) as [Operand, Operand];
  const [out, ...rest] = product.operands as [Buffer, ...Operand[]];
  const target = isOnlyRead ? to : out;
  return {
    ...product,
    operands: [target, ...rest.slice(0, FOLLOW - 1), isBackward ? 2 : 1, kind, to, saved, a, b],
    writes: [target, to, ...product.writes.slice(1)],
  };
}
