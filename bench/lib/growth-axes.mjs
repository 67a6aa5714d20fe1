const INPUTS = 784;
const OUTPUTS = 10;

/** Multiply-adds that training takes for one sample: forward, both gradients (the first layer's input has none), and the update's share. */
function work({ units, batch }) {
  const sizes = [INPUTS, ...units, OUTPUTS];
  const products = sizes.slice(1).map((size, i) => size * sizes[i]);
  const weights = products.reduce((sum, product) => sum + product);
  return 3 * weights - products[0] + weights / batch;
}

const axis = (name, values, of) => ({
  name,
  points: values.map((value) => ({ value, ...of(value), work: work(of(value)) })),
});

/** What grows, twofold from point to point. */
export const AXES = [
  axis("width: 784-n-10, batch 128", [64, 128, 256, 512, 1024], (n) => ({ units: [n], batch: 128 })),
  axis("depth: n hidden layers of 256, batch 128", [1, 2, 4, 8], (n) => ({ units: Array(n).fill(256), batch: 128 })),
  axis("batch: 784-128-10, batch n", [8, 16, 32, 64, 128, 256, 512], (n) => ({ units: [128], batch: n })),
];
