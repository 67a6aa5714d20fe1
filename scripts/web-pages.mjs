// The HTML of the page that teaches.
import { readFileSync } from "node:fs";

const ICONS = new URL("../web/icons/", import.meta.url);

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
    home: "neurone : les réseaux de neurones, en direct",
    lead: "D’un seul neurone à un réseau qui lit votre écriture : huit chapitres, huit figures à manipuler. Tout est calculé dans votre navigateur, par la bibliothèque que vous pouvez utiliser dans vos programmes.",
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

/** A chapter: what its scripts show themselves. `page`, `worker`, `style`: where the files are. */
export function chapterPage(language, id, { title, idea }, { style, page, worker }) {
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

/** The first page: the list of chapters, without scripts. */
export function homePage(language, chapters, style) {
  const t = HEAD[language];
  const other = language === "en" ? ["fr", "fr/index.html"] : ["en", "../index.html"];
  const items = chapters.map(({ id, ...texts }) => {
    const { title, idea } = texts[language];
    const icon = readFileSync(new URL(`${id}.svg`, ICONS), "utf8").trim();
    return `<li><a href="./${id}.html">${icon}<strong>${escapeHtml(title)}</strong> <span>${escapeHtml(idea)}</span></a></li>`;
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
`;
}
