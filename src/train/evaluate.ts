import type { Way } from "../runtime/crew.js";
import type { Compiled } from "./compile.js";
import type { Pace } from "./pace.js";
import type { Session } from "./session.js";
import { type Logs, logsOf } from "./totals.js";
import type { Weights } from "./weights.js";

/** The logs of one pass over the session's examples. */
export async function evaluate(session: Session, compiled: Compiled, weights: Weights, pace: Pace): Promise<Logs> {
  session.clearTotals();
  for (let step = 0; step < session.steps; ) {
    const from = step;
    const run = (count: number, way: Way) => session.run(from, count, way, 0);
    step += await pace.work(session.stepsFrom(step), session.crewFrom(step), run);
    await pace.rest();
  }
  return logsOf(compiled, session.totals(), session.rows, weights.penalty());
}
