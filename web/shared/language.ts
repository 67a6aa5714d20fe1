import type { Language } from "../chapters.js";

/** The page's language: each has an address of its own. */
export const language: Language = document.documentElement.lang === "fr" ? "fr" : "en";

/** The texts of the page's language; both languages have the same ones. */
export function texts<T>(both: { readonly en: T; readonly fr: NoInfer<T> }): T {
  return both[language];
}

const formats = new Map<number, Intl.NumberFormat>();

/** A number as readers of the page's language write it, with so many decimals; true minus sign, no "-0". */
export function show(value: number, decimals = 2): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "?" : value > 0 ? "∞" : "−∞";
  let format = formats.get(decimals);
  if (!format) {
    format = new Intl.NumberFormat(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formats.set(decimals, format);
  }
  const text = format.format(value);
  return (/[1-9]/.test(text) ? text : text.replace("-", "")).replace("-", "−");
}

/** A part of 1 as percent. */
export function showPercent(part: number, decimals = 0): string {
  return `${show(100 * part, decimals)}\u202f%`;
}

const plurals = new Intl.PluralRules(language);

/** A count with the word that goes with it: in English 1 is singular, in French 0 is, too. */
export function counted(count: number, one: string, many: string): string {
  return `${show(count, 0)} ${plurals.select(count) === "one" ? one : many}`;
}
