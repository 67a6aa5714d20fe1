import { DataError, ShapeError } from "../base/errors.js";
import type { Tensor, TensorLike } from "../base/tensor.js";
import { readTensor } from "../train/tensors.js";

/** Examples [n, inputs] and their labels [n, 1], each -1 or +1. */
export interface LabelledExamples {
  readonly x: Tensor;
  readonly y: Tensor;
}

/** Throws `ShapeError` where the two do not belong together and `DataError` for labels other than -1 and +1. */
export function labelledExamples(inputs: number, x: TensorLike, y: TensorLike): LabelledExamples {
  const examples = { x: readTensor("x", x, [inputs]), y: readTensor("y", y, [1]) };
  const { data } = examples.y;
  const rows = examples.x.shape[0] as number;
  if (data.length !== rows) {
    throw new ShapeError(`x and y must have as many examples each, got ${rows} and ${data.length}`);
  }
  const bad = data.findIndex((label: number) => Math.abs(label) !== 1);
  if (bad >= 0) {
    const hint = data[bad] === 0 ? " (the class that other models call 0 is -1 here)" : "";
    throw new DataError(`y must hold labels of -1 and +1, got ${data[bad]} in example ${bad}${hint}`);
  }
  return examples;
}
