import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import {
  ConfigError,
  FormatError,
  input,
  inspect,
  layers,
  load,
  loadWeights,
  type Model,
  model,
  optimizers,
  StorageError,
  schedules,
  sequential,
} from "../../src/index.js";
import { fromFloat32, readSafetensors, writeSafetensors } from "../../src/io/safetensors.js";
import { layerRows } from "../layers/rows.js";
import { temporaryFolder } from "../temporary-folder.js";
import { build, train, x, y } from "../train/toy.js";

/** Everything of a model that files keep. */
const dataOf = (net: Model) => JSON.parse(JSON.stringify((net as Model).toData()));

/** What a safetensors file says, by the words of the format alone: how Python's library reads it. */
function byTheBook(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = Number(view.getBigUint64(0, true));
  const { __metadata__: metadata, ...tensors } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const numbers = (name: string): number[] => {
    const [begin, end] = tensors[name].data_offsets;
    return Array.from({ length: (end - begin) / 4 }, (_, i) => view.getFloat32(8 + length + begin + 4 * i, true));
  };
  return { length, metadata, tensors, numbers };
}

describe.each(layerRows.map((row, i) => ({ title: `${i} ${row.name} ${row.make().describe()}`, row })))(
  "$title",
  ({ row: { make, shapes } }) => {
    test("comes back from a file as it was", async () => {
      const inputs = shapes.map((shape) => input({ shape }));
      const net = model({ inputs, outputs: [make().apply(inputs)], seed: 7 });
      const again = await load(await net.save());
      expect(dataOf(again)).toEqual(dataOf(net as unknown as Model));
      expect(again.weightsHash()).toBe(net.weightsHash());
    });
  },
);

describe("a model file", () => {
  test("is safetensors with readable names, by the words of the format", async () => {
    const net = build();
    const { metadata, tensors, numbers, length } = byTheBook(await net.save());
    const weights = net.getWeights();
    expect(Object.keys(tensors)).toEqual(weights.map(({ name }) => name));
    expect(weights.map(({ name }) => numbers(name))).toEqual(weights.map(({ data }) => [...data]));
    expect(tensors["dense/kernel"]).toMatchObject({ dtype: "F32", shape: [3, 7] });
    expect(length % 8).toBe(0);
    expect(Object.keys(metadata)).toEqual(["neurone"]);
    expect(JSON.parse(metadata.neurone)).toMatchObject({ version: 1, architecture: { seed: 5 } });
  });

  test("brings compile settings, class names and preprocessing along, and trains on to the same bits", async () => {
    const path = join(temporaryFolder(), "net.safetensors");
    const schedule = schedules.warmup({ steps: 3, schedule: schedules.step({ initialRate: 0.1, steps: 4 }) });
    const net = build(optimizers.sgd({ learningRate: schedule, momentum: 0.5, clipNorm: 1, clipValue: 0.5 }));
    net.metadata = { classNames: ["a", "b", "ü"], featureNames: ["x", "y", "z"] };
    await net.save(path);
    const again = await load(path);
    expect(again.metadata).toEqual(net.metadata);
    const options = { batchSize: 4, epochs: 2 };
    expect(await again.fit(x, y, options)).toEqual(await net.fit(x, y, options));
    expect(again.weightsHash()).toBe(net.weightsHash());
    expect(again.summary()).toBe(net.summary());
  });

  test("keeps graphs, shared layers, frozen ones and several outputs", async () => {
    const [a, b] = [input({ shape: [3] }), input({ shape: [3] })];
    const shared = layers.dense({ units: 3, activation: { leakyRelu: 0.3 }, useBias: false, name: "both ways" });
    const frozen = layers.dense({ units: 2, trainable: false, biasRegularizer: { l1: 0.5 } });
    const sum = layers.add().apply([shared.apply(a), shared.apply(b)]);
    const net = model({ inputs: [a, b], outputs: [frozen.apply(sum), sum, a], seed: 2 ** 40 });
    const again = await load<{ data: Float32Array; shape: readonly number[] }[]>(await net.save());
    expect(dataOf(again as unknown as Model)).toEqual(dataOf(net as unknown as Model));
    const given = [
      [1, 2, 3],
      [4, 5, 6],
    ].map((row) => [row]);
    expect(await again.predict(given)).toEqual(await net.predict(given));
  });

  test("keeps weights that are no numbers any more, bit by bit", async () => {
    const net = sequential({ layers: [layers.dense({ inputShape: [1], units: 1, kernelInitializer: "ones" })] });
    net.compile({ loss: "meanSquaredError", optimizer: optimizers.sgd({ learningRate: 1e30 }) });
    await net.fit([[1e20]], [1], { epochs: 3 });
    expect(net.getWeights()[0]?.data[0]).toBeNaN();
    expect((await load(await net.save())).weightsHash()).toBe(net.weightsHash());
  });

  test("has its format by its name or by what is asked", async () => {
    const folder = temporaryFolder();
    const net = build();
    await net.save(join(folder, "plain"));
    await net.save(join(folder, "asked.bin"), { format: "onnx" });
    await net.save(pathToFileURL(join(folder, "net.ONNX")));
    await net.save(join(folder, "model.json"));
    expect((await inspect(join(folder, "plain"))).format).toBe("safetensors");
    expect((await inspect(join(folder, "asked.bin"))).format).toBe("onnx");
    expect((await inspect(join(folder, "net.ONNX"))).format).toBe("onnx");
    expect((await inspect(join(folder, "model.json"))).format).toBe("tfjs");
    for (const name of ["plain", "asked.bin", "net.ONNX", "model.json"]) {
      const found = await (await load(pathToFileURL(join(folder, name)))).predict(x);
      const wanted = await net.predict(x);
      found.data.forEach((value, i) => {
        expect(value).toBeCloseTo(wanted.data[i] as number, 5);
      });
    }
    await expect(net.save(join(folder, "net.h5"))).rejects.toThrow(
      /ends with \.safetensors, \.onnx, \.json.* "net\.h5"$/,
    );
    await expect(net.save(join(folder, "a"), { format: "keras" as never })).rejects.toThrow(
      /format "keras" is unknown/,
    );
  });

  test("is read from whatever holds bytes", async () => {
    const net = build();
    const bytes = await net.save();
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const url = URL.createObjectURL(new Blob([bytes]));
    const sources = [
      bytes,
      bytes.buffer,
      new Blob([bytes]),
      Buffer.from(bytes),
      shifted.subarray(3),
      url,
      new URL(url),
    ];
    for (const source of sources) expect((await load(source)).weightsHash()).toBe(net.weightsHash());
    URL.revokeObjectURL(url);
    const files = await net.save({ format: "tfjs" });
    expect(Object.keys(files)).toEqual([
      "model.json",
      expect.stringMatching(/^model\.[0-9a-f]{8}\.group1-shard1of1\.bin$/),
    ]);
    const blobs = Object.entries(files).map(([name, bytes]) => new File([bytes as Uint8Array<ArrayBuffer>], name));
    expect((await load(blobs)).outputShapes).toEqual([[3]]);
    expect((await load(files)).outputShapes).toEqual([[3]]);
  });

  test("that is missing or cannot be written is said with its name, and the old one stays", async () => {
    const folder = temporaryFolder();
    await expect(load(join(folder, "no.onnx"))).rejects.toThrow(ConfigError);
    await expect(load(join(folder, "no.onnx"))).rejects.toThrow(/no\.onnx cannot be read: ENOENT/);
    await expect(load(42 as never)).rejects.toThrow(ConfigError);
    await expect(load(new Uint8Array())).rejects.toThrow(FormatError);
    await expect(load({})).rejects.toThrow(/a model\.json expected among no files/);
    await expect(build().save(join(folder, "no", "net.safetensors"))).rejects.toThrow(StorageError);
    await expect(build().save("indexeddb://net")).rejects.toThrow(/takes a browser's IndexedDB/);
    await expect(build().save("")).rejects.toThrow(ConfigError);
  });

  test("of a newer neurone is refused with its version", async () => {
    const { metadata, tensors } = readSafetensors(await build().save(), "file");
    const newer = JSON.stringify({ ...JSON.parse(metadata["neurone"] as string), version: 2 });
    const bytes = writeSafetensors(tensors, { neurone: newer });
    await expect(load(bytes)).rejects.toThrow(/version 1 of the format expected, got 2; a newer neurone wrote it$/);
  });

  test("with a layer that neurone has not is refused by its name", async () => {
    const { metadata, tensors } = readSafetensors(await build().save(), "file");
    const neurone = (metadata["neurone"] as string).replace('"kind":"dropout"', '"kind":"dropuot"');
    await expect(load(writeSafetensors(tensors, { neurone }))).rejects.toThrow(FormatError);
    await expect(load(writeSafetensors(tensors, { neurone }))).rejects.toThrow(
      /layer "dropuot" is unknown; did you mean "dropout"/,
    );
  });

  test("cannot say what somebody's own optimizer or schedule does", async () => {
    const own = { ...optimizers.adam(), name: "mine" };
    await expect(build(own).save()).rejects.toThrow(/the optimizer "mine" is not one of optimizers\.\*/);
    const rate = { name: "mine", config: {}, at: () => 0.1 };
    await expect(build(optimizers.sgd({ learningRate: rate })).save()).rejects.toThrow(/the schedule "mine"/);
    expect((await load(await build(own).save({ compile: false }))).losses).toEqual([]);
  });
});

describe("weights of others", () => {
  /** A file as PyTorch's `save_file(model.state_dict())` writes it. */
  function torchFile(): Uint8Array {
    const floats = (count: number) => Float32Array.from({ length: count }, (_, i) => i + 1);
    return writeSafetensors([fromFloat32("fc1.weight", [2, 3], floats(6)), fromFloat32("fc1.bias", [2], floats(2))], {
      format: "pt",
    });
  }
  const net = () => sequential({ layers: [layers.dense({ inputShape: [3], units: 2 })] });
  const mapping = { "dense/kernel": "fc1.weight", "dense/bias": "fc1.bias" };

  test("are set by a mapping of names, nn.Linear's matrices turned around", async () => {
    const linear = net();
    linear.setWeights(await loadWeights(torchFile()), { mapping, transpose: true });
    expect([...(linear.getWeights()[0]?.data ?? [])]).toEqual([1, 4, 2, 5, 3, 6]);
    // x W^T + b with W = [[1, 2, 3], [4, 5, 6]].
    expect([...(await linear.predict([[1, 1, 1]])).data]).toEqual([7, 17]);
  });

  test("are refused where name or shape do not fit, and nothing is changed", async () => {
    const linear = net();
    const before = linear.weightsHash();
    const weights = await loadWeights(torchFile());
    expect(() => linear.setWeights(weights)).toThrow(/weight "fc1\.weight" is unknown/);
    expect(() => linear.setWeights(weights, { mapping })).toThrow(
      /dense\/kernel: shape \[3, 2\] expected, got \[2, 3\] \(of PyTorch\?/,
    );
    expect(() => linear.setWeights(weights, { mapping: { "dense/kernel": "fc.weight" } })).toThrow(
      /no weight is called "fc\.weight"\. Given: fc1\.weight, fc1\.bias$/,
    );
    expect(() => linear.setWeights([], { mapping })).toThrow(ConfigError);
    expect(linear.weightsHash()).toBe(before);
  });

  test("are no model, and a file of them says what to do", async () => {
    await expect(load(torchFile())).rejects.toThrow(/tensors without a network; load them with loadWeights/);
    expect(await inspect(torchFile())).toEqual({
      format: "safetensors",
      tensors: [
        { name: "fc1.weight", dtype: "F32", shape: [2, 3] },
        { name: "fc1.bias", dtype: "F32", shape: [2] },
      ],
      metadata: { format: "pt" },
    });
  });

  test("may be of other types: F64 and integers rounded, F16 and BF16 exactly", async () => {
    const tensor = (dtype: string, ...bytes: number[]) => {
      return { name: dtype, dtype, shape: [1], bytes: Uint8Array.from(bytes) };
    };
    const of = async (...tensors: ReturnType<typeof tensor>[]) => loadWeights(writeSafetensors(tensors, {}));
    const third = new Uint8Array(Float64Array.of(1 / 3).buffer);
    const floats = await of(tensor("F64", ...third), tensor("F16", 0x55, 0x35), tensor("BF16", 0xab, 0x3e));
    expect(Object.values(floats).map(({ data }) => data[0])).toEqual([Math.fround(1 / 3), 1365 / 4096, 171 / 512]);
    const [minus2, words] = [
      [0xfe, 0xff, 0xff, 0xff],
      [0x15, 0xcd, 0x5b, 0x07],
    ];
    const integers = await of(
      ...[tensor("BOOL", 1), tensor("U8", 200), tensor("I8", 200), tensor("U16", 1, 2), tensor("I16", 0xff, 0xff)],
      ...[tensor("I32", ...minus2), tensor("U32", ...words), tensor("I64", ...minus2, ...[0xff, 0xff, 0xff, 0xff])],
      tensor("U64", ...words, 0, 0, 0, 0),
    );
    const values = Object.values(integers).map(({ data }) => data[0]);
    expect(values).toEqual([1, 200, -56, 513, -1, -2, Math.fround(123456789), -2, Math.fround(123456789)]);
    await expect(of(tensor("F8_E4M3", 1))).rejects.toThrow(/"F8_E4M3": a type of F32, .* expected, got F8_E4M3$/);
  });

  test("of a checkpoint are its model's, and none where it is damaged", async () => {
    const path = temporaryFolder();
    const net = build();
    await train(net, path);
    const file = join(path, readdirSync(path).sort().at(-1) as string);
    expect(Object.keys(await loadWeights(file))).toEqual(net.getWeights().map(({ name }) => name));
    const bytes = new Uint8Array(readFileSync(file));
    bytes[bytes.length - 3] = (bytes[bytes.length - 3] as number) ^ 1;
    await expect(loadWeights(bytes)).rejects.toThrow(/damaged/);
  });

  test("in a list keep their names when they are turned around", () => {
    const square = sequential({
      layers: [layers.dense({ inputShape: [2], units: 2, useBias: false }), layers.dense({ units: 2, useBias: false })],
    });
    const list = square.getWeights();
    expect(() => square.setWeights([...list].reverse(), { transpose: true })).toThrow(
      /"dense\/kernel" expected in place 0/,
    );
  });
});

test("metadata must be names", () => {
  const net = build();
  expect(() => {
    net.metadata = { classNames: [1] as never };
  }).toThrow(/classNames must be a list of texts/);
  expect(() => {
    net.metadata = { classes: [] } as never;
  }).toThrow(/"classes" is unknown/);
  expect(net.metadata).toEqual({});
});

test("a file is written over in one piece", async () => {
  const path = join(temporaryFolder(), "net.safetensors");
  writeFileSync(path, "something else");
  const net = build();
  await net.save(path);
  expect(new Uint8Array(readFileSync(path))).toEqual(await net.save());
});

test("saves at once to one path leave one of the models, whole", async () => {
  const path = join(temporaryFolder(), "net.safetensors");
  const [small, large] = [build("sgd", 3), build("sgd", 3000)];
  for (let round = 0; round < 5; round++) {
    await Promise.all([large.save(path), small.save(path), large.save(path)]);
    expect([small.weightsHash(), large.weightsHash()]).toContain((await load(path)).weightsHash());
  }
  expect(readdirSync(join(path, ".."))).toEqual(["net.safetensors"]);
  const [first, second] = [build("sgd", 3), build("sgd", 4)];
  const json = join(temporaryFolder(), "model.json");
  for (let round = 0; round < 5; round++) {
    await Promise.all([first.save(json), second.save(json)]);
    expect([first.weightsHash(), second.weightsHash()]).toContain((await load(json)).weightsHash());
  }
  expect(readdirSync(join(json, ".."))).toHaveLength(2);
});

test("a model.json is saved through a link with its shards where it leads", async () => {
  const [folder, elsewhere] = [temporaryFolder(), temporaryFolder()];
  const [real, link] = [join(folder, "model.json"), join(elsewhere, "model.json")];
  await build().save(real);
  symlinkSync(real, link);
  const net = build("sgd", 5);
  await net.save(link);
  expect((await load(real)).weightsHash()).toBe(net.weightsHash());
  expect(readdirSync(elsewhere)).toEqual(["model.json"]);
});

test("models of TensorFlow.js beside each other keep their own shards, and leave none behind", async () => {
  const folder = temporaryFolder();
  const [a, b] = [build("sgd", 4), build("sgd", 4)];
  b.setWeights({ "dense/bias": [1, 2, 3, 4] });
  await a.save(join(folder, "a.json"));
  await b.save(join(folder, "b.json"));
  expect((await load(join(folder, "a.json"))).weightsHash()).toBe(a.weightsHash());
  await b.save(join(folder, "a.json"));
  expect((await load(join(folder, "a.json"))).weightsHash()).toBe(b.weightsHash());
  expect(readdirSync(folder)).toHaveLength(4);
});

test("a link stays one, a mode too, and what is no file is not written over", async () => {
  const folder = temporaryFolder();
  const [file, link] = [join(folder, "net.safetensors"), join(folder, "latest.safetensors")];
  await build().save(file);
  chmodSync(file, 0o600);
  symlinkSync(file, link);
  await build("sgd", 5).save(link);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await load(file)).weightsHash()).toBe(build("sgd", 5).weightsHash());
  mkdirSync(join(folder, "folder.onnx"));
  await expect(build().save(join(folder, "folder.onnx"))).rejects.toThrow(
    /folder\.onnx cannot be written: a file expected/,
  );
});

test("a link to a file that is not there yet stays one, and the file comes to be", async () => {
  const [folder, elsewhere] = [temporaryFolder(), temporaryFolder()];
  mkdirSync(join(folder, "models"));
  symlinkSync(join("..", "models", "net.safetensors"), join(folder, "models", "net"));
  symlinkSync(join(folder, "models", "net"), join(elsewhere, "latest.safetensors"));
  symlinkSync(join(folder, "models", "model.json"), join(elsewhere, "model.json"));
  await build().save(join(elsewhere, "latest.safetensors"));
  await build().save(join(elsewhere, "model.json"));
  expect(readdirSync(elsewhere).every((name) => lstatSync(join(elsewhere, name)).isSymbolicLink())).toBe(true);
  expect(lstatSync(join(folder, "models", "net")).isSymbolicLink()).toBe(true);
  expect(readdirSync(join(folder, "models"))).toHaveLength(4);
  for (const name of ["net.safetensors", "model.json"]) {
    expect((await load(join(folder, "models", name))).weightsHash()).toBe(build().weightsHash());
  }
});

test("a link that leads nowhere is left alone, and so is what is beside it", async () => {
  const folder = temporaryFolder();
  symlinkSync(join("missing", "net.onnx"), join(folder, "broken.onnx"));
  symlinkSync("circle.onnx", join(folder, "circle.onnx"));
  for (const [name, message] of [
    ["broken.onnx", /missing\/net\.onnx cannot be written: there is no folder .*missing$/],
    ["circle.onnx", /circle\.onnx: its links lead in a circle$/],
    ["missing/net.onnx", /missing\/net\.onnx cannot be written: there is no folder .*missing$/],
  ] as const) {
    const saving = build().save(join(folder, name));
    await expect(saving).rejects.toThrow(StorageError);
    await expect(saving).rejects.toThrow(message);
  }
  expect(readdirSync(folder).sort()).toEqual(["broken.onnx", "circle.onnx"]);
  for (const name of readdirSync(folder)) expect(lstatSync(join(folder, name)).isSymbolicLink()).toBe(true);
});

test("bytes of another kind are said to be so", async () => {
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13);
  for (const bytes of [png, new Uint8Array(), new TextEncoder().encode("<!doctype html><html></html>")]) {
    await expect(load(bytes)).rejects.toThrow(
      /^the model: a file of safetensors, ONNX or TensorFlow\.js expected, got/,
    );
  }
});
