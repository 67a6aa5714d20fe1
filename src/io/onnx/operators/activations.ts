import { FormatError } from "../../../base/errors.js";
import type { Call, Operator } from "../call.js";
import { isNear } from "../patterns.js";
import { shortest } from "../shortest.js";
import type { Activation, Symbolic } from "../values.js";

/** Klambauer et al. (2017); ONNX has them with the digits of f32. */
const SELU_ALPHA = 1.6732632423543772;
const SELU_GAMMA = 1.0507009873554805;
/** From here on a bound is none: f32 ends. */
const LARGEST_FLOAT = 3.4028234e38;

/** The operators that are activations, or parts of one. */
export const activations: Readonly<Record<string, Operator>> = {
  Relu: named("relu"),
  Sigmoid: named("sigmoid"),
  Tanh: named("tanh"),
  Softplus: named("softplus"),
  Softsign: named("softsign"),
  HardSwish: named("hardSilu"),
  Mish: named("mish"),
  Exp: named("exponential"),
  LeakyRelu: (call) => activate(call, withConstant("leakyRelu", call.float("alpha", 0.01), 0.01)),
  Elu: (call) => activate(call, withConstant("elu", call.float("alpha", 1), 1)),

  Selu(call) {
    const [alpha, gamma] = [call.float("alpha", SELU_ALPHA), call.float("gamma", SELU_GAMMA)];
    if (!isNear(alpha, SELU_ALPHA) || !isNear(gamma, SELU_GAMMA)) {
      throw new FormatError(`alpha ${SELU_ALPHA} and gamma ${SELU_GAMMA} expected, got ${alpha} and ${gamma}`);
    }
    return activate(call, "selu");
  },

  /** The default alpha, 0.2, is the one of older Keras. */
  HardSigmoid(call) {
    const [alpha, beta] = [call.float("alpha", 0.2), call.float("beta", 0.5)];
    if (!isNear(alpha, 1 / 6) || beta !== 0.5) {
      throw new FormatError(`alpha 1/6 and beta 0.5 expected, got ${shortest(alpha)} and ${shortest(beta)}`);
    }
    return activate(call, "hardSigmoid");
  },

  /** x sigmoid(alpha x). */
  Swish(call) {
    const alpha = call.float("alpha", 1);
    if (alpha !== 1) throw new FormatError(`alpha 1 expected, got ${shortest(alpha)}`);
    return activate(call, "silu");
  },

  Gelu(call) {
    const approximate = call.text("approximate", "none");
    if (approximate !== "none")
      throw new FormatError(`approximate "none" expected, got ${JSON.stringify(approximate)}`);
    return activate(call, "gelu");
  },

  Abs: (call) => call.emit({ kind: "abs" }, [call.symbolic(0)], call.symbolic(0).shape),
  Erf: (call) => call.emit({ kind: "erf" }, [call.symbolic(0)], call.symbolic(0).shape),

  /** From opset 11 on the bounds are inputs. */
  Clip(call) {
    const bounds = call.opset < 11 ? [call.float("min", -Infinity), call.float("max", Infinity)] : undefined;
    const [min, max] = bounds ?? [call.scalar(1, -Infinity), call.scalar(2, Infinity)];
    if (min !== 0 || (max !== 6 && !((max as number) >= LARGEST_FLOAT))) {
      throw new FormatError(`bounds 0 and 6, or 0 alone, expected, got ${min} and ${max}`);
    }
    return activate(call, max === 6 ? "relu6" : "relu");
  },

  Max(call) {
    const [x, bound] = tensorAndNumber(call);
    if (bound !== 0) throw new FormatError(`a bound of 0 expected, got ${bound}`);
    return call.emit({ kind: "activation", activation: "relu" }, [x], x.shape);
  },

  /** PyTorch's exporter writes min(relu(x), 6). */
  Min(call) {
    const [x, bound] = tensorAndNumber(call);
    const { operation, inputs } = call.graph.part(x.id) ?? {};
    if (bound !== 6 || operation?.kind !== "activation" || operation.activation !== "relu") {
      throw new FormatError(`a bound of 6 behind a Relu expected, got ${bound}`);
    }
    const source = call.graph.value(inputs?.[0] as number);
    return call.emit({ kind: "activation", activation: "relu6" }, [source], x.shape);
  },

  /** Before opset 13, axis 1 by default and all axes from there on taken as one. */
  Softmax(call) {
    const rank = call.symbolic(0).shape.length + 1;
    const axis = call.int("axis", call.opset < 13 ? 1 : -1);
    if (rank === 1 || (axis !== -1 && axis !== rank - 1)) {
      throw new FormatError(`the last axis behind the batch expected, got ${axis} of ${rank}`);
    }
    return activate(call, "softmax");
  },

  /** Whether x >= a; the Cast to floats makes it an activation. */
  GreaterOrEqual(call) {
    const threshold = call.scalar(1, Number.NaN);
    if (!Number.isFinite(threshold)) throw new FormatError(`a finite threshold expected, got ${threshold}`);
    return call.emit({ kind: "atLeast", threshold }, [call.symbolic(0)], call.symbolic(0).shape, "booleans");
  },
};

/** An activation, or, where its constant is the default, its name alone. */
export function withConstant(name: string, value: number, usual: number): Activation {
  if (!Number.isFinite(value)) throw new FormatError(`a finite constant expected, got ${value}`);
  return value === Math.fround(usual) || value === usual ? name : { [name]: shortest(value) };
}

/** The two inputs, in whichever order they come. */
function tensorAndNumber(call: Call): readonly [Symbolic, number] {
  if (call.inputs.length !== 2) throw new FormatError(`two inputs expected, got ${call.inputs.length}`);
  const first = call.input(0).kind === "symbolic" ? 0 : 1;
  return [call.symbolic(first), call.scalar(1 - first, 0)];
}

function named(activation: string): Operator {
  return (call) => activate(call, activation);
}

function activate(call: Call, activation: Activation): Symbolic {
  const x = call.symbolic(0);
  return call.emit({ kind: "activation", activation }, [x], x.shape);
}
