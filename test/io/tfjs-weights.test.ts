import { describe, expect, it } from "vitest";
import { FormatError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import { Random } from "../../src/base/random.js";
import { inspectTfjs, readTfjs } from "../../src/io/tfjs/index.js";
import {
  changed,
  converted,
  convertedWeights,
  encode,
  expectRefused,
  floats,
  graph,
  inputNode,
  node,
  oneLayer,
  type Settings,
} from "./tfjs-topologies.js";

const dense = oneLayer("Dense", { units: 1 }, [2], { kernel: [2, 1], bias: [1] });
const good = floats(1, 2, 3);
const weight = (i: number, ...rest: readonly string[]) => ["weightsManifest", 0, "weights", i, ...rest];
const kernel = { name: "x/kernel", shape: [2, 1], dtype: "float32" };

describe("readTfjs refuses weights:", () => {
  it.each<{ what: string; json: Json; message: string; bytes?: Uint8Array }>([
    {
      what: "no manifest",
      json: changed(dense, ["weightsManifest"]),
      message: 'weight "x/kernel" expected, the manifest has none',
    },
    {
      what: "a manifest that is no list",
      json: changed(dense, ["weightsManifest"], {}),
      message: "weightsManifest: a list expected",
    },
    {
      what: "a group without files",
      json: changed(dense, ["weightsManifest", 0, "paths"]),
      message: "weightsManifest[0]: paths: a list expected",
    },
    {
      what: "a group without weights",
      json: changed(dense, ["weightsManifest", 0, "weights"]),
      message: "weights: a list expected",
    },
    {
      what: "one that is missing",
      json: changed(dense, ["weightsManifest", 0, "weights"], [kernel]),
      bytes: floats(1, 2),
      message: 'weight "x/bias" expected',
    },
    {
      what: "one twice",
      json: changed(dense, weight(1), kernel),
      message: 'weight "x/kernel" expected once, got twice',
    },
    {
      what: "one under two names",
      json: changed(dense, ["weightsManifest", 0, "weights", 2], { ...kernel, name: "x/y/bias" }),
      bytes: floats(1, 2, 3, 4, 5),
      message: '"x/y/bias" belongs to none',
    },
    {
      what: "one of no layer",
      json: changed(dense, ["weightsManifest", 0, "weights", 2], { ...kernel, name: "y/bias" }),
      bytes: floats(1, 2, 3, 4, 5),
      message: 'a layer for every weight expected, "y/bias" belongs to none',
    },
    {
      what: "another shape",
      json: changed(dense, weight(0, "shape"), [1, 2]),
      message: 'weight "x/kernel" of [2, 1] expected, got [1, 2]',
    },
    {
      what: "a size below 0",
      json: changed(dense, weight(0, "shape"), [-2, 1]),
      message: "shape: at most 32 whole sizes expected",
    },
    {
      what: "a size that is a text",
      json: changed(dense, weight(0, "shape"), ["2", 1]),
      message: "at most 32 whole sizes expected",
    },
    {
      what: "too many axes",
      json: changed(dense, weight(0, "shape"), new Array<number>(33).fill(1)),
      message: "at most 32 whole sizes expected",
    },
    {
      what: "a product past every number",
      json: changed(dense, weight(0, "shape"), new Array<number>(32).fill(2 ** 31 - 1)),
      message: "bytes of weights expected in [w.bin], got 12",
    },
    { what: "no type", json: changed(dense, weight(0, "dtype")), message: "dtype: a text expected, got nothing" },
    {
      what: "an unknown type",
      json: changed(dense, weight(0, "dtype"), "string"),
      message: "dtype: a type of float32, float16",
    },
    {
      what: "a type from the object's prototype",
      json: changed(dense, weight(0, "dtype"), "constructor"),
      message: "dtype: a type of",
    },
    {
      what: "whole numbers",
      json: changed(dense, weight(0, "dtype"), "int32"),
      message: 'weight "x/kernel": float32, stored as it is or as float16, uint8 or uint16, expected, got int32',
    },
    {
      what: "whole numbers that are quantized",
      json: changed(dense, weight(0), {
        ...kernel,
        dtype: "int32",
        quantization: { dtype: "uint8", scale: 1, min: 0 },
      }),
      bytes: new Uint8Array(6),
      message: "expected, got int32 stored as uint8",
    },
    {
      what: "an unknown quantization",
      json: changed(dense, weight(0), { ...kernel, quantization: { dtype: "int4" } }),
      message: "quantization: dtype: a type of",
    },
    {
      what: "a quantization without a scale",
      json: changed(dense, weight(0), { ...kernel, quantization: { dtype: "uint8", min: 0 } }),
      message: "quantization: scale: a number expected",
    },
    {
      what: "a quantization without a minimum",
      json: changed(dense, weight(0), { ...kernel, quantization: { dtype: "uint16", scale: 1 } }),
      message: "quantization: min: a number expected",
    },
    {
      what: "fewer bytes",
      json: dense,
      bytes: good.subarray(1),
      message: "12 bytes of weights expected in [w.bin], got 11",
    },
    {
      what: "more bytes",
      json: dense,
      bytes: floats(1, 2, 3, 4),
      message: "12 bytes of weights expected in [w.bin], got more",
    },
    {
      what: "no files",
      json: changed(dense, ["weightsManifest", 0, "paths"], []),
      message: "12 bytes of weights expected in [], got 0",
    },
    {
      what: "one file twice",
      json: changed(dense, ["weightsManifest", 0, "paths"], ["w.bin", "./w.bin"]),
      message: 'file "w.bin" expected once, got twice',
    },
  ])("$what", async ({ json, message, bytes = good }) => {
    await expectRefused(json, message, bytes);
  });

  it.each([
    ...["/etc/passwd", "../w.bin", "a/../w.bin", "a/..", "..", ".", "", "./", "a//b", "a/", "./../w.bin", "././w.bin"],
    ...[
      "\\\\host\\w.bin",
      "a\\w.bin",
      "C:w.bin",
      "https://example.org/w.bin",
      "//example.org/w.bin",
      "w.bin?x",
      "w.bin#x",
    ],
    ...["%2e%2e/w.bin", ".. /w.bin", "... ", "w\u0000.bin", "a\nb", "w*.bin"],
    ...[3, null, ["w.bin"]],
  ])("the path %j", async (path) => {
    const json = changed(dense, ["weightsManifest", 0, "paths"], [path as Json]);
    await expectRefused(json, "paths of files beside the model file or below expected, got", good);
    expect(() => inspectTfjs(encode(json), "net.json")).toThrow(FormatError);
  });

  it.each(["w.bin", "./w.bin", "a/b/w.bin", "my model.weights.bin", "größe..bin", ".hidden"])(
    "but not the path %j",
    async (path) => {
      const paths: string[] = [];
      const json = changed(dense, ["weightsManifest", 0, "paths"], [path]);
      const readShard = async (given: string) => {
        paths.push(given);
        return good;
      };
      await readTfjs(encode(json), readShard, "net.json");
      expect(paths).toEqual([path.replace("./", "")]);
    },
  );

  it("asks for no further file once there are too many bytes", async () => {
    const paths = Array.from({ length: 1000 }, (_, i) => `${i}.bin`);
    let asked = 0;
    const readShard = async () => {
      asked++;
      return new Uint8Array(10);
    };
    const read = readTfjs(encode(changed(dense, ["weightsManifest", 0, "paths"], paths)), readShard, "net.json");
    await expect(read).rejects.toThrow(
      "net.json: 12 bytes of weights expected in [0.bin, 1.bin, 2.bin, ...], got more",
    );
    expect(asked).toBe(2);
  });

  it("passes on what reading a file fails with", async () => {
    const failing = () => Promise.reject(new RangeError("no such file"));
    await expect(readTfjs(encode(dense), failing, "net.json")).rejects.toThrow(new RangeError("no such file"));
  });

  const frozen = { trainable: false, epsilon: 0, scale: false, center: false };
  it.each([
    { what: "a variance of 0", bytes: floats(0, 0) },
    { what: "a variance below 0", bytes: floats(0, -1) },
    { what: "a variance that is no number", bytes: floats(0, Number.NaN) },
    { what: "a factor past f32", bytes: floats(3e38, 1e-45) },
  ])("$what", async ({ bytes }) => {
    const json = oneLayer("BatchNormalization", frozen, [1], { moving_mean: [1], moving_variance: [1] });
    await expectRefused(json, "a variance above 0 and numbers in f32's range expected at place 0", bytes);
  });

  it("normalizations that a few weights would spread over too many numbers", async () => {
    const weights = { moving_mean: [1], moving_variance: [1] };
    await expectRefused(
      oneLayer("BatchNormalization", frozen, [2 ** 29, 1], weights),
      "normalizations of at most 4194304 numbers expected in one model",
      floats(0, 1),
    );
    const norm = (i: number) => node("BatchNormalization", `n${i}`, frozen, [[i === 0 ? "a" : `n${i - 1}`, 0, 0, {}]]);
    const names = Array.from({ length: 3 }, (_, i) => Object.keys(weights).map((key) => `n${i}/${key}`)).flat();
    const json = {
      ...graph([inputNode("a", 2 ** 20, 1), norm(0), norm(1), norm(2)], [["a", 0, 0]], [["n2", 0, 0]]),
      weightsManifest: [{ paths: ["w.bin"], weights: names.map((name) => ({ name, shape: [1], dtype: "float32" })) }],
    };
    await expectRefused(json, 'layer "n2": normalizations of at most', floats(0, 1, 0, 1, 0, 1));
  });

  it("a batch normalization that is applied to examples of two shapes", async () => {
    const norm = node("BatchNormalization", "n", frozen, [["a", 0, 0, {}]], [["b", 0, 0, {}]]);
    const names = ["n/moving_mean", "n/moving_variance"];
    const json = {
      ...graph(
        [inputNode("a", 1), inputNode("b", 2, 1), norm],
        [
          ["a", 0, 0],
          ["b", 0, 0],
        ],
        [
          ["n", 0, 0],
          ["n", 1, 0],
        ],
      ),
      weightsManifest: [{ paths: ["w.bin"], weights: names.map((name) => ({ name, shape: [1], dtype: "float32" })) }],
    };
    await expectRefused(json, 'layer "n": inputs of [1] alone expected, got [2, 1]', floats(0, 1));
  });
});

describe("whatever the JSON says,", () => {
  const functional = {
    ...graph(
      [
        inputNode("a", 4),
        inputNode("b", 2, 2),
        node("Reshape", "r", { target_shape: [2, null] }, [["a", 0, 0, {}]], [["b", 0, 0, {}]]),
        node("Softmax", "s", { axis: -1 }, [["r", 1, 0, {}]]),
        node("Concatenate", "c", { axis: 1 }, [
          ["r", 0, 0, {}],
          ["s", 0, 0],
          ["b", 0, 0, {}],
        ]),
        node("Flatten", "f", { data_format: "channels_last" }, [["c", 0, 0, {}]]),
        node("ReLU", "l", { max_value: 6, negative_slope: 0, threshold: null }, [["f", 0, 0, {}]]),
        node("Rescaling", "m", { scale: 2, offset: 1 }, [["l", 0, 0, {}]]),
        node("Add", "p", {}, [
          ["l", 0, 0, {}],
          ["m", 0, 0, {}],
        ]),
        node("LeakyReLU", "q", { alpha: 0.5 }, [["p", 0, 0, {}]]),
      ],
      [
        ["a", 0, 0],
        ["b", 0, 0],
      ],
      [
        ["q", 0, 0],
        ["f", 0, 0],
      ],
    ),
    userDefinedMetadata: { classNames: ["a"], featureNames: ["b"] },
  };
  const quantized = changed(converted, weight(0), {
    ...{ name: "dense/kernel", shape: [2, 2], dtype: "float32" },
    quantization: { dtype: "uint8", scale: 1, min: 0 },
  });
  const junk: readonly Json[] = [
    ...[null, true, 0, -1, 1, 0.5, 2, 2 ** 31, 1e308, "", "x", "a", "length", "constructor", "relu", "Dense"],
    ...[[], {}, [null], [[]], [0], [["a", 0, 0]], { class_name: "Dense", config: {} }, [-1, 2 ** 31], ["../a"]],
  ];

  /** The places of all values in it. */
  function paths(json: Json): (string | number)[][] {
    if (typeof json !== "object" || json === null) return [];
    return Object.entries(json).flatMap(([key, value]) => {
      const own = Array.isArray(json) ? Number(key) : key;
      return [[own], ...paths(value as Json).map((rest) => [own, ...rest])];
    });
  }

  it.each([
    { what: "a converted model", json: converted as Json, bytes: convertedWeights },
    { what: "a quantized model", json: quantized, bytes: new Uint8Array(44) },
    { what: "a graph", json: functional as Json, bytes: new Uint8Array(0) },
    { what: "a dense layer", json: dense as Json, bytes: good },
  ])("$what is read or refused with a FormatError", async ({ json, bytes }) => {
    const random = new Random(1, 1);
    const places = paths(json);
    let refused = 0;
    for (const place of places) {
      for (const value of [undefined, ...junk]) {
        let broken = changed(json, place, value);
        if (random.below(4) === 0) broken = changed(json, places[random.below(places.length)] as string[], value);
        refused += await outcome(broken, bytes);
      }
    }
    expect(refused).toBeGreaterThan(places.length);
  });

  /** 1 where it is refused. */
  async function outcome(json: Json, bytes: Uint8Array): Promise<number> {
    try {
      inspectTfjs(encode(json), "net.json");
      await readTfjs(encode(json), async () => bytes, "net.json");
      return 0;
    } catch (error) {
      if (!(error instanceof FormatError))
        throw new Error(`not refused as it should: ${JSON.stringify(json)}`, { cause: error });
      return 1;
    }
  }

  it("a number past all others is refused", async () => {
    const text = JSON.stringify(oneLayer("Rescaling", { scale: 12345 }, [2]));
    const bytes = new TextEncoder().encode(text.replace("12345", "1e999"));
    const read = readTfjs(bytes, async () => new Uint8Array(0), "net.json");
    await expect(read).rejects.toThrow(new FormatError('net.json: layer "x": scale: a number expected, got null'));
  });

  it("and whatever else the bytes are", async () => {
    for (const bytes of [new Uint8Array(0), Uint8Array.of(0xff), encode(dense).subarray(0, -1), encode("text")]) {
      await expect(readTfjs(bytes, async () => good, "net.json")).rejects.toThrow(FormatError);
      expect(() => inspectTfjs(bytes, "net.json")).toThrow(FormatError);
    }
  });

  it("a chain of thousands of layers is read, which stands in the file from its end", async () => {
    const layers = Array.from({ length: 5000 }, (_, i) => {
      return node("Dropout", `n${i}`, { rate: 0.5 }, [[i === 4999 ? "a" : `n${i + 1}`, 0, 0, {}]]);
    });
    const json = graph([...layers, inputNode("a", 2)], [["a", 0, 0]], [["n0", 0, 0]]);
    expect((await readTfjs(encode(json), async () => good, "net.json")).architecture.nodes.length).toBe(5000);
  });
});

describe("inspectTfjs", () => {
  it("tells what a file says of itself and its weights", () => {
    const user = { classNames: ["a", "b"], note: "mine", format: "theirs" };
    const json: Settings = { ...converted, userDefinedMetadata: user } as unknown as Settings;
    const { format, tensors, metadata } = inspectTfjs(encode(json), "net.json");
    expect(format).toBe("tfjs");
    expect(tensors.slice(0, 2)).toEqual([
      { name: "dense/kernel", dtype: "float32", shape: [2, 2] },
      { name: "dense/bias", dtype: "float32", shape: [2] },
    ]);
    expect(metadata).toEqual({
      classNames: '["a","b"]',
      note: "mine",
      format: "layers-model",
      generatedBy: "keras v2.15.0",
      convertedBy: "TensorFlow.js Converter v4.22.0",
    });
  });
});
