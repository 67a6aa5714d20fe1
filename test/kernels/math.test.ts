import { readFileSync } from "node:fs";
import asc from "assemblyscript/asc";
import { describe, expect, test } from "vitest";

interface Row {
  /** The f64 reference, and the inputs that count. */
  readonly f: (x: number) => number;
  readonly from: number;
  readonly to: number;
  /** The documented bound in ULP. */
  readonly ulp: number;
  /** Where a sweep over every f32 found the largest error: in the baseline and, if elsewhere, in the relaxed build. */
  readonly worst: readonly number[];
}

/** Every function of assembly/math.ts. */
const functions: Record<string, Row> = {
  exp: { f: Math.exp, from: -Infinity, to: Infinity, ulp: 1.1, worst: [-27.378984451293945, -27.377992630004883] },
  expm1: { f: Math.expm1, from: -Infinity, to: 0, ulp: 1, worst: [-0.37815889716148376, -0.38523581624031067] },
  log: { f: Math.log, from: -Infinity, to: Infinity, ulp: 1, worst: [0.698935329914093, 1.399021029472351] },
  log1p: { f: Math.log1p, from: 0, to: 1, ulp: 1.5, worst: [0.4145852029323578] },
  tanh: { f: Math.tanh, from: -Infinity, to: Infinity, ulp: 2.5, worst: [4.505090713500977] },
  sigmoid: {
    f: (x) => 1 / (1 + Math.exp(-x)),
    from: -Infinity,
    to: Infinity,
    ulp: 2.5,
    worst: [-4.157293796539307],
  },
  softplus: {
    f: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    from: -Infinity,
    to: Infinity,
    ulp: 2,
    worst: [-0.8800501823425293],
  },
  erf: { f: erf, from: -Infinity, to: Infinity, ulp: 8, worst: [3.783676862716675, 3.339493751525879] },
};

/** erf x = 2 / sqrt(pi) e^(-x^2) x sum of (2 x^2)^n / (1 3 5 ... (2n + 1)): all terms of one sign. Abramowitz 7.1.6. */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = 1;
  let sum = 1;
  for (let n = 1; term > 1e-18 * sum; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * x * sum;
}

interface Module {
  apply(which: number, p: number, n: number): void;
  base(): number;
}

/** assembly/math.ts alone, as a module that applies function number `which` to n f32 at p, in place. */
async function compile(relaxed: boolean): Promise<{ exports: Module; memory: WebAssembly.Memory }> {
  const names = Object.keys(functions);
  const loop = (name: string, i: number) =>
    `if (which == ${i}) for (let at = p; at < p + (n << 2); at += 16) v128.store(at, ${name}(v128.load(at)));`;
  const entry = `import { ${names.join(", ")} } from "./math";
    export function apply(which: i32, p: usize, n: i32): void { ${names.map(loop).join("\n")} }
    export function base(): usize { return __heap_base; }`;
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      "assembly/entry.ts",
      "--outFile",
      "out.wasm",
      "--runtime",
      "stub",
      "-O3",
      "--noAssert",
      "--importMemory",
      "--enable",
      "simd",
      ...(relaxed ? ["--enable", "relaxed-simd"] : []),
      "--use",
      "abort=",
      "--use",
      `RELAXED=${Number(relaxed)}`,
    ],
    {
      readFile: (name) => (name === "assembly/entry.ts" ? entry : readIfPresent(name)),
      writeFile: (_, contents) => {
        binary = contents as Uint8Array;
      },
    },
  );
  if (error || !binary) throw error ?? new Error(String(stderr));
  if (!WebAssembly.validate(binary as BufferSource)) {
    throw new Error("this host needs --experimental-wasm-relaxed-simd to validate the relaxed build");
  }
  const memory = new WebAssembly.Memory({ initial: 64 });
  const { instance } = await WebAssembly.instantiate(binary as BufferSource, { env: { memory } });
  return { exports: instance.exports as unknown as Module, memory };
}

function readIfPresent(name: string): string | null {
  try {
    return readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
  } catch {
    return null;
  }
}

/** Distance of `got` from `want` in units of the last place of f32 at `want`. */
function ulps(got: number, want: number): number {
  if (Object.is(got, Math.fround(want)) || (Number.isNaN(got) && Number.isNaN(want))) return 0;
  const exponent = Math.max(-126, Math.floor(Math.log2(Math.abs(want))));
  return Math.abs(got - want) / 2 ** (exponent - 23);
}

describe.each([{ build: "baseline" }, { build: "relaxed" }])("vector math, $build build", async ({ build }) => {
  const { exports, memory } = await compile(build === "relaxed");
  const SIZE = 1 << 16;
  const p = (exports.base() + 15) & ~15;
  const bits = new Uint32Array(memory.buffer, p, SIZE);
  const floats = new Float32Array(memory.buffer, p, SIZE);

  const run = (which: number, fill: (i: number) => void): { x: Float32Array; y: Float32Array } => {
    for (let i = 0; i < SIZE; i++) fill(i);
    const x = floats.slice();
    exports.apply(which, p, SIZE);
    return { x, y: floats.slice() };
  };

  test.each(Object.entries(functions).map(([name, row], which) => ({ name, which, ...row })))(
    "$name stays within $ulp ULP",
    ({ which, f, from, to, ulp, worst: worstInputs }) => {
      let worst = { x: 0, got: 0, want: 0, error: -1 };
      const check = ({ x, y }: { x: Float32Array; y: Float32Array }) => {
        for (let i = 0; i < SIZE; i++) {
          const at = x[i] as number;
          if (!(at >= from && at <= to) && !Number.isNaN(at)) continue;
          const want = f(at);
          const error = ulps(y[i] as number, want);
          if (!(error <= worst.error)) worst = { x: at, got: y[i] as number, want, error };
        }
      };
      // Over all bit patterns of f32, then densely where the functions bend.
      for (let part = 0; part < 32; part++) check(run(which, (i) => (bits[i] = (part * SIZE + i) * 2039)));
      for (const reach of [0.5, 2, 4, 10, 110]) check(run(which, (i) => (floats[i] = (i / SIZE - 0.5) * 2 * reach)));
      check(run(which, (i) => (floats[i] = worstInputs[i % worstInputs.length] as number)));
      expect(worst.error, JSON.stringify(worst)).toBeLessThanOrEqual(ulp);
    },
  );

  test("NaN, infinities, zeros and denormals", () => {
    const special = [NaN, Infinity, -Infinity, 0, -0, 1e-45, -1e-45, 1.1754942e-38, -1.1754942e-38].map(Math.fround);
    for (const [which, [name, { f, from, to }]] of Object.entries(functions).entries()) {
      const { y } = run(which, (i) => (floats[i] = special[i] ?? 0));
      for (const [i, x] of special.entries()) {
        if (x < from || x > to) continue;
        const got = y[i] as number;
        const want = Math.fround(f(x));
        if (want === 0) expect(got === 0, `${name}(${x})`).toBe(true);
        else if (!Number.isFinite(want)) expect(got, `${name}(${x})`).toBe(want);
        else expect(ulps(got, f(x)), `${name}(${x})`).toBeLessThanOrEqual(1);
      }
    }
  });
});
