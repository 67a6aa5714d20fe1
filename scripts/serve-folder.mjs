// A folder of static files over HTTP, for working on the page and for its tests.
import { existsSync, readFileSync, statSync } from "node:fs";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};

/** What makes a page cross-origin isolated: only such pages may share memory between threads. */
const ISOLATION = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** A request handler for node:http. `isolated`: with the headers that allow threads. `append`: added to each HTML page. */
export function serveFolder(folder, { isolated = false, append = "" } = {}) {
  return (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    let asked;
    try {
      asked = decodeURIComponent(pathname);
    } catch {
      response.writeHead(400, { "content-type": "text/plain" }).end(`no address: ${pathname}`);
      return;
    }
    // An address is taken apart before it becomes a path, so that it stays within the folder.
    let path = join(folder, normalize(asked));
    if (existsSync(path) && statSync(path).isDirectory()) path = join(path, "index.html");
    if (!existsSync(path)) {
      response.writeHead(404, { "content-type": "text/plain" }).end(`nothing at ${asked}`);
      return;
    }
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    const body = readFileSync(path);
    const headers = { "content-type": type, "cache-control": "no-cache", ...(isolated && ISOLATION) };
    response.writeHead(200, headers).end(extname(path) === ".html" ? `${body}${append}` : body);
  };
}
