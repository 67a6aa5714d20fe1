// Builds dist/ and build/ where they are missing or older than their sources. Vitest calls it before the tests.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const SOURCES = [
  "src",
  "assembly",
  "scripts",
  "asconfig.json",
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.build.json",
];
const RESULTS = ["build/wasm.ts", "dist/index.js", "dist/cli.js", "dist/types/src/index.d.ts"];

export default function ensureBuilt() {
  const results = RESULTS.map((path) => new URL(path, root));
  const sources = Math.max(...SOURCES.map((path) => newest(new URL(path, root))));
  if (results.every((url) => existsSync(url)) && statSync(results.at(-1)).mtimeMs > sources) return;
  console.error("building neurone (half a minute or less)");
  for (const script of ["build-core.mjs", "build.mjs"]) {
    execFileSync(process.execPath, [fileURLToPath(new URL(script, import.meta.url))], { stdio: "inherit" });
  }
}

/** When a file, or anything in a folder, was changed last. */
function newest(url) {
  const stats = statSync(url);
  if (!stats.isDirectory()) return stats.mtimeMs;
  const children = readdirSync(url).map((name) => newest(new URL(`${name}`, `${url}/`)));
  return Math.max(stats.mtimeMs, ...children);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureBuilt();
