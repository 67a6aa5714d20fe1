import { readFileSync } from "node:fs";

export type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array;
/** An operand that the kernel writes, with what stands there before the call. */
export interface Written {
  readonly writes: Numbers;
}
/** So many bytes that the kernel may leave anything in. */
export interface Room {
  readonly room: number;
}
/** Numbers that are only read, numbers that are written, room, an f32, or a whole number (0 for an absent tensor). */
export type Operand = Numbers | Written | Room | { readonly float: number } | number;

export interface CallOptions {
  readonly steps?: number;
  /** The threads in the order in which they take their turn; as many as there are. */
  readonly turns?: readonly number[];
  /** The tiles of products, see assembly/tall.ts. */
  readonly tall?: boolean;
  /** Position of a read operand that lies where operand 0, which is written, lies. */
  readonly inPlace?: number | undefined;
}

export interface Core {
  /**
   * Runs one kernel and returns what it wrote, one array an operand that is written.
   * @throws Error when anything else in memory changed: operands that are only read, or the guards around all of them
   */
  call(kernel: number, operands: readonly Operand[], options?: CallOptions): Numbers[];
}

export const builds = ["baseline", "relaxed", "baseline-shared", "relaxed-shared"] as const;

const PAGES = 48;
const GUARD = 64;

/** A guard word is a NaN, so that reading it shows, and another at each place, so that copying it shows. */
const guards = new Uint8Array(
  Uint32Array.from({ length: PAGES * 2 ** 14 }, (_, i) => 0xffc00000 | i).buffer,
) as Uint8Array<ArrayBuffer>;

/** A build of the core, from build/. */
export async function loadCore(build: (typeof builds)[number]): Promise<Core> {
  const binary = readFileSync(new URL(`../../build/${build}.wasm`, import.meta.url));
  if (!WebAssembly.validate(binary)) {
    throw new Error(`this host does not validate the ${build} build: Node 20 needs --experimental-wasm-relaxed-simd`);
  }
  const shared = build.endsWith("shared");
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: 65536, shared });
  const { instance } = await WebAssembly.instantiate(binary, { env: { memory, sleep() {}, finished() {} } });
  const core = instance.exports as {
    run(plan: number, steps: number, thread: number, threads: number, state: number, tall: boolean): number;
    heapBase(): number;
  };
  const plan = align(core.heapBase());
  const view = new DataView(memory.buffer);

  const call: Core["call"] = (kernel, operands, { steps = 1, turns = [0], inPlace, tall = false } = {}) => {
    const bytes = new Uint8Array(memory.buffer, 0, plan + 256 + sizeOf(operands));
    bytes.set(guards.subarray(plan, bytes.length), plan);
    const written: { at: number; initial: Numbers }[] = [];
    const rooms: { at: number; room: number }[] = [];
    let free = plan + 256;
    const place = (numbers: Numbers): number => {
      const at = align(free + GUARD);
      free = at + numbers.byteLength;
      bytes.set(bytesOf(numbers), at);
      return at;
    };
    view.setInt32(plan, kernel, true);
    view.setInt32(plan + 4, 2 + operands.length, true);
    for (const [i, operand] of operands.entries()) {
      const word = plan + 8 + 4 * i;
      if (typeof operand === "number") view.setInt32(word, operand, true);
      else if ("float" in operand) view.setFloat32(word, operand.float, true);
      else if ("room" in operand) {
        const at = align(free + GUARD);
        free = at + operand.room;
        rooms.push({ at, room: operand.room });
        view.setInt32(word, at, true);
      } else if ("writes" in operand) {
        const initial = i === 0 && inPlace !== undefined ? (operands[inPlace] as Numbers) : operand.writes;
        written.push({ at: place(initial), initial });
        view.setInt32(word, written.at(-1)?.at as number, true);
      } else view.setInt32(word, i === inPlace ? (written[0]?.at as number) : place(operand), true);
    }
    view.setInt32(plan + 8 + 4 * operands.length, -1, true);

    const expected = bytes.slice();
    for (const thread of turns) core.run(plan, steps, thread, turns.length, 0, tall);
    const results = written.map(({ at, initial }) => {
      const result = initial.slice();
      const now = bytes.subarray(at, at + initial.byteLength);
      bytesOf(result).set(now);
      expected.set(now, at);
      return result;
    });
    for (const { at, room } of rooms) expected.set(bytes.subarray(at, at + room), at);
    if (Buffer.compare(bytes, expected) !== 0) {
      throw new Error(
        `wrote outside its output, at address ${bytes.findIndex((byte, i) => byte !== expected[i])} of ${free}`,
      );
    }
    return results;
  };
  return { call };
}

/** More than all operands take with the guards between them. */
function sizeOf(operands: readonly Operand[]): number {
  return operands.reduce<number>((sum, operand) => {
    if (typeof operand === "number" || "float" in operand) return sum;
    const bytes =
      "room" in operand ? operand.room : "writes" in operand ? operand.writes.byteLength : operand.byteLength;
    return sum + bytes + 2 * GUARD;
  }, 2 * GUARD);
}

function align(address: number): number {
  return (address + 15) & ~15;
}

function bytesOf({ buffer, byteOffset, byteLength }: Numbers): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
