// Builds dist/ and build/ where they are missing or older than their sources. Vitest calls it before the tests.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isOlder } from "./is-older.mjs";

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
  if (!isOlder(RESULTS, SOURCES)) return;
  console.error("building neurone (half a minute or less)");
  for (const script of ["build-core.mjs", "build.mjs"]) {
    execFileSync(process.execPath, [fileURLToPath(new URL(script, import.meta.url))], { stdio: "inherit" });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureBuilt();
