import { FormatError } from "../../../base/errors.js";
import { formatShape, sizeOf } from "../../../base/tensor.js";
import type { Call, Operator } from "../call.js";
import { elementwise, expand, reshape } from "../fold.js";
import { BATCH, type Floats, type Symbolic } from "../values.js";

/** The operators that are dense layers. */
export const dense: Readonly<Record<string, Operator>> = {
  /** alpha A B + beta C, B [in, units] or, with transB, [units, in]. */
  Gemm(call) {
    const x = call.symbolic(0);
    const given = call.floats(1);
    call.only("transA", 0);
    if (x.shape.length !== 1 || given.shape.length !== 2) {
      throw new FormatError(`matrices expected, got examples of ${formatShape(x.shape)}, ${formatShape(given.shape)}`);
    }
    const turned = call.int("transB", 0) !== 0 ? call.graph.transposed(given) : given;
    const kernel = scaled(call, turned, call.float("alpha", 1));
    const beta = call.float("beta", 1);
    const bias = call.inputs[2] && beta !== 0 ? scaled(call, toBias(call, kernel), beta) : undefined;
    return layer(call, x, kernel, bias);
  },

  /** A product with a matrix, over the last axis. */
  MatMul(call) {
    const x = call.symbolic(0);
    const given = call.floats(1);
    const matrix = given.shape.slice(-2);
    const fits = matrix.length === 2 && given.shape.length <= x.shape.length + 1;
    if (!fits || sizeOf(matrix) !== sizeOf(given.shape)) {
      const tensor = formatShape([BATCH, ...x.shape]);
      throw new FormatError(`a constant matrix for ${tensor} expected, got ${formatShape(given.shape)}`);
    }
    return layer(call, x, given.shape.length === 2 ? given : reshape(given, matrix), undefined);
  },
};

function layer(call: Call, x: Symbolic, kernel: Floats, bias: Floats | undefined): Symbolic {
  const [size, units] = kernel.shape as readonly [number, number];
  if (x.shape.at(-1) !== size) {
    throw new FormatError(`${x.shape.at(-1)} rows expected, got a matrix ${formatShape(kernel.shape)}`);
  }
  const shape = [...x.shape.slice(0, -1), units];
  return call.emit({ kind: "dense", kernel, bias, activation: undefined }, [x], shape);
}

/** Gemm's C, which is broadcast to [batch, units]. */
function toBias(call: Call, kernel: Floats): Floats {
  const given = call.floats(2);
  const units = kernel.shape[1] as number;
  const row = given.shape.length === 2 && given.shape[0] === 1 ? reshape(given, given.shape.slice(1)) : given;
  if (row.shape.length > 1) throw new FormatError(`C [${units}] expected, got ${formatShape(given.shape)}`);
  return row.shape[0] === units ? row : expand(row, [units], call.graph.budget);
}

function scaled(call: Call, constant: Floats, factor: number): Floats {
  if (factor === 1) return constant;
  const scalar: Floats = { kind: "floats", shape: [], data: Float32Array.of(factor), name: "" };
  return elementwise((x, y) => x * y, constant, scalar, call.graph.budget) as Floats;
}
