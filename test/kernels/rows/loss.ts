import { Kernel } from "../../../assembly/kernels.js";
import { type Case, float, near, numbers, out, type Row, special, TINY, total, U } from "../row.js";

interface Loss {
  readonly kernels: readonly [forward: Kernel, backward: Kernel];
  /** The loss of prediction z and target y, and its derivative; a is its constant. */
  readonly f: (z: number, y: number, a: number) => number;
  readonly df: (z: number, y: number, a: number) => number;
  /** What their errors are relative to, where more than their own magnitude: that of the terms of a difference. */
  readonly scale?: (z: number, y: number) => number;
  readonly slopeScale?: (z: number, y: number) => number;
  /** What the numbers of the tests stand for. */
  readonly prediction?: (value: number) => number;
  readonly target?: (value: number) => number;
}

/** Each term is a chain of at most 8 roundings, a function of assembly/math.ts counting as 5. */
const TERM = 8;

const signed = (value: number) => (value < 0 ? -1 : 1);
const probability = (value: number) => Math.fround((value + 1) / 2);
const limited = (z: number) => Math.max(Math.min(z, Math.fround(1 - 1e-7)), Math.fround(1e-7));
const hinge = (z: number, y: number) => Math.max(0, 1 - y * z);

const losses: readonly Loss[] = [
  {
    kernels: [Kernel.squaredErrorForward, Kernel.squaredErrorBackward],
    f: (z, y) => (z - y) ** 2,
    df: (z, y) => 2 * (z - y),
  },
  {
    kernels: [Kernel.absoluteErrorForward, Kernel.absoluteErrorBackward],
    f: (z, y) => Math.abs(z - y),
    df: (z, y) => Math.sign(z - y),
  },
  {
    kernels: [Kernel.huberForward, Kernel.huberBackward],
    f: (z, y, a) => (Math.abs(z - y) <= a ? (z - y) ** 2 / 2 : a * (Math.abs(z - y) - a / 2)),
    df: (z, y, a) => Math.min(Math.max(z - y, -a), a),
  },
  {
    kernels: [Kernel.hingeForward, Kernel.hingeBackward],
    target: signed,
    f: hinge,
    df: (z, y) => (y * z >= 1 ? 0 : -y + 0 * (y * z < 1 ? 0 : NaN)),
    scale: (z) => 1 + Math.abs(z),
  },
  {
    kernels: [Kernel.squaredHingeForward, Kernel.squaredHingeBackward],
    target: signed,
    f: (z, y) => hinge(z, y) ** 2,
    df: (z, y) => -2 * y * hinge(z, y),
    scale: (z) => (1 + Math.abs(z)) ** 2,
    slopeScale: (z) => 2 * (1 + Math.abs(z)),
  },
  {
    kernels: [Kernel.perceptronForward, Kernel.perceptronBackward],
    target: signed,
    f: (z, y) => Math.max(0, -y * z),
    df: (z, y) => (y * z > 0 ? 0 : -y + 0 * (y * z <= 0 ? 0 : NaN)),
  },
  {
    kernels: [Kernel.binaryCrossentropyForward, Kernel.binaryCrossentropyBackward],
    prediction: probability,
    target: probability,
    f: (z, y) => -(y * Math.log(limited(z)) + (1 - y) * Math.log(1 - limited(z))),
    df: (z, y) => (limited(z) - y) / (limited(z) * (1 - limited(z))),
    // 1 - z is rounded before its logarithm is taken.
    scale: (z, y) => y * Math.abs(Math.log(limited(z))) + (1 - y) * (1 + Math.abs(Math.log(1 - limited(z)))),
  },
  {
    kernels: [Kernel.binaryCrossentropyLogitsForward, Kernel.binaryCrossentropyLogitsBackward],
    target: probability,
    f: (z, y) => Math.max(0, z) - y * z + Math.log1p(Math.exp(-Math.abs(z))),
    df: (z, y) => 1 / (1 + Math.exp(-z)) - y,
    scale: (z, y) => Math.max(0, z) + Math.abs(y * z) + Math.exp(-Math.abs(z)),
    slopeScale: (z, y) => 1 / (1 + Math.exp(-z)) + y,
  },
];

interface Batch {
  readonly rows: number;
  readonly size: number;
  readonly z: Float32Array;
  readonly y: Float32Array;
  readonly scale: number;
  readonly a: number;
}

function* batches({ prediction = (value) => value, target = (value) => value }: Loss): Iterable<Batch> {
  for (const rows of [0, 1, 2, 3, 5, 11]) {
    for (const size of [1, 2, 3, 4, 5, 6, 7, 8, 9, 33]) {
      for (const reach of [1, 30]) {
        const n = rows * size;
        const z = numbers(n, size, prediction(-1) === -1 ? reach : 1).map(prediction);
        yield { rows, size, z, y: numbers(n, size + 1).map(target), scale: Math.fround(1 / size), a: 0.75 };
      }
    }
  }
  // Where a loss bends: at 0, at y, at a margin of 1 and at a distance of a.
  for (const z of [special, Float32Array.of(0, -0, 1, -1, 3, -3)]) {
    for (const y of [-1, 1]) yield { rows: z.length, size: 1, z, y: z.map(() => target(y)), scale: 1, a: 2 };
  }
}

const describeBatch = ({ rows, size, scale }: Batch) => `[${rows}, ${size}], scale ${scale}`;

function* forward(loss: Loss): Iterable<Case> {
  for (const batch of batches(loss)) {
    const { rows, size, z, y, scale, a } = batch;
    const magnitude = loss.scale ?? loss.f;
    yield {
      what: describeBatch(batch),
      operands: [out(rows), z, y, rows, size, float(scale), float(a)],
      want: [
        near(rows, (i) => {
          const over = (f: (z: number, y: number, a: number) => number) =>
            scale * total(size, (j) => f(z[i * size + j] as number, y[i * size + j] as number, a));
          return [over(loss.f), (size + TERM) * (U * over(magnitude) + TINY)];
        }),
      ],
    };
  }
}

function* backward(loss: Loss): Iterable<Case> {
  for (const batch of batches(loss)) {
    const { rows, size, z, y, scale, a } = batch;
    const magnitude = loss.slopeScale ?? loss.df;
    const dloss = numbers(rows, 7);
    yield {
      what: describeBatch(batch),
      operands: [out(rows * size), dloss, z, y, rows, size, float(scale), float(a)],
      want: [
        near(rows * size, (i) => {
          const factor = scale * (dloss[Math.floor(i / size)] as number);
          const over = (f: (z: number, y: number, a: number) => number) =>
            factor * f(z[i] as number, y[i] as number, a);
          return [over(loss.df), TERM * (U * Math.abs(over(magnitude)) + TINY)];
        }),
      ],
    };
  }
}

export const rows: Row[] = losses.flatMap((loss) => [
  { kernel: loss.kernels[0], cases: () => forward(loss) },
  { kernel: loss.kernels[1], cases: () => backward(loss) },
]);
