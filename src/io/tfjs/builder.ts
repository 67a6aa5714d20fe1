import { FormatError } from "../../base/errors.js";
import { formatShape, type Shape, sameShape } from "../../base/tensor.js";
import type { LayerData, ModelData, NodeData, WeightData } from "../model-data.js";
import { Names } from "./parts.js";
import type { Call, KerasLayer, Topology } from "./read-graph.js";
import type { Translation } from "./read-layers.js";
import { brief } from "./settings.js";
import { outputShape } from "./shapes.js";
import type { StoredWeights } from "./stored-weights.js";

/** The layers that a layer of the file has become. */
interface Made {
  /** Their numbers, one behind the next. */
  readonly layers: readonly number[];
  /** Of the input of the first application. */
  readonly inputShape: Shape;
}

/** Makes neurone's architecture of a topology, call by call, and infers the shapes. */
export class ArchitectureBuilder {
  readonly #translations: ReadonlyMap<KerasLayer, Translation>;
  readonly #stored: StoredWeights;
  readonly #file: string;
  readonly #names: Names;
  readonly #made = new Map<KerasLayer, Made>();
  readonly #layers: LayerData[] = [];
  readonly #nodes: NodeData[] = [];
  readonly #weights: WeightData[] = [];
  /** Of all values: the inputs, and then what the nodes compute. */
  readonly #shapes: Shape[];
  readonly #values: Map<Call, number>;

  constructor(
    inputs: ReadonlyMap<Call, Shape>,
    translations: ReadonlyMap<KerasLayer, Translation>,
    stored: StoredWeights,
    file: string,
  ) {
    this.#translations = translations;
    this.#stored = stored;
    this.#file = file;
    this.#names = new Names([...translations.keys()].map(({ name }) => name));
    this.#shapes = [...inputs.values()];
    this.#values = new Map([...inputs.keys()].map((call, i) => [call, i]));
  }

  /**
   * Adds an application. Throws `FormatError` where the layer does not fit what it reads, or its weights do not fit it.
   */
  add(call: Call): void {
    const what = `${this.#file}: layer ${brief(call.layer.name)}`;
    let read = call.inputs.map((input) => this.#values.get(input) as number);
    for (const number of this.#layersOf(call.layer, this.#shapes[read[0] as number] as Shape, what)) {
      const { kind, config } = this.#layers[number] as LayerData;
      const inputShapes = read.map((value) => this.#shapes[value] as Shape);
      const shape = outputShape(kind, config, inputShapes, what);
      this.#nodes.push({ layer: number, inputs: read, shape });
      read = [this.#shapes.push(shape) - 1];
    }
    this.#values.set(call, read[0] as number);
  }

  /** What was made of the topology, of which all applications were added. */
  finish({ inputs, outputs }: Topology): Pick<ModelData, "architecture" | "weights"> {
    const architecture = {
      inputs: [...inputs.values()],
      layers: this.#layers,
      nodes: this.#nodes,
      outputs: outputs.map((call) => this.#values.get(call) as number),
      list: outputs.length > 1,
      seed: 0,
    };
    return { architecture, weights: this.#weights };
  }

  /** The numbers of the layers that the layer becomes; they are made, with their weights, when it is applied first. */
  #layersOf(layer: KerasLayer, inputShape: Shape, what: string): readonly number[] {
    const translation = this.#translations.get(layer) as Translation;
    translation.check?.(inputShape);
    const made = this.#made.get(layer) ?? this.#make(layer, translation, inputShape);
    if (translation.check && !sameShape(made.inputShape, inputShape)) {
      const [expected, got] = [made.inputShape, inputShape].map(formatShape);
      throw new FormatError(`${what}: inputs of ${expected} alone expected, got ${got}`);
    }
    return made.layers;
  }

  #make(layer: KerasLayer, { parts, weights }: Translation, inputShape: Shape): Made {
    const names = this.#names.ofParts(layer.name, parts);
    const layers = parts.map(
      ({ kind, config }, i) => this.#layers.push({ kind, name: names[i] as string, config }) - 1,
    );
    for (const weight of weights?.(inputShape, this.#stored.of(layer.name)) ?? []) {
      this.#weights.push({ ...weight, name: `${layer.name}/${weight.name}` });
    }
    const made = { layers, inputShape };
    this.#made.set(layer, made);
    return made;
  }
}
