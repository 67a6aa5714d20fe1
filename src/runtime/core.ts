import { baseline, relaxed } from "../../build/wasm.js";

/** Bytes of a page of WebAssembly's memory. */
export const PAGE = 65536;
/** What a memory may be declared to grow to, and the two kinds of memory with such a limit. */
const MOST_PAGES = 65536;
const UNSHARED = 1;
const SHARED = 3;

/** What an instance of the core offers; see assembly/index.ts. */
export interface Core {
  run(plan: number, steps: number, thread: number, threads: number, state: number, tall: boolean): number;
  heapBase(): number;
}

/** An instance with what other threads need to make theirs. */
export interface LoadedCore {
  readonly build: "baseline" | "relaxed";
  readonly core: Core;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Whether the memory can be shared with other threads. */
  readonly shared: boolean;
  /** Bytes that the memory may grow to. */
  readonly limit: number;
}

/**
 * Compiles and instantiates a build: the baseline one, or with `fast` the best that the host validates. With `share` its memory is
 * shared and may grow to `limit` bytes, if the host allows.
 */
export async function loadCore(fast: boolean, share: boolean, limit: number): Promise<LoadedCore> {
  const build = fast && WebAssembly.validate(RELAXED_MADD) ? "relaxed" : "baseline";
  const sharing = share ? sharedMemory(limit) : undefined;
  const memory = sharing?.memory ?? new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES });
  const shared = sharing !== undefined;
  const module = await WebAssembly.compile(decode(build === "relaxed" ? relaxed : baseline, shared));
  const { exports } = await WebAssembly.instantiate(module, { env: { memory, sleep() {}, finished() {} } });
  return { build, core: exports as unknown as Core, module, memory, shared, limit: sharing?.limit ?? limit };
}

/** A module of one function that does a relaxed f32x4.madd. */
const RELAXED_MADD = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x01, 0x60, 0x03, 0x7b, 0x7b, 0x7b, 0x01, 0x7b],
  ...[0x03, 0x02, 0x01, 0x00, 0x0a, 0x0d, 0x01, 0x0b, 0x00, 0x20, 0x00, 0x20, 0x01, 0x20, 0x02, 0xfd, 0x85, 0x02, 0x0b],
);

/** The least that a shared memory may grow to for its threads to be worth it, unless less was asked for. */
const LEAST_SHARED = 2 ** 30;

/** Memory that threads share, which may grow to `limit` or, where the host promises no more, less; undefined where there is none. */
function sharedMemory(limit: number): { memory: WebAssembly.Memory; limit: number } | undefined {
  for (let bytes = limit; bytes >= Math.min(limit, LEAST_SHARED); bytes /= 2) {
    try {
      const maximum = Math.floor(bytes / PAGE);
      return { memory: new WebAssembly.Memory({ initial: 1, maximum, shared: true }), limit: maximum * PAGE };
    } catch {
      // Safari refuses large ones.
    }
  }
  return undefined;
}

/** The bytes that `hex` spells, made to import shared or unshared memory: the one difference between those builds. */
function decode({ hex, memory }: typeof baseline, shared: boolean): Uint8Array<ArrayBuffer> {
  const codes = new TextEncoder().encode(hex);
  const bytes = new Uint8Array(codes.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = codes[2 * i] as number;
    const low = codes[2 * i + 1] as number;
    // The low bits of "0" to "9" are the digits; "a" to "f" have bit 6 set and begin at 1.
    bytes[i] = (((high & 15) + (high >> 6) * 9) << 4) | ((low & 15) + (low >> 6) * 9);
  }
  bytes[memory] = shared ? SHARED : UNSHARED;
  return bytes;
}
