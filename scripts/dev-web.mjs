// Serves the page while it is worked on: builds again when a source changes and reloads the browsers that look at it. Cross-origin
// isolated, so that training gets threads; `--plain` serves without the two headers, as most static hosts do.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { webContext } from "./build-web.mjs";
import { serveFolder } from "./serve-folder.mjs";

const { values } = parseArgs({
  options: { plain: { type: "boolean", default: false }, port: { type: "string", default: "8080" } },
});
const out = mkdtempSync(join(tmpdir(), "neurone-page-"));
process.on("exit", () => rmSync(out, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit());
const watchers = new Set();
const reload = {
  name: "reload",
  setup(builder) {
    builder.onEnd(({ errors }) => {
      if (errors.length === 0) for (const watcher of watchers) watcher.write("data: reload\n\n");
    });
  },
};
const web = await webContext({ out, hashed: false, plugins: [reload] });
await web.watch();

/** What each page gets while it is worked on. */
const RELOADER = '<script>new EventSource("/reload").onmessage = () => location.reload();</script>';
const serve = serveFolder(out, { isolated: !values.plain, append: RELOADER });
const server = createServer((request, response) => {
  if (request.url !== "/reload") return serve(request, response);
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  watchers.add(response);
  request.on("close", () => watchers.delete(response));
});
server.listen(Number(values.port), "127.0.0.1", () => {
  console.log(`http://localhost:${server.address().port}/ (${values.plain ? "one thread" : "cross-origin isolated"})`);
});
