import { html, type Markup, type Part } from "./markup.js";

/** A part of the page with a heading of its own. */
export function section(id: string, title: string, ...content: readonly Part[]): Markup {
  return html`
<section id="${id}">
<h2>${title}</h2>
${content}
</section>`;
}

/** What may be wider than a narrow screen: it scrolls by itself, with the keyboard too. */
export function scrollable(label: string, content: Part): Markup {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${label}">${content}</div>`;
}

/** A table with what is to know of it; the text is above it, as narrow tables would squeeze a caption. */
export function table(label: string, note: string, className: string, head: Part, rows: readonly Part[]): Markup {
  return html`<p class="note">${note}</p>
${scrollable(
  label,
  html`<table class="${className}">
<caption class="unseen">${label}</caption>
<thead>${head}</thead>
<tbody>
${rows.map((row) => html`${row}\n`)}</tbody>
</table>`,
)}`;
}

/** Names and what they are, in pairs. */
export function definitions(className: string, entries: readonly (readonly [name: string, value: Part])[]): Markup {
  const pairs = entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`);
  return html`<dl class="${className}">\n${pairs}</dl>`;
}

/** `98.12 %`; a dash for what cannot be told. */
export function percent(part: number, digits = 2): string {
  return Number.isFinite(part) ? `${(100 * part).toFixed(digits)}\u00a0%` : "\u2013";
}

/** `60,000`. */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
