import type { Plan } from "../plan/plan.js";
import type { Crew } from "./crew.js";
import type { Block, Engine } from "./engine.js";
import { bytesOf, LoadedPlan } from "./loaded-plan.js";

/** What one owner holds of an engine's memory, given back all at once. */
export class Holdings {
  readonly #engine: Engine;
  readonly #held: (() => void)[] = [];
  #bytes = 0;

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
  load(what: string, plan: Plan, regions: Readonly<Record<string, number>>, crew?: Crew): LoadedPlan {
    const loaded = new LoadedPlan(what, this.#engine, plan, regions, crew);
    this.#bytes += bytesOf(plan);
    this.#held.push(() => loaded.free());
    return loaded;
  }

  /** What all of it takes. */
  get bytes(): number {
    return this.#bytes;
  }

  #hold(block: Block): Block {
    this.#bytes += block.bytes;
    this.#held.push(() => this.#engine.free(block));
    return block;
  }

  free(): void {
    for (const release of this.#held.splice(0)) release();
    this.#bytes = 0;
  }
}
