import type { Logs } from "./totals.js";

/** What training came to, a number an epoch. */
export interface History {
  /** The epochs that ran, counted from 0. */
  readonly epoch: readonly number[];
  readonly history: { readonly loss: readonly number[]; readonly [name: string]: readonly number[] };
}

/** What of an epoch's logs costs time and is wanted by a callback. */
export interface Needs {
  readonly gradientNorm: boolean;
  readonly thetaChange: boolean;
}

/** What `Logbook.columns` returned, as it is read. */
export function historyOf(columns: ReadonlyMap<string, Float64Array>): History {
  const logbook = new Logbook();
  logbook.restore(columns);
  return logbook.read();
}

/** Gathers the logs of epochs. */
export class Logbook {
  readonly #history: Record<string, number[]> & { loss: number[] } = { loss: [] };

  append(logs: Logs): void {
    for (const name in logs) {
      this.#history[name] ??= [];
      this.#history[name].push(logs[name] as number);
    }
  }

  /** Goes on from what `columns` returned. */
  restore(columns: ReadonlyMap<string, Float64Array>): void {
    for (const [name, numbers] of columns) this.#history[name] = [...numbers];
  }

  columns(): ReadonlyMap<string, Float64Array> {
    const columns = Object.entries(this.#history).filter(([, numbers]) => numbers.length > 0);
    return new Map(columns.map(([name, numbers]) => [name, Float64Array.from(numbers)]));
  }

  read(): History {
    return { epoch: this.#history.loss.map((_, epoch) => epoch), history: this.#history };
  }
}
