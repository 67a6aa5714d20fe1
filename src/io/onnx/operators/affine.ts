import { FormatError } from "../../../base/errors.js";
import { formatShape, type Shape } from "../../../base/tensor.js";
import type { Call } from "../call.js";
import { reshape } from "../fold.js";
import { isNear, isScalar, type Match, matchScaled, scalarOf } from "../patterns.js";
import { BATCH, type Floats, type Symbolic } from "../values.js";

/** x scale + offset, or the activation that this is a part of. Throws `FormatError` for constants that do not fit. */
export function affine(
  call: Call,
  x: Symbolic,
  { scale, offset }: { readonly scale?: Floats; readonly offset?: Floats },
): Symbolic {
  const factor = scalarOf(scale, 1);
  if (!offset && factor !== undefined) {
    const match = matchScaled(call.graph, x, factor);
    if (match) return activate(call, match);
  }
  const operation = { kind: "affine", scale: fit(scale, x.shape), offset: fit(offset, x.shape) } as const;
  return call.emit(operation, [x], x.shape);
}

/** The activation of a match, or the multiple of it that it is so far. */
export function activate(call: Call, { activation, input, factor }: Match): Symbolic {
  const operation = isNear(factor, 1)
    ? ({ kind: "activation", activation } as const)
    : ({ kind: "multiple", activation, factor } as const);
  return call.emit(operation, [input], input.shape);
}

/** A constant that is broadcast to a batch of examples, as one of one example. */
function fit(constant: Floats | undefined, example: Shape): Floats | undefined {
  if (!constant) return undefined;
  const { shape } = constant;
  const own = shape.length > example.length ? shape.slice(1) : shape;
  const missing = example.length - own.length;
  const fits = (size: number, axis: number) => size === 1 || size === example[missing + axis];
  if (missing < 0 || (own !== shape && shape[0] !== 1) || !own.every(fits)) {
    const tensor = formatShape([BATCH, ...example]);
    throw new FormatError(`a constant that broadcasts to ${tensor} expected, got ${formatShape(shape)}`);
  }
  const fitted = reshape(constant, own);
  if (isScalar(fitted, example) && !Number.isFinite(fitted.data[0])) {
    throw new FormatError(`a finite constant expected, got ${fitted.data[0]}`);
  }
  return fitted;
}
