import { baseline, relaxed } from "../../build/wasm.js";
import { checkInteger, checkSettings, lookUp } from "../base/check.js";
import { EngineError, OutOfMemoryError } from "../base/errors.js";
import { Arena, align } from "../plan/arena.js";

const PAGE = 65536;
const TRAPPED = "the wasm core trapped; build the models of this engine again from their last weights";
/** What 32-bit addresses reach, less a page so that no end of a block is 2^32. */
export const ADDRESSABLE = 65535 * PAGE;

/** `"fast"` takes the best build the host validates, `"reproducible"` always the baseline one. */
export type Numerics = "fast" | "reproducible";

export interface EngineOptions {
  /** Default `"fast"`. */
  readonly numerics?: Numerics;
  /** At most so many threads share the work, or `"auto"`. This version runs one, whatever it may. Default `"auto"`. */
  readonly threads?: number | "auto";
  /** Bytes that the engine's memory may grow to, at most and by default 4 GiB less a page. */
  readonly memoryLimit?: number;
}

/** What runs: which build of the core, and how many threads. */
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

interface Core {
  run(plan: number, steps: number, thread: number, threads: number): void;
  heapBase(): number;
}

/** One instance of the core with its memory. */
export class Engine {
  readonly build: "baseline" | "relaxed";
  readonly threads = 1;
  readonly #core: Core;
  readonly #memory: WebAssembly.Memory;
  readonly #arena = new Arena();
  readonly #base: number;
  readonly #limit: number;
  #trap: unknown;

  private constructor(build: "baseline" | "relaxed", core: Core, memory: WebAssembly.Memory, limit: number) {
    this.build = build;
    this.#core = core;
    this.#memory = memory;
    this.#base = align(core.heapBase());
    this.#limit = Math.floor(limit / PAGE) * PAGE;
  }

  /** Compiles and instantiates the build that `numerics` asks for. */
  static async create(options: EngineOptions = {}): Promise<Engine> {
    checkSettings("init", options, ["numerics", "threads", "memoryLimit"]);
    const { numerics = "fast", threads = "auto", memoryLimit = ADDRESSABLE } = options;
    lookUp("numerics", numerics, { fast: true, reproducible: true });
    if (threads !== "auto") checkInteger("threads", threads, 1);
    const limit = checkInteger("memoryLimit", memoryLimit, PAGE, ADDRESSABLE);
    const fast = numerics === "fast" && WebAssembly.validate(RELAXED_MADD);
    const module = await WebAssembly.compile(decode(fast ? relaxed : baseline));
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
    return new Engine(fast ? "relaxed" : "baseline", exports as unknown as Core, memory, limit);
  }

  get info(): EngineInfo {
    return { build: this.build, threads: this.threads, memoryBytes: this.#memory.buffer.byteLength };
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

  /** Views hold until the next `empty` or `zeros`, which may move the memory: take them afresh. */
  f32(address: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#memory.buffer as ArrayBuffer, address, length);
  }

  f64(address: number, length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#memory.buffer as ArrayBuffer, address, length);
  }

  i32(address: number, length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#memory.buffer as ArrayBuffer, address, length);
  }

  u8(address: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#memory.buffer as ArrayBuffer, address, length);
  }

  /** Runs `steps` steps of the plan at `address`. A trap ends this engine: every later call throws `EngineError`. */
  run(address: number, steps: number): void {
    this.#checkAlive();
    try {
      this.#core.run(address, steps, 0, 1);
    } catch (error) {
      this.#trap = error;
      throw new EngineError(TRAPPED, { cause: error });
    }
  }

  /** Whether nothing has trapped. */
  get isAlive(): boolean {
    return this.#trap === undefined;
  }

  #checkAlive(): void {
    if (!this.isAlive) throw new EngineError(TRAPPED, { cause: this.#trap });
  }

  #reserve(what: string, bytes: number): void {
    const needed = wholePages(this.#base + this.#arena.endAfter(bytes));
    const have = this.#memory.buffer.byteLength;
    if (needed <= have) return;
    if (!(needed <= this.#limit)) throw new OutOfMemoryError(what, needed, this.#limit);
    // Grown by a quarter at least, so that many small models do not move the memory each time.
    const wanted = Math.min(Math.max(needed, have * 1.25), this.#limit);
    const pages = (bytes: number) => (wholePages(bytes) - have) / PAGE;
    try {
      this.#memory.grow(pages(wanted));
    } catch {
      try {
        this.#memory.grow(pages(needed));
      } catch {
        throw new OutOfMemoryError(`${what} (the host gave no more memory)`, needed, have);
      }
    }
  }
}

function wholePages(bytes: number): number {
  return Math.ceil(bytes / PAGE) * PAGE;
}

/** A module of one function that does a relaxed f32x4.madd. */
const RELAXED_MADD = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x01, 0x60, 0x03, 0x7b, 0x7b, 0x7b, 0x01, 0x7b],
  ...[0x03, 0x02, 0x01, 0x00, 0x0a, 0x0d, 0x01, 0x0b, 0x00, 0x20, 0x00, 0x20, 0x01, 0x20, 0x02, 0xfd, 0x85, 0x02, 0x0b],
);

/** The bytes that `hex` spells. */
function decode(hex: string): Uint8Array<ArrayBuffer> {
  const codes = new TextEncoder().encode(hex);
  const bytes = new Uint8Array(codes.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = codes[2 * i] as number;
    const low = codes[2 * i + 1] as number;
    // The low bits of "0" to "9" are the digits; "a" to "f" have bit 6 set and begin at 1.
    bytes[i] = (((high & 15) + (high >> 6) * 9) << 4) | ((low & 15) + (low >> 6) * 9);
  }
  return bytes;
}
