import { createHash } from "node:crypto";
import fc from "fast-check";
import type { Json } from "../../src/base/json.js";
import { sizeOf } from "../../src/base/tensor.js";
import { loadWeights } from "../../src/index.js";
import type { ModelData, WeightData } from "../../src/io/model-data.js";
import { readCheckpoint, readNative, writeCheckpoint, writeNative } from "../../src/io/native.js";
import type { RunState } from "../../src/io/run-state.js";
import { type RawTensor, readSafetensors, writeSafetensors } from "../../src/io/safetensors.js";
import { type ByteEdit, byteEdit, editBytes, few, join } from "./bytes.js";
import { editTree, type Members, type Tree, type TreeEdit, toTree, treeEdit, write } from "./json-tree.js";
import { models, trainedWeights } from "./models.js";
import { checkModel } from "./restored.js";
import { check, type Files, type Target } from "./target.js";

/** A change of the header, of the JSON that its metadata hold as text, or of the bytes. */
type Edit =
  | { readonly of: "header" | "neurone"; readonly edit: TreeEdit }
  | { readonly of: "bytes"; readonly edit: ByteEdit };

interface Damage {
  readonly at: number;
  readonly donor: number;
  readonly edits: readonly Edit[];
  /** Whether a checkpoint's checksum is what the damaged bytes have. */
  readonly signed: boolean;
}

/** Files taken to pieces. */
interface Parts {
  readonly header: string;
  readonly neurone: string | undefined;
  readonly data: Uint8Array;
}

const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 3, arbitrary: treeEdit.map((edit): Edit => ({ of: "header", edit })) },
  { weight: 5, arbitrary: treeEdit.map((edit): Edit => ({ of: "neurone", edit })) },
  { weight: 1, arbitrary: byteEdit.map((edit): Edit => ({ of: "bytes", edit })) },
);

const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.nat(),
  donor: fc.nat(),
  edits: few(edit),
  signed: fc.integer({ min: 0, max: 7 }).map((n) => n > 0),
});

const tensor: fc.Arbitrary<RawTensor> = fc
  .record({
    name: fc.constantFrom("a", "b/kernel", "größe", "0", "toString", "a.weight"),
    dtype: fc.constantFrom("F32", "F64", "F16", "BF16", "I64", "U8", "F4"),
    shape: fc.constantFrom([], [0], [2], [2, 3], [1, 2, 2], [0, 7]),
    byte: fc.nat(255),
  })
  .map(({ name, dtype, shape, byte }) => {
    const bits = { F32: 32, F64: 64, F16: 16, BF16: 16, I64: 64, U8: 8, F4: 4 }[dtype] as number;
    return { name, dtype, shape, bytes: new Uint8Array(Math.ceil((sizeOf(shape) * bits) / 8)).fill(byte) };
  });

export async function safetensors(): Promise<Target> {
  const tensors = fc.uniqueArray(tensor, { maxLength: 4, selector: ({ name }) => name });
  const metadata = fc.constantFrom<Record<string, string>>({}, { format: "pt" }, { a: "ä", b: "" });
  const files = fc.sample(fc.tuple(tensors, metadata), { numRuns: 200, seed: 1 });
  const isFloats = ([list]: (typeof files)[number]) => list.every(({ dtype }) => /^B?F(16|32|64)$/.test(dtype));
  const bytesOf = ([list, texts]: (typeof files)[number]) => writeSafetensors(list, texts);
  return {
    cases: damaged(files.map(bytesOf)).cases,
    // Weights are floats; other types are only told.
    valid: files.filter(isFloats).map((file) => named(bytesOf(file))),
    async read([file]) {
      const { bytes } = file as Files[number];
      const { tensors } = readSafetensors(bytes, "file");
      const total = tensors.reduce((sum, one) => sum + one.bytes.length, 0);
      check(total <= bytes.length, "the tensors have more bytes than the file");
      const weights = await loadWeights(bytes);
      for (const { name, shape } of tensors) check(weights[name]?.data.length === sizeOf(shape), `${name} is short`);
    },
  };
}

/** Models, and checkpoints, which are models too. */
export async function native(): Promise<Target> {
  const files = fc.sample(models(), { numRuns: 300, seed: 2 }).map((model) => writeNative(model));
  return {
    ...damaged([...files, ...(await checkpoints(30))]),
    read: async ([file]) => checkModel(await readNative((file as Files[number]).bytes, "file")),
  };
}

export async function checkpoint(): Promise<Target> {
  return {
    ...damaged(await checkpoints(200)),
    async read([file]) {
      const { bytes } = file as Files[number];
      const { model, run } = await readCheckpoint(bytes, "file");
      check(Buffer.compare(bytes, withOwnChecksum(bytes)) === 0, "the checksum is another");
      check(Number.isSafeInteger(run.epoch) && run.epoch >= 0, "the epoch is none");
      for (const slot of run.slots) for (const { shape, data } of slot) check(data.length === sizeOf(shape), "a slot");
      await checkModel(model);
    },
  };
}

function checkpoints(count: number): Promise<Uint8Array[]> {
  const runs = fc.sample(fc.tuple(models(), fc.nat(3), fc.nat(2)), { numRuns: count, seed: 3 });
  return Promise.all(runs.map(([model, epoch, step]) => writeCheckpoint(model, runOf(model, epoch, step))));
}

function runOf(model: ModelData, epoch: number, step: number): RunState {
  const trained = trainedWeights(model);
  const size = trained.reduce((sum, { data }) => sum + data.length, 0);
  const like = ({ name, shape, data }: WeightData) => ({ name, shape, data: data.map((x) => x / 2) });
  return {
    ...{ epoch, step, stopped: false, rows: 10, batchSize: 3, shuffle: true },
    state: { steps: 4 * epoch + step, epochs: epoch, learningRateScale: 1 },
    slots: new Array(epoch).fill(trained.map(like)),
    totals: step > 0 ? Float64Array.of(1, 2, step) : undefined,
    theta: step > 0 ? new Float32Array(size) : undefined,
    history: new Map([["loss", new Float64Array(epoch)]]),
    logNames: ["loss"],
    callbacks: [{ data: { wait: epoch, best: null }, weights: step > 1 ? trained.map(like) : [] }],
  };
}

function damaged(files: readonly Uint8Array[]): Pick<Target, "valid" | "cases"> {
  const parts = files.map(takeApart);
  const cases = damage.map(({ at, donor, edits, signed }): Files => {
    const [own, other] = [parts[at % parts.length], parts[donor % parts.length]] as [Parts, Parts];
    let bytes = edits.length === 0 ? (files[at % files.length] as Uint8Array) : rebuilt(own, other, edits);
    if (signed) bytes = withOwnChecksum(bytes);
    for (const one of edits) {
      if (one.of === "bytes") bytes = editBytes(bytes, one.edit, files[donor % files.length] as Uint8Array);
    }
    // Now and then the checksum is right also of damaged bytes.
    return named(signed && donor % 2 === 0 ? withOwnChecksum(bytes) : bytes);
  });
  return { valid: files.map(named), cases };
}

function named(bytes: Uint8Array): Files {
  return [{ name: "model.safetensors", bytes }];
}

function takeApart(bytes: Uint8Array): Parts {
  const end = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, end))) as { __metadata__: { neurone?: string } };
  return { header: JSON.stringify(header), neurone: header.__metadata__.neurone, data: bytes.subarray(end) };
}

function rebuilt(own: Parts, donor: Parts, edits: readonly Edit[]): Uint8Array {
  const [header, otherHeader] = [own, donor].map((parts) => parse(parts.header)) as [Tree, Tree];
  if (own.neurone !== undefined) {
    const [neurone, other] = [parse(own.neurone), parse(donor.neurone ?? "null")];
    for (const one of edits) if (one.of === "neurone") editTree(neurone, one.edit, other);
    setNeurone(header, write(neurone));
  }
  for (const one of edits) if (one.of === "header") editTree(header, one.edit, otherHeader);
  const text = new TextEncoder().encode(write(header));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  return join(length, text, own.data);
}

function parse(text: string): Tree {
  return toTree(JSON.parse(text) as Json);
}

function setNeurone(header: Tree, text: string): void {
  const [, metadata] = (header as Members).entries[0] as [string, Members];
  const entry = metadata.entries.find(([key]) => key === "neurone");
  if (entry) entry[1] = text;
}

const DIGITS = 64;

/** The bytes with the checksum that they have, where they have a place for one. */
function withOwnChecksum(bytes: Uint8Array): Uint8Array {
  const start = 8 + '{"__metadata__":{"checksum":"'.length;
  if (!new TextDecoder().decode(bytes.subarray(8, start)).endsWith('"checksum":"')) return bytes;
  const result = bytes.slice();
  result.fill(0x30, start, start + DIGITS);
  result.set(
    new TextEncoder()
      .encode(createHash("sha256").update(result).digest("hex"))
      .subarray(0, Math.max(0, result.length - start)),
    start,
  );
  return result;
}
