// Installs the runtimes that models are exchanged with in the tests (test/peers/package.json), where they are missing or older than
// their list. They are too large for everybody's npm ci. Vitest calls it before the tests.
import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = new URL("../test/peers/", import.meta.url);

export default function ensurePeers() {
  const installed = new URL("node_modules/.package-lock.json", folder);
  const wanted = new URL("package-lock.json", folder);
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return;
  console.error("installing the runtimes that the tests compare with (once, 500 MB)");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const options = { cwd: fileURLToPath(folder), stdio: "inherit", shell: process.platform === "win32" };
  execFileSync(npm, ["ci", "--no-audit", "--no-fund"], options);
}
