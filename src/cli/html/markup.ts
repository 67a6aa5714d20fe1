import { printable } from "../printable.js";

/** Text that is HTML already. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template may hold: texts and numbers are escaped, lists are put one behind the other. */
export type Part = string | number | Markup | readonly Part[];

/** What turns the reading direction of all that follows, and what no HTML may hold. */
const UNFIT = /[\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]/g;
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * A template whose parts are safe as content and in quoted attributes, whatever they hold. Characters that would control
 * the page, line breaks among them, become `?`.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.reduce((text, string, i) => text + render(parts[i - 1] as Part) + string));
}

/** A name out of the data, which may be written from right to left: it leaves what stands around it in its place. */
export function isolated(name: string): Markup {
  return html`<bdi>${name}</bdi>`;
}

function render(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === "object") return part.map(render).join("");
  return printable(`${part}`)
    .replace(UNFIT, "?")
    .replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
