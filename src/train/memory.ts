import type { Plan } from "../plan/plan.js";
import type { Crew } from "../runtime/crew.js";
import type { Engine } from "../runtime/engine.js";
import { Holdings } from "../runtime/holdings.js";
import type { Weights } from "./weights.js";

/** What a model keeps in an engine's memory between calls, allocated when it is first needed. */
export class ModelMemory {
  readonly engine: Engine;
  readonly #parameters: number;
  readonly #holdings: Holdings;
  /** By the kind of plan. */
  readonly #crews = new Map<string, Crew>();
  #gradients: number | undefined;
  #slots: { readonly address: number; readonly holdings: Holdings } | undefined;

  /** Throws `OutOfMemoryError` and leaves the weights where they were when they do not fit. */
  constructor(engine: Engine, weights: Weights) {
    this.engine = engine;
    this.#holdings = new Holdings(engine);
    this.#parameters = this.#holdings.empty("the model's parameters", weights.bytes).address;
    weights.attach(engine, this.#parameters);
  }

  /** Regions of plans that only read the weights. */
  get regions(): Readonly<Record<string, number>> {
    return { parameters: this.#parameters };
  }

  /** The same with the gradients and `slots` blocks of optimizer state, which start as zeros and last until `resetSlots`. */
  trainingRegions(weights: Weights, slots: number): Readonly<Record<string, number>> {
    const bytes = weights.trainableBytes;
    this.#gradients ??= this.#holdings.zeros("the model's gradients", bytes).address;
    if (!this.#slots) {
      const holdings = new Holdings(this.engine);
      const { address } = holdings.zeros("the optimizer's state", bytes * slots);
      this.#slots = { address, holdings };
    }
    return { ...this.regions, gradients: this.#gradients, slots: this.#slots.address };
  }

  /** The crew of a kind of plan, with the experience of earlier runs. */
  crew(kind: string, { shareable }: Plan): Crew {
    const key = `${kind}, ${shareable}`;
    const crew = this.#crews.get(key) ?? this.engine.crew(shareable);
    this.#crews.set(key, crew);
    return crew;
  }

  /** A view of the optimizer's state at byte `offset` of its blocks; it holds until the next allocation or step. */
  slots(offset: number, length: number): Float32Array {
    return this.engine.f32((this.#slots?.address as number) + offset, length);
  }

  /** Forgets the optimizer's state. */
  resetSlots(): void {
    this.#slots?.holdings.free();
    this.#slots = undefined;
  }

  free(): void {
    this.resetSlots();
    this.#holdings.free();
  }
}
