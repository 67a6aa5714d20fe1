import { checkNumber, checkSettings } from "../base/check.js";
import type { Regularizer, Settings } from "./layer.js";

/** The regularizer when its factors are numbers of at least 0. */
export function checkRegularizer(what: string, given: Regularizer | undefined): Regularizer | undefined {
  if (given === undefined) return undefined;
  checkSettings(what, given, ["l1", "l2"]);
  return { l1: checkNumber(`${what} l1`, given.l1 ?? 0, 0), l2: checkNumber(`${what} l2`, given.l2 ?? 0, 0) };
}

/** The regularizer as a file holds it: nothing where there is none. */
export function regularizerSettings(name: string, regularizer: Regularizer | undefined): Settings {
  const { l1 = 0, l2 = 0 } = regularizer ?? {};
  return l1 === 0 && l2 === 0 ? {} : { [name]: { l1, l2 } };
}
