import { OutOfMemoryError } from "../base/errors.js";
import { sizeOf, type Tensor } from "../base/tensor.js";
import type { Buffer } from "../plan/call.js";
import { makePlan } from "../plan/plan.js";
import { ADDRESSABLE } from "../runtime/engine.js";
import { Holdings } from "../runtime/holdings.js";
import type { LoadedPlan } from "../runtime/loaded-plan.js";
import type { ModelMemory } from "./memory.js";
import type { Network } from "./network.js";
import type { Pace } from "./pace.js";
import { predictionCalls, STATE_BYTES } from "./step.js";
import type { Weights } from "./weights.js";

/** How many kinds of batches keep their plan, and in how many bytes at most. */
const CACHED = 4;
const CACHED_BYTES = 2 ** 24;

/** A model's plans for prediction, by batch size and kind of numbers, the last used ones. They read the weights where they lie. */
export class Predictor {
  readonly #memory: ModelMemory;
  readonly #network: Network;
  readonly #weights: Weights;
  readonly #plans = new Map<string, BatchPlan>();

  constructor(memory: ModelMemory, network: Network, weights: Weights) {
    this.#memory = memory;
    this.#network = network;
    this.#weights = weights;
  }

  /** The outputs for all rows of `inputs`, `batchSize` at a time. */
  async run(inputs: readonly Tensor[], batchSize: number, pace: Pace): Promise<Tensor<Float32Array>[]> {
    const rows = inputs[0]?.shape[0] as number;
    const outputs = this.#network.outputs.map(({ shape }) => ({
      data: allocate(rows * sizeOf(shape)),
      shape: [rows, ...shape],
    }));
    const batch = Math.min(batchSize, rows);
    const bytes = inputs.map(({ data }) => data instanceof Uint8Array);
    for (let from = 0; from < rows; from += batch) {
      // Taken anew each time: another prediction may have pushed this plan out while the host had its turn.
      const plan = this.#planFor(batch, bytes);
      plan.run(inputs, outputs, from, Math.min(batch, rows - from));
      if (from + batch < rows) await pace.rest();
    }
    this.#trim(CACHED_BYTES);
    return outputs;
  }

  free(): void {
    for (const plan of this.#plans.values()) plan.free();
    this.#plans.clear();
  }

  #planFor(batch: number, bytes: readonly boolean[]): BatchPlan {
    const kind = `${batch} ${bytes}`;
    const found = this.#plans.get(kind);
    const plan = found ?? new BatchPlan(this.#memory, this.#network, this.#weights, batch, bytes);
    // A Map keeps the order of insertion: the first is the one used longest ago.
    this.#plans.delete(kind);
    this.#plans.set(kind, plan);
    this.#trim(Number.POSITIVE_INFINITY);
    return plan;
  }

  /** Forgets the plans used longest ago until no more than `CACHED` are left that take no more than `bytes`. */
  #trim(bytes: number): void {
    let held = [...this.#plans.values()].reduce((sum, plan) => sum + plan.bytes, 0);
    for (const [kind, plan] of this.#plans) {
      if (this.#plans.size <= CACHED && held <= bytes) break;
      this.#plans.delete(kind);
      held -= plan.bytes;
      plan.free();
    }
  }
}

/** The plan of one batch size with its input buffers. Fewer rows run too: rows do not touch each other. */
class BatchPlan {
  readonly #memory: ModelMemory;
  readonly #network: Network;
  readonly #holdings: Holdings;
  /** Which inputs hold a byte a number. */
  readonly #bytes: readonly boolean[];
  readonly #inputs: readonly number[];
  readonly #outputs: readonly Buffer[];
  readonly #plan: LoadedPlan;

  constructor(memory: ModelMemory, network: Network, weights: Weights, batch: number, bytes: readonly boolean[]) {
    this.#memory = memory;
    this.#network = network;
    this.#bytes = bytes;
    this.#holdings = new Holdings(memory.engine);
    try {
      this.#inputs = network.inputs.map(({ shape }, i) => {
        return this.#holdings.zeros("a prediction's input", batch * sizeOf(shape) * (bytes[i] ? 1 : 4)).address;
      });
      const { calls, outputs } = predictionCalls(network, weights, batch, bytes);
      const regions = Object.fromEntries(this.#inputs.map((address, i) => [`x${i}`, address]));
      if (bytes.includes(true)) Object.assign(regions, this.#inOrder(batch));
      this.#plan = this.#holdings.load("a prediction", makePlan(calls, outputs), { ...memory.regions, ...regions });
      this.#outputs = outputs;
    } catch (error) {
      this.#holdings.free();
      throw error;
    }
  }

  /** Rows `from` to `from + rows` of `inputs`, into the same rows of `outputs`. */
  run(inputs: readonly Tensor[], outputs: readonly Tensor<Float32Array>[], from: number, rows: number): void {
    this.#network.inputs.forEach(({ shape }, i) => {
      const size = sizeOf(shape);
      const part = (inputs[i] as Tensor).data.subarray(from * size, (from + rows) * size);
      const { engine } = this.#memory;
      const address = this.#inputs[i] as number;
      (this.#bytes[i] ? engine.u8(address, rows * size) : engine.f32(address, rows * size)).set(part);
    });
    this.#plan.run(1);
    this.#network.outputs.forEach(({ shape }, i) => {
      const size = sizeOf(shape);
      (outputs[i] as Tensor).data.set(this.#plan.view(this.#outputs[i] as Buffer, rows * size), from * size);
    });
  }

  /** What gathers of bytes read: each row once, the first first. */
  #inOrder(batch: number): Record<string, number> {
    const { engine } = this.#memory;
    const order = this.#holdings.empty("a prediction's order", batch * 4).address;
    engine.i32(order, batch).set(Int32Array.from({ length: batch }, (_, i) => i));
    return { order, state: this.#holdings.zeros("a prediction's state", STATE_BYTES).address };
  }

  /** What it takes of the engine's memory. */
  get bytes(): number {
    return this.#holdings.bytes;
  }

  free(): void {
    this.#holdings.free();
  }
}

function allocate(elements: number): Float32Array<ArrayBuffer> {
  try {
    return new Float32Array(elements);
  } catch {
    throw new OutOfMemoryError("the predictions (the host gave no more memory)", elements * 4, ADDRESSABLE);
  }
}
