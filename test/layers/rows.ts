import { type Layer, layers } from "../../src/index.js";
import { dense, type Numbers, type Rows } from "./reference.js";

/** A layer with what it must do to inputs of `shapes`, examples flat and row-major. */
export interface LayerRow {
  readonly name: string;
  readonly make: () => Layer;
  readonly shapes: readonly (readonly number[])[];
  readonly output: readonly number[];
  /** The forward formula in float64; `weights` by their names within the layer. */
  readonly reference: (inputs: readonly Rows[], weights: Numbers) => Rows;
}

const each = (f: (x: number, i: number) => number) => (inputs: readonly Rows[]) =>
  (inputs[0] as Rows).map((row) => row.map(f));

/** `rows` cut into pieces of `size`, and the pieces put together again after `f`. */
function along(rows: Rows, size: number, f: (pieces: Rows) => Rows): Rows {
  const perRow = (rows[0]?.length as number) / size;
  const pieces = rows.flatMap((row) => Array.from({ length: perRow }, (_, i) => row.slice(i * size, (i + 1) * size)));
  const done = f(pieces);
  return rows.map((_, i) => done.slice(i * perRow, (i + 1) * perRow).flat());
}

const denseRow = (size: number, activation: (x: number) => number) => (inputs: readonly Rows[], weights: Numbers) =>
  along(inputs[0] as Rows, size, (pieces) =>
    dense(pieces, weights.kernel as readonly number[], weights.bias).map((row) => row.map(activation)),
  );

const identity = (x: number) => x;
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => Math.log1p(Math.exp(x));
const hardSigmoid = (x: number) => Math.min(6, Math.max(0, x + 3)) / 6;

/** The error function by its power series, which converges fast enough for |x| < 3. */
function erf(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** Every activation's formula. */
export const activations: Readonly<Record<string, (x: number) => number>> = {
  linear: identity,
  relu: (x) => Math.max(0, x),
  leakyRelu: (x) => (x < 0 ? 0.01 * x : x),
  relu6: (x) => Math.min(6, Math.max(0, x)),
  elu: (x) => (x < 0 ? Math.expm1(x) : x),
  selu: (x) => 1.0507009873554805 * (x < 0 ? 1.6732632423543772 * Math.expm1(x) : x),
  sigmoid,
  hardSigmoid,
  tanh: Math.tanh,
  softplus,
  softsign: (x) => x / (1 + Math.abs(x)),
  silu: (x) => x * sigmoid(x),
  gelu: (x) => (x / 2) * (1 + erf(x / Math.SQRT2)),
  mish: (x) => x * Math.tanh(softplus(x)),
  hardSilu: (x) => x * hardSigmoid(x),
  exponential: Math.exp,
  threshold: (x) => (x >= 0 ? 1 : 0),
  radial: (x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI),
};

const softmax = (rows: Rows) =>
  rows.map((row) => {
    const powers = row.map((x) => Math.exp(x - Math.max(...row)));
    const sum = powers.reduce((total, value) => total + value, 0);
    return powers.map((value) => value / sum);
  });

const activation = (
  given: Parameters<typeof layers.activation>[0]["activation"],
  f: (x: number) => number,
): LayerRow => ({
  name: "activation",
  make: () => layers.activation({ activation: given }),
  shapes: [[3, 2]],
  output: [3, 2],
  reference: each(f),
});

const sum: LayerRow["reference"] = (inputs) =>
  (inputs[0] as Rows).map((row, i) =>
    row.map((_, j) => inputs.reduce((total, rows) => total + (rows[i]?.[j] as number), 0)),
  );

/** `inputs` of `sizes` numbers along the axis side by side, for as many runs as there are in a row. */
const beside =
  (sizes: readonly number[]): LayerRow["reference"] =>
  (inputs) =>
    (inputs[0] as Rows).map((first, i) => {
      const runs = first.length / (sizes[0] as number);
      const run = (k: number) =>
        inputs.flatMap((rows, j) => rows[i]?.slice(k * (sizes[j] as number), (k + 1) * (sizes[j] as number)) ?? []);
      return Array.from({ length: runs }, (_, k) => run(k)).flat();
    });

const [scale, offset] = [
  [0.5, -2, 3, 1],
  [1, 0, -0.25, 4],
];

/** One row a layer at least, under its name in `layers`. */
export const layerRows: readonly LayerRow[] = [
  {
    name: "dense",
    make: () => layers.dense({ units: 4, activation: "tanh", biasInitializer: "uniform" }),
    shapes: [[3]],
    output: [4],
    reference: denseRow(3, Math.tanh),
  },
  {
    name: "dense",
    make: () => layers.dense({ units: 2, useBias: false }),
    shapes: [[2, 3]],
    output: [2, 2],
    reference: denseRow(3, identity),
  },
  {
    name: "dense",
    make: () => layers.dense({ units: 1, activation: { leakyRelu: 0.25 }, kernelInitializer: "heNormal" }),
    shapes: [[2, 1, 5]],
    output: [2, 1, 1],
    reference: denseRow(5, (x) => (x < 0 ? 0.25 * x : x)),
  },
  ...Object.entries(activations).map(([name, f]) => activation(name, f)),
  activation({ threshold: -0.25 }, (x) => (x >= -0.25 ? 1 : 0)),
  activation({ leakyRelu: 0.2 }, (x) => (x < 0 ? 0.2 * x : x)),
  activation({ elu: 0.5 }, (x) => (x < 0 ? 0.5 * Math.expm1(x) : x)),
  {
    name: "activation",
    make: () => layers.activation({ activation: "softmax" }),
    shapes: [[2, 3]],
    output: [2, 3],
    reference: ([x]) => along(x as Rows, 3, softmax),
  },
  { name: "dropout", make: () => layers.dropout({ rate: 0 }), shapes: [[3]], output: [3], reference: each(identity) },
  { name: "flatten", make: () => layers.flatten(), shapes: [[2, 3, 2]], output: [12], reference: each(identity) },
  { name: "flatten", make: () => layers.flatten(), shapes: [[5]], output: [5], reference: each(identity) },
  {
    name: "reshape",
    make: () => layers.reshape({ targetShape: [3, 4] }),
    shapes: [[2, 6]],
    output: [3, 4],
    reference: each(identity),
  },
  {
    name: "reshape",
    make: () => layers.reshape({ targetShape: [2, -1, 3] }),
    shapes: [[12]],
    output: [2, 2, 3],
    reference: each(identity),
  },
  {
    name: "rescaling",
    make: () => layers.rescaling({ scale: -0.5, offset: 2 }),
    shapes: [[2, 2]],
    output: [2, 2],
    reference: each((x) => 2 - 0.5 * x),
  },
  {
    name: "rescaling",
    make: () => layers.rescaling({ scale: 3 }),
    shapes: [[4]],
    output: [4],
    reference: each((x) => 3 * x),
  },
  {
    name: "normalization",
    make: () => layers.normalization({ scale, offset }),
    shapes: [[4]],
    output: [4],
    reference: each((x, i) => x * (scale[i] as number) + (offset[i] as number)),
  },
  {
    name: "normalization",
    make: () => layers.normalization({ scale: Float32Array.from(scale), offset: Float64Array.from(offset) }),
    shapes: [[2, 2]],
    output: [2, 2],
    reference: each((x, i) => x * (scale[i] as number) + (offset[i] as number)),
  },
  { name: "add", make: () => layers.add(), shapes: [[4], [4]], output: [4], reference: sum },
  {
    name: "add",
    make: () => layers.add(),
    shapes: [
      [2, 2],
      [2, 2],
      [2, 2],
    ],
    output: [2, 2],
    reference: sum,
  },
  { name: "concatenate", make: () => layers.concatenate(), shapes: [[2], [3]], output: [5], reference: beside([2, 3]) },
  {
    name: "concatenate",
    make: () => layers.concatenate({ axis: 1 }),
    shapes: [
      [2, 3],
      [2, 1],
      [2, 2],
    ],
    output: [2, 6],
    reference: beside([3, 1, 2]),
  },
  {
    name: "concatenate",
    make: () => layers.concatenate({ axis: -2 }),
    shapes: [
      [2, 1, 3],
      [2, 4, 3],
    ],
    output: [2, 5, 3],
    reference: beside([3, 12]),
  },
];

/** The input through a dense layer along its last axis: how gradients of a layer's inputs are seen. */
export const before = (x: Rows, size: number, kernel: readonly number[]): Rows =>
  along(x, size, (pieces) => dense(pieces, kernel));
