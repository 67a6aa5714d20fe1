// Builds dist-web/, the page that teaches: static files for any host. `--only neuron,digits` builds some chapters, `--out folder` elsewhere.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { context, transform } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));

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

const HEAD = {
  en: {
    home: "neurone: neural networks, live",
    lead: "From one neuron to a network that reads your handwriting: eight chapters, each a figure to play with. Everything is computed in your browser, by the library that you can use in your own programs.",
    noScript: "This page computes everything in your browser, which takes JavaScript.",
    start: "Start with the neuron",
    other: "Français",
    description: "Eight live chapters on neural networks, from one neuron to a trained digit reader.",
  },
  fr: {
    home: "neurone : les réseaux de neurones, en direct",
    lead: "D’un seul neurone à un réseau qui lit votre écriture : huit chapitres, huit figures à manipuler. Tout est calculé dans votre navigateur, par la bibliothèque que vous pouvez utiliser dans vos programmes.",
    noScript: "Cette page calcule tout dans votre navigateur, ce qui demande JavaScript.",
    start: "Commencer par le neurone",
    other: "English",
    description: "Huit chapitres interactifs sur les réseaux de neurones, d’un neurone à un lecteur de chiffres.",
  },
};

const escapeHtml = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)};`);

/** The part of all pages. The reader's colour scheme is applied before anything is drawn. */
function head(language, title, description, file, style) {
  const up = language === "en" ? "" : "../";
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<meta name="description" content="${escapeHtml(description)}">
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">
<link rel="alternate" hreflang="en" href="${up}${file}">
<link rel="alternate" hreflang="fr" href="${up}fr/${file}">
<script>try { const s = localStorage.getItem("scheme"); if (s) document.documentElement.dataset.scheme = s; } catch {}</script>
<link rel="stylesheet" href="${up}${style}">`;
}

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M2 3l6 5-6 5M8 8h6" fill="none" stroke="#0072b2" stroke-width="1.5"/><circle cx="8" cy="8" r="3.5" fill="#e67800"/></svg>`;

function chapterPage(language, id, { title, idea }, { style, page, worker }) {
  const up = language === "en" ? "" : "../";
  const preloads = page.preloads.map((file) => `<link rel="modulepreload" href="${up}${file}">\n`).join("");
  return `${head(language, `${title} · neurone`, idea, `${id}.html`, style)}
${page.css ? `<link rel="stylesheet" href="${up}${page.css}">\n` : ""}${preloads}<script type="module" src="${up}${page.file}"></script>
</head>
<body${worker ? ` data-worker="${up}${worker.file}"` : ""}>
<noscript><p>${escapeHtml(HEAD[language].noScript)}</p></noscript>
<div id="app"></div>
</body>
</html>
`;
}

function homePage(language, chapters, style) {
  const up = language === "en" ? "" : "../";
  const t = HEAD[language];
  const other = language === "en" ? ["fr", "fr/index.html"] : ["en", "../index.html"];
  const items = chapters.map(({ id, ...texts }) => {
    const { title, idea } = texts[language];
    return `<li><a href="./${id}.html"><strong>${escapeHtml(title)}</strong> <span>${escapeHtml(idea)}</span></a></li>`;
  });
  return `${head(language, t.home, t.description, "index.html", style)}
</head>
<body class="home">
<main>
<p class="tools"><a href="${other[1]}" hreflang="${other[0]}" lang="${other[0]}">${t.other}</a></p>
<h1>neurone</h1>
<p class="intro">${escapeHtml(t.lead)}</p>
<p><a class="button" href="./${chapters[0].id}.html">${escapeHtml(t.start)}</a></p>
<nav aria-label="${language === "en" ? "Chapters" : "Chapitres"}"><ol>
${items.join("\n")}
</ol></nav>
</main>
</body>
</html>
`.replaceAll(`href="${up}./`, 'href="./');
}

/** An esbuild context that builds the page into `out`: `rebuild()` once, or `watch()`. `only`: ids of chapters. */
export async function webContext({ out, only, plugins = [] }) {
  rmSync(out, { recursive: true, force: true });
  const chapters = await readChapters();
  const ids = chapters.map(({ id }) => id).filter((id) => only === undefined || only.includes(id));
  mkdirSync(join(out, "data"), { recursive: true });
  if (ids.includes("digits")) {
    const { writeDigits } = await import("./web-digits.mjs");
    await writeDigits(join(out, "data/digits.bin.gz"));
  }
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
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    sourcemap: true,
    metafile: true,
    legalComments: "linked",
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
