import { dispatch } from "../build/dispatch";

/**
 * Runs `steps` steps of the plan at address `plan` as thread `thread` of `threads`. The format of a plan is in
 * docs/architecture.md. Several threads at once would need a barrier after each instruction, which is still to come.
 */
export function run(plan: usize, steps: i32, thread: i32, threads: i32): void {
  for (let step = 0; step < steps; step++) {
    let p = plan;
    for (let kernel = load<i32>(p); kernel >= 0; kernel = load<i32>(p)) {
      dispatch(kernel, p + 8, step, thread, threads);
      p += (<usize>load<u32>(p, 4)) << 2;
    }
  }
}

/** First address that no static data of the core occupies. */
export function heapBase(): usize {
  return __heap_base;
}
