import { batch, effect, type Signal, signal } from "@preact/signals";

/** How a value stands in a link. `parse` gives nothing for a text that is no such value: links come from anywhere. */
export interface Codec<T> {
  parse(text: string): T | undefined;
  format(value: T): string;
}

/** Where many digits would make long links for nothing: what an f32 tells apart. */
const DIGITS = 7;

export const codecs = {
  number: (min = -1e6, max = 1e6): Codec<number> => ({
    parse(text) {
      const value = text.trim() === "" ? Number.NaN : Number(text);
      return value >= min && value <= max ? value : undefined;
    },
    format: (value) => String(Number(value.toPrecision(DIGITS))),
  }),
  integer: (min: number, max: number): Codec<number> => ({
    parse(text) {
      const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
    format: String,
  }),
  choice: <T extends string>(values: readonly T[]): Codec<T> => ({
    parse: (text) => values.find((value) => value === text),
    format: (value) => value,
  }),
  flag: {
    parse: (text) => (text === "yes" ? true : text === "no" ? false : undefined),
    format: (value) => (value ? "yes" : "no"),
  } as Codec<boolean>,
  text: (longest: number): Codec<string> => ({
    parse: (text) => (text.length <= longest ? text : undefined),
    format: (value) => value,
  }),
  /** At most `most` values; what one of them is written with must not hold the separator. */
  list: <T>(of: Codec<T>, most: number, separator = "_"): Codec<readonly T[]> => ({
    parse(text) {
      if (text === "") return [];
      const values = text.split(separator).map((part) => of.parse(part));
      return values.length <= most && values.every((value) => value !== undefined) ? (values as T[]) : undefined;
    },
    format: (values) => values.map((value) => of.format(value)).join(separator),
  }),
  /** A list of so many values, no more and no less. */
  tuple: <T>(of: Codec<T>, length: number, separator = "~"): Codec<readonly T[]> => {
    const list = codecs.list(of, length, separator);
    return {
      parse(text) {
        const values = list.parse(text);
        return values?.length === length ? values : undefined;
      },
      format: list.format,
    };
  },
};

/** A value that the link carries, and what it is where the link says nothing. */
export interface Field<T> {
  readonly codec: Codec<T>;
  readonly initial: T;
}

export const field = <T>(codec: Codec<T>, initial: T): Field<T> => ({ codec, initial });

type Values<F> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };
export type LinkState<F> = {
  readonly [K in keyof F]: Signal<Values<F>[K]>;
};

/** Browsers allow some 100 changes of the address in half a minute. */
const PAUSE = 400;

let pending: ReturnType<typeof setTimeout> | undefined;
let write = () => {};

/** The page's address with everything in it that the reader has set. */
export function shareLink(): string {
  write();
  return location.href;
}

/**
 * Signals that the page's address carries after its `#`, so that a copied link restores them: each is read from there
 * and, a moment after it changed, written back unless it has its initial value. Called once a page.
 */
export function linkState<F extends Readonly<Record<string, Field<unknown>>>>(fields: F): LinkState<F> {
  const all = Object.entries(fields);
  const signals: Record<string, Signal<unknown>> = {};
  const read = () =>
    batch(() => {
      const given = new URLSearchParams(location.hash.slice(1));
      for (const [name, { codec, initial }] of all) {
        const text = given.get(name);
        const value = (text === null ? undefined : codec.parse(text)) ?? initial;
        const at = signals[name];
        if (!at) signals[name] = signal(value);
        else if (codec.format(at.peek()) !== codec.format(value)) at.value = value;
      }
    });
  read();
  write = () => {
    clearTimeout(pending);
    pending = undefined;
    const kept = new URLSearchParams();
    for (const [name, { codec, initial }] of all) {
      const text = codec.format((signals[name] as Signal<unknown>).peek());
      if (text !== codec.format(initial)) kept.set(name, text);
    }
    const hash = kept.size > 0 ? `#${kept}` : "";
    if (hash !== location.hash) history.replaceState(null, "", `${location.pathname}${location.search}${hash}`);
  };
  effect(() => {
    for (const [name, { codec }] of all) codec.format((signals[name] as Signal<unknown>).value);
    pending ??= setTimeout(write, PAUSE);
  });
  // A jump to a place within the page is no link to a state.
  addEventListener("hashchange", () => (document.getElementById(location.hash.slice(1)) ? write() : read()));
  addEventListener("pagehide", write);
  return signals as LinkState<F>;
}
