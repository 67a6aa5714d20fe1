import type { History } from "../index.js";
import type { Curves, Entry } from "./html/curves.js";
import type { Logs } from "./progress.js";

/** Notes a training's course, for its curves. */
export class Recording implements Curves {
  readonly #epochs: Entry[] = [];
  readonly #firstEpoch: Entry[] = [];

  get epochs(): readonly Entry[] {
    return this.#epochs;
  }

  get firstEpoch(): readonly Entry[] {
    return this.#firstEpoch;
  }

  /** Takes the epochs of earlier runs. */
  begin({ epoch, history }: History): void {
    for (const at of epoch) {
      const logs = Object.entries(history).map(([name, values]) => [name, values[at] as number]);
      this.endEpoch(at, Object.fromEntries(logs));
    }
  }

  /** @param epoch from 0; @param seen examples of that epoch seen so far */
  update(epoch: number, seen: number, logs: Logs): void {
    if (epoch === 0) this.#firstEpoch.push({ at: seen, logs });
  }

  endEpoch(epoch: number, logs: Logs): void {
    this.#epochs.push({ at: epoch + 1, logs: { ...logs } });
  }
}
