import { existsSync, readdirSync, statSync } from "node:fs";

const root = new URL("../", import.meta.url);

/** Whether one of `results` is missing or older than anything in `sources`; paths from the repository's root. */
export function isOlder(results, sources) {
  const urls = results.map((path) => new URL(path, root));
  if (!urls.every((url) => existsSync(url))) return true;
  const newestSource = Math.max(...sources.map((path) => newest(new URL(path, root))));
  return Math.min(...urls.map((url) => statSync(url).mtimeMs)) <= newestSource;
}

/** When a file, or anything in a folder, was changed last. */
function newest(url) {
  const stats = statSync(url);
  if (!stats.isDirectory()) return stats.mtimeMs;
  const children = readdirSync(url).map((name) => newest(new URL(`${name}`, `${url}/`)));
  return Math.max(stats.mtimeMs, ...children);
}
