import type { TypedData } from "../base/tensor.js";
import { makePlan, type Plan } from "../plan/plan.js";
import type { Crew, Way } from "../runtime/crew.js";
import type { Block, Engine } from "../runtime/engine.js";
import { Holdings } from "../runtime/holdings.js";
import { bytesOf, type LoadedPlan } from "../runtime/loaded-plan.js";
import type { Examples } from "./examples.js";
import type { ModelMemory } from "./memory.js";
import type { Pace } from "./pace.js";
import { STATE_BYTES, type StepConfig, state, stepCalls } from "./step.js";
import { totalsOf } from "./totals.js";

/** The most steps one call of the core runs: for so many there is room for the numbers that change from step to step. */
const MAX_STEPS_PER_CALL = 1024;

/** The most places of examples that the orders of several epochs take. */
const MAX_ORDERED = 2 ** 14;

/** Bytes copied before the host may have its turn. */
const CHUNK = 2 ** 22;

/**
 * Examples in the engine's memory and the plans that run over them: one for whole batches, one for what remains.
 * Holds memory until `free`.
 */
export class Session {
  /** Steps an epoch. */
  readonly steps: number;
  readonly rows: number;
  /** How many whole epochs one call of the core can run: more than 1 where that was asked for and they are tiny. */
  readonly epochsAtOnce: number;
  readonly #batchSize: number;
  readonly #engine: Engine;
  readonly #holdings: Holdings;
  readonly #whole: LoadedPlan;
  readonly #rest: LoadedPlan | undefined;
  readonly #order: Block;
  readonly #state: Block;
  readonly #totals: Block;
  readonly #log: Block;
  readonly #scalars: Block;
  /** The tensors still to be copied in, with their places. */
  readonly #sources: { readonly data: TypedData; readonly address: number }[] = [];

  /**
   * Makes room, copies the examples in and plans the steps. `regions` are the model's; with `manyEpochs`, nobody waits for the
   * end of each epoch. Throws `OutOfMemoryError`, or the pace's reason to stop, with nothing held.
   */
  static async open(
    memory: ModelMemory,
    config: StepConfig,
    batchSize: number,
    regions: Readonly<Record<string, number>>,
    pace: Pace,
    manyEpochs = false,
  ): Promise<Session> {
    const session = new Session(memory, config, batchSize, regions, manyEpochs);
    try {
      for (const { data, address } of session.#sources.splice(0)) await copy(memory.engine, data, address, pace);
      return session;
    } catch (error) {
      session.free();
      throw error;
    }
  }

  private constructor(
    memory: ModelMemory,
    config: StepConfig,
    batchSize: number,
    regions: Readonly<Record<string, number>>,
    manyEpochs: boolean,
  ) {
    const { examples, compiled } = config;
    const { engine } = memory;
    this.#engine = engine;
    this.rows = examples.rows;
    this.#batchSize = Math.min(batchSize, this.rows);
    this.steps = Math.ceil(this.rows / this.#batchSize);
    const remainder = this.rows % this.#batchSize;
    const plan = (closesAfter?: number) =>
      makePlan(stepCalls(config, this.#batchSize, closesAfter), [], engine.threads);
    const epochs = Math.floor(Math.min(MAX_STEPS_PER_CALL / this.steps, MAX_ORDERED / this.rows));
    // Steps that threads share take their time anyway, and may end in the middle of an epoch.
    const closing = manyEpochs && epochs > 1 && remainder === 0 ? plan(this.steps) : undefined;
    const several = closing !== undefined && !closing.shareable;
    this.epochsAtOnce = several ? epochs : 1;
    const whole = several ? closing : plan();
    const rest = remainder === 0 ? undefined : makePlan(stepCalls(config, remainder), [], engine.threads);
    const totalsBytes = totalsOf(compiled.heads).length * 8;
    const orderBytes = this.rows * this.epochsAtOnce * 4;
    const logBytes = several ? totalsBytes * epochs : 0;
    const scalarsBytes = MAX_STEPS_PER_CALL * compiled.optimizer.scalars * 4;
    const numbers = [orderBytes, STATE_BYTES, totalsBytes, logBytes, scalarsBytes];
    const plans = [whole, ...(rest ? [rest] : [])].map(bytesOf);
    engine.checkRoom("the examples and the steps on them", [...numbers, ...plans, ...sizesOf(examples)]);
    this.#holdings = new Holdings(engine);
    try {
      this.#order = this.#holdings.empty("the order of examples", orderBytes);
      this.#state = this.#holdings.zeros("a run's state", STATE_BYTES);
      this.#totals = this.#holdings.zeros("a run's totals", totalsBytes);
      this.#log = this.#holdings.empty("the totals of epochs", logBytes);
      this.#scalars = this.#holdings.empty("a run's rates", scalarsBytes);
      const all = {
        ...regions,
        ...this.#reserve(examples),
        order: this.#order.address,
        state: this.#state.address,
        totals: this.#totals.address,
        log: this.#log.address,
        scalars: this.#scalars.address,
      };
      const crew = (plan: Plan, rows: number) => memory.crew(`${config.training ? "fit" : "evaluate"} ${rows}`, plan);
      this.#whole = this.#holdings.load("a training step", whole, all, crew(whole, this.#batchSize));
      this.#rest = rest && this.#holdings.load("a training step", rest, all, crew(rest, remainder));
    } catch (error) {
      this.free();
      throw error;
    }
  }

  /** How many steps one call can run at most from step `step` of the epoch on. */
  stepsFrom(step: number): number {
    const wholeSteps = Math.floor(this.rows / this.#batchSize);
    return step < wholeSteps ? Math.min(MAX_STEPS_PER_CALL, wholeSteps - step) : 1;
  }

  /** Examples in the first `steps` steps of an epoch. */
  rowsIn(steps: number): number {
    return Math.min(steps * this.#batchSize, this.rows);
  }

  /**
   * The order of examples, that of one epoch after the other where several run at once: writes go into the engine's memory; take it
   * afresh after anything was allocated.
   */
  order(): Int32Array {
    return this.#engine.i32(this.#order.address, this.rows * this.epochsAtOnce);
  }

  /** Room for the optimizer's numbers of the next steps; take it afresh after anything was allocated. */
  scalars(): Float32Array {
    return this.#engine.f32(this.#scalars.address, this.#scalars.bytes / 4);
  }

  /** Chooses the way of steps from step `step` of the epoch on. */
  crewFrom(step: number): Crew {
    return this.#planFrom(step).crew;
  }

  /**
   * Runs up to `count` steps from step `step` of the epoch and tells how many it did; `trained` steps were done since training
   * began.
   */
  run(step: number, count: number, way: Way, trained: number): number | Promise<number> {
    const numbers = this.#engine.i32(this.#state.address, STATE_BYTES / 4);
    numbers[state.firstRow.offset / 4] = step * this.#batchSize;
    numbers[state.firstStep.offset / 4] = trained;
    return this.#planFrom(step).share(count, way);
  }

  #planFrom(step: number): LoadedPlan {
    return (step + 1) * this.#batchSize <= this.rows ? this.#whole : (this.#rest as LoadedPlan);
  }

  /** Copies of the sums of the last call's first `epochs` epochs, one after the other. */
  log(epochs: number): Float64Array {
    return this.#engine.f64(this.#log.address, epochs * (this.#totals.bytes / 8)).slice();
  }

  clearTotals(): void {
    this.#totalsView().fill(0);
  }

  /** Goes on from sums that `totals` returned. */
  setTotals(sums: Float64Array): void {
    this.#totalsView().set(sums);
  }

  /** A copy of the sums since they were cleared. */
  totals(): Float64Array {
    return this.#totalsView().slice();
  }

  free(): void {
    this.#holdings.free();
  }

  #totalsView(): Float64Array {
    return this.#engine.f64(this.#totals.address, this.#totals.bytes / 8);
  }

  /** Makes room for the examples; they start in their own order. */
  #reserve({ inputs, targets, weights }: Examples): Record<string, number> {
    const addresses: Record<string, number> = {};
    const place = (region: string, data: TypedData) => {
      const { address } = this.#holdings.empty("the examples", data.byteLength);
      this.#sources.push({ data, address });
      addresses[region] = address;
    };
    inputs.forEach(({ data }, i) => {
      place(`x${i}`, data);
    });
    targets.forEach(({ data }, i) => {
      place(`y${i}`, data);
    });
    if (weights) place("sampleWeights", weights);
    const order = this.order();
    for (let i = 0; i < order.length; i++) order[i] = i % this.rows;
    return addresses;
  }
}

function sizesOf({ inputs, targets, weights }: Examples): number[] {
  return [...inputs, ...targets].map(({ data }) => data.byteLength).concat(weights?.byteLength ?? 0);
}

/** Copies `data` to `address` a few milliseconds' worth at a time. */
async function copy(engine: Engine, data: TypedData, address: number, pace: Pace): Promise<void> {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  for (let from = 0; from < bytes.length; from += CHUNK) {
    const part = bytes.subarray(from, from + CHUNK);
    engine.u8(address + from, part.length).set(part);
    await pace.rest();
  }
}
