import { readFileSync } from "node:fs";
import asc from "assemblyscript/asc";

/** The functions of limit.ts for the build `build`, on `memory`. */
export async function loadLimits(build, memory) {
  const relaxed = build === "relaxed";
  const source = readFileSync(new URL("../limit.ts", import.meta.url), "utf8");
  const { binary, error, stderr } = await asc.compileString(source, {
    runtime: "stub",
    optimizeLevel: 3,
    noAssert: true,
    importMemory: true,
    use: ["abort=", `RELAXED=${relaxed ? 1 : 0}`],
    enable: relaxed ? ["simd", "relaxed-simd"] : ["simd"],
  });
  if (error) throw new Error(`limit.ts: ${error.message}\n${stderr}`);
  const { instance } = await WebAssembly.instantiate(binary, { env: { memory } });
  return instance.exports;
}
