/** Rounds of the limit's loop that it does at a time. */
const ROUNDS = 1000;

/** The products of a dense layer of `inputs` x `units` and batches of `batch`. The first layer has no gradient of its input. */
const layer = (net, batch, inputs, units, first) => [
  { name: `${net} forward`, M: batch, N: units, K: inputs, biased: true },
  { name: `${net} weight gradient`, M: inputs, N: units, K: batch, aTransposed: true },
  ...(first ? [] : [{ name: `${net} input gradient`, M: batch, N: inputs, K: units, bTransposed: true }]),
];

const PRODUCTS = [
  { name: "square", M: 512, N: 512, K: 512 },
  ...layer("784-128-10, batch 32:", 32, 784, 128, true),
  ...layer("784-128-10, batch 32:", 32, 128, 10, false),
  ...layer("784-512-512-10, batch 128:", 128, 784, 512, true),
  ...layer("784-512-512-10, batch 128:", 128, 512, 512, false),
  ...layer("784-512-512-10, batch 128:", 128, 512, 10, false),
  { name: "784-128-10, batch 1: forward", M: 1, N: 128, K: 784, biased: true },
  { name: "784-128-10, batch 1: forward", M: 1, N: 10, K: 128, biased: true },
];

/** Matrix products as training and prediction do them, against multiply-adds that stay in registers. */
export function products(workbench, limits) {
  const operations = limits.OPERATIONS.value * ROUNDS;
  const limit = (times) => {
    for (let i = 0; i < times; i++) limits.multiplyAdds(ROUNDS, 0.5);
  };
  return PRODUCTS.map(({ name, biased, ...product }) => {
    const { M, N, K } = product;
    const numbers = {
      out: workbench.noise(M * N),
      a: workbench.noise(M * K),
      b: workbench.noise(K * N),
      bias: biased ? workbench.noise(N) : undefined,
    };
    return {
      name: `${name} ${M} x ${N} x ${K}`,
      kernel: workbench.calls(M, (lowering) => workbench.source.matmul(lowering, { ...numbers, ...product })),
      limit,
      work: 2 * M * N * K,
      limitWork: operations,
      large: Math.min(M, N, K) >= 128,
    };
  });
}
