import { STATE_BYTES } from "../../assembly/format.js";
import { checkInteger, checkSettings, lookUp } from "../base/check.js";
import { EngineError, OutOfMemoryError } from "../base/errors.js";
import { Arena, align } from "../plan/arena.js";
import { type LoadedCore, loadCore, PAGE } from "./core.js";
import { Crew, type Threads, type Way } from "./crew.js";
import { Pool } from "./pool.js";
import { coresOfHost, type StartThread, threadsOfHost } from "./thread.js";

const TRAPPED = "the wasm core trapped; build the models of this engine again from their last weights or checkpoint";
const DIED =
  "a thread of the wasm core died; build the models of this engine again from their last weights or checkpoint";
/** A thread's number has to fit into a byte; more than this many have not been seen to help. */
const MOST_THREADS = 128;
/** What `"auto"` takes at most. */
const MOST_AUTO_THREADS = 16;
/** What 32-bit addresses reach, less a page so that no end of a block is 2^32. */
export const ADDRESSABLE = 65535 * PAGE;

/** `"fast"` takes the best build the host validates, `"reproducible"` always the baseline one. */
export type Numerics = "fast" | "reproducible";

export interface EngineOptions {
  /** Default `"fast"`. */
  readonly numerics?: Numerics;
  /**
   * How many threads share a step of training or evaluation, 1 to 128, where it is large enough for more than one: a step waits for
   * all of them, so more than the host has cores make it much slower.
   * `"auto"` tries which number is fastest for each model and never takes more than the host has cores. Needs Node 20.16 or
   * later, or a page that is cross-origin isolated; one thread does everything elsewhere. The results are the same to the bit.
   * Default `"auto"`.
   */
  readonly threads?: number | "auto";
  /** Bytes that the engine's memory may grow to, at most and by default 4 GiB less a page. */
  readonly memoryLimit?: number;
}

/** What runs: which build of the core, and how many threads at most. */
export interface EngineInfo {
  readonly build: "baseline" | "relaxed";
  readonly threads: number;
  /** Bytes of the engine's memory now: it never shrinks, but what is freed is used again. */
  readonly memoryBytes: number;
}

/** A stretch of the engine's memory. */
export interface Block {
  readonly address: number;
  readonly bytes: number;
}

/** Threads outlive what they were started for unless they are told. */
const abandoned = new FinalizationRegistry<Pool>((pool) => pool.close(new Error("nobody uses the engine any more")));

/** One instance of the core with its memory, and the threads that share it. */
export class Engine {
  readonly build: "baseline" | "relaxed";
  readonly #loaded: LoadedCore;
  readonly #arena = new Arena();
  /** Address of the state that threads share. */
  readonly #state: number;
  readonly #base: number;
  readonly #limit: number;
  readonly #startThread: StartThread | undefined;
  readonly #threads: number;
  readonly #fixed: boolean;
  #pool: Pool | undefined;
  /** The job of the pool under way. */
  #job: Promise<unknown> | undefined;
  #trap: { readonly message: string; readonly cause: unknown } | undefined;

  private constructor(
    loaded: LoadedCore,
    limit: number,
    threads: { readonly count: number; readonly fixed: boolean; readonly start: StartThread | undefined },
  ) {
    this.build = loaded.build;
    this.#loaded = loaded;
    this.#threads = loaded.shared ? threads.count : 1;
    this.#fixed = threads.fixed;
    this.#startThread = threads.start;
    this.#state = align(loaded.core.heapBase());
    this.#base = this.#state + (this.#threads > 1 ? align(STATE_BYTES) : 0);
    this.#limit = Math.floor(Math.min(limit, loaded.limit) / PAGE) * PAGE;
  }

  /** Compiles and instantiates the build that `numerics` asks for. */
  static async create(options: EngineOptions = {}): Promise<Engine> {
    checkSettings("init", options, ["numerics", "threads", "memoryLimit"]);
    const { numerics = "fast", threads = "auto", memoryLimit = ADDRESSABLE } = options;
    lookUp("numerics", numerics, { fast: true, reproducible: true });
    if (threads !== "auto") checkInteger("threads", threads, 1, MOST_THREADS);
    const limit = checkInteger("memoryLimit", memoryLimit, PAGE, ADDRESSABLE);
    const count = threads === "auto" ? Math.min(coresOfHost(), MOST_AUTO_THREADS) : threads;
    const start = count > 1 ? threadsOfHost() : undefined;
    const loaded = await loadCore(numerics === "fast", start !== undefined, limit);
    const engine = new Engine(loaded, limit, { count, fixed: threads !== "auto", start });
    if (threads !== "auto") await engine.#openPool();
    return engine;
  }

  get info(): EngineInfo {
    return { build: this.build, threads: this.threads, memoryBytes: this.#loaded.memory.buffer.byteLength };
  }

  /** How many threads there are at most. */
  get threads(): number {
    return this.#pool?.death ? 1 : this.#threads;
  }

  /** Chooses the way of a plan's slices. */
  crew(shareable: boolean): Crew {
    const engine = this;
    const threads: Threads = {
      fixed: this.#fixed,
      get most() {
        return engine.threads;
      },
      get isReady() {
        return engine.#pool?.isReady ?? false;
      },
      start: () => engine.#startPool(),
    };
    return new Crew(threads, shareable, this.build === "relaxed");
  }

  /** Throws `OutOfMemoryError` when blocks of `sizes` bytes cannot all fit, with what they take together. */
  checkRoom(what: string, sizes: readonly number[]): void {
    const needed = wholePages(sizes.reduce((sum, bytes) => sum + align(bytes), this.#base + this.#arena.used));
    if (!(needed <= this.#limit)) throw new OutOfMemoryError(what, needed, this.#limit);
  }

  /**
   * Reserves bytes, growing the memory where needed; they hold what was there before. Throws `OutOfMemoryError` before
   * anything changes when `what` does not fit.
   */
  empty(what: string, bytes: number): Block {
    this.#checkAlive();
    this.#reserve(what, bytes);
    const address = this.#base + this.#arena.allocate(bytes);
    return { address, bytes };
  }

  /** The same, filled with zeros. */
  zeros(what: string, bytes: number): Block {
    const block = this.empty(what, bytes);
    this.u8(block.address, bytes).fill(0);
    return block;
  }

  free(block: Block): void {
    this.#arena.free(block.address - this.#base, block.bytes);
  }

  /**
   * Views hold until the next `empty` or `zeros`, which may move the memory, and the host's next turn, in which threads may
   * write: take them afresh. A job of the pool ends after its step first. After a trap they throw `EngineError`: the memory may hold
   * half a step.
   */
  f32(address: number, length: number): Float32Array {
    return new Float32Array(this.#settled(), address, length);
  }

  f64(address: number, length: number): Float64Array {
    return new Float64Array(this.#settled(), address, length);
  }

  i32(address: number, length: number): Int32Array {
    return new Int32Array(this.#settled(), address, length);
  }

  u8(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#settled(), address, length);
  }

  /** Runs `steps` steps of the plan at `address`. A trap ends this engine: every later call throws `EngineError`. */
  run(address: number, steps: number, tall = false): void {
    this.#settled();
    try {
      this.#loaded.core.run(address, steps, 0, 1, 0, tall);
    } catch (error) {
      throw this.#end(TRAPPED, error);
    }
  }

  /**
   * The same on several threads, while the host has its turns. Resolves to the number of steps done: at least 1, and fewer than
   * `steps` where something else used the memory meanwhile. The death of a thread ends this engine too.
   */
  async runTogether(address: number, steps: number, way: Way): Promise<number> {
    while (this.#job) await this.#job;
    this.#checkAlive();
    const pool = this.#pool;
    if (!pool?.isReady) {
      // A thread died while it had nothing to do, so that nothing is lost.
      this.run(address, steps, way.tall);
      return steps;
    }
    const job = pool.run(address, steps, way);
    this.#job = job.then(
      () => this.#jobEnded(),
      () => this.#jobEnded(),
    );
    try {
      return await job;
    } catch (error) {
      throw this.#end(DIED, error);
    }
  }

  /** Whether nothing has trapped and no thread died at work. */
  get isAlive(): boolean {
    return this.#trap === undefined;
  }

  #checkAlive(): void {
    if (this.#trap) throw new EngineError(this.#trap.message, { cause: this.#trap.cause });
  }

  #end(message: string, cause: unknown): EngineError {
    this.#trap ??= { message, cause };
    this.#pool?.close(cause);
    return new EngineError(message, { cause });
  }

  #jobEnded(): void {
    this.#job = undefined;
  }

  /** The memory's bytes, which no thread is writing. */
  #settled(): ArrayBufferLike {
    this.#checkAlive();
    try {
      this.#pool?.settle();
    } catch (error) {
      throw this.#end(DIED, error);
    }
    return this.#loaded.memory.buffer;
  }

  #startPool(): void {
    if (this.#pool || !this.#startThread || this.#threads === 1) return;
    const { module, memory } = this.#loaded;
    const words = new Int32Array(memory.buffer as unknown as SharedArrayBuffer, this.#state, STATE_BYTES / 4);
    this.#pool = new Pool(this.#threads, this.#startThread, { module, memory, state: this.#state }, words);
    abandoned.register(this, this.#pool);
  }

  /** Starts the threads, unless there is one only, and waits until they are ready. */
  async #openPool(): Promise<void> {
    this.#startPool();
    this.#pool?.hold(true);
    await this.#pool?.opening;
    this.#pool?.hold(false);
  }

  #reserve(what: string, bytes: number): void {
    const needed = wholePages(this.#base + this.#arena.endAfter(bytes));
    const have = this.#loaded.memory.buffer.byteLength;
    if (needed <= have) return;
    if (!(needed <= this.#limit)) throw new OutOfMemoryError(what, needed, this.#limit);
    // Grown by a quarter at least, so that many small models do not move the memory each time.
    const wanted = Math.min(Math.max(needed, have * 1.25), this.#limit);
    const pages = (bytes: number) => (wholePages(bytes) - have) / PAGE;
    try {
      this.#loaded.memory.grow(pages(wanted));
    } catch {
      try {
        this.#loaded.memory.grow(pages(needed));
      } catch {
        throw new OutOfMemoryError(`${what} (the host gave no more memory)`, needed, have);
      }
    }
  }
}

function wholePages(bytes: number): number {
  return Math.ceil(bytes / PAGE) * PAGE;
}
