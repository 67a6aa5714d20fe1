import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { ModelProtoSchema } from "onnx-buf";
import { inspectOnnx, readOnnx, writeOnnx } from "../../src/io/onnx/index.js";
import { type ByteEdit, byteEdit, editBytes, few } from "./bytes.js";
import { models } from "./models.js";
import { soups } from "./onnx-soup.js";
import { copy, editFields, encode, type Field, type FieldEdit, fieldEdit, parse } from "./protobuf-tree.js";
import { checkModel } from "./restored.js";
import type { Files, Target } from "./target.js";

/** Files that PyTorch wrote. */
const fixtures = fileURLToPath(new URL("../fixtures/onnx/", import.meta.url));

interface Edits {
  readonly fields: readonly FieldEdit[];
  readonly bytes: readonly ByteEdit[];
}

const edits: fc.Arbitrary<Edits> = fc.record({
  fields: few(fieldEdit),
  bytes: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(byteEdit, { maxLength: 2 }) },
  ),
});

/** Files of PyTorch and of neurone, damaged; and graphs of any operators, most of which make no sense. */
export async function onnx(): Promise<Target> {
  const others = readdirSync(fixtures)
    .filter((name) => name.endsWith(".onnx"))
    .map((name) => new Uint8Array(readFileSync(fixtures + name)));
  const own = fc.sample(models(), { numRuns: 100, seed: 4 }).map((model) => writeOnnx(model));
  const files = [...own, ...others];
  const trees = files.map((bytes) => parse(bytes, ModelProtoSchema));
  const damaged = fc.tuple(fc.nat(), fc.nat(), edits).map(([at, donor, { fields, bytes }]) => {
    const tree = copy(trees[at % trees.length] as Field[]);
    for (const edit of fields) editFields(tree, edit, trees[donor % trees.length] as Field[]);
    return damage(fields.length === 0 ? (files[at % files.length] as Uint8Array) : encode(tree), bytes);
  });
  const made = fc.tuple(soups, edits).map(([bytes, { fields, bytes: raw }]) => {
    if (fields.length < 3) return damage(bytes, raw);
    const tree = parse(bytes, ModelProtoSchema);
    for (const edit of fields.slice(1)) editFields(tree, edit, trees[0] as Field[]);
    return damage(encode(tree), raw);
  });
  return {
    valid: files.map((bytes) => damage(bytes, [])),
    cases: fc.oneof({ weight: 2, arbitrary: damaged }, { weight: 1, arbitrary: made }),
    async read([file]) {
      const { bytes } = file as Files[number];
      inspectOnnx(bytes, "file");
      await checkModel(readOnnx(bytes, "file"));
    },
  };
}

function damage(bytes: Uint8Array, edits: readonly ByteEdit[]): Files {
  return [{ name: "model.onnx", bytes: edits.reduce((result, edit) => editBytes(result, edit, bytes), bytes) }];
}
