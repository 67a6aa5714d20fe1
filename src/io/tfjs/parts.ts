import type { Json } from "../../base/json.js";

/** Settings of a layer, here or there. */
export type Settings = { readonly [setting: string]: Json };

/** A layer of one side as the other side's layers, one behind the next. */
export interface Part {
  /** Of neurone's layers the kind, of TensorFlow.js's the class. */
  readonly kind: string;
  readonly config: Settings;
  /** Carries the name, and the weights if there are any; one part in a list does. */
  readonly main?: true;
}

/** Gives out names that differ from those in `taken` and from each other. */
export class Names {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  /** `name`, numbered where it is taken, and taken from now on. */
  unique(name: string): string {
    let unique = name;
    for (let i = 1; this.#taken.has(unique); i++) unique = `${name}_${i}`;
    this.#taken.add(unique);
    return unique;
  }

  /** The names of a layer's parts: its own for the main one, ones that are made of it for the others. */
  ofParts(name: string, parts: readonly Part[]): string[] {
    return parts.map(({ kind, main }) => (main ? name : this.unique(`${name}_${kind.toLowerCase()}`)));
  }
}

/** The layer of a single part. */
export function onePart(kind: string, config: Settings): readonly Part[] {
  return [{ kind, config, main: true }];
}
