import { Random, streams } from "../base/random.js";
import { type Training, writeRates } from "./epoch.js";
import type { Session } from "./session.js";
import { type Logs, logsOf, totalsOf } from "./totals.js";

/**
 * Many epochs that are over before anyone could ask: as many of `count` as fit into a slice run in one call of the core. The
 * same numbers as epoch by epoch come out. Calls `told` with the logs of each.
 */
export async function runEpochs(
  training: Training,
  session: Session,
  count: number,
  shuffle: boolean,
  told: (logs: Logs) => void,
): Promise<void> {
  const { state, seed, compiled, model, pace } = training;
  const random = new Random(seed, streams.shuffle, state.epochs);
  const totals = totalsOf(compiled.heads);
  const { steps, rows } = session;
  session.clearTotals();
  for (let left = count; left > 0 && !model.stopped; ) {
    const crew = session.crewFrom(0);
    left -= await pace.work(Math.min(left, session.epochsAtOnce), crew, async (epochs, way) => {
      if (shuffle) writeOrders(session, epochs, state.epochs, random);
      const able = writeRates(session.scalars(), epochs * steps, compiled, state, steps);
      const done = await session.run(0, able, way, state.steps);
      const ended = Math.floor(done / steps);
      state.steps += done;
      state.epochs += ended;
      const log = session.log(ended);
      for (let epoch = 0; epoch < ended; epoch++) {
        const sums = log.subarray(epoch * totals.length, (epoch + 1) * totals.length);
        told(logsOf(compiled, sums, rows, (sums[0] as number) / steps, totals));
      }
      // The next step's rate is no number: this says so.
      if (able < epochs * steps) writeRates(session.scalars(), 1, compiled, state, steps);
      return ended;
    });
    await pace.rest();
  }
}

/** The orders of `epochs` epochs from number `first` on. */
function writeOrders(session: Session, epochs: number, first: number, random: Random): void {
  const { rows } = session;
  const orders = session.order();
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = orders.subarray(epoch * rows, (epoch + 1) * rows);
    for (let i = 0; i < rows; i++) order[i] = i;
    random.restart(first + epoch);
    random.shuffle(order);
  }
}
