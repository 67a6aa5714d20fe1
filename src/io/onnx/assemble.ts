import type { Json } from "../../base/json.js";
import { type Shape, sizeOf } from "../../base/tensor.js";
import type { Architecture, LayerData, NodeData, WeightData } from "../model-data.js";
import { expand } from "./fold.js";
import type { Graph, Step } from "./graph.js";
import type { Hints, LayerHint } from "./metadata.js";
import { layerOfNode, layerOfWeight, uniqueNames } from "./names.js";
import { isScalar } from "./patterns.js";
import { shortest } from "./shortest.js";
import type { Steps } from "./simplify.js";
import type { Floats } from "./values.js";

/** A layer before it has its name. */
interface Layer {
  readonly kind: string;
  readonly config: LayerData["config"];
  /** What its weights are made of, by the parameter; a normalization's may be missing. */
  readonly constants: readonly (readonly [string, Floats | undefined])[];
  /** Of its output. */
  readonly shape: Shape;
}

/** The layers that steps are, their applications and their weights. */
export function assemble(
  graph: Graph,
  { steps, outputs }: Steps,
  hints: Hints,
): { readonly architecture: Architecture; readonly weights: readonly WeightData[] } {
  const layers: Layer[] = [];
  const wanted: (string | undefined)[] = [];
  const known = new Map<string, number>();
  const identity = identities();
  const nodes = steps.map((step): NodeData => {
    const hint = hints.layers.get(step.output);
    const layer = withTraining(toLayer(step), hint);
    const constants = layer.constants.map(([, constant]) => identity(constant?.data));
    const key = JSON.stringify([layer.kind, layer.config, hint?.name, constants, sizeOfWeights(layer)]);
    // Without weights or a name nothing says that two are one.
    const same = hint || layer.kind === "dense" ? known.get(key) : undefined;
    const index = same ?? layers.length;
    if (same === undefined) {
      known.set(key, index);
      layers.push(layer);
      wanted.push(hint?.name ?? wantedName(layer, step));
    }
    return { layer: index, inputs: step.inputs, shape: step.shape };
  });
  const names = uniqueNames(layers.map(({ kind }, i) => ({ kind, wanted: wanted[i] })));
  const named = layers.map(({ kind, config }, i): LayerData => ({ kind, name: names[i] as string, config }));
  const weights = layers.flatMap((layer, i) => toWeights(graph, layer, names[i] as string));
  const list = outputs.length > 1 || (hints.list ?? false);
  return { architecture: { inputs: graph.inputs, layers: named, nodes, outputs, list, seed: hints.seed }, weights };
}

function toLayer({ operation, shape }: Step): Layer {
  const plain = (kind: string, config: LayerData["config"] = {}): Layer => ({ kind, config, constants: [], shape });
  switch (operation.kind) {
    case "dense": {
      const { kernel, bias, activation } = operation;
      const config = {
        units: kernel.shape[1] as number,
        ...(activation === undefined ? {} : { activation }),
        ...(bias ? {} : { useBias: false }),
      };
      const constants = [["kernel", kernel], ...(bias ? [["bias", bias] as const] : [])] as const;
      return { kind: "dense", config, constants, shape };
    }
    case "affine": {
      const { scale, offset } = operation;
      if ((!scale || isScalar(scale, shape)) && (!offset || isScalar(offset, shape))) {
        const number = (constant: Floats | undefined, missing: number) => shortest(constant?.data[0] ?? missing);
        return plain("rescaling", { scale: number(scale, 1), ...(offset ? { offset: number(offset, 0) } : {}) });
      }
      const constants = [["scale", scale] as const, ["offset", offset] as const];
      return { kind: "normalization", config: {}, constants, shape };
    }
    default: {
      const { kind, ...config } = operation;
      return plain(kind, config);
    }
  }
}

/** Of a normalization's, which has one number for each element of an example. */
function sizeOfWeights({ kind, shape }: Layer): number {
  return kind === "normalization" ? sizeOf(shape) : 0;
}

function withTraining(layer: Layer, hint: LayerHint | undefined): Layer {
  if (!hint) return layer;
  const settings = Object.entries(hint.training).filter(([key]) => key === "trainable" || layer.kind === "dense");
  return { ...layer, config: { ...layer.config, ...(Object.fromEntries(settings) as Record<string, Json>) } };
}

function wantedName({ constants }: Layer, { node }: Step): string | undefined {
  const names = constants.map(([, constant]) => layerOfWeight(constant?.name ?? ""));
  return names.find((name) => name !== undefined) ?? layerOfNode(node);
}

function toWeights(graph: Graph, { kind, constants, shape }: Layer, name: string): readonly WeightData[] {
  return constants.map(([parameter, constant]) => {
    if (kind === "dense") {
      const { shape, data } = constant as Floats;
      graph.budget.take(data.length);
      return { name: `${name}/${parameter}`, shape, data };
    }
    const missing: Floats = {
      kind: "floats",
      shape: [],
      data: Float32Array.of(parameter === "scale" ? 1 : 0),
      name: "",
    };
    const { data } = expand(constant ?? missing, shape, graph.budget);
    return { name: `${name}/${parameter}`, shape: [sizeOf(shape)], data };
  });
}

/** Numbers things, the same the same. */
function identities(): (thing: object | undefined) => number {
  const numbers = new Map<object | undefined, number>();
  return (thing) => {
    const number = numbers.get(thing) ?? numbers.size;
    numbers.set(thing, number);
    return number;
  };
}
