import { checkBoolean, checkInteger, checkSettings, show } from "../base/check.js";
import { ConfigError, ShapeError } from "../base/errors.js";
import type { Json } from "../base/json.js";
import { formatShape, type Shape, sameShape } from "../base/tensor.js";
import { Value } from "../graph/graph.js";
import type { Initializer } from "./initializers.js";

/** A penalty added to the loss: l1 * sum |w| + l2 * sum w^2 (Keras's factors: the gradient of the second is 2 l2 w). */
export interface Regularizer {
  readonly l1?: number;
  readonly l2?: number;
}

/** A tensor that the model keeps: weights that training changes, or constants such as a normalization's. */
export interface Parameter {
  /** Its name within the layer, such as `kernel`. */
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  readonly trainable: boolean;
  readonly regularizer?: Regularizer | undefined;
  readonly value: Value;
}

/** What expressing a layer in ops depends on besides its inputs. */
export interface Mode {
  readonly training: boolean;
  /** The model's seed. */
  readonly seed: number;
  /** The number of this application within the model, so that two dropouts draw different masks. */
  readonly number: number;
}

/** What `layer.apply` and `input` return: a value of the model being described. */
export class SymbolicTensor {
  /** Shape of one example. */
  readonly shape: Shape;
  /** The layer that computes it; undefined for an input. */
  readonly layer: Layer | undefined;
  readonly inputs: readonly SymbolicTensor[];

  constructor(shape: Shape, layer?: Layer, inputs: readonly SymbolicTensor[] = []) {
    this.shape = shape;
    this.layer = layer;
    this.inputs = inputs;
  }
}

/** An input of a model: `input({ shape: [784] })`, the batch left out. Throws `ConfigError` for sizes below 1. */
export function input(config: { readonly shape: Shape }): SymbolicTensor {
  const { shape } = checkSettings("input", config, ["shape"]);
  return new SymbolicTensor(checkShape("input: shape", shape));
}

/** One tensor or a list of them as a list; `ConfigError` for anything else. */
export function tensorList(what: string, given: SymbolicTensor | readonly SymbolicTensor[]): readonly SymbolicTensor[] {
  const list = given instanceof SymbolicTensor ? [given] : given;
  if (!Array.isArray(list) || list.length === 0 || !list.every((one) => one instanceof SymbolicTensor)) {
    throw new ConfigError(
      `${what} takes what input() or layer.apply() returned, or a list of those, got ${show(given)}`,
    );
  }
  return list;
}

/** Settings as a file holds them. */
export type Settings = { readonly [setting: string]: Json };

/** Settings every layer takes. */
export interface LayerConfig {
  /** Default: the layer's kind, numbered within its model. */
  readonly name?: string;
  /** False freezes the layer's weights. Default true. */
  readonly trainable?: boolean;
  /** Shape of one example; only the first layer of a `sequential` model needs it. */
  readonly inputShape?: Shape;
}

/** One layer: its parameters, and how it is expressed in ops. Used twice in a model, it shares its parameters. */
export abstract class Layer {
  /** Such as `dense`. */
  readonly kind: string;
  readonly name: string | undefined;
  readonly trainable: boolean;
  readonly inputShape: Shape | undefined;
  /** Whether it takes several inputs. */
  protected readonly merges: boolean = false;
  readonly #parameters: Parameter[] = [];
  #built = false;

  /** `settings` are the keys that `config` may have besides those of `LayerConfig`. */
  constructor(kind: string, config: LayerConfig, settings: readonly string[] = []) {
    checkSettings(kind, config, ["name", "trainable", "inputShape", ...settings]);
    this.kind = kind;
    this.name = config.name;
    this.trainable = checkBoolean(`${kind}: trainable`, config.trainable ?? true);
    this.inputShape = config.inputShape && checkShape(`${kind}: inputShape`, config.inputShape);
  }

  get parameters(): readonly Parameter[] {
    return this.#parameters;
  }

  /** Puts the layer behind `inputs`. Throws `ShapeError` when their shapes do not fit. */
  apply(inputs: SymbolicTensor | readonly SymbolicTensor[]): SymbolicTensor {
    const list = tensorList(`${this.kind}.apply`, inputs);
    const [first] = list;
    if (list.length > 1 && !this.merges) {
      throw new ShapeError(
        `${this.kind}: one input expected, got ${list.length}; layers.concatenate makes one of several`,
      );
    }
    if (this.inputShape && first && !sameShape(this.inputShape, first.shape)) {
      const [expected, got] = [this.inputShape, first.shape].map(formatShape);
      throw new ShapeError(`${this.kind}: inputShape is ${expected}, the layer before it gives ${got}`);
    }
    try {
      if (!this.#built) this.build(list.map((one) => one.shape));
      const values = list.map((one) => new Value(one.shape));
      const output = this.express(values, { training: false, seed: 0, number: 0 });
      this.#built = true;
      return new SymbolicTensor(output.shape, this, list);
    } catch (error) {
      // An input that does not fit leaves no parameters behind that another one would have to fit.
      if (!this.#built) this.#parameters.length = 0;
      throw error;
    }
  }

  /** The ops that compute the layer's output. */
  abstract express(inputs: readonly Value[], mode: Mode): Value;

  /** The settings that make an equal layer, but for name, input shape and weights: what files hold of it. */
  get config(): Settings {
    return this.trainable ? this.settings() : { ...this.settings(), trainable: false };
  }

  /** Its own settings among them; what has its default may be missing. */
  protected settings(): Settings {
    return {};
  }

  /** A line of settings for `summary()`. */
  describe(): string {
    return "";
  }

  /** Adds the parameters, once the input's shape is known. Most layers have none. */
  protected build(_inputShapes: readonly Shape[]): void {}

  protected addParameter(
    name: string,
    shape: Shape,
    initializer: Initializer,
    options: { readonly trainable?: boolean; readonly regularizer?: Regularizer | undefined } = {},
  ): Value {
    const value = new Value(shape);
    const trainable = this.trainable && (options.trainable ?? true);
    this.#parameters.push({ name, shape, initializer, trainable, regularizer: options.regularizer, value });
    return value;
  }
}

/** `shape` when it is an array of whole sizes of at least 1. */
export function checkShape(what: string, shape: unknown): Shape {
  if (!Array.isArray(shape)) throw new ConfigError(`${what} must be an array of sizes, got ${show(shape)}`);
  return shape.map((size, axis) => checkInteger(`${what}[${axis}]`, size, 1, 2 ** 31 - 1));
}
