// Builds the core: writes build/dispatch.ts from the kernel table, compiles every target of asconfig.json for shared memory
// and, with another bit in the import of the memory, for unshared, and writes build/wasm.ts, what the bundle embeds of it, in
// hexadecimal: gzip shrinks that to less than base64.
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = new URL("../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const write = (path, text) => writeFileSync(new URL(path, root), text);

mkdirSync(new URL("build/", root), { recursive: true });

const table = /enum Kernel \{([^}]*)\}/.exec(read("assembly/kernels.ts"));
if (!table) throw new Error("assembly/kernels.ts holds no enum Kernel");
const names = table[1]
  .replace(/\/\/.*|\/\*[\s\S]*?\*\//g, "")
  .split(",")
  .map((name) => name.trim())
  .filter(Boolean);

const home = new Map();
for (const file of readdirSync(new URL("assembly/kernels/", root))) {
  const text = read(`assembly/kernels/${file}`);
  for (const [, name] of text.matchAll(
    /^export function (\w+)\(p: usize, step: i32, thread: i32, threads: i32\): void/gm,
  )) {
    if (home.has(name)) throw new Error(`kernel ${name} stands in ${home.get(name)} and ${file}`);
    if (!names.includes(name)) throw new Error(`kernel ${name} of ${file} is missing from assembly/kernels.ts`);
    home.set(name, file);
  }
}
const missing = names.filter((name) => !home.has(name));
if (missing.length > 0) throw new Error(`no file in assembly/kernels/ exports ${missing.join(", ")}`);

write(
  "build/dispatch.ts",
  [
    ...names.map((name) => `import { ${name} } from "../assembly/kernels/${home.get(name).replace(/\.ts$/, "")}";`),
    "export function dispatch(kernel: i32, p: usize, step: i32, thread: i32, threads: i32): void {",
    "  switch (kernel) {",
    ...names.map((name, id) => `    case ${id}: return ${name}(p, step, thread, threads);`),
    "    default: unreachable();",
    "  }",
    "}",
    "",
  ].join("\n"),
);

const { targets } = JSON.parse(read("asconfig.json"));
const asc = fileURLToPath(new URL("node_modules/assemblyscript/bin/asc.js", root));
const compile = async (target) => {
  const args = [asc, "assembly/index.ts", "--config", "asconfig.json", "--target", target];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: fileURLToPath(root) });
  process.stderr.write(stdout + stderr);
};
await Promise.all(Object.keys(targets).map(compile));

/** Where a build says what memory it imports, and what it says. */
const IMPORT = Buffer.from("\x03env\x06memory\x02", "latin1");
const UNSHARED = 1;

const exported = Object.keys(targets).map((target) => {
  const wasm = readFileSync(new URL(`build/${target}-shared.wasm`, root));
  const found = wasm.indexOf(IMPORT);
  if (found < 0) throw new Error(`the ${target} build does not import env.memory first`);
  const memory = found + IMPORT.length;
  const unshared = Buffer.from(wasm);
  unshared[memory] = UNSHARED;
  write(`build/${target}.wasm`, unshared);
  return `export const ${target} = {\n  memory: ${memory},\n  hex: "${wasm.toString("hex")}",\n};\n`;
});
write("build/wasm.ts", exported.join(""));
