const BYTES = 4;

/**
 * A limit: `stream`, a function of limit.ts, over `arrays` arrays of `count` numbers that are not the kernel's, as many
 * as that has.
 */
export function over(workbench, stream, arrays, count) {
  const addresses = Array.from({ length: arrays }, () => workbench.noise(count).offset);
  return (times) => stream(times, ...addresses, count * BYTES);
}

/** A contest in which both sides load and store `numbers` numbers. */
export function moving(name, numbers, kernel, limit) {
  return { name, kernel, limit, work: numbers * BYTES, limitWork: numbers * BYTES };
}
