// Builds dist-web/ where it is missing or older than its sources. Vitest calls it before the tests.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isOlder } from "./is-older.mjs";

const SOURCES = ["web", "src", "assembly", "scripts", "package-lock.json"];

export default function ensureWeb() {
  if (process.env["SITE"] !== undefined || !isOlder(["dist-web/index.html"], SOURCES)) return;
  console.error("building the page");
  const script = fileURLToPath(new URL("build-web.mjs", import.meta.url));
  execFileSync(process.execPath, [script], { stdio: "inherit" });
}
