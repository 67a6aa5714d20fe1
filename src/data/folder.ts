import { show } from "../base/check.js";
import { ConfigError, DataError, FormatError } from "../base/errors.js";
import { nodeModule } from "../base/node.js";
import { formatShape, sizeOf, type Tensor } from "../base/tensor.js";
import type { Dataset, Split } from "./dataset.js";
import { type IdxData, idx } from "./idx.js";

/** A dataset from IDX files: class ids in an `Int32Array`. */
export interface IdxDataset extends Dataset {
  readonly x: Tensor<IdxData>;
  readonly y: Tensor<Int32Array>;
}

/**
 * Node only: the training and the test set from a folder of IDX files, named as MNIST's are and plain or `.gz`:
 * `train-images*`, `train-labels*`, and `t10k-images*`, `t10k-labels*` (or `test-...`), whatever goes before. Images
 * come as rows `[n, height * width]`, labels as class ids `[n]`.
 * @throws ConfigError where the folder or a file is missing or cannot be read
 * @throws FormatError for files that are not what their names say; DataError for labels below 0
 */
export async function folder(path: string): Promise<Split<IdxDataset>> {
  const { readdir } = await nodeModule("fs/promises", "data.folder");
  let names: string[];
  try {
    names = await readdir(path);
  } catch (cause) {
    throw new ConfigError(`data.folder: a folder expected, ${show(path)} cannot be listed`, { cause });
  }
  const find = (part: RegExp, kind: string) => findFile(names, path, part, kind);
  const files = {
    train: [find(/train/i, "images"), find(/train/i, "labels")],
    test: [find(/t10k|test/i, "images"), find(/t10k|test/i, "labels")],
  } as const;
  return { train: await readPair(path, ...files.train), test: await readPair(path, ...files.test) };
}

/** The one file of that part and kind; a plain file goes before its compressed twin. */
function findFile(names: readonly string[], path: string, part: RegExp, kind: string): string {
  const matches = names.filter((name) => part.test(name) && name.toLowerCase().includes(kind)).sort();
  const plain = matches.filter((name) => !(name.endsWith(".gz") && matches.includes(name.slice(0, -3))));
  const [name, other] = plain;
  if (name === undefined) {
    const example = part.test("train") ? "train" : "t10k";
    throw new ConfigError(`data.folder: a file ${example}-${kind}* expected in ${show(path)}, found none`);
  }
  if (other !== undefined) {
    throw new ConfigError(`data.folder: one file of ${kind} expected in ${show(path)}, found ${plain.join(", ")}`);
  }
  return name;
}

async function readPair(path: string, imagesName: string, labelsName: string): Promise<IdxDataset> {
  const images = await readIdx(path, imagesName);
  const labels = await readIdx(path, labelsName);
  if (labels.shape.length !== 1 || labels.data instanceof Float32Array) {
    throw new FormatError(
      `${labelsName}: whole numbers of shape [n] expected as labels, got ${formatShape(labels.shape)}`,
    );
  }
  const n = images.shape[0] as number;
  if (labels.shape[0] !== n) {
    throw new FormatError(
      `${labelsName}: ${n} labels expected, one an example of ${imagesName}, got ${labels.shape[0]}`,
    );
  }
  const negative = labels.data.findIndex((label: number) => label < 0);
  if (negative >= 0) {
    throw new DataError(
      `${labelsName}: class ids from 0 expected, got ${labels.data[negative]} for example ${negative}`,
    );
  }
  return {
    x: { data: images.data, shape: [n, sizeOf(images.shape.slice(1))] },
    y: { data: Int32Array.from(labels.data), shape: [n] },
  };
}

async function readIdx(path: string, file: string): Promise<Tensor<IdxData>> {
  const { readFile } = await nodeModule("fs/promises", "data.folder");
  const { join } = await nodeModule("path", "data.folder");
  let bytes: Uint8Array;
  try {
    bytes = await readFile(join(path, file));
  } catch (cause) {
    throw new ConfigError(`data.folder: ${file} cannot be read in ${show(path)}`, { cause });
  }
  return idx(bytes, { file });
}
