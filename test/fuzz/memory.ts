import { getHeapStatistics } from "node:v8";

/** Bytes that `work` adds to the heap and to the buffers outside it, unless the collector comes in between. */
export async function memoryOf(work: () => unknown): Promise<number> {
  const before = used();
  await work();
  return used() - before;
}

function used(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}
