import fc from "fast-check";
import type { Json } from "../../src/base/json.js";

/** JSON that can also be said wrongly: an object's keys may come twice, and numbers are kept as they are written. */
export type Tree = string | boolean | null | Raw | Tree[] | Members;

/** Text that stands for itself. */
export class Raw {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** An object. */
export class Members {
  readonly entries: [key: string, value: Tree][];

  constructor(entries: [key: string, value: Tree][]) {
    this.entries = entries;
  }
}

/** Names that are more than names in JavaScript, or in Python. */
const CODE_LIKE = ["__proto__", "constructor", "toString", "length", "prototype", "map", "__class__", "hasOwnProperty"];
const TEXTS = ["", "a", "ä\u0000\ud800", "../x", "a".repeat(300), ...CODE_LIKE];
const NUMBERS = [
  ...["0", "1", "-1", "2", "0.5", "-0", "1e-50", "1e39", "1e400", "-1e400", "65536"],
  ...["2147483647", "2147483648", "4294967296", "9007199254740992", "18446744073709551616"],
];

/** One change of a tree. Places are taken modulo how many there are. */
export interface TreeEdit {
  readonly kind: "replace" | "remove" | "repeat" | "swap" | "copy" | "rename" | "resize" | "cut";
  readonly at: number;
  readonly other: number;
  readonly value: Tree;
  readonly name: string;
}

const hostile: fc.Arbitrary<Tree> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NUMBERS).map((text) => new Raw(text)) },
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 2, arbitrary: fc.constantFrom(null, true, false) },
  { weight: 1, arbitrary: fc.constant(0).map((): Tree => []) },
  { weight: 1, arbitrary: fc.constant(0).map(() => new Members([])) },
  { weight: 1, arbitrary: fc.constantFrom(63, 64, 5000).map((deep) => new Raw("[".repeat(deep) + "]".repeat(deep))) },
);

export const treeEdit: fc.Arbitrary<TreeEdit> = fc.record({
  kind: fc.constantFrom("replace", "replace", "remove", "repeat", "swap", "copy", "rename", "resize", "cut"),
  at: fc.nat(),
  other: fc.nat(),
  value: hostile,
  name: fc.constantFrom(...TEXTS),
});

export function toTree(value: Json): Tree {
  if (typeof value === "number") return new Raw(JSON.stringify(value));
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one: Json) => toTree(one));
  return new Members(Object.entries(value).map(([key, one]) => [key, toTree(one)]));
}

export function write(tree: Tree): string {
  if (tree instanceof Raw) return tree.text;
  if (Array.isArray(tree)) return `[${tree.map(write).join()}]`;
  if (!(tree instanceof Members)) return JSON.stringify(tree);
  return `{${tree.entries.map(([key, value]) => `${JSON.stringify(key)}:${write(value)}`).join()}}`;
}

/** Where a value lies: in a list, or in an object's entries. */
interface Place {
  readonly list: unknown[];
  readonly index: number;
  readonly isEntry: boolean;
}

/** Changes `root` itself. Values to copy come of `root` or of `donor`. */
export function editTree(root: Tree, { kind, at, other, value, name }: TreeEdit, donor: Tree = root): void {
  const places = placesIn(root);
  const place = places[at % places.length];
  if (!place) return;
  const { list, index } = place;
  const old = get(place);
  const chosen = (all: readonly Place[]) => all[other % all.length];
  switch (kind) {
    case "replace":
      put(place, other % 3 === 0 ? value : likeIt(old, other, value));
      break;
    case "remove":
      list.splice(index, 1);
      break;
    case "repeat":
      list.splice(index, 0, structuredCopy(list[index] as Tree));
      break;
    case "swap": {
      const second = chosen(places) as Place;
      const theirs = structuredCopy(get(second));
      put(second, structuredCopy(old));
      put(place, theirs);
      break;
    }
    case "copy": {
      const source = chosen(placesIn(donor));
      if (source) put(place, structuredCopy(get(source)));
      break;
    }
    case "rename":
      if (place.isEntry) (list[index] as [string, Tree])[0] = other % 2 === 0 ? name : keyOf(places, other);
      break;
    case "resize":
      if (old instanceof Raw) put(place, resized(old, other));
      else put(place, typeof old === "string" ? `${old}${name}` : value);
      break;
    case "cut":
      list.splice(index);
  }
}

function placesIn(tree: Tree): Place[] {
  const places: Place[] = [];
  const visit = (value: Tree) => {
    if (value instanceof Members) {
      value.entries.forEach(([, one], index) => {
        places.push({ list: value.entries, index, isEntry: true });
        visit(one);
      });
    } else if (Array.isArray(value)) {
      value.forEach((one, index) => {
        places.push({ list: value, index, isEntry: false });
        visit(one);
      });
    }
  };
  visit(tree);
  return places;
}

function get({ list, index, isEntry }: Place): Tree {
  const item = list[index];
  // Another change may have taken it away.
  if (item === undefined) return null;
  return isEntry ? (item as [string, Tree])[1] : (item as Tree);
}

function put({ list, index, isEntry }: Place, value: Tree): void {
  if (isEntry && list[index] !== undefined) (list[index] as [string, Tree])[1] = value;
  else if (!isEntry) list[index] = value;
}

function keyOf(places: readonly Place[], at: number): string {
  const entries = places.filter(({ isEntry, list, index }) => isEntry && list[index] !== undefined);
  const place = entries[at % Math.max(1, entries.length)];
  return place ? (place.list[place.index] as [string, Tree])[0] : "";
}

/** Another value of the same type where there are some. */
function likeIt(old: Tree, which: number, otherwise: Tree): Tree {
  if (old instanceof Raw) return new Raw(NUMBERS[which % NUMBERS.length] as string);
  return typeof old === "string" ? (TEXTS[which % TEXTS.length] as string) : otherwise;
}

function resized({ text }: Raw, how: number): Raw {
  const number = Number(text);
  const sizes = [number + 1, number - 1, -number, number * 2, number / 2, number * 2 ** 16, number + 0.5];
  return new Raw(String(sizes[how % sizes.length]));
}

function structuredCopy(tree: Tree): Tree {
  if (Array.isArray(tree)) return tree.map(structuredCopy);
  if (tree instanceof Members) return new Members(tree.entries.map(([key, value]) => [key, structuredCopy(value)]));
  return tree;
}
