import fc from "fast-check";
import type { Json } from "../../src/base/json.js";
import { type Shape, sameShape, sizeOf } from "../../src/base/tensor.js";
import type { LayerData, ModelData, NodeData, WeightData } from "../../src/io/model-data.js";
import { activationTable } from "../../src/ops/activation-table.js";

/** One more layer: which, behind which values, and what settings say. */
interface Choice {
  readonly kind: string;
  readonly at: number;
  readonly other: number;
  readonly size: number;
  readonly activation: Json;
  readonly flag: boolean;
  readonly number: number;
  /** Applies the last dense layer again where it fits. */
  readonly again: boolean;
}

const KINDS = [
  "dense",
  "dense",
  "activation",
  "dropout",
  "flatten",
  "reshape",
  "rescaling",
  "normalization",
  "add",
  "concatenate",
];
const { affine: _, ...named } = activationTable;

/** All that `layers.*` take. */
export const ACTIVATIONS: readonly Json[] = [
  ...["linear", "softmax", ...Object.keys(named)],
  ...[{ threshold: 0.5 }, { leakyRelu: 0.25 }, { elu: 2 }],
];

const shape = fc.constantFrom<Shape>([1], [3], [4], [2, 2], [1, 3], [2, 1, 2]);

/** Small models of any layers, with one input or two, and with an output for each value that no layer reads. */
export function models(activations: readonly Json[] = ACTIVATIONS): fc.Arbitrary<ModelData> {
  const choice: fc.Arbitrary<Choice> = fc.record({
    kind: fc.constantFrom(...KINDS),
    at: fc.nat(7),
    other: fc.nat(7),
    size: fc.integer({ min: 1, max: 4 }),
    activation: fc.constantFrom(...activations),
    flag: fc.boolean(),
    number: fc.constantFrom(0, 0.25, 0.5, 1 / 255),
    again: fc.boolean(),
  });
  return fc
    .record({
      inputs: fc.array(shape, { minLength: 1, maxLength: 2 }),
      choices: fc.array(choice, { minLength: 1, maxLength: 6 }),
      list: fc.boolean(),
      seed: fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER),
      compile: fc.option(fc.constantFrom(...OPTIMIZERS), { nil: undefined }),
      metadata: fc.constantFrom({}, { classNames: ["a", "ä", "c"] }, { featureNames: ["x"], classNames: ["0"] }),
    })
    .map(({ inputs, choices, list, seed, compile, metadata }) => {
      const builder = new Builder(inputs);
      for (const one of choices) builder.add(one);
      const { layers, nodes, outputs, weights } = builder;
      return {
        architecture: { inputs, layers, nodes, outputs, list: list || outputs.length > 1, seed },
        weights,
        metadata,
        ...(compile === undefined ? {} : { compile: compileData(compile, outputs.length) }),
      };
    });
}

/** The names and shapes of the weights that training changes, in their order: frozen layers and normalizations keep theirs. */
export function trainedWeights({ architecture, weights }: ModelData): readonly WeightData[] {
  const frozen = architecture.layers.filter(({ kind, config }) => kind !== "dense" || config["trainable"] === false);
  return weights.filter(({ name }) => !frozen.some((layer) => name.startsWith(`${layer.name}/`)));
}

class Builder {
  readonly layers: LayerData[] = [];
  readonly nodes: NodeData[] = [];
  readonly weights: WeightData[] = [];
  readonly #shapes: Shape[];
  /** Values that no layer reads yet. */
  readonly #open: number[];
  /** The last dense layer, and the size that it reads. */
  #dense: { readonly layer: number; readonly size: number } | undefined;

  constructor(inputs: readonly Shape[]) {
    this.#shapes = [...inputs];
    this.#open = inputs.map((_, i) => i);
  }

  get outputs(): readonly number[] {
    return this.#open;
  }

  add(choice: Choice): void {
    const [value] = this.#open.splice(choice.at % this.#open.length, 1) as [number];
    const x = this.#shapes[value] as Shape;
    const place = choice.other % Math.max(1, this.#open.length);
    const partner = this.#open[place];
    const { kind, config, shape, merges } = plan(choice, x, partner === undefined ? undefined : this.#shapes[partner]);
    if (merges) this.#open.splice(place, 1);
    const again = choice.again && kind === "dense" && this.#dense?.size === x.at(-1) ? this.#dense?.layer : undefined;
    const number = again ?? this.layers.push({ kind, name: nameOf(kind, this.layers.length), config }) - 1;
    const layer = this.layers[number] as LayerData;
    if (again === undefined) this.#addWeights(layer, x);
    if (kind === "dense") this.#dense = { layer: number, size: x.at(-1) as number };
    const output = kind === "dense" ? [...x.slice(0, -1), layer.config["units"] as number] : shape;
    this.nodes.push({ layer: number, inputs: merges ? [value, partner as number] : [value], shape: output });
    this.#open.push(this.#shapes.push(output) - 1);
  }

  #addWeights({ kind, name, config }: LayerData, x: Shape): void {
    const put = (parameter: string, shape: Shape) => {
      const data = Float32Array.from(
        { length: sizeOf(shape) },
        (_, i) => (((i + this.weights.length) * 7) % 11) / 4 - 1,
      );
      this.weights.push({ name: `${name}/${parameter}`, shape, data });
    };
    if (kind === "dense") {
      put("kernel", [x.at(-1) as number, config["units"] as number]);
      if (config["useBias"] !== false) put("bias", [config["units"] as number]);
    }
    if (kind === "normalization") for (const parameter of ["scale", "offset"]) put(parameter, [sizeOf(x)]);
  }
}

function nameOf(kind: string, count: number): string {
  return count % 3 === 2 ? `läyer ${count}` : `${kind}_${count}`;
}

interface Plan {
  readonly kind: string;
  readonly config: LayerData["config"];
  /** Of the output; a dense layer's follows from its units. */
  readonly shape: Shape;
  readonly merges?: true;
}

/** The layer that is chosen behind `x`, and `y` where it merges; an activation where these do not fit. */
function plan({ kind, size, activation, flag, number }: Choice, x: Shape, y: Shape | undefined): Plan {
  switch (kind) {
    case "dense": {
      const more = flag ? {} : { useBias: false, trainable: number !== 0, kernelRegularizer: { l1: 0, l2: number } };
      return { kind, config: { units: size, activation: suited(activation, size), ...more }, shape: x };
    }
    case "dropout":
      return { kind, config: { rate: number }, shape: x };
    case "flatten":
      return { kind, config: {}, shape: [sizeOf(x)] };
    case "reshape":
      return { kind, config: { targetShape: flag ? [1, -1] : [1, sizeOf(x)] }, shape: [1, sizeOf(x)] };
    case "rescaling":
      return { kind, config: { scale: number + 0.5, offset: number }, shape: x };
    case "normalization":
      return { kind, config: {}, shape: x };
    case "add":
      if (y && sameShape(x, y)) return { kind, config: {}, shape: x, merges: true };
      break;
    case "concatenate":
      if (y?.length === x.length && sameShape(x.slice(0, -1), y.slice(0, -1))) {
        const joined = [...x.slice(0, -1), (x.at(-1) as number) + (y.at(-1) as number)];
        return { kind, config: { axis: -1 }, shape: joined, merges: true };
      }
  }
  return { kind: "activation", config: { activation: suited(activation, x.at(-1) as number) }, shape: x };
}

/** Softmax takes two numbers or more. */
function suited(activation: Json, size: number): Json {
  return activation === "softmax" && size < 2 ? "relu" : activation;
}

const OPTIMIZERS: readonly { readonly [key: string]: Json }[] = [
  { name: "sgd", config: { learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0 } },
  { name: "adam", config: { learningRate: { name: "step", config: { initialRate: 0.1, factor: 0.5, steps: 10 } } } },
  {
    name: "rmsprop",
    config: {
      clipNorm: 1,
      learningRate: {
        name: "warmup",
        config: { epochs: 1, schedule: { name: "cosine", config: { initialRate: 0.1, finalRate: 0, epochs: 3 } } },
      },
    },
  },
];

function compileData(optimizer: Json, outputs: number): Json {
  const forEach = (value: Json) => new Array<Json>(outputs).fill(value);
  return {
    optimizer,
    loss: forEach({ name: "meanSquaredError", reduction: "mean", fromLogits: false, delta: 1 }),
    lossWeights: forEach(1),
    metrics: forEach([{ name: "meanAbsoluteError", k: 5 }]),
  };
}
