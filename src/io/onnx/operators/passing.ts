import { AttributeProto_AttributeType as AttributeType, TensorProto_DataType as DataType } from "onnx-buf";
import { FormatError } from "../../../base/errors.js";
import { type Call, checkAxis, type Operator } from "../call.js";
import { shortest } from "../shortest.js";
import { readTensor } from "../tensor.js";
import { BATCH, type Constant, type Size, type Symbolic, type Value } from "../values.js";
import { withConstant } from "./activations.js";

/** The operators that state constants, change types, or pass on what comes. */
export const passing: Readonly<Record<string, Operator>> = {
  Constant(call) {
    const name = call.node.output[0] ?? "";
    const tensor = call.attribute("value", AttributeType.TENSOR)?.t;
    if (tensor) return readTensor(tensor, name);
    const float = call.attribute("value_float", AttributeType.FLOAT);
    if (float) return toFloats(call, [float.f], [], name);
    const floats = call.attribute("value_floats", AttributeType.FLOATS)?.floats;
    if (floats) return toFloats(call, floats, [floats.length], name);
    const integer = call.attribute("value_int", AttributeType.INT);
    if (integer) return { kind: "integers", shape: [], data: [Number(integer.i)], name };
    const integers = call.ints("value_ints");
    if (integers) return { kind: "integers", shape: [integers.length], data: integers, name };
    throw new FormatError("a value of floats or integers expected");
  },

  /** A layer that passes everything on stays one where the file says that there is one. */
  Identity(call) {
    const x = call.input(0);
    if (x.kind !== "symbolic" || !call.graph.layerOutputs.has(call.node.output[0] ?? "")) return x;
    return call.emit({ kind: "activation", activation: "linear" }, [call.symbolic(0)], x.shape);
  },

  Cast(call) {
    const to = call.int("to", DataType.UNDEFINED);
    const x = call.input(0);
    if (to === DataType.FLOAT || (to === DataType.DOUBLE && x.kind !== "symbolic")) return castToFloats(call, x);
    if (to === DataType.INT64 || to === DataType.INT32) return castToIntegers(call);
    throw new FormatError(`to FLOAT, or a constant to INT64, expected, got ${DataType[to] ?? to}`);
  },

  CastLike(call) {
    const like = call.input(1);
    const floats = like.kind === "floats" || (like.kind === "symbolic" && like.elements === "floats");
    return floats ? castToFloats(call, call.input(0)) : castToIntegers(call);
  },

  /** The second output, the mask, is left out. From opset 12 on the ratio is an input. */
  Dropout(call) {
    const x = call.symbolic(0);
    const ratio = call.opset < 12 ? call.float("ratio", 0.5) : call.scalar(1, 0.5);
    if (call.scalar(2, 0) !== 0) throw new FormatError("training_mode false expected, got true");
    if (!(ratio >= 0 && ratio < 1)) throw new FormatError(`a ratio from 0 to below 1 expected, got ${ratio}`);
    return call.emit({ kind: "dropout", rate: shortest(ratio) }, [x], x.shape);
  },

  /** The class as an output of its own: see `readOnnx`. */
  ArgMax(call) {
    const x = call.symbolic(0);
    const at = checkAxis(call.int("axis", 0), x.shape.length + 1) - 1;
    if (at < 0 || at !== x.shape.length - 1) throw new FormatError("the last axis expected, got another");
    call.only("select_last_index", 0);
    const rest = x.shape.slice(0, -1);
    return call.emit({ kind: "argMax" }, [x], call.int("keepdims", 1) !== 0 ? [...rest, 1] : rest, "integers");
  },
};

function castToFloats(call: Call, x: Value): Value {
  if (x.kind === "integers") return toFloats(call, x.data, x.shape, x.name);
  if (x.kind === "symbolic" && x.elements === "booleans") return threshold(call, x);
  return x.kind === "floats" ? x : call.symbolic(0);
}

function castToIntegers(call: Call): Constant {
  const constant = call.constant(0);
  if (constant.kind === "integers") return constant;
  call.graph.budget.take(constant.data.length);
  return { ...constant, kind: "integers", data: Array.from(constant.data, Math.trunc) };
}

function toFloats(call: Call, numbers: readonly Size[], shape: readonly number[], name: string): Constant {
  call.graph.budget.take(numbers.length);
  const data = Float32Array.from(numbers, (number) => {
    if (number === BATCH) throw new FormatError("a size of the batch is computed with");
    return number;
  });
  return { kind: "floats", shape, data, name };
}

/** 1 where x reaches the threshold, else 0. */
function threshold(call: Call, x: Symbolic): Symbolic {
  const step = call.graph.producer(x.id);
  if (step?.operation.kind !== "atLeast") throw new FormatError("the result of GreaterOrEqual expected");
  const activation = withConstant("threshold", step.operation.threshold, 0);
  return call.emit({ kind: "activation", activation }, [call.graph.value(step.inputs[0] as number)], x.shape);
}
