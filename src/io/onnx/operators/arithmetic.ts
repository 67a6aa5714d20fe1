import { FormatError } from "../../../base/errors.js";
import { formatShape, sameShape } from "../../../base/tensor.js";
import type { Call, Operator } from "../call.js";
import { elementwise } from "../fold.js";
import { matchProduct, matchQuotient } from "../patterns.js";
import { type Constant, describe, type Floats, isConstant, type Symbolic, type Value } from "../values.js";
import { activate, affine } from "./affine.js";

/** Sums, products and their inverses: of constants, of tensors with constants, and, of some, of two tensors. */
export const arithmetic: Readonly<Record<string, Operator>> = {
  Add: (call) => add(call, call.input(0), call.input(1)),

  Sub(call) {
    const [a, b] = [call.input(0), call.input(1)];
    if (isConstant(a) && isConstant(b)) return fold(call, (x, y) => x - y, a, b);
    if (isConstant(b)) return affine(call, call.symbolic(0), { offset: negated(call, call.floats(1)) });
    const negative = { scale: scalar(-1) };
    if (isConstant(a)) return affine(call, call.symbolic(1), { ...negative, offset: call.floats(0) });
    return add(call, call.symbolic(0), affine(call, call.symbolic(1), negative));
  },

  Mul(call) {
    const [a, b] = [call.input(0), call.input(1)];
    if (isConstant(a) && isConstant(b)) return fold(call, (x, y) => x * y, a, b);
    if (isConstant(b)) return affine(call, call.symbolic(0), { scale: call.floats(1) });
    if (isConstant(a)) return affine(call, call.symbolic(1), { scale: call.floats(0) });
    return multiply(call, call.symbolic(0), call.symbolic(1));
  },

  Div(call) {
    const [a, b] = [call.input(0), call.input(1)];
    if (isConstant(a) && isConstant(b)) return fold(call, b.kind === "floats" ? (x, y) => x / y : quotient, a, b);
    if (!isConstant(b)) return divide(call, call.symbolic(0), call.symbolic(1));
    const divisor = call.floats(1);
    const reciprocal = elementwise((x, y) => x / y, scalar(1), divisor, call.graph.budget) as Floats;
    return affine(call, call.symbolic(0), { scale: { ...reciprocal, name: divisor.name } });
  },

  Neg(call) {
    const x = call.input(0);
    return isConstant(x) ? negated(call, x) : affine(call, call.symbolic(0), { scale: scalar(-1) });
  },

  Sum(call) {
    const [first, ...rest] = call.inputs.map((_, i) => call.input(i));
    if (!first) throw new FormatError("one input or more expected, got none");
    return rest.reduce((sum, term) => add(call, sum, term), first);
  },
};

function add(call: Call, a: Value, b: Value): Value {
  if (isConstant(a) && isConstant(b)) return fold(call, (x, y) => x + y, a, b);
  const [x, term] = isConstant(a) ? [b, a] : [a, b];
  if (x.kind === "symbolic" && x.elements === "floats") {
    if (term.kind === "floats") return affine(call, x, { offset: term });
    if (term.kind === "symbolic" && term.elements === "floats" && sameShape(x.shape, term.shape)) {
      return call.emit({ kind: "add" }, [x, term], x.shape);
    }
  }
  throw new FormatError(
    `a tensor and one of its shape, or a constant, expected, got ${describe(x)}, ${describe(term)}`,
  );
}

function multiply(call: Call, a: Symbolic, b: Symbolic): Symbolic {
  if (a.id === b.id) return call.emit({ kind: "square" }, [a], a.shape);
  const match = sameShape(a.shape, b.shape) ? matchProduct(call.graph, a, b) : undefined;
  if (!match) {
    const shapes = [a, b].map(({ shape }) => formatShape(shape)).join(" and ");
    throw new FormatError(`a product with a constant or one that is an activation expected, got ${shapes}`);
  }
  return activate(call, match);
}

function divide(call: Call, a: Symbolic, b: Symbolic): Symbolic {
  const match = matchQuotient(call.graph, a, b);
  if (!match) throw new FormatError("a division by a constant or one that is an activation expected");
  return activate(call, match);
}

function fold(call: Call, f: (x: number, y: number) => number, a: Constant, b: Constant): Constant {
  return elementwise(f, a, b, call.graph.budget);
}

function negated<C extends Constant>(call: Call, constant: C): C {
  const minusOne = constant.kind === "floats" ? scalar(-1) : ({ ...constant, shape: [], data: [-1] } as Constant);
  return fold(call, (x, y) => x * y, constant, minusOne) as C;
}

/** Of whole numbers, rounded towards zero. */
function quotient(x: number, y: number): number {
  if (y === 0) throw new FormatError("a whole number is divided by 0");
  return Math.trunc(x / y);
}

function scalar(value: number): Floats {
  return { kind: "floats", shape: [], data: Float32Array.of(value), name: "" };
}
