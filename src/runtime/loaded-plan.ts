import type { Buffer } from "../plan/call.js";
import { type Plan, relocate } from "../plan/plan.js";
import type { Crew, Way } from "./crew.js";
import type { Block, Engine } from "./engine.js";

/** What a plan takes in an engine's memory. */
export function bytesOf(plan: Plan): number {
  return plan.arenaBytes + plan.words.length * 4;
}

/** A plan with its own arena in an engine's memory, ready to run. */
export class LoadedPlan {
  readonly #engine: Engine;
  readonly #plan: Plan;
  readonly #block: Block;
  readonly #instructions: number;
  readonly #regions: Readonly<Record<string, number>>;
  /** Chooses the way of each slice. */
  readonly crew: Crew;

  /**
   * `regions` gives the address of each region that the plan names besides its temporaries; `crew` has experience of plans like
   * this one.
   */
  constructor(
    what: string,
    engine: Engine,
    plan: Plan,
    regions: Readonly<Record<string, number>>,
    crew = engine.crew(plan.shareable),
  ) {
    this.#engine = engine;
    this.#plan = plan;
    this.#block = engine.zeros(what, bytesOf(plan));
    this.#instructions = this.#block.address + plan.arenaBytes;
    this.#regions = { ...regions, temporary: this.#block.address };
    const words = relocate(plan, (region) => this.#baseOf(region));
    engine.i32(this.#instructions, words.length).set(words);
    this.crew = crew;
  }

  run(steps: number): void {
    this.#engine.run(this.#instructions, steps);
  }

  /** Runs up to `steps` steps in the given way and tells how many it did. */
  share(steps: number, way: Way): number | Promise<number> {
    if (way.threads > 1) return this.#engine.runTogether(this.#instructions, steps, way);
    this.#engine.run(this.#instructions, steps, way.tall);
    return steps;
  }

  /** The first `length` numbers of a buffer that the plan keeps; the view holds until the next run or allocation. */
  view(buffer: Buffer, length: number): Float32Array {
    const offset = this.#plan.kept.get(buffer);
    if (offset === undefined) throw new Error("the plan does not keep this buffer");
    return this.#engine.f32(this.#baseOf(buffer.region) + offset, length);
  }

  #baseOf(region: string): number {
    const base = this.#regions[region];
    if (base === undefined) throw new Error(`the plan names an unknown region ${region}`);
    return base;
  }

  free(): void {
    this.#engine.free(this.#block);
  }
}
