// Serves the page, or drives browsers through it: node bench/browser/serve.mjs [--port n] [--run]
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** What the page needs of the repository. */
const SERVED = /^\/(dist|bench)\//;
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript" };
/** Pages share memory with threads only where nothing of others can be in them. */
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

const { values: options } = parseArgs({
  options: { port: { type: "string", default: "0" }, run: { type: "boolean", default: false } },
});

const server = createServer((request, response) => {
  // A URL's path holds no steps up: parsing takes them out.
  const path = new URL(request.url, "http://localhost").pathname;
  const file = join(root, path.endsWith("/") ? `${path}index.html` : path);
  if (!SERVED.test(path) || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404).end();
    return;
  }
  const type = TYPES[extname(file)] ?? "application/octet-stream";
  response.writeHead(200, { "content-type": type, ...ISOLATED });
  createReadStream(file).pipe(response);
});
await new Promise((resolve) => {
  server.listen(Number(options.port), "127.0.0.1", resolve);
});
const address = `http://127.0.0.1:${server.address().port}/bench/browser/`;

if (options.run) {
  const { drive } = await import("./drive.mjs");
  await drive(address);
  server.close();
} else {
  console.log(address);
}
