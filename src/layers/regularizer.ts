import { checkNumber, show } from "../base/check.js";
import { ConfigError } from "../base/errors.js";
import type { Regularizer } from "./layer.js";

/** The regularizer when its factors are numbers of at least 0. */
export function checkRegularizer(what: string, given: Regularizer | undefined): Regularizer | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== "object" || given === null)
    throw new ConfigError(`${what} must be { l1, l2 }, got ${show(given)}`);
  return { l1: checkNumber(`${what} l1`, given.l1 ?? 0, 0), l2: checkNumber(`${what} l2`, given.l2 ?? 0, 0) };
}
