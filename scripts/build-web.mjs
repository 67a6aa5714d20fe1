// Builds dist-web/, the page that teaches: static files for any host. `--only neuron,digits` builds some chapters, `--out folder` elsewhere.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { context, transform } from "esbuild";
import { termsOf } from "./terms.mjs";
import { chapterPage, homePage } from "./web-pages.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));

/** What the scripts hold of others. */
const OTHERS = [
  "preact",
  "@preact/signals",
  "@preact/signals-core",
  "uplot",
  "comlink",
  "idb-keyval",
  "onnx-buf",
  "@bufbuild/protobuf",
];

/** Everything that one page needs, by its id. */
const entriesOf = (id) => ({ page: `web/chapters/${id}/page.tsx`, worker: `web/chapters/${id}/worker.ts` });

/** The list of chapters, which is TypeScript. */
async function readChapters() {
  const { code } = await transform(readFileSync(join(root, "web/chapters.ts"), "utf8"), { loader: "ts" });
  return (await import(`data:text/javascript,${encodeURIComponent(code)}`)).chapters;
}

/** Writes the pages whenever the scripts were built. */
const writePages = (chapters, ids, out) => ({
  name: "write-pages",
  setup(builder) {
    builder.onEnd(({ metafile, errors }) => {
      if (errors.length > 0) return;
      const places = new Map();
      for (const [file, { entryPoint, cssBundle, imports }] of Object.entries(metafile.outputs)) {
        if (!entryPoint) continue;
        const name = (path) => `assets/${basename(path)}`;
        const preloads = imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => name(path));
        places.set(entryPoint, { file: name(file), css: cssBundle && name(cssBundle), preloads });
      }
      const style = places.get("web/shared/style.css").file;
      for (const language of ["en", "fr"]) {
        const folder = language === "en" ? out : join(out, language);
        mkdirSync(folder, { recursive: true });
        for (const { id, ...texts } of chapters.filter(({ id }) => ids.includes(id))) {
          const { page, worker } = entriesOf(id);
          const files = { style, page: places.get(page), worker: places.get(worker) };
          writeFileSync(join(folder, `${id}.html`), chapterPage(language, id, texts[language], files));
        }
        writeFileSync(join(folder, "index.html"), homePage(language, chapters, style));
      }
    });
  },
});

/** An esbuild context that builds the page into `out`: `rebuild()` once, or `watch()`. `only`: ids of chapters. `hashed`: names
 * of files change with what is in them, so that browsers may keep them. */
export async function webContext({ out, only, hashed = true, plugins = [] }) {
  rmSync(out, { recursive: true, force: true });
  const chapters = await readChapters();
  const ids = chapters.map(({ id }) => id).filter((id) => only === undefined || only.includes(id));
  mkdirSync(join(out, "data"), { recursive: true });
  if (ids.includes("digits")) {
    const { writeDigits } = await import("./web-digits.mjs");
    await writeDigits(join(out, "data/digits.bin.gz"));
  }
  writeFileSync(join(out, "LICENSES.txt"), termsOf(OTHERS));
  return context({
    absWorkingDir: root,
    entryPoints: [
      { in: "web/shared/style.css", out: "style" },
      ...ids.flatMap((id) => {
        const { page, worker } = entriesOf(id);
        return [
          { in: page, out: id },
          { in: worker, out: `${id}-worker` },
        ];
      }),
    ],
    outdir: join(out, "assets"),
    entryNames: hashed ? "[name]-[hash]" : "[name]",
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    sourcemap: true,
    metafile: true,
    legalComments: "none",
    logLevel: "warning",
    jsx: "automatic",
    jsxImportSource: "preact",
    alias: { neurone: join(root, "src/index.ts") },
    plugins: [writePages(chapters, ids, out), ...plugins],
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { only: { type: "string" }, out: { type: "string", default: "dist-web" } } });
  const web = await webContext({ out: resolve(values.out), only: values.only?.split(",") });
  await web.rebuild();
  await web.dispose();
}
