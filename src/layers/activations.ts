import { checkNumber, lookUp, show } from "../base/check.js";
import { ConfigError } from "../base/errors.js";
import { apply, type Value } from "../graph/graph.js";
import { activation } from "../ops/activation.js";
import { activationTable } from "../ops/activation-table.js";
import { softmax } from "../ops/softmax.js";

/**
 * An activation: its name (`"relu"`), or the name with its constant (`{ threshold: 0.5 }`, `{ leakyRelu: 0.1 }`,
 * `{ elu: 1 }`).
 */
export type Activation = string | { readonly [name: string]: number };

/** A checked activation. */
export interface ResolvedActivation {
  readonly label: string;
  readonly given: Activation;
  express(value: Value): Value;
}

/** Activations whose formula has a constant. */
const withConstant = new Set(["threshold", "leakyRelu", "elu"]);

/** Throws `ConfigError` for an unknown name (with the nearest known one) or a constant that does not belong. */
export function resolveActivation(what: string, given: Activation): ResolvedActivation {
  if (typeof given === "object" && given !== null) {
    const entries = Object.entries(given);
    const [name, constant] = entries[0] ?? [];
    if (entries.length !== 1 || name === undefined || !withConstant.has(name)) {
      const known = [...withConstant].map((one) => `{ ${one}: number }`).join(", ");
      throw new ConfigError(`${what} given as an object must be one of ${known}, got ${show(JSON.stringify(given))}`);
    }
    const a = checkNumber(`${what} ${name}`, constant);
    const op = activation(name, lookUp(what, name, activationTable), a);
    return { label: `${name}(${a})`, given: { [name]: a }, express: (value) => apply(op, value) };
  }
  if (typeof given !== "string") throw new ConfigError(`${what} must be a name or an object, got ${show(given)}`);
  const { affine: _, ...named } = activationTable;
  const ops = Object.fromEntries(Object.entries(named).map(([name, row]) => [name, activation(name, row)]));
  const op = lookUp(what, given, { linear: undefined, softmax, ...ops });
  return { label: given, given, express: (value) => (op ? apply(op, value) : value) };
}
