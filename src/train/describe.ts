import type { Architecture, ModelData, ModelMetadata } from "../io/model-data.js";
import type { Layer, SymbolicTensor } from "../layers/layer.js";
import type { Compiled } from "./compile.js";
import { canBeSaid, compileData } from "./compile-data.js";
import type { Network } from "./network.js";
import type { Weights } from "./weights.js";

/** What a model is made of. */
export interface ModelParts {
  readonly network: Network;
  readonly weights: Weights;
  readonly compiled: Compiled | undefined;
  readonly metadata: ModelMetadata;
  readonly seed: number;
  readonly list: boolean;
}

/** A model as data but for its weights. */
export type Description = Omit<ModelData, "weights">;

/** The model as data. Throws `ConfigError` where its compile settings, if they are wanted, are nothing that a file can say. */
export function describeModel(parts: ModelParts, withCompile = true): ModelData {
  const { compiled, metadata, weights } = parts;
  const compile = compiled && withCompile ? { compile: compileData(compiled) } : {};
  return { architecture: architectureOf(parts), weights: weights.read(), ...compile, metadata };
}

/** The same for checkpoints: compile settings that no file can say are left out. */
export function describeTraining(parts: ModelParts): Description {
  const { compiled, metadata } = parts;
  const compile = compiled && canBeSaid(compiled) ? { compile: compileData(compiled) } : {};
  return { architecture: architectureOf(parts), ...compile, metadata };
}

function architectureOf({ network, seed, list }: ModelParts): Architecture {
  const layers = new Map(network.layers.map((layer, i): [Layer, number] => [layer, i]));
  const tensors = [...network.inputs, ...network.applications];
  const values = new Map(tensors.map((tensor, i): [SymbolicTensor, number] => [tensor, i]));
  const numbersOf = (given: readonly SymbolicTensor[]) => given.map((tensor) => values.get(tensor) as number);
  return {
    inputs: network.inputs.map(({ shape }) => shape),
    layers: network.layers.map((layer) => ({ kind: layer.kind, name: network.nameOf(layer), config: layer.config })),
    nodes: network.applications.map(({ layer, inputs, shape }) => {
      return { layer: layers.get(layer as Layer) as number, inputs: numbersOf(inputs), shape };
    }),
    outputs: numbersOf(network.outputs),
    list,
    seed,
  };
}
