import { lookUp } from "../base/check.js";
import { ConfigError, FormatError, ShapeError } from "../base/errors.js";
import { formatShape, sameShape } from "../base/tensor.js";
import type { Architecture, LayerData, ModelData, WeightData } from "../io/model-data.js";
import { constantsOf, layers } from "../layers/index.js";
import { type Layer, type LayerConfig, SymbolicTensor } from "../layers/layer.js";
import { readCompileData } from "./compile-data.js";
import { Model, type Prediction } from "./model.js";

/**
 * The model that `data` describes, with its weights and compile settings. Layers are made by `layers.*` alone.
 * @throws FormatError, naming `file`, for a layer or a setting that is unknown, and for parts that do not fit together;
 * OutOfMemoryError for more weights than the engine can hold
 */
export function restoreModel(data: ModelData, file = "the model"): Model<Prediction | Prediction[]> {
  try {
    const { architecture, weights, compile, metadata } = data;
    const [inputs, outputs] = connect(architecture, weights);
    const model = new Model<Prediction | Prediction[]>(inputs, outputs, architecture.seed, architecture.list, weights);
    model.metadata = metadata;
    if (compile !== undefined) model.compile(readCompileData(compile));
    return model;
  } catch (error) {
    // What is wrong with a setting is wrong with the file here.
    if (!(error instanceof ConfigError || error instanceof ShapeError)) throw error;
    throw new FormatError(`${file}: ${error.message}`, { cause: error });
  }
}

/** The inputs and outputs of the architecture's layers, connected. */
function connect(architecture: Architecture, weights: readonly WeightData[]): [SymbolicTensor[], SymbolicTensor[]] {
  const byName = new Map(weights.map((weight) => [weight.name, weight]));
  const made = architecture.layers.map((layer) => makeLayer(layer, byName));
  const inputs = architecture.inputs.map((shape) => new SymbolicTensor(shape));
  const values = [...inputs];
  architecture.nodes.forEach(({ layer, inputs, shape }, i) => {
    const output = (made[layer] as Layer).apply(inputs.map((value) => values[value] as SymbolicTensor));
    if (!sameShape(output.shape, shape)) {
      const [expected, got] = [output.shape, shape].map(formatShape);
      throw new ShapeError(
        `nodes[${i}]: an output of ${expected} expected of ${architecture.layers[layer]?.name}, got ${got}`,
      );
    }
    values.push(output);
  });
  return [inputs, architecture.outputs.map((value) => values[value] as SymbolicTensor)];
}

function makeLayer({ kind, name, config }: LayerData, weights: ReadonlyMap<string, WeightData>): Layer {
  const make = lookUp<(config: never) => Layer>("layer", kind, layers);
  const constants = (constantsOf[kind] ?? []).map((constant) => [constant, weights.get(`${name}/${constant}`)?.data]);
  return make({ ...config, ...Object.fromEntries(constants), name } satisfies LayerConfig as never);
}
