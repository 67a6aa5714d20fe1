import fc from "fast-check";
import { FormatError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import { inspectTfjs, readTfjs, writeTfjs } from "../../src/io/tfjs/index.js";
import { type ByteEdit, byteEdit, editBytes, few } from "./bytes.js";
import { editTree, type Tree, type TreeEdit, toTree, treeEdit, write } from "./json-tree.js";
import { models } from "./models.js";
import { checkModel } from "./restored.js";
import type { Files, Target } from "./target.js";
import { kerasModels } from "./tfjs-keras.js";

/** Those that a single layer or setting of TensorFlow.js says, and some that several do. */
const ACTIVATIONS: readonly Json[] = [
  ...["linear", "relu", "relu6", "selu", "sigmoid", "tanh", "softplus", "softsign", "silu", "gelu", "mish", "softmax"],
  ...["hardSigmoid", "leakyRelu", { leakyRelu: 0.25 }],
];

interface Damage {
  readonly at: number;
  readonly donor: number;
  readonly edits: readonly TreeEdit[];
  readonly bytes: readonly { readonly ofShard: boolean; readonly edit: ByteEdit }[];
}

const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.nat(),
  donor: fc.nat(),
  edits: few(treeEdit),
  bytes: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.record({ ofShard: fc.boolean(), edit: byteEdit }), { maxLength: 2 }) },
  ),
});

/** Models that neurone wrote, and models as Keras's converter writes them. */
export async function tfjs(): Promise<Target> {
  const own = fc.sample(models(ACTIVATIONS), { numRuns: 200, seed: 5 }).map((model) => writeTfjs(model, "model.json"));
  const files: readonly Files[] = [...own, ...kerasModels()];
  const trees = files.map(([json]) => parse((json as Files[number]).bytes));
  const cases = damage.map(({ at, donor, edits, bytes }) => {
    const [json, ...shards] = files[at % files.length] as Files;
    let [text, weights] = [(json as Files[number]).bytes, shards[0]?.bytes ?? new Uint8Array()];
    if (edits.length > 0) {
      const copy = parse(text);
      for (const edit of edits) editTree(copy, edit, trees[donor % trees.length]);
      text = new TextEncoder().encode(write(copy));
    }
    for (const { ofShard, edit } of bytes) {
      if (ofShard) weights = editBytes(weights, edit, weights);
      else text = editBytes(text, edit, text);
    }
    return [{ name: "model.json", bytes: text }, ...(shards[0] ? [{ name: shards[0].name, bytes: weights }] : [])];
  });
  return {
    valid: files,
    cases,
    async read(files) {
      const [json] = files as [Files[number]];
      inspectTfjs(json.bytes, "file");
      await checkModel(await readTfjs(json.bytes, async (path) => shardOf(files, path), "file"));
    },
  };
}

/** What a host without the file says is not the reader's: here it is a FormatError like any other. */
function shardOf(files: Files, path: string): Uint8Array {
  const shard = files.slice(1).find(({ name }) => name === path);
  if (!shard) throw new FormatError(`no file ${path}`);
  return shard.bytes;
}

function parse(bytes: Uint8Array): Tree {
  return toTree(JSON.parse(new TextDecoder().decode(bytes)) as Json);
}
