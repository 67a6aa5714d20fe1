import { TensorProto_DataType as DataType, type ValueInfoProto } from "onnx-buf";
import { FormatError } from "../../base/errors.js";
import { formatShape, type Shape } from "../../base/tensor.js";
import { MOST_AXES } from "./values.js";

const LARGEST = 2n ** 31n - 1n;

/** The sizes of an input, whose first axis is the batch. */
interface Sizes {
  /** Undefined where it is open. */
  readonly batch: number | undefined;
  readonly example: Shape;
}

/** The inputs of a network. */
export interface Inputs {
  /** For one example each. */
  readonly shapes: readonly Shape[];
  /** The size of a batch, where all inputs fix it. */
  readonly batch: number | undefined;
}

/** Throws `FormatError` for inputs that are not floats with a batch and known sizes. */
export function readInputs(inputs: readonly ValueInfoProto[], file: string): Inputs {
  const sizes = inputs.map((input) => readSizes(input, file));
  const batches = new Set(sizes.map(({ batch }) => batch));
  const fixed = [...batches].filter((batch) => batch !== undefined);
  if (fixed.length > 1) {
    throw new FormatError(`${file}: inputs with one batch as their first axis expected, got ${fixed.join(", ")}`);
  }
  return { shapes: sizes.map(({ example }) => example), batch: batches.size === 1 ? fixed[0] : undefined };
}

function readSizes({ name, type }: ValueInfoProto, file: string): Sizes {
  const what = `${file}: input ${JSON.stringify(name)}`;
  if (type?.value.case !== "tensorType") throw new FormatError(`${what}: a tensor expected`);
  const { elemType, shape } = type.value.value;
  if (elemType !== DataType.FLOAT) {
    throw new FormatError(`${what}: FLOAT expected, got ${DataType[elemType] ?? elemType}`);
  }
  const sizes = shape?.dim.map(({ value }) => (value.case === "dimValue" ? value.value : undefined));
  const [batch, ...example] = sizes ?? [];
  if (!sizes || sizes.length === 0 || sizes.length > MOST_AXES || !example.every(isKnown)) {
    const got = sizes ? formatShape(sizes.map((size) => String(size ?? "?"))) : "none";
    throw new FormatError(`${what}: a shape of the batch and known sizes expected, got ${got}`);
  }
  return { batch: isKnown(batch) ? Number(batch) : undefined, example: example.map(Number) };
}

function isKnown(size: bigint | undefined): boolean {
  return size !== undefined && size >= 1n && size <= LARGEST;
}
