import type { Shape } from "../../base/tensor.js";
import type { LayerData } from "../model-data.js";
import { writeActivation } from "./write-activations.js";
import { type ApplicationWriter, int } from "./write-graph.js";

/** One application of a layer: what it reads, and the shapes for one example. */
export interface Application {
  readonly config: LayerData["config"];
  readonly inputs: readonly string[];
  readonly inputShapes: readonly Shape[];
  readonly shape: Shape;
}

/** Adds the layer's output and returns it. */
export type LayerWriter = (to: ApplicationWriter, application: Application) => string;

/** How each layer is said in operators of opset 17, by its kind. */
export const layerWriters: Readonly<Record<string, LayerWriter>> = {
  /** Gemm is for matrices only. */
  dense(to, { config, inputs, inputShapes }) {
    const [x, shape] = [inputs[0] as string, inputShapes[0] as Shape];
    const kernel = to.weight("kernel");
    const bias = config["useBias"] === false ? [] : [to.weight("bias")];
    if (shape.length === 1) return writeActivation(to, config["activation"], to.node("Gemm", [x, kernel, ...bias]));
    const product = to.node("MatMul", [x, kernel]);
    const sum = bias.reduce((y, b) => to.node("Add", [y, b]), product);
    return writeActivation(to, config["activation"], sum);
  },

  activation: (to, { config, inputs: [x] }) => writeActivation(to, config["activation"], x as string),

  /** Without `training_mode` it passes everything. */
  dropout: (to, { config, inputs: [x] }) =>
    to.node("Dropout", [x as string, to.scalar("ratio", config["rate"] as number)]),

  flatten: (to, { inputs: [x] }) => to.node("Flatten", [x as string], [int("axis", 1)]),

  reshape: (to, { inputs: [x], shape }) => to.node("Reshape", [x as string, to.sizes("shape", [-1, ...shape])]),

  rescaling(to, { config, inputs: [x] }) {
    const { scale, offset = 0 } = config as { readonly scale: number; readonly offset?: number };
    const scaled = scale === 1 ? (x as string) : to.node("Mul", [x as string, to.scalar("scale", scale)]);
    return offset === 0 ? scaled : to.node("Add", [scaled, to.scalar("offset", offset)]);
  },

  normalization(to, { inputs: [x], shape }) {
    const scaled = to.node("Mul", [x as string, to.weight("scale", shape)]);
    return to.node("Add", [scaled, to.weight("offset", shape)]);
  },

  add: (to, { inputs }) => inputs.reduce((sum, term) => to.node("Add", [sum, term])),

  concatenate(to, { config, inputs }) {
    const { axis = -1 } = config as { readonly axis?: number };
    return to.node("Concat", inputs, [int("axis", axis < 0 ? axis : axis + 1)]);
  },
};
