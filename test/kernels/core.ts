import { readFileSync } from "node:fs";

type Input = Float32Array | 0;
type Scalar = number | { readonly float: number };
/** The tensors of a call: what is written, `out` elements or `inOut` in place, then what is only read (0: absent). */
type Tensors =
  | { readonly out: number; readonly inputs: readonly Input[] }
  | { readonly inOut: Float32Array; readonly inputs?: readonly Input[] };

export interface Core {
  /** Runs one kernel, as each of `threads` threads in turn, and checks that it wrote nothing outside its output. */
  call(kernel: number, tensors: Tensors, scalars: readonly Scalar[], threads?: number): Float32Array;
}

const GUARD = 64;
const GUARD_BYTE = 0xa5;

/** A build of the core, from build/. */
export async function loadCore(build: "baseline" | "relaxed"): Promise<Core> {
  const binary = readFileSync(new URL(`../../build/${build}.wasm`, import.meta.url));
  if (!WebAssembly.validate(binary)) {
    throw new Error(`this host does not validate the ${build} build: Node 20 needs --experimental-wasm-relaxed-simd`);
  }
  const memory = new WebAssembly.Memory({ initial: 16 });
  const { instance } = await WebAssembly.instantiate(binary, { env: { memory } });
  const core = instance.exports as {
    run(plan: number, steps: number, thread: number, threads: number): void;
    heapBase(): number;
  };

  const call: Core["call"] = (kernel, tensors, scalars, threads = 1) => {
    const bytes = new Uint8Array(memory.buffer);
    const view = new DataView(memory.buffer);
    const plan = (core.heapBase() + 15) & ~15;
    bytes.fill(GUARD_BYTE, plan);
    let free = plan + 256;
    const place = (tensor: Input): number => {
      if (tensor === 0) return 0;
      const at = free + GUARD;
      new Float32Array(memory.buffer, at, tensor.length).set(tensor);
      free = (at + tensor.byteLength + 15) & ~15;
      return at;
    };
    const inPlace = "inOut" in tensors;
    const out = place(inPlace ? tensors.inOut : new Float32Array(tensors.out).fill(NaN));
    const read = (tensors.inputs ?? []).map(place);
    const addresses = inPlace ? [out, out, ...read] : [out, ...read];
    const words = [kernel, 2 + addresses.length + scalars.length, ...addresses];
    for (const [i, word] of words.entries()) view.setInt32(plan + 4 * i, word, true);
    for (const [i, scalar] of scalars.entries()) {
      const at = plan + 4 * (words.length + i);
      if (typeof scalar === "number") view.setInt32(at, scalar, true);
      else view.setFloat32(at, scalar.float, true);
    }
    view.setInt32(plan + 4 * (words.length + scalars.length), -1, true);

    const before = bytes.slice();
    for (let thread = 0; thread < threads; thread++) core.run(plan, 1, thread, threads);
    const length = inPlace ? tensors.inOut.length : tensors.out;
    const result = new Float32Array(memory.buffer, out, length).slice();
    bytes.fill(0, out, out + 4 * length);
    before.fill(0, out, out + 4 * length);
    if (Buffer.compare(bytes, before) !== 0) throw new Error(`kernel ${kernel} wrote outside its output`);
    return result;
  };
  return { call };
}
