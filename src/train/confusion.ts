import { checkNumber, checkSettings } from "../base/check.js";
import { DataError, ShapeError } from "../base/errors.js";
import { formatShape, type Tensor, type TensorLike } from "../base/tensor.js";
import { readTensor } from "./tensors.js";

/**
 * How often examples of each class were predicted as each: `counts[trueClass][predictedClass]`.
 *
 * `y` holds class ids [n] or one-hot rows [n, classes]; `prediction` is what `predict` returned: scores [n, classes],
 * whose largest is the predicted class, or one score [n, 1] that means class 1 from `threshold` on (default 0.5).
 * Throws `ShapeError` or `DataError` where they do not belong together.
 */
export function confusionMatrix(
  y: TensorLike,
  prediction: Tensor,
  config: { readonly threshold?: number } = {},
): number[][] {
  const { threshold = 0.5 } = checkSettings("confusionMatrix", config, ["threshold"]);
  checkNumber("confusionMatrix: threshold", threshold);
  const [rows = 0, columns = 0] = prediction.shape;
  if (prediction.shape.length !== 2 || prediction.data.length !== rows * columns) {
    throw new ShapeError(`prediction: shape [n, classes] expected, got ${formatShape(prediction.shape)}`);
  }
  const classes = Math.max(2, columns);
  const predicted = columns === 1 ? positives(prediction, threshold) : argmaxRows(prediction.data, columns);
  const actual = classesOf(y, rows, classes);
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  actual.forEach((id, i) => {
    const row = counts[id] as number[];
    const column = predicted[i] as number;
    row[column] = (row[column] as number) + 1;
  });
  return counts;
}

/** The index of each row's greatest number, the first of equal ones. */
export function argmaxRows(scores: ArrayLike<number>, columns: number): number[] {
  return Array.from({ length: scores.length / columns }, (_, row) => {
    let best = row * columns;
    for (let i = best + 1; i < (row + 1) * columns; i++) {
      if ((scores[i] as number) > (scores[best] as number)) best = i;
    }
    return best - row * columns;
  });
}

function positives({ data }: Tensor, threshold: number): number[] {
  return Array.from(data, (score) => (score >= threshold ? 1 : 0));
}

function classesOf(y: TensorLike, rows: number, classes: number): number[] {
  const given = readTensor("y", y, isOneHot(y, rows, classes) ? [classes] : []);
  if (given.shape[0] !== rows) {
    throw new ShapeError(`y and prediction must have as many examples each, got ${given.shape[0]} and ${rows}`);
  }
  if (given.shape.length === 2) return argmaxRows(given.data, classes);
  return Array.from(given.data, (id, i) => {
    if (Number.isInteger(id) && id >= 0 && id < classes) return id;
    throw new DataError(`y must hold class ids from 0 to ${classes - 1}, got ${id} in example ${i}`);
  });
}

/** Rows of numbers, or flat data of as many numbers as the prediction: not one id an example. */
function isOneHot(y: TensorLike, rows: number, classes: number): boolean {
  if (Array.isArray(y)) return Array.isArray(y[0]) && y[0].length > 1;
  if ("shape" in y) return y.shape.length === 2 && y.shape[1] !== 1;
  return (y as ArrayLike<number>).length === rows * classes;
}
