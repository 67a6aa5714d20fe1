const PIXELS = 784;
const IMAGES = 60_000;

/** Batches of bytes that become numbers, from as many images as MNIST has: the kernel's in no order, the limit's in order. */
export function gathers(workbench, limits) {
  const { Kernel } = workbench.source;
  const data = workbench.numbers(IMAGES * PIXELS, (i) => (i * 7919) % 256, Uint8Array);
  const order = workbench.numbers(IMAGES, (i) => (i * 7919) % IMAGES, Int32Array);
  return [32, 128].map((rows) => {
    const bytes = rows * PIXELS;
    const batches = Math.floor(IMAGES / rows);
    const out = workbench.noise(bytes);
    const first = workbench.numbers(1, () => 0, Int32Array);
    const operands = [out, data, order, first, rows, PIXELS];
    const call = { kernel: Kernel.gatherU8, operands, writes: [out] };
    const run = workbench.calls(rows, (lowering) => lowering.emit(call));
    const kernel = inTurns(batches, (from, count) => {
      new Int32Array(workbench.memory.buffer, first.offset, 1)[0] = from * rows;
      run(count);
    });
    const limit = inTurns(batches, (from, count) => {
      for (let i = from; i < from + count; i++) limits.widen(out.offset, data.offset + i * bytes, bytes);
    });
    return { name: `gatherU8 ${rows} x ${PIXELS}`, kernel, limit, work: 5 * bytes, limitWork: 5 * bytes };
  });
}

/** `run(from, count)` over batch after batch, from where it stopped, and again from the first after the last of `batches`. */
function inTurns(batches, run) {
  let next = 0;
  return (times) => {
    for (let left = times; left > 0; ) {
      const count = Math.min(left, batches - next);
      run(next, count);
      left -= count;
      next = (next + count) % batches;
    }
  };
}
