import { ShapeError } from "../base/errors.js";
import { formatShape, type Shape, sizeOf } from "../base/tensor.js";
import type { Op } from "../graph/op.js";

/** The same numbers under another shape; one size may be -1 and is then what remains. A view: nothing is copied. */
export function reshape(target: Shape): Op {
  return {
    name: "reshape",
    sharing: "view",

    shape([x]) {
      const size = sizeOf(x as Shape);
      const known = target.reduce((product, n) => (n === -1 ? product : product * n), 1);
      const shape = target.map((n) => (n === -1 ? size / known : n));
      if (sizeOf(shape) !== size || !shape.every(Number.isInteger)) {
        throw new ShapeError(`reshape: ${formatShape(x as Shape)} does not fit ${formatShape(target)}`);
      }
      return shape;
    },
  };
}
