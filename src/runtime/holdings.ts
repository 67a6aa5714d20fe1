import type { Plan } from "../plan/plan.js";
import type { Block, Engine } from "./engine.js";
import { LoadedPlan } from "./loaded-plan.js";

/** What one owner holds of an engine's memory, given back all at once. */
export class Holdings {
  readonly #engine: Engine;
  readonly #held: (() => void)[] = [];

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** See `Engine.empty`. */
  empty(what: string, bytes: number): Block {
    return this.#hold(this.#engine.empty(what, bytes));
  }

  /** See `Engine.zeros`. */
  zeros(what: string, bytes: number): Block {
    return this.#hold(this.#engine.zeros(what, bytes));
  }

  /** See `LoadedPlan`. */
  load(what: string, plan: Plan, regions: Readonly<Record<string, number>>): LoadedPlan {
    const loaded = new LoadedPlan(what, this.#engine, plan, regions);
    this.#held.push(() => loaded.free());
    return loaded;
  }

  #hold(block: Block): Block {
    this.#held.push(() => this.#engine.free(block));
    return block;
  }

  free(): void {
    for (const release of this.#held.splice(0)) release();
  }
}
