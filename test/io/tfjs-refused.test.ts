import { describe, it } from "vitest";
import type { Json } from "../../src/base/json.js";
import { changed, expectRefused, graph, input, inputNode, node, oneLayer, type Settings } from "./tfjs-topologies.js";

const denseOf2 = oneLayer("Dense", { units: 1 }, [2], { kernel: [2, 1], bias: [1] });
const layerAt = ["modelTopology", "config", "layers", 1];

describe("readTfjs refuses", () => {
  it("all layers at once that it has no counterpart for", async () => {
    const layer = (class_name: string, name: string, config: Settings) => ({ class_name, config: { name, ...config } });
    const layers = [
      { class_name: "InputLayer", config: { name: "i", batch_input_shape: [null, 4] } },
      layer("Conv2D", "a", { filters: 3 }),
      layer("Dense", "b", { units: 2, activation: "log_softmax" }),
      layer("Dense", "c", { units: 2, activation: "relu" }),
      layer("BatchNormalization", "d", {}),
      layer("Sequential", "e", { layers: [] }),
      layer("ThresholdedReLU", "f", { theta: 1 }),
      layer("Dense", "g", { units: 2, kernel_constraint: { class_name: "MaxNorm", config: {} } }),
      layer("Flatten", "h", { data_format: "channels_first" }),
      layer("ReLU", "i2", { max_value: 3 }),
      layer("ReLU", "j", { negative_slope: 0.5 }),
      layer("ReLU", "k", { threshold: 0.5 }),
      layer("Concatenate", "l", { axis: 0 }),
      layer("Activation", "m", { activation: "leaky_relu" }),
      layer("constructor", "n", {}),
      layer("Dropout", "o", { rate: 0.5, noise_shape: [1] }),
      layer("Activation", "p", { activation: "constructor" }),
    ];
    const json = { modelTopology: { class_name: "Sequential", config: { layers } } };
    await expectRefused(
      json,
      'layers that neurone has too expected, got "a" (Conv2D), "b" (Dense: activation "log_softmax"), ' +
        '"d" (BatchNormalization: trainable, but neurone\'s normalization holds constants), ' +
        '"e" (Sequential: a model within the model), "f" (ThresholdedReLU), "g" (Dense: setting kernel_constraint), ' +
        '"h" (Flatten: data_format "channels_first"), "i2" (ReLU: max_value 3), "j" (ReLU: negative_slope 0.5), ' +
        '"k" (ReLU: threshold 0.5), "l" (Concatenate: axis 0, the batch), "m" (Activation: activation "leaky_relu"), ' +
        '"n" (constructor), "o" (Dropout: setting noise_shape), "p" (Activation: activation "constructor")',
    );
  });

  it.each([
    { what: "no object", json: [], message: "an object expected, got []" },
    { what: "no topology", json: {}, message: "modelTopology: an object expected, got nothing" },
    {
      what: "a graph model",
      json: { format: "graph-model", modelTopology: { node: [] } },
      message: 'format: layers-model expected, got "graph-model"',
    },
    { what: "no class", json: { modelTopology: {} }, message: "class_name: a text expected, got nothing" },
    {
      what: "another class",
      json: changed(denseOf2, ["modelTopology", "class_name"], "Tower"),
      message: 'Functional or Model expected, got "Tower"',
    },
    {
      what: "no layers",
      json: changed(denseOf2, ["modelTopology", "config", "layers"], []),
      message: "at least one layer expected",
    },
    {
      what: "an input alone",
      json: changed(denseOf2, ["modelTopology", "config", "layers"], [input("i", 2)]),
      message: "at least one layer expected",
    },
    {
      what: "a key in two spellings",
      json: changed(denseOf2, [...layerAt, "className"], "Dense"),
      message: "a key in two spellings",
    },
    {
      what: "a layer without a class",
      json: changed(denseOf2, [...layerAt, "class_name"]),
      message: "layers[1]: class_name: a text expected",
    },
    {
      what: "a layer without settings",
      json: changed(denseOf2, [...layerAt, "config"]),
      message: "layers[1]: config: an object expected",
    },
    {
      what: "a layer without a name",
      json: changed(denseOf2, [...layerAt, "config", "name"]),
      message: "config: name: a text expected",
    },
    {
      what: "a name twice",
      json: changed(denseOf2, [...layerAt, "config", "name"], "i"),
      message: "a name that no other layer has expected",
    },
    {
      what: "no input shape",
      json: changed(denseOf2, ["modelTopology", "config", "layers", 0, "config", "batch_input_shape"]),
      message: "batch_input_shape: a list expected",
    },
    {
      what: "an open input shape",
      json: changed(denseOf2, ["modelTopology", "config", "layers", 0, "config", "batch_input_shape"], [null, null]),
      message: "the batch and sizes from 1 on expected",
    },
    {
      what: "an input of size 0",
      json: changed(denseOf2, ["modelTopology", "config", "layers", 0, "config", "batch_input_shape"], [null, 0]),
      message: "sizes from 1 on expected",
    },
    {
      what: "an input of 2^62 numbers",
      json: changed(
        denseOf2,
        ["modelTopology", "config", "layers", 0, "config", "batch_input_shape"],
        [null, 2 ** 31, 2 ** 31],
      ),
      message: "sizes from 1 on expected",
    },
    {
      what: "an input of 33 axes",
      json: changed(
        denseOf2,
        ["modelTopology", "config", "layers", 0, "config", "batch_input_shape"],
        new Array<number>(34).fill(1),
      ),
      message: "sizes from 1 on expected",
    },
    {
      what: "an input shape without a batch",
      json: changed(denseOf2, ["modelTopology", "config", "layers", 0, "config", "batch_input_shape"], []),
      message: "the batch and sizes",
    },
  ])("$what", async ({ json, message }) => {
    await expectRefused(json as Json, message);
  });

  it.each([
    { layer: "Dense", config: {}, shape: [2], message: 'layer "x": units: a number expected, got nothing' },
    {
      layer: "Dense",
      config: { units: 0 },
      shape: [2],
      message: "units: a whole number of at least 1 expected, got 0",
    },
    { layer: "Dense", config: { units: 2 ** 31 }, shape: [2], message: "units: a whole number of at least 1 expected" },
    { layer: "Dense", config: { units: 1.5 }, shape: [2], message: "units: a whole number expected, got 1.5" },
    {
      layer: "Dense",
      config: { units: 2, use_bias: 1 },
      shape: [2],
      message: "use_bias: true or false expected, got 1",
    },
    {
      layer: "Dense",
      config: { units: 2, trainable: "no" },
      shape: [2],
      message: 'trainable: true or false expected, got "no"',
    },
    { layer: "Dense", config: { units: 2, activation: 3 }, shape: [2], message: "activation: a text expected, got 3" },
    {
      layer: "Dense",
      config: { units: 2, kernel_regularizer: "l2" },
      shape: [2],
      message: 'kernel_regularizer: an object expected, got "l2"',
    },
    {
      layer: "Dense",
      config: { units: 2, kernel_regularizer: { class_name: "L3", config: {} } },
      shape: [2],
      message: "class_name: L1L2, L1 or L2 expected",
    },
    {
      layer: "Dense",
      config: { units: 2, bias_regularizer: { class_name: "L1L2", config: { l1: 1 } } },
      shape: [2],
      message: "config: l2: a number expected, got nothing",
    },
    { layer: "Activation", config: {}, shape: [2], message: "activation: a text expected" },
    { layer: "Dropout", config: {}, shape: [2], message: "rate: a number expected" },
    { layer: "Rescaling", config: { scale: [1, 2] }, shape: [2], message: "scale: a number expected, got [1,2]" },
    { layer: "Reshape", config: { target_shape: [-1, null] }, shape: [4], message: "one of them -1 or null at most" },
    { layer: "Reshape", config: { target_shape: [0] }, shape: [4], message: "sizes of at least 1" },
    {
      layer: "Reshape",
      config: { target_shape: [3] },
      shape: [4],
      message: 'layer "x": an input that fits it expected, got [4]',
    },
    {
      layer: "Reshape",
      config: { target_shape: [-1, 3] },
      shape: [4],
      message: "an input that fits it expected, got [4]",
    },
    {
      layer: "Softmax",
      config: { axis: 1 },
      shape: [2, 3],
      message: "axis: the last one, 2 with the batch, expected, got 1",
    },
    { layer: "Softmax", config: { axis: [1, 2] }, shape: [2, 3], message: "axis: a single axis expected" },
    { layer: "Add", config: {}, shape: [2], message: "two or more inputs expected, got 1" },
    {
      layer: "BatchNormalization",
      config: { trainable: false, axis: 2 },
      shape: [2],
      message: "axis: an axis of [2] expected, got 2",
    },
    {
      layer: "BatchNormalization",
      config: { trainable: false, axis: -2 },
      shape: [2],
      message: "axis: an axis of [2] expected",
    },
    {
      layer: "BatchNormalization",
      config: { trainable: false, axis: 0 },
      shape: [2],
      message: "a single axis behind the batch expected",
    },
  ])("$layer $config on $shape", async ({ layer, config, shape, message }) => {
    await expectRefused(oneLayer(layer, config as unknown as Settings, shape), message);
  });

  it.each([
    {
      what: "a dense layer on single numbers",
      layer: "Dense",
      config: { units: 2 },
      weights: { kernel: [1, 2] },
      shape: [],
    },
    {
      what: "a dense layer that makes too many",
      layer: "Dense",
      config: { units: 2 ** 20 },
      weights: {},
      shape: [2 ** 20, 1],
    },
  ])("$what", async ({ layer, config, weights, shape }) => {
    await expectRefused(oneLayer(layer, config, shape, weights as Settings), /expected/);
  });

  const [a, b, c] = [inputNode("a", 2), inputNode("b", 3), node("Flatten", "c", {}, [["a", 0, 0, {}]])];
  const places = (...names: readonly string[]) => names.map((name) => [name, 0, 0]);
  const dropout = (name: string, ...inbound: readonly Json[]) => node("Dropout", name, { rate: 0.5 }, ...inbound);
  it.each([
    {
      what: "an output of nothing",
      json: graph([a, c], places("a"), places("d")),
      message: 'output_layers: a layer\'s output expected, got ["d",0,0]',
    },
    {
      what: "an application that is not there",
      json: graph([a, c], places("a"), [["c", 1, 0]]),
      message: "a layer's output expected",
    },
    {
      what: "a place that is no number",
      json: graph([a, c], places("a"), [["c", "length", 0]]),
      message: "a layer's output expected",
    },
    {
      what: "a second output of a layer",
      json: graph([a, c], places("a"), [["c", 0, 1]]),
      message: "a layer's output expected",
    },
    { what: "no outputs", json: graph([a, c], places("a"), []), message: "every input once, and an output expected" },
    { what: "an input twice", json: graph([a, c], places("a", "a"), places("c")), message: "every input once" },
    { what: "an input that is a layer", json: graph([a, c], places("c"), places("c")), message: "batch_input_shape" },
    {
      what: "an input that is not listed",
      json: graph([a, c], [], places("c")),
      message: 'input "a" is missing from input_layers',
    },
    {
      what: "an input that nobody reads",
      json: graph([a, b, c], places("a", "b"), places("c")),
      message: 'layer "b" leads to no output',
    },
    {
      what: "a layer that nobody reads",
      json: graph([a, c, dropout("d", places("a"))], places("a"), places("c")),
      message: 'layer "d" leads to no output',
    },
    {
      what: "an application that nobody reads",
      json: graph([a, dropout("d", places("a"), places("a"))], places("a"), places("d")),
      message: 'layer "d" leads to no output',
    },
    {
      what: "a layer that reads itself",
      json: graph([a, dropout("d", places("d"))], places("a"), places("d")),
      message: 'layer "d" reads its own output',
    },
    {
      what: "layers that read each other",
      json: graph([a, dropout("d", places("e")), dropout("e", places("d"))], places("a"), places("d")),
      message: "reads its own output",
    },
    {
      what: "a layer that is not applied",
      json: graph([a, dropout("d")], places("a"), places("a")),
      message: "inbound_nodes: at least one application expected",
    },
    {
      what: "an application of nothing",
      json: graph([a, dropout("d", [])], places("a"), places("d")),
      message: "lists of places expected",
    },
    {
      what: "arguments",
      json: graph([a, dropout("d", [["a", 0, 0, { training: true }]])], places("a"), places("d")),
      message: "inbound_nodes: no arguments expected",
    },
    {
      what: "two names",
      json: graph([a, { ...c, name: "d" }], places("a"), places("d")),
      message: 'name: the same in the layer\'s settings expected, got "c"',
    },
    {
      what: "a sum of different shapes",
      json: graph([a, b, node("Add", "s", {}, places("a", "b"))], places("a", "b"), places("s")),
      message: 'layer "s": an input that fits it expected, got [2], [3]',
    },
    {
      what: "a row of different ranks",
      json: graph(
        [a, inputNode("b", 2, 2), node("Concatenate", "s", {}, places("a", "b"))],
        places("a", "b"),
        places("s"),
      ),
      message: "an input that fits it expected, got [2], [2, 2]",
    },
    {
      what: "two inputs of a layer that takes one",
      json: graph([a, b, dropout("d", places("a", "b"))], places("a", "b"), places("d")),
      message: "one input expected, got 2",
    },
  ])("a graph with $what", async ({ json, message }) => {
    await expectRefused(json, message);
  });
});
