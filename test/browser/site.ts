import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { serveFolder } from "../../scripts/serve-folder.mjs";

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

/** Serves a folder as any static host would: no special headers unless `isolated`. */
export async function serve(
  isolated = false,
  folder = root,
): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer(serveFolder(folder, { isolated }));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
