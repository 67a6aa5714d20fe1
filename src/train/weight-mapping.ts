import { toTensor } from "../base/arrays.js";
import { checkBoolean, checkSettings, show } from "../base/check.js";
import { ConfigError } from "../base/errors.js";
import type { TensorLike } from "../base/tensor.js";
import type { Weight, WeightsLike } from "./weights.js";

/** How the names and shapes of others' weights become those of the model. */
export interface SetWeightsOptions {
  /** The name among the given weights of each weight of the model that shall be set. */
  readonly mapping?: { readonly [name: string]: string };
  /** Whether given matrices are [out, in], as PyTorch's `nn.Linear` keeps them. Default false. */
  readonly transpose?: boolean;
}

/** `weights` under the model's names and in its shapes. Throws `ConfigError` for a mapping to weights that are not given. */
export function mapWeights(weights: WeightsLike, options: SetWeightsOptions): WeightsLike {
  const { mapping, transpose = false } = checkSettings("setWeights", options, ["mapping", "transpose"]);
  checkBoolean("setWeights: transpose", transpose);
  // What is no weights is refused where they are set.
  if ((mapping === undefined && !transpose) || typeof weights !== "object" || weights === null) return weights;
  const named = mapping === undefined ? weights : renamed(weights, mapping);
  if (!transpose) return named;
  if (Array.isArray(named)) return named.map((weight) => transposed(weight));
  const entries = Object.entries(named as { readonly [name: string]: Weight | TensorLike });
  return Object.fromEntries(entries.map(([name, weight]) => [name, transposed(weight)]));
}

function renamed(weights: WeightsLike, mapping: { readonly [name: string]: string }): WeightsLike {
  if (typeof mapping !== "object" || mapping === null) {
    throw new ConfigError(`setWeights: mapping must be an object of names, got ${show(mapping)}`);
  }
  if (Array.isArray(weights)) throw new ConfigError("setWeights: mapping is for weights by name, got a list");
  const given = weights as { readonly [name: string]: Weight | TensorLike };
  return Object.fromEntries(
    Object.entries(mapping).map(([name, theirs]) => {
      if (!Object.hasOwn(given, theirs)) {
        const known = Object.keys(given).slice(0, 20).join(", ");
        throw new ConfigError(`setWeights: mapping: no weight is called ${show(theirs)}. Given: ${known}`);
      }
      return [name, withoutName(given[theirs] as Weight | TensorLike)];
    }),
  );
}

/** A weight's own name is another's here. */
function withoutName(weight: Weight | TensorLike): TensorLike {
  return typeof weight === "object" && weight !== null && "name" in weight
    ? { data: weight.data, shape: weight.shape }
    : weight;
}

function transposed(weight: Weight | TensorLike): Weight | TensorLike {
  const { data, shape } = toTensor("setWeights: a weight", weight);
  const [rows, columns] = shape as [number, number];
  if (shape.length !== 2) return weight;
  const turned = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned[j * rows + i] = data[i * columns + j] as number;
  }
  const name = typeof weight === "object" && "name" in weight ? { name: weight.name } : {};
  return { ...name, data: turned, shape: [columns, rows] };
}
