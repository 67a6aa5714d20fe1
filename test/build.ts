import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";

const SOURCES = ["src", "assembly", "scripts", "asconfig.json", "package.json", "tsconfig.json"];

/** Builds what the tests run where it is missing or older than its sources. */
export default function setup(): void {
  const built = "dist/types/src/index.d.ts";
  if (existsSync(built) && SOURCES.every((path) => newest(path) < statSync(built).mtimeMs)) return;
  execFileSync(process.platform === "win32" ? "npm.cmd" : "npm", ["run", "--silent", "build"], { stdio: "inherit" });
}

function newest(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(`${path}/${name}`)));
}
