import { readFileSync } from "node:fs";

const PAGE = 65536;
const PAGES = 2048;
const CACHE_LINE = 64;
/** Arrays begin this much apart from whole pages, or loads of one would wait for stores to another at the same place of a page. */
const STAGGER = 5 * CACHE_LINE;
/** Milliseconds of a trial. */
const TRIAL = 15;

/** The best build that this host runs. */
export function bestBuild() {
  return WebAssembly.validate(binaryOf("relaxed")) ? "relaxed" : "baseline";
}

function binaryOf(build) {
  return readFileSync(new URL(`../../build/${build}.wasm`, import.meta.url));
}

/** A core whose kernels are called straight, on numbers of its own. */
export class Workbench {
  memory = new WebAssembly.Memory({ initial: PAGES, maximum: 65536 });
  #core;
  #start;
  #end;

  /** @param source what lib/source.ts exports */
  static async create(build, source) {
    const binary = binaryOf(build);
    if (!WebAssembly.validate(binary)) throw new Error(`this host does not run the ${build} build`);
    const bench = new Workbench();
    const env = { memory: bench.memory, sleep() {}, finished() {} };
    bench.#core = (await WebAssembly.instantiate(binary, { env })).instance.exports;
    bench.#start = bench.#core.heapBase();
    bench.source = source;
    bench.clear();
    return bench;
  }

  /** Gives all numbers back. */
  clear() {
    this.#end = this.#start;
  }

  /** The address of `bytes` bytes that nothing else occupies. */
  place(bytes) {
    const address = Math.ceil(this.#end / CACHE_LINE) * CACHE_LINE + STAGGER;
    this.#end = address + bytes;
    if (this.#end > PAGES * PAGE) throw new Error("the memory of the workbench is full");
    return address;
  }

  /** `count` numbers, `of(i)` each, as a buffer that plans name. */
  numbers(count, of, Type = Float32Array) {
    const bytes = count * Type.BYTES_PER_ELEMENT;
    const offset = this.place(bytes);
    const view = new Type(this.memory.buffer, offset, count);
    for (let i = 0; i < count; i++) view[i] = of(i);
    return { region: "memory", offset, bytes };
  }

  /** Numbers between -1 and 1 without an order. */
  noise(count) {
    return this.numbers(count, (i) => ((i * 7919) % 4099) / 2049.5 - 1);
  }

  /**
   * The calls that `emit(lowering)` emits for batches of `batch`, as a function that does them `times` times, with low or tall
   * tiles of products: like the library, with those that are faster.
   */
  calls(batch, emit) {
    const calls = [];
    const temporary = (elements) => ({ bytes: elements * 4, region: "temporary", offset: 0 });
    emit({ batch, temporary, emit: (call) => calls.push(call) });
    const plan = this.source.makePlan(calls);
    const arena = this.place(plan.arenaBytes);
    const words = this.source.relocate(plan, (region) => (region === "temporary" ? arena : 0));
    const { offset } = this.numbers(words.length, (i) => words[i], Int32Array);
    return faster([false, true].map((tall) => (times) => this.#core.run(offset, times, 0, 1, 0, tall)));
  }
}

/** The one of two functions that does more in a time, after both had theirs to warm up. */
function faster(functions) {
  for (const run of functions) most(run);
  const [one, other] = functions.map((run) => Math.max(most(run), most(run)));
  return functions[other > one ? 1 : 0];
}

/** How often `run` does its work in some milliseconds. */
function most(run) {
  const start = performance.now();
  let times = 0;
  while (performance.now() - start < TRIAL) {
    run(8);
    times += 8;
  }
  return times / (performance.now() - start);
}
