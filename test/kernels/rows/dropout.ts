import { Kernel } from "../../../assembly/kernels.js";
import { type Block, philox4x32 } from "../../../src/base/random.js";
import { type Case, exactly, float, numbers, out, type Row, special } from "../row.js";

interface Draw {
  readonly rate: number;
  readonly key: readonly [number, number];
  readonly layer: number;
  readonly firstStep: number;
  readonly steps: number;
}

const draws: readonly Draw[] = [
  { rate: 0, key: [1, 0], layer: 0, firstStep: 0, steps: 1 },
  { rate: 0.5, key: [42, 0], layer: 1, firstStep: 0, steps: 1 },
  { rate: 0.1, key: [0xdeadbeef, 0x1fffff], layer: 2, firstStep: 12345, steps: 3 },
  { rate: 0.999, key: [7, 7], layer: 3, firstStep: 2 ** 31, steps: 1 },
  { rate: 1 - 2 ** -24, key: [7, 7], layer: 0xffff, firstStep: 2 ** 32 - 1, steps: 2 },
];

/** A draw in which the word of element 0 equals the rate, so that the element is just kept. */
function atTheRate(): Draw {
  for (let firstStep = 0; ; firstStep++) {
    const rate = philox4x32([0, firstStep, 4, 0xd0], [3, 0])[0] / 2 ** 32;
    if (Math.fround(rate) === rate) return { rate, key: [3, 0], layer: 4, firstStep, steps: 1 };
  }
}

function* cases(): Iterable<Case> {
  for (const draw of [...draws, atTheRate()]) {
    for (const n of [0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 100]) yield dropped(numbers(n, n), draw);
    yield dropped(special, draw);
  }
}

function dropped(x: Float32Array, { rate: given, key, layer, firstStep, steps }: Draw): Case {
  const rate = Math.fround(given);
  const scale = Math.fround(1 / Math.fround(1 - rate));
  const step = (firstStep + steps - 1) % 2 ** 32;
  return {
    what: `${x.length} elements, rate ${rate}, step ${step}`,
    operands: [out(x.length), x, x.length, float(rate), key[0] | 0, key[1] | 0, layer, Int32Array.of(firstStep)],
    want: [
      exactly(x.length, (i) => {
        const counter: Block = [i >>> 2, step, layer, 0xd0];
        const kept = (philox4x32(counter, key)[i & 3] as number) >= rate * 2 ** 32;
        return kept ? (x[i] as number) * scale : 0;
      }),
    ],
    steps,
  };
}

export const rows: Row[] = [
  // In place a second step would drop from what the first has dropped, so these cases have one step.
  { kernel: Kernel.dropout, inPlace: [1], cases: () => [...cases()].filter(({ steps }) => steps === 1) },
  { kernel: Kernel.dropout, variant: "several steps", cases },
];
