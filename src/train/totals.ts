import type { Buffer } from "../plan/call.js";
import type { Compiled, Head } from "./compile.js";

/** Where a run's sums lie: f64 numbers in the region `"totals"`, added to by every step. */
export interface Totals {
  readonly penalty: Buffer;
  readonly gradientNorm: Buffer;
  /** The sum of each output's losses. */
  readonly losses: readonly Buffer[];
  readonly metrics: readonly (readonly Buffer[])[];
  readonly length: number;
}

export function totalsOf(heads: readonly Head[]): Totals {
  let length = 0;
  const take = (doubles: number): Buffer => {
    const buffer = { region: "totals", offset: length * 8, bytes: doubles * 8 };
    length += doubles;
    return buffer;
  };
  const penalty = take(1);
  const gradientNorm = take(1);
  const losses = heads.map(() => take(1));
  const metrics = heads.map((head) => head.metrics.map((metric) => take(metric.doubles)));
  return { penalty, gradientNorm, losses, metrics, length };
}

/** What an epoch, a batch or an evaluation came to: `loss`, then the metrics by name. */
export interface Logs {
  readonly loss: number;
  readonly [name: string]: number;
}

/**
 * The logs of sums over `examples` examples. The loss is the weighted sum of the outputs' losses, each averaged over the examples
 * or, by its reduction, summed; `penalty` comes on top of it.
 */
export function logsOf(
  { heads }: Compiled,
  sums: Float64Array,
  examples: number,
  penalty: number,
  totals = totalsOf(heads),
): Logs {
  const at = ({ offset, bytes }: Buffer) => sums.subarray(offset / 8, (offset + bytes) / 8);
  const logs: Record<string, number> = {};
  let loss = penalty;
  heads.forEach((head, i) => {
    const sum = sums[(totals.losses[i] as Buffer).offset / 8] as number;
    const own = head.loss.reduction === "mean" ? sum / examples : sum;
    loss += head.weight * own;
    if (heads.length > 1) logs[`${head.prefix}loss`] = own;
    head.metrics.forEach((metric, j) => {
      logs[metric.name] = metric.result(at(totals.metrics[i]?.[j] as Buffer), examples);
    });
  });
  return { loss, ...logs };
}
