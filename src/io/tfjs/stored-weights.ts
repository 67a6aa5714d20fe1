import { FormatError } from "../../base/errors.js";
import { formatShape, type Shape, sameShape } from "../../base/tensor.js";
import type { WeightData } from "../model-data.js";
import type { WeightSource } from "./read-layers.js";
import { brief } from "./settings.js";

/** The most numbers that one model's weights may grow by: what spreads a batch normalization over its input. */
const MOST_ROOM = 2 ** 22;

/** The weights that files hold, each of which belongs to one layer. */
export class StoredWeights {
  readonly #file: string;
  readonly #byName: ReadonlyMap<string, WeightData>;
  readonly #byShortName: ReadonlyMap<string, WeightData>;
  readonly #left: Set<WeightData>;
  #room = MOST_ROOM;

  constructor(weights: readonly WeightData[], file: string) {
    this.#file = file;
    this.#byName = new Map(weights.map((weight) => [weight.name, weight]));
    this.#byShortName = new Map(weights.map((weight) => [shortName(weight.name), weight]));
    this.#left = new Set(weights);
  }

  /** The weights of the layer `name`. */
  of(name: string): WeightSource {
    return {
      take: (parameter, shape) => this.#take(`${name}/${parameter}`, shape),
      room: (numbers) => {
        this.#room -= numbers;
        if (this.#room >= 0) return new Float32Array(numbers);
        throw new FormatError(
          `${this.#file}: layer ${brief(name)}: normalizations of at most ${MOST_ROOM} numbers expected in one model`,
        );
      },
    };
  }

  /** Throws `FormatError` for weights that no layer has taken. */
  checkAllTaken(): void {
    const [first] = this.#left;
    if (first)
      throw new FormatError(`${this.#file}: a layer for every weight expected, ${brief(first.name)} belongs to none`);
  }

  #take(name: string, shape: Shape): Float32Array {
    const weight = this.#byName.get(name) ?? this.#byShortName.get(name);
    if (!weight || !this.#left.delete(weight)) {
      throw new FormatError(`${this.#file}: weight ${brief(name)} expected, the manifest has none`);
    }
    if (!sameShape(weight.shape, shape)) {
      const [expected, got] = [shape, weight.shape].map(formatShape);
      throw new FormatError(`${this.#file}: weight ${brief(name)} of ${expected} expected, got ${got}`);
    }
    return weight.data;
  }
}

/**
 * The name without what TensorFlow 2 puts between layer and parameter: `lstm/cell/kernel` is found as `lstm/kernel`.
 */
function shortName(name: string): string {
  const tokens = name.split("/");
  return [...tokens.slice(0, -2), ...tokens.slice(-1)].join("/");
}
